"""The practice, who works in it, its clients, and who treats whom. Written only by `actions.py`."""

import uuid
from datetime import date
from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


def known_zone(name: str) -> None:
    """Raise ValidationError unless this is a time zone such as Europe/Oslo."""
    if name not in available_timezones():
        raise ValidationError(_("Choose a time zone from the list, such as Europe/Oslo."))


class User(AbstractUser):
    """Somebody who signs in, by e-mail or by user name. What they are in the practice is in `Member`."""

    class Meta(AbstractUser.Meta):
        """One account an e-mail address, however it is spelt."""

        swappable = "AUTH_USER_MODEL"
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_name_once"),
            models.UniqueConstraint(Lower("email"), name="user_email_once", condition=~Q(email="")),
        ]


class Practice(models.Model):
    """The one practice of this installation."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    name = models.CharField(_("Practice name"), max_length=120)
    emergency_number = models.CharField(_("Emergency number"), max_length=20, blank=True)
    mail_from_name = models.CharField(_("Name on e-mails"), max_length=120, blank=True)
    public_address = models.URLField(blank=True, help_text="Under which clients reach us: links in mails.")
    time_zone = models.CharField(_("Time zone"), max_length=64, blank=True, validators=[known_zone])
    languages = models.JSONField(_("Languages spoken here"), default=list, help_text="Language codes, preferred first.")
    own_notes_only = models.BooleanField(default=False, help_text="A care team sees the keeper's notes and its own.")
    reason_opens = models.BooleanField(default=False, help_text="Therapists, too, may open a chart with a reason.")
    second_step_from = models.DateField(null=True, blank=True, help_text="From this day nobody works without one.")
    lock_after_min = models.PositiveSmallIntegerField(default=15)
    heads_to = models.EmailField(blank=True, help_text="Who gets the seal of the record once a day.")
    demo = models.BooleanField(default=False, help_text="An invented practice to try things out in.")
    created_at = models.DateTimeField()

    class Meta:
        """The lock cannot be switched off."""

        constraints = [
            models.CheckConstraint(
                condition=Q(lock_after_min__gte=1, lock_after_min__lte=60), name="practice_lock_within_the_hour"
            )
        ]

    def __str__(self) -> str:
        """Its name."""
        return self.name

    @property
    def sender_name(self) -> str:
        """The name that clients see on an e-mail."""
        return self.mail_from_name or self.name


class Location(models.Model):
    """A place where the practice works. Its rooms belong to the diary."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="locations")
    name = models.CharField(_("Name"), max_length=120)
    address = models.TextField(_("Address"), max_length=500, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=64, blank=True, validators=[known_zone])
    phone = models.CharField(_("Phone"), max_length=40, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        """Each name once."""

        ordering = (Lower("name"), "id")
        constraints = [models.UniqueConstraint("practice", Lower("name"), name="location_name_once")]

    def __str__(self) -> str:
        """Its name."""
        return self.name

    @property
    def zone(self) -> str:
        """Its time zone, else the practice's; empty when neither says."""
        return self.time_zone or self.practice.time_zone


class Role(models.TextChoices):
    """What somebody may do in the practice."""

    OWNER = "owner", _("Owner")
    THERAPIST = "therapist", _("Therapist")
    SUPERVISOR = "supervisor", _("Supervisor")
    ASSISTANT = "assistant", _("Assistant")
    RECEPTION = "reception", _("Reception")


CLINICAL_ROLES = frozenset({Role.OWNER, Role.THERAPIST, Role.SUPERVISOR, Role.ASSISTANT})
"""Who may be on a care team. Reception has the diary and contact details, never a chart."""
SIGNING_ROLES = frozenset({Role.OWNER, Role.THERAPIST, Role.SUPERVISOR})
"""Who may sign a note. An assistant records; somebody else signs."""
COSIGNING_ROLES = frozenset({Role.OWNER, Role.SUPERVISOR})
"""Who may put a second signature under a colleague's note."""
CONTACT_ROLES = frozenset({Role.OWNER, Role.RECEPTION})
"""Who finds every client of the practice by name and contact, without the chart."""


class Member(models.Model):
    """A person who works in the practice. Satisfies `audit.log.Actor`."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="members")
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="member")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.THERAPIST)
    display_name = models.CharField(_("Name"), max_length=120, help_text="Signs the notes.")
    active = models.BooleanField(default=True)
    supervisor = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="supervised",
        verbose_name=_("Supervisor"),
    )
    pin_hash = models.CharField(max_length=200, blank=True, editable=False, help_text="Opens a locked screen only.")

    class Meta:
        """Only roles we know."""

        ordering = ("display_name",)
        constraints = [models.CheckConstraint(condition=Q(role__in=Role.values), name="member_role_known")]

    def __str__(self) -> str:
        """The name that signs."""
        return self.display_name

    @property
    def is_owner(self) -> bool:
        """True for somebody who keeps the practice."""
        return self.role == Role.OWNER

    @property
    def is_clinical(self) -> bool:
        """True for those who may be on a care team."""
        return self.role in CLINICAL_ROLES

    @property
    def may_sign(self) -> bool:
        """True for those whose signature closes a note."""
        return self.role in SIGNING_ROLES

    @property
    def sees_contacts(self) -> bool:
        """True for those who find every client of the practice, by name and contact."""
        return self.role in CONTACT_ROLES

    @property
    def audit_key(self) -> str:
        """Who this is in the audit log."""
        return f"user/{self.user_id}"

    @property
    def audit_name(self) -> str:
        """The name beside an audit event."""
        return self.display_name


class RecordedSex(models.TextChoices):
    """What the record states; the reasoning uses it for sources that depend on anatomy, and for nothing else."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")
    NOT_STATED = "not_stated", _("Not stated")


