"""What this room adds to the pages of people: notes that wait to be signed, the notes of a client."""

from typing import Any

from django.http import HttpRequest

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import SIGNING_ROLES, Client, Member, Role
from tautband.clinic.treatments import moving, queries
from tautband.clinic.treatments.inside import licence_of
from tautband.clinic.treatments.models import Consent
from tautband.clinic.treatments.phrases import phrases_of

MOST = 6


def has_agreed_plan(visit: Visit) -> bool:
    """True once the client agreed to a plan."""
    return Consent.objects.filter(plan__visit=visit).exists()


def is_signed(visit: Visit) -> bool:
    """True once the note is signed."""
    return hasattr(visit, "signed_note")


def to_sign(request: HttpRequest) -> dict[str, Any] | None:
    """Notes that this member has to sign."""
    member = request.member  # type: ignore[attr-defined]
    waiting = list(queries.notes_to_sign(member)[: MOST + 1])
    if not waiting:
        return None
    return {"notes_to_sign": waiting[:MOST], "more_notes": len(waiting) > MOST}


def to_cosign(request: HttpRequest) -> dict[str, Any] | None:
    """Notes of people this member supervises that wait for a second signature."""
    member = request.member  # type: ignore[attr-defined]
    if not member.is_owner and member.role != Role.SUPERVISOR:
        return None
    waiting = list(queries.notes_to_cosign(member)[: MOST + 1])
    return {"notes_to_cosign": waiting[:MOST], "more_notes": len(waiting) > MOST} if waiting else None


def client_notes(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """The client's notes, the newest first."""
    visits = list(queries.visits_with_notes(client)[: MOST + 1])
    if not visits:
        return None
    return {"note_visits": visits[:MOST], "more_notes": len(visits) > MOST}


def phrase_card(request: HttpRequest) -> dict[str, Any] | None:
    """On the settings page: the way to one's phrases."""
    member = request.member  # type: ignore[attr-defined]
    return {"phrase_count": phrases_of(member).count()} if member.is_clinical else None


def client_moves(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """The traces of visits that were written in the wrong chart."""
    found = moving.traces_of(request.member, client)  # type: ignore[attr-defined]
    return {"traces": found[:MOST]} if found else None


def visit_move(request: HttpRequest, visit: Visit) -> dict[str, Any] | None:
    """Beside the note: the way to move it, and the trace of a move with its undo."""
    member = request.member  # type: ignore[attr-defined]
    trace = moving.trace_of(member, visit)
    may = moving.may_move(member, visit)
    if trace is None and not may:
        return None
    return {"trace": trace, "may_move": may, "can_undo": bool(trace and moving.can_undo(member, trace.move))}


def own_licence(request: HttpRequest) -> dict[str, Any] | None:
    """Somebody's own licence to work inside the body; stays away from those who do not treat."""
    member: Member = request.member  # type: ignore[attr-defined]
    return {"own_licence": licence_of(member)} if member.role in SIGNING_ROLES else None
