"""What this room adds to the pages of others: urgent answers on Today, what was told on the client's and story page."""

from typing import Any

from django.http import HttpRequest

from tautband.clinic.charts.models import Visit
from tautband.clinic.intake import queries
from tautband.clinic.intake.questions import BY_KEY
from tautband.clinic.people.models import Client

FIRST = 8


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """Urgent answers that nobody of the care team has read."""
    member = request.member  # type: ignore[attr-defined]
    if not member.is_clinical:
        return None
    rows = list(queries.waiting_for(member)[:FIRST])
    return {"warnings": rows} if rows else None


def client_warnings(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """Urgent answers stay on top of the client's page until they are noted."""
    rows = list(queries.unread_of(client))
    if not rows:
        return None
    return {"warnings": [(row, queries.reasons(row)) for row in rows], "client": client}


def hand_over(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """The tablet for the intake."""
    return None if client.archived else {"due": queries.aged(client)}


def client_told(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """A calm summary: what to look at first, and how much is still not asked."""
    round = queries.current_round(client)
    if round is None:
        return None
    return {"round": round, **summary(client)}


def story_told(request: HttpRequest, visit: Visit) -> dict[str, Any] | None:
    """What the client told, beside the story, with one tap to take it over."""
    round = queries.current_round(visit.client)
    if round is None:
        return None
    return {
        "round": round,
        "to_take": [] if visit.closed_at else queries.to_take_over(visit),
        "visit": visit,
        **summary(visit.client),
    }


def my_urgent(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """On the client's own page: what to do now, where an answer cannot wait."""
    round = queries.current_round(client)
    warning = queries.warning_tonight(round) if round else None
    return {"private": warning.private} if warning else None


def my_intake(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """On the client's own page: the questions before the visit, while some are still to be answered."""
    round = queries.current_round(client)
    if round and queries.warning_tonight(round):
        return None
    if not queries.to_answer(client):
        return None
    begun = bool(round and round.finished_at is None)
    return {"begun": begun, "due": queries.aged(client) if round and not begun else []}


def summary(client: Client) -> dict[str, Any]:
    """The answers that matter first, what the client wrote, and the number not asked."""
    told = [row for _chapter, rows in queries.told_by(client) for row in rows if row.question.kind != "who"]
    asked = [row for row in told if row.asked]
    return {
        "first": [row for row in asked if row.tone],
        "written": [row for row in asked if row.question.kind in ("text", "many") and row.words],
        "asked_count": len(asked),
        "not_asked": [row for row in told if not row.asked],
        "who": next(
            (row for _c, rows in queries.told_by(client) for row in rows if row.question is BY_KEY["who"]), None
        ),
        "client": client,
    }
