"""The diary: what can be booked, who works when, and who comes when. Written only by `actions.py`.

No double booking is a matter of the database: every visit claims its cells of five minutes (`Claim`), for its
therapist and for its room, and a cell can be claimed once. It holds for SQLite and PostgreSQL alike.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from tautband.clinic.charts.models import Visit
from tautband.clinic.diary.engine import CELL_MIN
from tautband.clinic.people.models import Client, Location, Member, Practice


def whole_cells(minutes: int) -> None:
    """Raise ValidationError unless the minutes are whole steps of the diary."""
    if minutes % CELL_MIN:
        raise ValidationError(_("Use steps of five minutes."))


class BookingRules(models.Model):
    """How this practice lets itself be booked. One row; made with what is sensible."""

    practice = models.OneToOneField(Practice, on_delete=models.CASCADE, related_name="booking")
    online = models.BooleanField(_("Clients may book online"), default=False)
    framed = models.BooleanField(_("The booking page may stand in other websites"), default=False)
    frame_hosts = models.CharField(_("Websites that may show it"), max_length=300, blank=True)
    currency = models.CharField(_("Currency"), max_length=3, default="EUR")
    welcome = models.CharField(_("A line for clients"), max_length=300, blank=True)
    notice_h = models.PositiveSmallIntegerField(_("Hours before a visit it can still be booked"), default=4)
    horizon_days = models.PositiveSmallIntegerField(
        _("Days ahead"), default=60, validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    free_until_h = models.PositiveSmallIntegerField(_("Hours before a visit it can be cancelled free"), default=24)
    late_percent = models.PositiveSmallIntegerField(
        _("Of the price when later, in percent"), default=50, validators=[MaxValueValidator(100)]
    )
    missed_percent = models.PositiveSmallIntegerField(
        _("Of the price when nobody came, in percent"), default=100, validators=[MaxValueValidator(100)]
    )
    hold_min = models.PositiveSmallIntegerField(
        _("Minutes a time is kept"), default=10, validators=[MinValueValidator(3), MaxValueValidator(30)]
    )
    per_address = models.PositiveSmallIntegerField(
        _("Visits ahead for one e-mail address"), default=4, validators=[MinValueValidator(1)]
    )
    remind_h = models.PositiveSmallIntegerField(_("Reminder, hours before"), default=24)
    quiet_from = models.TimeField(_("No mail from"), default="21:00")
    quiet_to = models.TimeField(_("until"), default="07:30")

    class Meta:
        """Percentages are percentages."""

        constraints = [
            models.CheckConstraint(
                condition=Q(late_percent__lte=100, missed_percent__lte=100), name="diary_rules_percent"
            ),
            models.CheckConstraint(condition=Q(hold_min__gte=1, horizon_days__gte=1), name="diary_rules_positive"),
        ]

    def __str__(self) -> str:
        """Whose."""
        return f"Booking at {self.practice}"


class Who(models.TextChoices):
    """Who may book a service."""

    PUBLIC = "public", _("Everybody, online")
    CONTACT = "contact", _("Clients, with the link we give them")
    HIDDEN = "hidden", _("Only the practice")


class Service(models.Model):
    """Something that can be booked, with how long it takes and what it costs."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="services")
    name = models.CharField(_("Name"), max_length=80)
    about = models.CharField(_("What a client should know"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("Minutes"), default=60, validators=[MinValueValidator(5), MaxValueValidator(480), whole_cells]
    )
    before_min = models.PositiveSmallIntegerField(
        _("Minutes kept free before"), default=0, validators=[MaxValueValidator(120), whole_cells]
    )
    after_min = models.PositiveSmallIntegerField(
        _("Minutes kept free after"), default=0, validators=[MaxValueValidator(120), whole_cells]
    )
    price_minor = models.PositiveIntegerField(default=0, help_text="In the smallest unit of the currency.")
    who = models.CharField(_("Who may book it"), max_length=8, choices=Who.choices, default=Who.PUBLIC)
    needs_room = models.BooleanField(_("Needs a room"), default=True)
    members = models.ManyToManyField(Member, related_name="services", blank=True, verbose_name=_("Done by"))
    active = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """Each name once; lengths are whole steps."""

        ordering = ("order", "id")
        constraints = [
            models.UniqueConstraint("practice", Lower("name"), name="service_name_once"),
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=480), name="service_length"),
            models.CheckConstraint(condition=Q(who__in=Who.values), name="service_who_known"),
        ]

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Room(models.Model):
    """A room at a place, for one visit at a time."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(_("Name"), max_length=60)
    active = models.BooleanField(default=True)

    class Meta:
        """Each name once at a place."""

        ordering = ("location", Lower("name"))
        constraints = [models.UniqueConstraint("location", Lower("name"), name="room_name_once")]

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Shift(models.Model):
    """When somebody works where, by the clock on the wall of the place."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="shifts")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="shifts", null=True, blank=True)
    start = models.TimeField(_("From"))
    end = models.TimeField(_("To"))
    rule = models.CharField(_("Repeats"), max_length=200, blank=True, help_text="RFC 5545, such as FREQ=WEEKLY.")
    first = models.DateField(_("First day"))
    last = models.DateField(_("Last day"), null=True, blank=True)
    breaks = models.JSONField(default=list, blank=True, help_text="Pairs of times: [['12:00', '12:45']].")
    off = models.JSONField(default=list, blank=True, help_text="Days on which it does not hold: ['2026-12-24'].")
    online = models.BooleanField(_("Can be booked online"), default=True)

    class Meta:
        """A last day is not before the first."""

        ordering = ("member", "first", "start", "id")
        constraints = [
            models.CheckConstraint(condition=Q(last__isnull=True) | Q(last__gte=F("first")), name="shift_days_in_order")
        ]

    def __str__(self) -> str:
        """Who and when."""
        return f"{self.member}, {self.start:%H:%M} to {self.end:%H:%M}"

    @property
    def in_words(self) -> str:
        """The days, as a person says them: `Mon, Tue`, and every how many weeks."""
        names = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), WEEKDAYS_ABBR.values(), strict=True))
        parts = dict(part.split("=", 1) for part in self.rule.split(";") if "=" in part)
        days = [str(names[day]) for day in parts.get("BYDAY", "").split(",") if day in names]
        words = ", ".join(days) or date_format(self.first, "j F Y")
        every = int(parts.get("INTERVAL", "1"))
        return words if every == 1 else _("%(days)s, every %(n)d weeks") % {"days": words, "n": every}


