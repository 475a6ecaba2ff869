"""What the practice's own examinations suggest about how often a source is met, and which priors are in use.

A muscle counts once a client and side: at the first visit at which it was pressed for the client's own pain. Muscles
are pressed because they are suspected, so the share of those found among those pressed is too high to be a prior. The
clients at whose visits *any* muscle was pressed are therefore the number it is held against: a muscle nobody pressed
counts as not found. That errs low, the pull towards the atlas keeps it near, and the page says both.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tautband.clinic.charts.models import PriorReview, RecordedFinding
from tautband.knowledge import atlas
from tautband.reasoning.counts import Proposal, counts_of_points, fingerprint, interval_90, propose
from tautband.reasoning.network import Model
from tautband.terms.ids import kind_of
from tautband.terms.sides import Side

RECOGNISED = ("exam.palpation.familiar_pain", "exam.palpation.trigger_point")
"""Signs by which a muscle counts as a source: it gives the client's own pain, or was named a trigger point."""

LEAST_PRESSED = 8
"""Clients with whom a muscle was pressed, both sides apart, before the practice's figures say anything about it."""

EARLIER = 100


@dataclass(frozen=True)
class Counted:
    """A muscle in this practice: side-clients with whom it was pressed, found, and who were examined at all."""

    muscle: str
    found: int
    pressed: int
    examined: int


@dataclass(frozen=True)
class Suggested:
    """One line of the page: the chance that any point of this muscle is active on a side, now and as proposed."""

    muscle: str
    name: str
    counted: Counted
    now: float
    proposed: float
    low: float
    high: float


def counted() -> tuple[Counted, ...]:
    """Every muscle pressed in this practice, most pressed first."""
    first: dict[tuple[Any, str, str], tuple[Any, bool]] = {}
    examined: set[Any] = set()
    palpated = RecordedFinding.objects.filter(
        finding__startswith="exam.palpation.",
        ended_at=None,
        state__in=("present", "absent"),
        visit__withdrawn_at=None,
    ).order_by("visit__opened_at", "id")
    for client, visit, sign, of, side, state in palpated.values_list(
        "visit__client", "visit", "finding", "of", "side", "state"
    ):
        muscle = _muscle(of)
        if not muscle:
            continue
        examined.add(client)
        if sign not in RECOGNISED:
            continue
        for one in Side(side).each:
            at = (client, muscle, one.value)
            seen, found = first.get(at, (visit, False))
            if seen == visit:
                first[at] = (visit, found or state == "present")
    pressed: dict[str, list[bool]] = defaultdict(list)
    for (_client, muscle, _side), (_visit, found) in first.items():
        pressed[muscle].append(found)
    rows = (Counted(muscle, sum(found), len(found), 2 * len(examined)) for muscle, found in pressed.items())
    return tuple(sorted(rows, key=lambda row: (-row.pressed, row.muscle)))


def _muscle(of: str) -> str:
    if not of or kind_of(of) not in ("muscle", "trp"):
        return ""
    known = atlas()
    id = known.current(of)
    record = known.records.get(id) or (known.record(id) if kind_of(id) == "trp" else None)
    return record.id if record is not None and kind_of(record.id) == "muscle" else ""


def proposals(model: Model, rows: Sequence[Counted]) -> dict[str, tuple[Proposal, ...]]:
    """Muscle -> the proposal for each of its points, for muscles pressed often enough."""
    return {
        row.muscle: propose(model, points)
        for row in rows
        if row.pressed >= LEAST_PRESSED and (points := counts_of_points(model, row.muscle, row.found, row.examined))
    }


def suggested(model: Model, rows: Sequence[Counted]) -> tuple[Suggested, ...]:
    """The lines of the page, those that would move most first."""
    by_muscle = {row.muscle: row for row in rows}
    lines = []
    for muscle, points in proposals(model, rows).items():
        now, proposed = (any_of([getattr(p, part) for p in points]) for part in ("now", "proposed"))
        a = EARLIER * now + by_muscle[muscle].found
        low, high = interval_90(a, EARLIER + by_muscle[muscle].examined - a)
        lines.append(Suggested(muscle, atlas().name(muscle), by_muscle[muscle], now, proposed, low, high))
    return tuple(sorted(lines, key=lambda line: -abs(line.proposed - line.now) / line.now))


def any_of(chances: Sequence[float]) -> float:
    """Chance that at least one is active."""
    none = 1.0
    for chance in chances:
        none *= 1.0 - chance
    return 1.0 - none


def rows_to_keep(model: Model, rows: Sequence[Counted]) -> list[dict[str, Any]]:
    """A version as it is stored: one row a source, with what it was counted from."""
    by_muscle = {row.muscle: row for row in rows}
    return [
        {
            "of": muscle,
            "source": point.source,
            "found": by_muscle[muscle].found,
            "pressed": by_muscle[muscle].pressed,
            "examined": by_muscle[muscle].examined,
            "now": round(point.now, 6),
            "proposed": round(point.proposed, 6),
            "low": round(point.low, 6),
            "high": round(point.high, 6),
        }
        for muscle, points in proposals(model, rows).items()
        for point in points
    ]


def in_use() -> PriorReview | None:
    """The version that was accepted last and not taken back; whether the atlas still fits it is not asked here."""
    accepted = PriorReview.objects.filter(decision=PriorReview.Decision.ACCEPTED, ended_at=None)
    return accepted.select_related("decided_by").first()


def fits(review: PriorReview, model: Model) -> bool:
    """Whether the atlas still holds the priors this version was made from."""
    return review.made_for == fingerprint(model)


def priors_of(review: PriorReview) -> Mapping[str, float]:
    """Source -> prior of a version."""
    return {str(row["source"]): float(row["proposed"]) for row in review.rows}


__all__ = ["Counted", "Suggested", "counted", "fits", "in_use", "priors_of", "proposals", "rows_to_keep", "suggested"]
