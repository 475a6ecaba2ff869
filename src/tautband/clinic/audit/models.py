"""The audit table. Rows are only ever added; the database itself refuses anything else (see the first migration)."""

from datetime import UTC

from django.db import models

from tautband.clinic.audit.chain import Entry


class AuditEvent(models.Model):
    """One thing that somebody did to one target, sealed onto the chain of its chart."""

    chart = models.CharField(max_length=100, help_text="Whose chain: 'client/<uuid>' or 'practice'.")
    number = models.PositiveIntegerField(help_text="Place in the chain, from 1.")
    verb = models.CharField(max_length=60, help_text="What was done, e.g. 'client.created'.")
    target = models.CharField(max_length=120, help_text="To what, e.g. 'client/<uuid>'.")
    by = models.CharField(max_length=60, help_text="Who: 'user/<id>', or 'system'.")
    by_name = models.CharField(max_length=200, help_text="The name that person had at that time.")
    at = models.DateTimeField(help_text="When, UTC.")
    details = models.TextField(help_text="Canonical JSON; names of fields, never clinical text.")
    idempotency_key = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 (many have none)
    request_digest = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        """Order and the promise that a chain has no forks."""

        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=("chart", "number"), name="audit_one_event_per_place")]
        indexes = [models.Index(fields=("target",), name="audit_target")]

    def __str__(self) -> str:
        """Verb, target and time."""
        return f"{self.verb} {self.target} by {self.by_name} at {self.at:%Y-%m-%d %H:%M}"

    def entry(self) -> Entry:
        """The event as the plain value the chain is computed over."""
        return Entry(
            chart=self.chart,
            number=self.number,
            verb=self.verb,
            target=self.target,
            by=self.by,
            by_name=self.by_name,
            at=self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            details=self.details,
            key=self.idempotency_key or "",
            digest=self.request_digest,
            previous=self.previous_hash,
            seal=self.hash,
        )
