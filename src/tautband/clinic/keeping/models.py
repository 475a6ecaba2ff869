"""How long a record is kept, what holds it, and what was erased. Written only by `actions.py`."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tautband.clinic.people.models import Client, Practice

LONGEST_YEARS = 100
OLDEST_MAJORITY = 25


class Rule(models.Model):
    """How long this practice keeps a record, and why. Without a rule nothing is ever due."""

    practice = models.OneToOneField(Practice, on_delete=models.CASCADE, related_name="retention_rule")
    years = models.PositiveSmallIntegerField(
        _("Years after the last visit"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_YEARS)]
    )
    adult_at_years = models.PositiveSmallIntegerField(
        _("Age from which the years count for a child"),
        default=18,
        validators=[MinValueValidator(0), MaxValueValidator(OLDEST_MAJORITY)],
    )
    because = models.CharField(
        _("The law or rule behind it"), max_length=300, help_text=_("It is shown on every certificate of erasure.")
    )
    changed_at = models.DateTimeField()


class Hold(models.Model):
    """A legal hold: while it stands, nothing of this client can be erased. The database refuses, too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(_("Why it must be kept"), max_length=500)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_because = models.CharField(max_length=500, blank=True)
    released_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        """The newest first, and one in force at a time."""

        ordering = ("-at", "-id")
        constraints = [
            models.UniqueConstraint(fields=("client",), condition=Q(released_at=None), name="hold_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_reason"),
        ]


class Erasure(models.Model):
    """That a client's record was erased. It names nobody: the client is a random number that leads nowhere now.

    While `done_at` is empty the guards of the database let the rows of this one client go; the action that makes the
    row fills it in within the same transaction. No row is ever changed after that, or deleted.

    certificate   canonical JSON of what was erased, when, by whom and on what ground; `digest` its SHA-256 (hex),
                  which stands in the practice's chain
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    erased = models.UUIDField(unique=True, help_text="The client's number.")
    chart = models.CharField(max_length=100, help_text="The chain that stays.")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=120)
    done_at = models.DateTimeField(null=True)
    certificate = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        """The newest first."""

        ordering = ("-at", "-id")
