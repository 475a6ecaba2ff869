"""Where a step works, on the body: one picture for each muscle, cut out around its trigger points."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tautband.knowledge import atlas
from tautband.knowledge.records import Muscle
from tautband.surface import chart_point, landmark, landmark_vertex, view_box
from tautband.terms.sides import Side

MARGIN, LEAST = 110.0, 300.0


@dataclass(frozen=True)
class Place:
    """A view, the part of it that is shown, and the points on it, in chart units."""

    key: str
    view: str
    box: str
    spots: tuple[tuple[float, float], ...]
    words: str


def place_of(step: Mapping[str, Any], side: str) -> Place | None:
    """The picture of a step on one side; None where its target has no place on the skin."""
    record = atlas().record(step["target"])
    if not isinstance(record, Muscle) or side not in ("left", "right", "midline"):
        return None
    points = [landmark(point.landmark) for point in record.trigger_points if point.landmark]
    vertices = [landmark_vertex(p.id, Side(side) if p.paired else Side.MIDLINE) for p in points]
    shown = {view: _seen(view, vertices) for view in ("back", "front")}
    view = max(shown, key=lambda name: len(shown[name]))
    if not shown[view]:
        return None
    key = f"{step['key']}-{side}"
    return Place(key, view, _box(view, shown[view]), shown[view], f"{record.name.en}, {side}")


def _seen(view: str, vertices: list[int]) -> tuple[tuple[float, float], ...]:
    found = [chart_point(view, vertex) for vertex in vertices]
    return tuple((round(x, 1), round(y, 1)) for x, y, seen in found if seen)


def _box(view: str, spots: tuple[tuple[float, float], ...]) -> str:
    _x, _y, width, height = map(float, view_box(view).split())
    half = max(
        LEAST / 2,
        *((max(s[axis] for s in spots) - min(s[axis] for s in spots)) / 2 + MARGIN for axis in (0, 1)),
    )
    size = min(2 * half, width, height)
    middle = [(max(s[axis] for s in spots) + min(s[axis] for s in spots)) / 2 for axis in (0, 1)]
    x = min(max(middle[0] - size / 2, 0), width - size)
    y = min(max(middle[1] - size / 2, 0), height - size)
    return f"{x:.0f} {y:.0f} {size:.0f} {size:.0f}"
