"""The practice, who works in it, its clients, and who treats whom. Written only by `actions.py`."""

import uuid
from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


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
    demo = models.BooleanField(default=False, help_text="An invented practice to try things out in.")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Role(models.TextChoices):
    """What somebody may do in the practice."""

    OWNER = "owner", _("Owner")
    THERAPIST = "therapist", _("Therapist")


class Member(models.Model):
    """A person who works in the practice. Satisfies `audit.log.Actor`."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="members")
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="member")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.THERAPIST)
    display_name = models.CharField(_("Name"), max_length=120, help_text="Signs the notes.")
    active = models.BooleanField(default=True)

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
        indexes = [models.Index(Lower("name"), name="client_by_name")]

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

    class Meta:
        """Once on a team, and one keeper a chart."""

        ordering = ("-keeper", "since", "id")
        constraints = [
            models.UniqueConstraint(fields=("client", "member"), name="care_team_once"),
            models.UniqueConstraint(fields=("client",), condition=Q(keeper=True), name="care_team_one_keeper"),
        ]

    def __str__(self) -> str:
        """Who treats whom."""
        return f"{self.member} treats {self.client}"
