"""What the client's own pages keep: links, messages, releases, wishes. Written only by `actions.py`."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tautband.clinic.attachments.models import Attachment
from tautband.clinic.letters.models import Letter
from tautband.clinic.people.models import Client, Member
from tautband.clinic.sealing.fields import SealedTextField


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


class Passkey(models.Model):
    """A key in a client's device that opens their own page. Here lies the public half, which opens nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="passkeys")
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the key's id.")
    public = models.TextField(editable=False, help_text="Attested credential data, base64.")
    name = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        """The oldest first."""

        ordering = ("made_at", "id")

    def __str__(self) -> str:
        """What the client calls it."""
        return self.name


class Message(models.Model):
    """One message between a client and the care team. Never changed; read by the other side at `seen_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="messages_kept")
    by = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: the client."
    )
    text = SealedTextField()
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        """As a conversation goes."""

        ordering = ("at", "id")
        indexes = [models.Index(fields=("client", "at"), name="message_of_client")]

    def __str__(self) -> str:
        """Nothing of what it says."""
        return f"message/{self.pk}"


class Release(models.Model):
    """A signed letter or a photo or document that the client may read on their own page, until it is taken back."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="releases")
    letter = models.ForeignKey(Letter, null=True, on_delete=models.CASCADE, related_name="+")
    attachment = models.ForeignKey(Attachment, null=True, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """One thing each, and each released once at a time."""

        ordering = ("-at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(letter__isnull=True) ^ Q(attachment__isnull=True), name="release_of_one_thing"
            ),
            models.UniqueConstraint(fields=("letter",), condition=Q(withdrawn_at=None), name="letter_released_once"),
            models.UniqueConstraint(
                fields=("attachment",), condition=Q(withdrawn_at=None), name="attachment_released_once"
            ),
        ]


class WishKind(models.TextChoices):
    """What a client may ask about what we hold."""

    CORRECT = "correct", _("Correct something")
    ERASE = "erase", _("Erase something")


class Wish(models.Model):
    """A client asks for a correction or an erasure; the practice answers in words, and the answer stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="wishes")
    kind = models.CharField(max_length=8, choices=WishKind.choices)
    text = SealedTextField()
    at = models.DateTimeField()
    answer = SealedTextField(blank=True, default="")
    answered_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering = ("-at", "-id")
        constraints = [models.CheckConstraint(condition=Q(kind__in=WishKind.values), name="wish_kind_known")]