class State(models.TextChoices):
    """Where a visit stands."""

    HELD = "held", _("Kept while somebody decides")
    BOOKED = "booked", _("Booked")
    CAME = "came", _("Came")
    CANCELLED = "cancelled", _("Cancelled")
    LATE = "late", _("Cancelled late")
    MISSED = "missed", _("Did not come")


TAKES_TIME = (State.HELD, State.BOOKED, State.CAME, State.MISSED)
"""States in which a visit holds its time against others."""


class Appointment(models.Model):
    """A visit in the diary, of a client or of a guest who is not one yet; also a time kept while somebody decides."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="appointments")
    service = models.ForeignKey(Service, null=True, on_delete=models.SET_NULL, related_name="appointments")
    service_name = models.CharField(max_length=80)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="appointments")
    location = models.ForeignKey(Location, null=True, on_delete=models.SET_NULL, related_name="+")
    room = models.ForeignKey(Room, null=True, on_delete=models.SET_NULL, related_name="appointments")
    client = models.ForeignKey(Client, null=True, on_delete=models.CASCADE, related_name="appointments")
    guest_name = models.CharField(_("Name"), max_length=120, blank=True)
    guest_email = models.EmailField(_("E-mail"), blank=True)
    guest_phone = models.CharField(_("Phone"), max_length=40, blank=True)
    start = models.DateTimeField()
    end = models.DateTimeField()
    before_min = models.PositiveSmallIntegerField(default=0)
    after_min = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State.choices, default=State.BOOKED)
    held_until = models.DateTimeField(null=True)
    series = models.UUIDField(null=True, db_index=True)
    version = models.PositiveIntegerField(default=0, help_text="Rises with each change; the SEQUENCE in calendars.")
    online = models.BooleanField(default=False, help_text="Booked by the client.")
    reminders = models.BooleanField(default=True)
    visit = models.OneToOneField(Visit, null=True, on_delete=models.SET_NULL, related_name="appointment")
    price_minor = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3, default="EUR")
    paid_at = models.DateTimeField(null=True)
    paid_how = models.CharField(max_length=20, blank=True)
    receipt = models.PositiveIntegerField(null=True)
    package = models.ForeignKey("diary.Package", null=True, on_delete=models.SET_NULL, related_name="appointments")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        """Ends after it starts; a kept time says until when; receipts count up."""

        ordering = ("start", "id")
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="appointment_ends_after_start"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="appointment_state_known"),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(held_until__isnull=False), name="appointment_held_until_when"
            ),
            models.UniqueConstraint(fields=("practice", "receipt"), name="appointment_receipt_once"),
        ]
        indexes = [models.Index(fields=("member", "start"), name="appointment_of_member")]

    def __str__(self) -> str:
        """Who and when."""
        return f"{self.who or self.service_name}, {self.start:%Y-%m-%d %H:%M} UTC"

    @property
    def who(self) -> str:
        """The name of who comes."""
        return self.client.name if self.client else self.guest_name

    @property
    def email(self) -> str:
        """Where to write."""
        return self.guest_email or (self.client.email if self.client else "")

    @property
    def phone(self) -> str:
        """Where to ring or text."""
        return self.guest_phone or (self.client.phone if self.client else "")

    @property
    def minutes(self) -> int:
        """How long it is with the client."""
        return int((self.end - self.start).total_seconds() // 60)

    @property
    def taken(self) -> tuple[datetime, datetime]:
        """The time it takes with what is kept free before and after."""
        return self.start - timedelta(minutes=self.before_min), self.end + timedelta(minutes=self.after_min)

    @property
    def zone(self) -> str:
        """The time zone of the place; empty when nobody said."""
        return self.location.zone if self.location else self.practice.time_zone


class Claim(models.Model):
    """Five minutes of a therapist or a room, claimed by one visit. The claim is what makes booking twice impossible.

    `appointment` is no foreign key: what is brought in from another practice's archive claims no time here.
    """

    appointment = models.UUIDField(db_index=True)
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    room = models.ForeignKey(Room, null=True, on_delete=models.CASCADE, related_name="+")
    cell = models.PositiveIntegerField(help_text="Five minutes, counted from 1970.")

    class Meta:
        """Once for each therapist, once for each room, and for one of them."""

        constraints = [
            models.UniqueConstraint(fields=("member", "cell"), name="claim_member_once"),
            models.UniqueConstraint(fields=("room", "cell"), name="claim_room_once"),
            models.CheckConstraint(
                condition=Q(member__isnull=False, room__isnull=True) | Q(member__isnull=True, room__isnull=False),
                name="claim_of_one",
            ),
        ]

    def __str__(self) -> str:
        """Which cell."""
        return f"{self.member or self.room}: {self.cell}"


@receiver(post_delete, sender=Appointment)
def _free(sender: type[Appointment], instance: Appointment, **_kwargs: Any) -> None:
    """What is deleted claims nothing any more."""
    Claim.objects.filter(appointment=instance.pk).delete()


class Block(models.Model):
    """Time in which somebody cannot be booked: away, or busy by another calendar."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="blocks")
    start = models.DateTimeField()
    end = models.DateTimeField()
    label = models.CharField(_("What for"), max_length=80, blank=True)
    source = models.CharField(max_length=200, blank=True, help_text="Of another calendar: its UID.")

    class Meta:
        """Ends after it starts."""

        ordering = ("start", "id")
        constraints = [models.CheckConstraint(condition=Q(end__gt=F("start")), name="block_ends_after_start")]

    def __str__(self) -> str:
        """Who and when."""
        return f"{self.member} away {self.start:%Y-%m-%d %H:%M}"


