"""What is attached to a chart. The bytes lie sealed on the disk (see `store`); here is what they are. Written only by
`actions.py`."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client
from tautband.clinic.sealing.fields import SealedTextField

ENDINGS = {"image/jpeg": "jpg", "application/pdf": "pdf"}
"""How a file of each kept media type is called outside."""


class Kind(models.TextChoices):
    """How it is shown."""

    PHOTO = "photo", _("Photo")
    DOCUMENT = "document", _("Document")


class Attachment(models.Model):
    """One photo or document of one client, perhaps from one visit. Put away, it stays in the record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="attachments")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.SET_NULL, related_name="attachments")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = SealedTextField(_("What it shows"))
    media_type = models.CharField(max_length=40)
    size_bytes = models.PositiveBigIntegerField()
    width_px = models.PositiveIntegerField(null=True)
    height_px = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64, help_text="Of the bytes as kept, before sealing.")
    by = models.CharField(max_length=60, help_text="Audit key of who added it, a member or the client.")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering = ("-at", "-id")
        constraints = [models.CheckConstraint(condition=Q(kind__in=Kind.values), name="attachment_kind_known")]
        indexes = [models.Index(fields=("client", "-at"), name="attachment_of_client")]

    def __str__(self) -> str:
        """What it is, without what it shows."""
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_photo(self) -> bool:
        """True for what is shown as a picture."""
        return self.kind == Kind.PHOTO
