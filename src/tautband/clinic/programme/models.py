"""The home programme, the diary a client keeps of it, and how they were. Written only by `actions.py`, only ever added.

A programme is versions; the client sees the newest that was given. What a client said is never changed: a later word
on the same thing and day counts instead. The database itself refuses UPDATE and DELETE (see the second migration).
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client, Member
from tautband.clinic.sealing.fields import SealedTextField


class ProgrammeVersion(models.Model):
    """One version of a client's programme. `body` is read and written by `offer.Body`.

    given   the client has it from here on; a version that was only prepared is not shown to them
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="programmes")
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="programmes")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    given = models.BooleanField(default=False)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=("client", "number"), name="programme_number_once")]


class DiaryWord(models.Model):
    """One word of the client about one thing of the programme on one day; the newest of a day counts.

    thing   the key of the thing within the programme
    how     for `done`: easy or right, where it was said; for `too_much` and `hurts`: what it was
    words   in the client's own words
    """

    class Kind(models.TextChoices):
        """What was said."""

        DONE = "done", _("Done")
        TOO_MUCH = "too_much", _("Too much")
        HURTS = "hurts", _("It hurts")
        NOT_TONIGHT = "not_tonight", _("Not today")
        SOFTER = "softer", _("Took the softer one")
        NOTHING = "nothing", _("Taken back")

    class How(models.TextChoices):
        """How it was."""

        EASY = "easy", _("Easy")
        RIGHT = "right", _("About right")
        PINCHED = "pinched", _("It pinched")
        TINGLED = "tingled", _("It tingled or went numb")
        STRONG = "strong", _("It was just too strong")
        OTHER = "other", _("Something else")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="diary_words")
    version = models.ForeignKey(ProgrammeVersion, on_delete=models.CASCADE, related_name="+")
    thing = models.CharField(max_length=120)
    day = models.DateField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    how = models.CharField(max_length=8, choices=How.choices, blank=True)
    words = SealedTextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-at", "-id")
        indexes = [models.Index(fields=("client", "-day"), name="diary_by_client_day")]
        constraints = [models.CheckConstraint(condition=~Q(thing=""), name="diary_names_a_thing")]


class DayNote(models.Model):
    """How the client was on a day, as far as they liked to say; the newest of a day counts.

    pain      0 to 10, None where they would rather not say
    sore      still sore where hands pressed; None where it was not asked or not said
    signs     of `checkin.SIGNS`: what they should ring about
    factors   ids of factors of the atlas that were there that day
    returned  the old trouble came back
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="day_notes")
    day = models.DateField()
    pain = models.PositiveSmallIntegerField(null=True)
    sore = models.BooleanField(null=True)
    signs = models.JSONField(default=list)
    factors = models.JSONField(default=list)
    returned = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        """The newest first; pain is 0 to 10."""

        ordering = ("-at", "-id")
        indexes = [models.Index(fields=("client", "-day"), name="day_note_by_client")]
        constraints = [
            models.CheckConstraint(condition=Q(pain=None) | Q(pain__gte=0, pain__lte=10), name="day_note_pain_0_10")
        ]


class Looked(models.Model):
    """A therapist has looked at what a client said, and what came of it. What was said until then no longer waits."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="looks_at_home")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("What came of it"), max_length=400, blank=True)
    at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-at", "-id")


class ReminderWish(models.Model):
    """Whether and when a client wants to be reminded; the newest counts. Without one there is no reminder.

    minute   of the day, where the practice is
    by_mail  a short mail too, which says nothing of health; None where it was not offered
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="reminder_wishes")
    wanted = models.BooleanField()
    minute = models.PositiveSmallIntegerField(default=20 * 60)
    by_mail = models.BooleanField(null=True)
    at = models.DateTimeField()

    class Meta:
        """The newest first; a minute of a day."""

        ordering = ("-at", "-id")
        constraints = [models.CheckConstraint(condition=Q(minute__lt=1440), name="reminder_minute_of_day")]
