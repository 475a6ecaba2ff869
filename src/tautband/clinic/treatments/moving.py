"""A visit that was written in the wrong chart: who may move it, what ties it to a chart, what moves along.

Two ways. While nothing is sealed, the visit itself moves, and that can be taken back. Once something sealed hangs on it
(a signed note, a signature for work inside the body, a signed letter, a home programme), what was sealed stays in the
old chart, withdrawn, and the visit goes on in the right chart with a new version of its note, which is signed there.

Rooms above register what they add:
    moving.add_seal(lambda visit: visit.letters.exclude(signed=None).exists())
    moving.add_carrier(carry)      # carry(old, new, plans): copy what belongs to a visit; plans: old key -> new plan
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client, Member
from tautband.clinic.people.queries import charts_for, may_open_chart
from tautband.clinic.treatments.models import PlanVersion, SignedNote, VisitMove
from tautband.clinic.treatments.queries import may_write_note

Carrier = Callable[[Visit, Visit, Mapping[int, PlanVersion]], None]
_seals: list[Callable[[Visit], bool]] = []
_carriers: list[Carrier] = []


def add_seal(seal: Callable[[Visit], bool]) -> None:
    """Say when something of a room above keeps a visit from moving as it is."""
    if seal not in _seals:
        _seals.append(seal)


def add_carrier(carrier: Carrier) -> None:
    """Say what of a room above is copied to the visit in the right chart."""
    if carrier not in _carriers:
        _carriers.append(carrier)


def carriers() -> tuple[Carrier, ...]:
    """All of them."""
    return tuple(_carriers)


def is_sealed(visit: Visit) -> bool:
    """True when something of this visit can never change, and so stays in its chart.

    A signature for work inside the body is one: whoever signed did so for their own body, never for another client's.
    """
    signed = SignedNote.objects.filter(visit=visit).exists() or visit.inside_consents.exists()
    return signed or any(seal(visit) for seal in _seals)


def may_move(member: Member, visit: Visit) -> bool:
    """Whose note it is moves it, or the owner; who signs moves what was signed. The chart's gate was passed."""
    may = may_write_note(member, visit) or member.is_owner
    return may and visit.withdrawn_at is None and (member.may_sign or not is_sealed(visit))


def charts_to_move_to(member: Member, visit: Visit, words: str) -> QuerySet[Client]:
    """Charts of this member whose name holds every word; never the chart the visit is in."""
    found = charts_for(member).filter(archived_at=None).exclude(pk=visit.client_id)
    for word in words.split()[:8]:
        found = found.filter(name__icontains=word)
    return found.order_by("name")


@dataclass(frozen=True)
class Trace:
    """One trace on a page. `other` is the other chart, None where this member may not open it or it is gone."""

    move: VisitMove
    other: Client | None


def traces_of(member: Member, client: Client) -> list[Trace]:
    """The traces that stand in a chart, the newest first."""
    moves = list(client.visit_moves.select_related("by", "visit", "undone_by"))
    return [Trace(move, _other(member, move)) for move in moves]


def trace_of(member: Member, visit: Visit) -> Trace | None:
    """The newest trace of a visit that was moved and not taken back."""
    move = visit.moves.filter(undone_at=None).select_related("by").first()
    return Trace(move, _other(member, move)) if move else None


def can_undo(member: Member, move: VisitMove) -> bool:
    """True while the visit moved as it is, nothing was sealed since, and the member may move it."""
    if move.way != VisitMove.Way.IN or move.undone_at is not None or move.visit is None:
        return False
    left = VisitMove.objects.get(pair=move.pair, way=VisitMove.Way.OUT)
    newest = move.visit.moves.filter(way=VisitMove.Way.IN).first()
    as_it_is = left.visit_id is None and newest == move and not is_sealed(move.visit)
    return as_it_is and may_move(member, move.visit) and _other(member, move) is not None


def _other(member: Member, move: VisitMove) -> Client | None:
    key = move.other.removeprefix("client/")
    found = Client.objects.filter(practice=member.practice_id, pk=key).first()
    return found if found is not None and may_open_chart(member, found) else None
