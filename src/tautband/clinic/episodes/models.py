"""What a client comes for, and what they want to be able to do again. Written only by `actions.py`.

An episode is one problem from the day it is taken on to the day it is let go. Which visits belong to it follows from
the time, so nothing has to be sorted by hand. A problem that returns is a new episode that names the earlier one.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tautband.clinic.people.models import Client, Member


class Closing(models.TextChoices):
    """How an episode ends."""

    REACHED = "reached", _("What was wanted is reached")
    ENOUGH = "enough", _("Enough for now, self-care goes on")
    REFERRED = "referred", _("Referred to somebody else")
    STOPPED = "stopped", _("The client stopped")
    NO_CHANGE = "no_change", _("No change, ended by agreement")


class Episode(models.Model):
    """One problem and its course.

    title      what it is about, in a few words
    region     region of the atlas it lies in; empty where none fits
    began      when it began, in the client's words ("since the autumn")
    returned   the earlier episode of the same problem
    summary    what is said at the end: what was tried, what changed, what goes on
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="episodes")
    title = models.CharField(_("What it is about"), max_length=120)
    region = models.CharField(max_length=20, blank=True)
    began = models.CharField(_("Since when"), max_length=120, blank=True)
    returned = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="returns")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closing = models.CharField(max_length=12, choices=Closing.choices, blank=True)
    summary = models.TextField(blank=True, max_length=10_000)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """The newest first; closed means closed with a reason."""

        ordering = ("-opened_at", "-id")
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="episode_has_title"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closing="") | (Q(closed_at__isnull=False) & ~Q(closing="")),
                name="episode_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=models.F("opened_at")),
                name="episode_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        """What it is about."""
        return self.title

    @property
    def is_open(self) -> bool:
        """True until it is closed."""
        return self.closed_at is None


class Goal(models.Model):
    """Something the client wants to be able to do, in their words. Only its state changes."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("On the way")
        MET = "met", _("Reached")
        DROPPED = "dropped", _("No longer wanted")

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="goals")
    text = models.CharField(_("What they want to do"), max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    said = models.CharField(_("What they said of it"), max_length=200, blank=True)
    at = models.DateTimeField()
    state_at = models.DateTimeField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """In the order they were named."""

        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="goal_has_text"),
            models.CheckConstraint(condition=Q(state__in=("open", "met", "dropped")), name="goal_state_known"),
        ]

    def __str__(self) -> str:
        """The goal."""
        return self.text
