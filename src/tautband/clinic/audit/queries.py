"""Reading the log. Who may read which chain is decided by the room that owns the chart."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from tautband.clinic.audit.models import AuditEvent

LOOKS = ("chart.read", "details.read", "clients.listed", "attachment.read")
"""Verbs of those who looked; everything else changed something."""
KINDS = ("looked", "changed", "opened")
WITHOUT_SHARING = (
    "chart.opened_with_reason",
    "chart.opening_noted",
    "chart.exported",
    "record.exported",
    "record.erased",
)


def history(chart: str, *, limit: int = 50) -> Sequence[AuditEvent]:
    """The newest changes of one chart, newest first. Looks have a page of their own."""
    return list(AuditEvent.objects.filter(chart=chart).exclude(verb__in=LOOKS).order_by("-number")[:limit])


def traces(
    charts: Iterable[str] | None = None,
    *,
    by: str = "",
    kind: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEvent]:
    """Events, newest first, narrowed.

    charts  these chains only; all when None
    by      the audit key of one person
    kind    looked, changed, or opened (charts opened with a reason, exports); anything else is all of them
    since, until  whole days of the current time zone, both included
    """
    events = AuditEvent.objects.order_by("-id")
    if charts is not None:
        events = events.filter(chart__in=list(charts))
    if by:
        events = events.filter(by=by)
    if kind == "looked":
        events = events.filter(verb__in=LOOKS)
    elif kind == "changed":
        events = events.exclude(verb__in=LOOKS)
    elif kind == "opened":
        events = events.filter(verb__in=WITHOUT_SHARING)
    if since:
        events = events.filter(at__gte=_midnight(since))
    if until:
        events = events.filter(at__lt=_midnight(until + timedelta(days=1)))
    return events


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def people_in(charts: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Everybody who left a trace: (audit key, the newest name), sorted by name."""
    events = AuditEvent.objects.filter(Q() if charts is None else Q(chart__in=list(charts)))
    names = dict(events.order_by("id").values_list("by", "by_name").distinct())
    return sorted(names.items(), key=lambda person: person[1].casefold())
