"""The guided session and its log. Written only by `actions.py`; every row is only ever added.

What a session is now, and which doses were given, is worked out from its events (`run.py`) and kept nowhere else. The
database itself refuses UPDATE and DELETE (see the second migration).
"""

from django.db import models

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Member
from tautband.clinic.treatments.models import PlanVersion


class Session(models.Model):
    """One guided session of a visit.

    steps   the agreed plan as it is run: rows of `steps.py`, with side, dose, beats, limits; never changed afterwards
    device  the screen it was begun on, a random name that the browser keeps
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="sessions")
    plan = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="sessions")
    number = models.PositiveIntegerField()
    steps = models.JSONField()
    device = models.CharField(max_length=40)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()

    class Meta:
        """The newest first."""

        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=("visit", "number"), name="session_number_once")]


class SessionEvent(models.Model):
    """One thing that happened in a session.

    key     made by the screen, random; the same key is the same event however often it is sent
    device  the screen; `seq` counts its events from 1
    t_ms    milliseconds of the session, by a clock that no change of the time of day moves
    wall    time of day on that screen, for the record alone
    data    what belongs to the kind (`events.py`)
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="events")
    key = models.CharField(max_length=40)
    device = models.CharField(max_length=40)
    seq = models.PositiveIntegerField()
    t_ms = models.PositiveBigIntegerField()
    wall = models.DateTimeField(null=True)
    kind = models.CharField(max_length=16)
    data = models.JSONField(default=dict)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        """In the order of the session's clock."""

        ordering = ("t_ms", "device", "seq")
        constraints = [models.UniqueConstraint(fields=("session", "key"), name="session_event_once")]
