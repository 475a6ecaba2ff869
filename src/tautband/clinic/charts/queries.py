"""Reading charts: always through the gate of the client's care team."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from tautband.clinic.charts.models import AlertAnswer, HomeDrawing, RecordedFinding, Story, Visit
from tautband.clinic.people.models import Client, Member
from tautband.clinic.people.once import once
from tautband.clinic.people.queries import NotYours, keeper_name, may_open_chart, may_read_note_of, open_to
from tautband.reasoning import Alert


def visit_for(member: Member, visit_id: UUID | str) -> Visit:
    """One visit of a client whose chart this member may open, and may read where notes are kept apart.

    A visit that was withdrawn can still be read here; it is closed, so nothing is written to it.
    Raises Http404, NotYours.
    """
    visit = (
        Visit.everything.select_related("client", "by").filter(pk=visit_id, client__practice=member.practice_id).first()
    )
    if visit is None:
        raise Http404("No such visit.")
    if not may_open_chart(member, visit.client):
        raise NotYours(keeper_name(visit.client))
    if not may_read_note_of(member, visit.client, visit.by):
        raise NotYours(visit.by.display_name)
    return visit


def visits_of(client: Client) -> QuerySet[Visit]:
    """The client's visits, the newest first. The caller has passed the chart's gate."""
    return client.visits.select_related("by")


def all_visits(client: Client) -> list[Visit]:
    """The same as a list, fetched once a page."""
    return once(("visits", client.pk), lambda: list(visits_of(client)))


def open_visits(member: Member) -> QuerySet[Visit]:
    """Visits of this member's charts that were not closed."""
    return Visit.objects.filter(open_to(member, "client"), closed_at=None).select_related("client")


def story_of(visit: Visit) -> Story | None:
    """What the client says, as last kept."""
    return visit.stories.first()


def home_version(client: Client, number: str) -> HomeDrawing | None:
    """The version a page of the client's own started from, if it says one of theirs."""
    return client.home_drawings.filter(pk=int(number)).first() if number.isdecimal() else None


def home_drawing_of(client: Client, number: str) -> HomeDrawing:
    """One version this client drew at home. The caller has passed the chart's gate. Raises Http404."""
    found = home_version(client, number)
    if found is None:
        raise Http404("No such drawing.")
    return found


def home_drawings(client: Client) -> list[HomeDrawing]:
    """What the client drew at home: of each day the last version, the newest day first; nothing for empty ones.

    The caller has passed the chart's gate.
    """
    by_day: dict[date, HomeDrawing] = {}
    for version in client.home_drawings.all():
        by_day.setdefault(version.day, version)
    return [version for version in by_day.values() if version.marks]


def home_drawing_to_take(visit: Visit) -> HomeDrawing | None:
    """The newest drawing from home since the visit before this one, unless this visit has begun with it."""
    newest = next(iter(home_drawings(visit.client)), None)
    if newest is None or visit.closed_at is not None:
        return None
    earlier = visit.client.visits.filter(number__lt=visit.number).order_by("-number").first()
    if earlier is not None and newest.at <= (earlier.closed_at or earlier.opened_at):
        return None
    return None if visit.drawings.filter(home=newest).exists() else newest


def findings_of(visit: Visit) -> list[RecordedFinding]:
    """What counts now of what was asked and tested, in the order it was recorded."""
    return once(("findings", visit.pk), lambda: list(visit.findings.filter(ended_at=None)))


def newest(visit: Visit, versions: str) -> Any:
    """The newest of a visit's `drawings` or `stories`, without asking again for what was fetched with the visit."""
    rows = getattr(visit, versions)
    if versions in getattr(visit, "_prefetched_objects_cache", {}):
        return next(iter(rows.all()), None)
    return once((versions, visit.pk), rows.first)


def answers_of(visit: Visit) -> dict[str, AlertAnswer]:
    """The latest answer to each alert: flag id -> answer."""
    answers: dict[str, AlertAnswer] = {}
    for answer in once(("alert answers", visit.pk), lambda: list(visit.alert_answers.all())):
        answers.setdefault(answer.flag, answer)
    return answers


def unanswered(visit: Visit, alerts: tuple[Alert, ...]) -> tuple[Alert, ...]:
    """Alerts that nobody has answered at this visit, or that have become more urgent since."""
    order = ("emergency", "same_day", "urgent_days", "routine")
    answers = answers_of(visit)
    return tuple(
        alert
        for alert in alerts
        if alert.flag not in answers or order.index(alert.urgency) < order.index(answers[alert.flag].urgency)
    )