class Waiting(models.Model):
    """Somebody who wants to come sooner, or at another time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="waiting")
    client = models.ForeignKey(Client, null=True, on_delete=models.CASCADE, related_name="waiting")
    name = models.CharField(_("Name"), max_length=120, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=40, blank=True)
    service = models.ForeignKey(Service, null=True, on_delete=models.SET_NULL, related_name="+")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    wanted = models.DateTimeField(null=True, help_text="A time that would be best.")
    told_of = models.DateTimeField(null=True, help_text="The free time we last wrote about.")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        """The longest waiting first."""

        ordering = ("made_at", "id")

    def __str__(self) -> str:
        """Who."""
        return self.who

    @property
    def who(self) -> str:
        """The name."""
        return self.client.name if self.client else self.name


class Package(models.Model):
    """Visits paid ahead."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="packages")
    name = models.CharField(_("Name"), max_length=80)
    visits = models.PositiveSmallIntegerField(_("Visits"), validators=[MinValueValidator(1), MaxValueValidator(50)])
    price_minor = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3, default="EUR")
    bought_at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-bought_at", "id")
        constraints = [models.CheckConstraint(condition=Q(visits__gte=1), name="package_has_visits")]

    def __str__(self) -> str:
        """What and how many."""
        return f"{self.name}, {self.visits}"


class CalendarLink(models.Model):
    """The secret address of a calendar, of a therapist or of a client. A new secret ends the old one."""

    member = models.OneToOneField(Member, null=True, on_delete=models.CASCADE, related_name="calendar_link")
    client = models.OneToOneField(Client, null=True, on_delete=models.CASCADE, related_name="calendar_link")
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        """Of one of them."""

        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, client__isnull=True) | Q(member__isnull=True, client__isnull=False),
                name="calendar_link_of_one",
            )
        ]

    def __str__(self) -> str:
        """Whose."""
        return f"Calendar of {self.member or self.client}"


class MailState(models.TextChoices):
    """Where a message stands."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")
    CALLED_OFF = "off", _("No longer needed")


class Mail(models.Model):
    """One message about one visit. Noted before it goes out, so that it never goes twice."""

    key = models.CharField(max_length=120, unique=True)
    appointment = models.ForeignKey(Appointment, null=True, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=MailState.choices, default=MailState.WAITING)
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-at", "-id")
        constraints = [models.CheckConstraint(condition=Q(state__in=MailState.values), name="diary_mail_state_known")]

    def __str__(self) -> str:
        """Which."""
        return f"{self.kind}, {self.state}"


class NoMore(models.Model):
    """An address that wants no reminders. Kept as its SHA-256, which is enough to honour it."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Nothing that could be read."""
        return self.digest[:8]
