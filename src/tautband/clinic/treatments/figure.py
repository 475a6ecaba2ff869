"""The plan on the body: where each open step works, as numbered marks on the figure."""

from collections.abc import Sequence
from dataclasses import dataclass

from tautband.clinic.treatments.rows import StepRow
from tautband.knowledge import atlas
from tautband.knowledge.records import Muscle
from tautband.surface import chart_point, landmark, landmark_vertex, view_box
from tautband.terms.sides import Side

MARGIN, LEAST = 130.0, 420.0
APART = 30.0


@dataclass(frozen=True)
class Spot:
    """One numbered mark, in chart units."""

    number: int
    x: float
    y: float
    words: str


@dataclass(frozen=True)
class Figure:
    """One view with its marks; `box` is the viewBox of the part that holds them."""

    view: str
    box: str
    spots: tuple[Spot, ...]

    @property
    def words(self) -> str:
        """What is marked, for a screen reader."""
        return "; ".join(f"{spot.number}: {spot.words}" for spot in self.spots)


def plan_figure(rows: Sequence[StepRow]) -> Figure | None:
    """The view that shows most of the steps; None where no step has a place."""
    views = [_figure(view, rows) for view in ("back", "front")]
    best = max(views, key=lambda figure: len(figure.spots))
    return best if best.spots else None


def _figure(view: str, rows: Sequence[StepRow]) -> Figure:
    spots: list[Spot] = []
    for row in rows:
        if row.number is None or row.step.stage != "treat":
            continue
        for vertex in _vertices(row.step.target, row.step.side):
            x, y, seen = chart_point(view, vertex)
            if seen:
                spots.append(_clear(Spot(row.number, x, y, f"{row.step.target_name}, {row.step.side}"), spots))
                break
    return Figure(view, _box(view, spots), tuple(spots))


def _vertices(target: str, side: Side) -> list[int]:
    """Vertices where a muscle is treated: the places of its trigger points."""
    record = atlas().record(target)
    if not isinstance(record, Muscle):
        return []
    one = side.each[0]
    places = [landmark(point.landmark) for point in record.trigger_points if point.landmark]
    return [landmark_vertex(p.id, one if p.paired else Side.MIDLINE) for p in places]


def _clear(spot: Spot, others: Sequence[Spot]) -> Spot:
    """Move a mark down until it covers no other one."""
    y = spot.y
    while any(abs(other.x - spot.x) < APART and abs(other.y - y) < APART for other in others):
        y += 6
    return Spot(spot.number, spot.x, y, spot.words)


def _box(view: str, spots: Sequence[Spot]) -> str:
    _, _, width, height = map(float, view_box(view).split())
    if not spots:
        return view_box(view)
    low = [min(s.x for s in spots) - MARGIN, min(s.y for s in spots) - MARGIN]
    high = [max(s.x for s in spots) + MARGIN, max(s.y for s in spots) + MARGIN]
    for axis in (0, 1):
        missing = LEAST - (high[axis] - low[axis])
        if missing > 0:
            low[axis], high[axis] = low[axis] - missing / 2, high[axis] + missing / 2
    x, y = max(low[0], 0), max(low[1], 0)
    return f"{x:.0f} {y:.0f} {min(high[0], width) - x:.0f} {min(high[1], height) - y:.0f}"
