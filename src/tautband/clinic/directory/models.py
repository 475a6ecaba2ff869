"""Practitioners and what is stated of them. Written only by `actions.py`."""

import uuid

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tautband.clinic.people.models import Member, Practice
from tautband.clinic.sealing.fields import SealedTextField


class Directory(models.Model):
    """The directory of this installation: off until the owner switches it on. `seed` signs this practice's cards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.OneToOneField(Practice, on_delete=models.CASCADE, related_name="directory")
    open = models.BooleanField(default=False, help_text="Anybody may read it without signing in.")
    seed = SealedTextField(help_text="Ed25519 private key, hex.")


class Signer(models.Model):
    """A practice whose cards are taken, after somebody compared its fingerprint."""

    key = models.CharField(max_length=64, unique=True, help_text="Ed25519 public key, hex.")
    name = models.CharField(max_length=120)
    accepted_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField()


class Access(models.TextChoices):
    """How one gets in."""

    LEVEL = "level", _("Level, no steps")
    LIFT = "lift", _("Lift")
    STAIRS = "stairs", _("Stairs only")
    HOME = "home", _("Comes to you")
    CHAIR = "chair", _("Can treat sitting")


class Practitioner(models.Model):
    """One entry: a member of this practice, or somebody whose signed card was taken in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.OneToOneField(Member, null=True, on_delete=models.CASCADE, related_name="entry")
    signer = models.ForeignKey(Signer, null=True, on_delete=models.CASCADE, related_name="practitioners")
    issued_at = models.DateTimeField(help_text="When this was stated; of a card, when it was signed.")
    name = models.CharField(_("Name"), max_length=120)
    practice_name = models.CharField(_("Practice"), max_length=120)
    about = models.TextField(_("In your own words"), max_length=600, blank=True)
    languages = models.CharField(_("Languages"), max_length=200, blank=True)
    techniques = models.JSONField(default=list, blank=True, help_text="Ids of the atlas.")
    conditions = models.JSONField(default=list, blank=True, help_text="Ids of the atlas.")
    sees_not = models.CharField(_("Does not see"), max_length=200, blank=True)
    access = models.JSONField(default=list, blank=True)
    town = models.CharField(_("Town"), max_length=120, blank=True)
    address = models.CharField(_("Street, floor"), max_length=200, blank=True)
    lat_deg = models.FloatField(null=True)
    lon_deg = models.FloatField(null=True)
    price = models.CharField(_("Price of a first visit"), max_length=80, blank=True)
    phone = models.CharField(_("Phone"), max_length=40, blank=True)
    web = models.CharField(_("Web address"), max_length=200, blank=True, validators=[URLValidator(["https", "http"])])
    public = models.BooleanField(default=False)
    demo = models.BooleanField(default=False)

    class Meta:
        """By name; either of this practice or from a card."""

        ordering = ("name", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=True) | Q(signer__isnull=True), name="entry_of_one_source"
            )
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name


class StatedBy(models.TextChoices):
    """Who says so."""

    SELF = "self", _("Stated by the practitioner, not checked")
    REGISTER = "register", _("Read in the register")
    DOCUMENT = "document", _("Document seen by the practice")


class Credential(models.Model):
    """A training, a register entry or an insurance; what was seen, by whom, when, and until when it holds."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="credentials")
    title = models.CharField(_("What"), max_length=160)
    issuer = models.CharField(_("Issued by"), max_length=160)
    issued_on = models.DateField(_("On"), null=True, blank=True)
    expires_on = models.DateField(_("Holds until"), null=True, blank=True)
    stated_by = models.CharField(_("Who says so"), max_length=10, choices=StatedBy.choices, default=StatedBy.SELF)
    evidence = models.CharField(_("Register number or document"), max_length=200, blank=True)
    seen_on = models.DateField(_("Seen on"), null=True, blank=True)

    class Meta:
        """The newest first."""

        ordering = ("-issued_on", "id")
        constraints = [
            models.CheckConstraint(condition=Q(stated_by__in=StatedBy.values), name="credential_source_known")
        ]
