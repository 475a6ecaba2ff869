"""What a client drew at home: how it is shown, and whether it can wait for the visit.

The same rules of the atlas as for answers before the visit, on the drawing together with what was answered. They need
no warm program, so the answer is there at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone

from tautband.clinic.charts import drawn
from tautband.clinic.charts.models import HomeDrawing
from tautband.clinic.charts.picture import marks_of
from tautband.clinic.charts.queries import home_drawings
from tautband.clinic.intake.judging import urgent
from tautband.clinic.intake.queries import answers_of, current_round
from tautband.clinic.people.models import Client, Member
from tautband.clinic.people.queries import charts_for
from tautband.reasoning import Alert

TONIGHT = timedelta(hours=24)
SHOWN_FOR = timedelta(days=7)
MOST_VERSIONS = 8
"""So many versions, from the newest on, are looked at."""


def newest_of(client: Client) -> HomeDrawing | None:
    """The newest drawing from home that is not empty."""
    return next(iter(home_drawings(client)), None)


def urgent_in(drawing: HomeDrawing) -> tuple[Alert, ...]:
    """What the drawing makes urgent, the most urgent first. What answers alone make urgent is said elsewhere."""
    client = drawing.client
    round = current_round(client)
    answers = answers_of(round) if round else {}
    known = {(one.alert.flag, one.alert.urgency) for one in urgent(client, answers)}
    found = (one.alert for one in urgent(client, answers, marks_of(drawing.marks)))
    return tuple(alert for alert in found if (alert.flag, alert.urgency) not in known)


def urgent_tonight(client: Client, now: datetime | None = None) -> tuple[Alert, ...]:
    """The same while the drawing is of today or last night."""
    newest = newest_of(client)
    if newest is None or newest.at < (now or timezone.now()) - TONIGHT:
        return ()
    return urgent_in(newest)


def picture_of(drawing: HomeDrawing) -> dict[str, Any]:
    """A small figure and its words."""
    marks = marks_of(drawing.marks)
    overlay = drawn.overlay_of(marks)
    view = drawn.first_view(overlay)
    return {
        "drawing": drawing,
        "overlay": overlay,
        "view": view,
        "box": drawn.crop(overlay, view),
        "ink": bytes(drawing.ink),
        "words": drawn.in_words(marks),
    }


def pictures_of(drawings: Iterable[HomeDrawing]) -> list[dict[str, Any]]:
    """Several for one page: the first of each view draws its figure, the others use that one."""
    rows, seen = [picture_of(one) for one in drawings], set[str]()
    for row in rows:
        row["draws_figure"] = row["view"] not in seen
        seen.add(row["view"])
    return rows


@dataclass(frozen=True)
class Drew:
    """What somebody drew since their last visit. `changed`: the drawing that is urgent was changed since."""

    drawing: HomeDrawing
    alerts: tuple[Alert, ...]
    changed: bool = False


def waiting_for(member: Member, client: Client | None = None) -> list[Drew]:
    """Drawings of the last days by this member's clients, or one of them, until a visit begins after them; the urgent
    first. What was urgent stays so when it was changed since: it may have been the fright, not a slip."""
    since = timezone.now() - SHOWN_FOR
    mine = charts_for(member).order_by().values("pk")
    if client is not None:
        mine = mine.filter(pk=client.pk)
    rows = HomeDrawing.objects.filter(client__in=mine, at__gt=since).select_related("client").order_by("client", "-id")
    found = []
    for _pk, versions in groupby(rows, key=lambda row: row.client_id):
        drawn_since = [row for row in versions if not row.client.visits.filter(opened_at__gt=row.at).exists()]
        told = _told([row for row in drawn_since[:MOST_VERSIONS] if row.marks])
        if told is not None:
            found.append(told)
    return sorted(found, key=lambda each: (not each.alerts, each.drawing.at))


def _told(versions: list[HomeDrawing]) -> Drew | None:
    """The newest with its alerts, else those of a version before it."""
    judged = ((row, urgent_in(row)) for row in versions)
    for place, (row, alerts) in enumerate(judged):
        if alerts:
            return Drew(row, alerts, changed=place > 0)
    return Drew(versions[0], ()) if versions else None
