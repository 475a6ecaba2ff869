"""What a visit holds. Written only by `actions.py`.

Nothing clinical is ever overwritten: a drawing and a story are versions, a finding that is changed or taken back stays
with the time it stopped counting.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tautband.clinic.people.models import Client, Member


class Standing(models.Manager["Visit"]):
    """Visits that count: those that were not withdrawn."""

    def get_queryset(self) -> models.QuerySet["Visit"]:
        """Without what was withdrawn."""
        return super().get_queryset().filter(withdrawn_at=None)


class Visit(models.Model):
    """One hour with one client.

    withdrawn_at  it had been written and signed in the wrong chart: what is sealed stays to be read, nothing counts it.
                  `Visit.objects` and `client.visits` leave it out, `Visit.everything` holds it
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="visits")
    number = models.PositiveIntegerField(help_text="First visit, second visit ...")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="visits")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField(default=60, help_text="How long the visit is.")
    withdrawn_at = models.DateTimeField(null=True)

    objects = Standing()
    everything: models.Manager["Visit"] = models.Manager()

    class Meta:
        """The newest first; numbers count up without gaps."""

        ordering = ("-opened_at", "-number")
        constraints = [models.UniqueConstraint(fields=("client", "number"), name="visit_number_once")]
        indexes = [
            models.Index(fields=("client", "-opened_at", "-number"), name="visit_of_client"),
            models.Index(fields=("-opened_at", "-number"), name="visit_still_open", condition=Q(closed_at=None)),
            models.Index(fields=("by", "opened_at"), name="visit_by_whom"),
        ]

    def __str__(self) -> str:
        """Whose visit, and which."""
        return f"{self.client.name}, visit {self.number}"


class Story(models.Model):
    """What the client says, in their own words: one version of the text of one visit; the newest counts."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="stories")
    text = models.TextField(_("In the client's words"), blank=True, max_length=20_000)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest version first."""

        ordering = ("-id",)


class DrawingVersion(models.Model):
    """One version of a visit's pain drawing; the newest counts.

    marks     list of {"zone", "side", "layer", "intensity", "quality", "began_here"} as `findings.Mark` reads them
    ink       what was painted by brush, `findings.ink.pack`ed; empty when only zones were marked
    surface   the body surface the zone ids belong to
    complete  the client was shown the whole body, so unmarked zones are true negatives
    home      the drawing made at home that this version began with, if it did
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="drawings")
    marks = models.JSONField(default=list)
    ink = models.BinaryField(default=bytes)
    surface = models.CharField(max_length=20)
    complete = models.BooleanField(default=True)
    drawn_by = models.CharField(max_length=12, choices=[("client", _("Client")), ("therapist", _("Therapist"))])
    home = models.ForeignKey("HomeDrawing", on_delete=models.SET_NULL, null=True, related_name="taken")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest version first."""

        ordering = ("-id",)


class HomeDrawing(models.Model):
    """One version of what a client drew for themselves, away from any visit; the newest of a day counts.

    marks, ink, surface   as in `DrawingVersion`
    day                   the client's own day, in the practice's time zone
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="home_drawings")
    day = models.DateField()
    marks = models.JSONField(default=list)
    ink = models.BinaryField(default=bytes)
    surface = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        """The newest version first."""

        ordering = ("-id",)


class RecordedFinding(models.Model):
    """One answer, test result or factor. `ended_at` is set when it was changed or taken back; the row stays."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="findings")
    finding = models.CharField(max_length=120, help_text="Exam or factor id of the atlas.")
    of = models.CharField(max_length=120, blank=True, help_text="What it was observed on, if the exam leaves it open.")
    side = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    value = models.FloatField(null=True)
    unit = models.CharField(max_length=20, blank=True)
    provoking = models.CharField(max_length=12, blank=True)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """In the order they were recorded; one current answer for a thing, a place and a side."""

        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=("visit", "finding", "of", "side"), condition=Q(ended_at=None), name="finding_one_current"
            ),
            models.CheckConstraint(
                condition=Q(side__in=("left", "right", "midline", "bilateral")), name="finding_side_known"
            ),
            models.CheckConstraint(condition=Q(state__in=("present", "absent", "unknown")), name="finding_state_known"),
        ]


class SecondExamination(models.Model):
    """One sign examined again at the same visit by somebody who did not see the first result.

    first   the finding as it stood; a later correction of it leaves this pair as it was
    """

    first = models.ForeignKey(RecordedFinding, on_delete=models.CASCADE, related_name="second_looks")
    state = models.CharField(max_length=10)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """In the order they were recorded; each member looks once."""

        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=("first", "by"), name="second_examination_once"),
            models.CheckConstraint(condition=Q(state__in=("present", "absent")), name="second_examination_state_known"),
        ]


class ElicitedReferral(models.Model):
    """Pressing a muscle was felt elsewhere: one observation. `ended_at` is set when it was taken back; the row stays.

    felt   list of places with side, `area.thumb/left`
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="elicited")
    point = models.CharField(max_length=120, help_text="Muscle or trigger point that was pressed.")
    side = models.CharField(max_length=10)
    felt = models.JSONField(default=list)
    words = models.CharField(max_length=200, help_text="As it was typed.")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """In the order they were recorded."""

        ordering = ("id",)
        constraints = [models.CheckConstraint(condition=Q(side__in=("left", "right")), name="elicited_side_known")]


class PriorReview(models.Model):
    """Priors proposed from this practice's own counts, as one version that an owner accepts or rejects, once.

    The accepted version with the highest number that was not taken back is the one in use, as long as the atlas still
    holds the priors it was made for.

    made_for   fingerprint of the atlas priors it was computed from
    rows       list of {"of", "source", "active", "looked", "now", "proposed", "low", "high"}, one per source
    """

    class Decision(models.TextChoices):
        """What an owner said of it."""

        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")

    number = models.PositiveIntegerField(unique=True)
    made_for = models.CharField(max_length=32)
    rows = models.JSONField(default=list)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    reason = models.CharField(_("Why"), max_length=500, blank=True)
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=500, blank=True)

    class Meta:
        """The newest first; a decision has a name, a day and a reason."""

        ordering = ("-number",)
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="") | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason=""),
                name="prior_review_decided_by_somebody",
            )
        ]

    def __str__(self) -> str:
        """Its number."""
        return str(self.number)


class AlertAnswer(models.Model):
    """What was decided about an alert, with the reason; an alert can be answered, never swiped away."""

    class Decision(models.TextChoices):
        """What follows from the alert."""

        REFERRED = "referred", _("Referred")
        CLEARED = "cleared", _("Looked into, not the case")
        GOING_ON = "going_on", _("Going on, with a reason")

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="alert_answers")
    flag = models.CharField(max_length=120)
    urgency = models.CharField(max_length=12, help_text="Of the alert when it was answered.")
    decision = models.CharField(max_length=12, choices=Decision.choices)
    reason = models.CharField(_("Why, in your words"), max_length=1000)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The newest answer first."""

        ordering = ("-id",)
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="alert_answer_has_reason")]
