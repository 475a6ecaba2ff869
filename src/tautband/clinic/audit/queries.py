"""Reading the log. Who may read which chain is decided by the room that owns the chart."""

from collections.abc import Sequence

from tautband.clinic.audit.models import AuditEvent


def history(chart: str, *, limit: int = 50) -> Sequence[AuditEvent]:
    """The newest events of one chart, newest first."""
    return list(AuditEvent.objects.filter(chart=chart).order_by("-number")[:limit])
