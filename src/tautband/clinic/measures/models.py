"""Readings of outcome instruments and measurements. Written only by `actions.py`.

Nothing is overwritten: a reading that was wrong is taken back with its reason and stays; a new one is added.
"""

from django.db import models
from django.db.models import Q

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client, Member


class Reading(models.Model):
    """One finished score or measurement of one client.

    of        what it was taken of, where the instrument leaves it open ("right infraspinatus"); empty otherwise
    value     in the instrument's unit
    answers   the items as [name or "", number or null] in their order; empty where only the total was entered
    unusual   the therapist was asked about a value beyond the usual range and kept it
    by        the member who entered it; None when the client did it on their own page
    at        when it was taken
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="readings")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.CASCADE, related_name="readings")
    instrument = models.CharField(max_length=120)
    of = models.CharField(max_length=120, blank=True)
    value = models.FloatField()
    answers = models.JSONField(default=list)
    unusual = models.BooleanField(default=False)
    by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_why = models.CharField(max_length=200, blank=True)

    class Meta:
        """In the order of time."""

        ordering = ("at", "id")
        indexes = [models.Index(fields=("client", "instrument"), name="reading_of_client")]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | ~Q(taken_back_why=""), name="reading_taken_back_with_reason"
            )
        ]

    def __str__(self) -> str:
        """What was read of whom."""
        return f"{self.instrument} {self.of}: {self.value:g}"