class Client(models.Model):
    """A person who comes for treatment. Satisfies `audit.log.Actor`, since clients write on their own pages."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="clients")
    name = models.CharField(_("Name"), max_length=120)
    birth_date = models.DateField(_("Date of birth"), null=True, blank=True)
    recorded_sex = models.CharField(
        _("Sex in the record"), max_length=12, choices=RecordedSex.choices, default=RecordedSex.NOT_STATED
    )
    phone = models.CharField(_("Phone"), max_length=40, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    occupation = models.CharField(_("Work and what they do all day"), max_length=200, blank=True)
    notes = models.TextField(_("Good to know"), blank=True)
    demo = models.BooleanField(default=False, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)
    changed_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, editable=False, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Rises with each edit.")
    care_team = models.ManyToManyField(Member, through="CareTeam", related_name="clients")

    class Meta:
        """Sorted as a therapist looks for people."""

        ordering = (Lower("name"), "id")
        constraints = [
            models.CheckConstraint(condition=Q(recorded_sex__in=RecordedSex.values), name="client_sex_known"),
            models.CheckConstraint(condition=~Q(name=""), name="client_has_name"),
        ]
        indexes = [
            models.Index(Lower("name"), name="client_by_name"),
            models.Index(fields=("-changed_at",), name="client_lately", condition=Q(archived_at=None)),
        ]

    def __str__(self) -> str:
        """The client's name."""
        return self.name

    @property
    def chart_key(self) -> str:
        """The chain of this client in the audit log; every event about this client goes there."""
        return f"client/{self.pk}"

    @property
    def audit_key(self) -> str:
        """Who this is in the audit log, when a client writes for themselves."""
        return self.chart_key

    @property
    def audit_name(self) -> str:
        """The name beside an audit event."""
        return self.name

    @property
    def archived(self) -> bool:
        """True when the client no longer comes."""
        return self.archived_at is not None

    def age_years(self, on: date) -> int | None:
        """Whole years of age on a day, None when the birthday is not known."""
        if self.birth_date is None:
            return None
        had_birthday = (on.month, on.day) >= (self.birth_date.month, self.birth_date.day)
        return on.year - self.birth_date.year - (0 if had_birthday else 1)


class CareTeam(models.Model):
    """This member treats this client, so may open the chart."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="team")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="care")
    since = models.DateTimeField()
    keeper = models.BooleanField(default=False, help_text="The one whose chart it is; asked when others want it.")
    until = models.DateTimeField(null=True, blank=True, help_text="A chart opened with a reason closes again then.")
    reason = models.CharField(max_length=500, blank=True, help_text="Why it was opened without being shared.")
    seen_at = models.DateTimeField(null=True, blank=True, help_text="When the keeper took note of it.")

    class Meta:
        """Once on a team, and one keeper a chart."""

        ordering = ("-keeper", "since", "id")
        constraints = [
            models.UniqueConstraint(fields=("client", "member"), name="care_team_once"),
            models.UniqueConstraint(fields=("client",), condition=Q(keeper=True), name="care_team_one_keeper"),
        ]
        indexes = [
            models.Index(fields=("since",), name="care_team_opened", condition=Q(until__isnull=False, seen_at=None)),
        ]

    def __str__(self) -> str:
        """Who treats whom."""
        return f"{self.member} treats {self.client}"
