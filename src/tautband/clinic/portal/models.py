"""What the client's own pages keep: links that let somebody in. Written only by `actions.py`."""

import uuid
from datetime import datetime

from django.db import models

from tautband.clinic.people.models import Client, Member


class SignInLink(models.Model):
    """One link to a client's own page. The link itself is in the mail or on the screen alone; here lies its digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the secret part.")
    made_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    wrong_answers = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """Newest first."""

        ordering = ("-made_at",)
        indexes = [models.Index(fields=("client", "made_at"), name="link_by_client")]

    def __str__(self) -> str:
        """Never the client's name: this may stand in a log."""
        return f"link/{self.pk}"

    def works_at(self, now: datetime, most_wrong: int) -> bool:
        """Whether it may still let somebody in."""
        return self.used_at is None and now < self.ends_at and self.wrong_answers < most_wrong
