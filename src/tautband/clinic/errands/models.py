"""What is to be done, and what became of it. Written only by `actions.py`."""

import uuid

from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """Where an errand stands."""

    WAITING = "waiting"
    RUNNING = "running"  # only errands that run alone, outside a transaction; see `lease_until`
    DONE = "done"
    GIVEN_UP = "given_up"
    CALLED_OFF = "called_off"


class Errand(models.Model):
    """One piece of work, known by a key that exists once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True, help_text="Two errands with one key are one errand.")
    name = models.CharField(max_length=100, help_text="Which function, such as 'diary.remind'.")
    arguments = models.JSONField(default=dict, help_text="Plain JSON; ids, never clinical text.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, help_text="While running: when it counts as died.")
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True, help_text="What went wrong last, without its arguments.")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        """The next one first."""

        ordering = ("due_at", "made_at")
        constraints = [models.CheckConstraint(condition=Q(state__in=State.values), name="errand_state_known")]
        indexes = [models.Index(fields=("state", "due_at"), name="errand_due")]

    def __str__(self) -> str:
        """Name and key."""
        return f"{self.name} ({self.key}), {self.state}"
