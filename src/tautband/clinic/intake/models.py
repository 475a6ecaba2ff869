"""What a client tells, question by question. Written only by `actions.py`; an answer is a version, the newest counts.

All that is told lies sealed: the database alone gives nobody's medicines, fears or habits away.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tautband.clinic.people.models import Client, Member
from tautband.clinic.sealing.fields import SealedJSONField, SealedTextField


class Filler(models.TextChoices):
    """Who answers."""

    SELF = "self", _("The client")
    GUARDIAN = "guardian", _("A parent or guardian")
    PROXY = "proxy", _("Somebody who helps")


class Round(models.Model):
    """One time of being asked: before the first visit, and again when some time has passed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="intake_rounds")
    number = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    filled_by = models.CharField(max_length=10, choices=Filler.choices, blank=True, help_text="Empty: not asked yet.")

    class Meta:
        """The newest first; numbers count up without gaps."""

        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=("client", "number"), name="intake_round_once"),
            models.CheckConstraint(condition=Q(filled_by__in=("", *Filler.values)), name="intake_filler_known"),
        ]


class Given(models.Model):
    """One version of the answer to one question.

    value   {"is": "yes" | "no" | "unsure" | "skip" | "withdrawn" | a grade, "many": [...], "text": "..."}
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="given")
    question = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    value = SealedJSONField()
    filled_by = models.CharField(max_length=10, choices=Filler.choices, blank=True)
    at = models.DateTimeField()

    class Meta:
        """In the order they were given."""

        ordering = ("at", "version")
        constraints = [
            models.UniqueConstraint(fields=("round", "question", "version"), name="intake_version_once"),
        ]


class Warned(models.Model):
    """An answer that could not wait: shown to the client at once, and to the care team at the same moment.

    private       a safeguarding answer: named to nobody but the care team, never to somebody who answers for another
    corrected_at  the client said that the answer was a slip
    seen_at       somebody of the care team has taken note
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="warnings")
    flag = SealedTextField()
    urgency = models.CharField(max_length=12)
    question = models.CharField(max_length=80, help_text="The answer that completed it.")
    private = models.BooleanField(default=False)
    words = SealedTextField(help_text="What the client added: when it was.", default="")
    at = models.DateTimeField()
    corrected_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """The newest first."""

        ordering = ("-at",)
        constraints = [
            models.CheckConstraint(condition=Q(urgency__in=("emergency", "same_day")), name="intake_warning_urgent")
        ]
