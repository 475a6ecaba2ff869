"""What this room adds to the pages of people: visits, drawings, open alerts."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest

from tautband.clinic.charts import drawn, priors, queries, thinking
from tautband.clinic.charts.agreement import to_look_again
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.picture import drawing_of, picture_of
from tautband.clinic.people.models import Client, Member
from tautband.clinic.people.once import once
from tautband.reasoning import Alert

RECENT = 6


def priors_card(request: HttpRequest) -> dict[str, Any] | None:
    """Which figures lists start from; for owners, who decide about them."""
    member = request.member  # type: ignore[attr-defined]
    return {"used": priors.in_use()} if member.is_owner else None


def has_drawing(visit: Visit) -> bool:
    """True once something was drawn."""
    drawing = queries.newest(visit, "drawings")
    return bool(drawing and drawing.marks)


def was_told(visit: Visit) -> bool:
    """True once the story was begun."""
    return queries.newest(visit, "stories") is not None


def was_examined(visit: Visit) -> bool:
    """True once something was asked or tested."""
    return bool(queries.findings_of(visit))


def start_action(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """Start a visit, or go on with the open one. Nobody starts one with a client who was put away."""
    thinking.warm()
    if client.archived:
        return None
    still_open = next((visit for visit in recent_visits(client) if visit.closed_at is None), None)
    if still_open is None:
        still_open = next((visit for visit in queries.all_visits(client) if visit.closed_at is None), None)
    member = request.member  # type: ignore[attr-defined]
    return {"open_visit": still_open, "again": bool(still_open and to_look_again(member, still_open))}


def recent_visits(client: Client) -> list[Visit]:
    """The newest visits with drawings and stories: several blocks of a page ask for them."""
    recent = queries.all_visits(client)[:RECENT]
    prefetch_related_objects(recent, "drawings", "stories")
    return recent


def client_visits(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """The client's visits, the newest first with its drawing; None leaves the page's own empty state."""
    visits = recent_visits(client)
    if not visits:
        return None
    more = len(queries.all_visits(client)) - len(visits)
    return {"visits": rows_of(visits), "more": more}


def rows_of(visits: list[Visit]) -> list[dict[str, Any]]:
    """Rows for one list. The first row of each view draws its figure, the others use that one."""
    rows = [visit_row(visit) for visit in visits]
    drawn_views: set[str] = set()
    for row in rows:
        row["draws_figure"] = row["view"] not in drawn_views
        if row["overlay"]:
            drawn_views.add(row["view"])
    return rows


def visit_row(visit: Visit) -> dict[str, Any]:
    """One visit for a list: its words and a small picture of its drawing."""
    version = next(iter(visit.drawings.all()), None)
    drawing = drawing_of(version)
    overlay = drawn.overlay_of(drawing.marks)
    view = drawn.first_view(overlay)
    story = next(iter(visit.stories.all()), None)
    return {
        "visit": visit,
        "story": story.text if story else "",
        "overlay": overlay if drawing.marks else None,
        "view": view,
        "box": drawn.crop(overlay, view),
        "words": drawn.in_words(drawing.marks),
    }


def open_alerts(visit: Visit) -> tuple[Alert, ...]:
    """Alerts of a visit that nobody has answered."""
    picture = picture_of(visit)
    if not picture.drawing.marks and not picture.findings:
        return ()
    return queries.unanswered(visit, thinking.alerts_now(picture))


def client_alerts(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """Unanswered alerts of the client's latest visit stay on top of the client's page."""
    visit = next(iter(recent_visits(client)), None)
    alerts = open_alerts(visit) if visit else ()
    return {"visit": visit, "alerts": alerts} if alerts else None


def open_now(member: Member) -> list[Visit]:
    """The newest open visits of this member's charts: two blocks of Today ask for them."""
    visits = queries.open_visits(member).prefetch_related("by", "drawings", "stories")
    return once(("open now", member.pk), lambda: list(visits[:RECENT]))


def open_today(request: HttpRequest) -> dict[str, Any] | None:
    """Visits that are open now."""
    thinking.warm()
    member = request.member  # type: ignore[attr-defined]
    visits = open_now(member)
    return {"rows": rows_of(visits)} if visits else None


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """Open visits with an alert that waits for an answer."""
    member = request.member  # type: ignore[attr-defined]
    found = [(visit, alert) for visit in open_now(member) for alert in open_alerts(visit)]
    return {"waiting": found} if found else None
