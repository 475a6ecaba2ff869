"""Pictures of drawn fields: on the views that show them best, close up, for the right side. Made once a process."""

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tautband.knowledge import Atlas
from tautband.knowledge.drawn import fields_of, paintable
from tautband.knowledge.places import area_names, covered
from tautband.knowledge.records import FieldPart, Muscle, Record
from tautband.surface import (
    chart_point,
    chart_svg,
    field_from_parts,
    field_svg,
    landmark_vertex,
    view_box,
    views_for,
)
from tautband.terms.sides import Side

SIDE = Side.RIGHT
MARGIN, LEAST_WIDTH, LEAST_HEIGHT = 48.0, 250.0, 300.0  # chart units; 8 to a centimetre
SHAPE = 0.82  # width to height of a close-up
SENSED = frozenset({"nerve", "entrapment", "root"})
_NUMBER = re.compile(r"-?\d*\.?\d+")
_drawing = threading.Lock()


@dataclass(frozen=True)
class Spot:
    """A numbered point on a plate."""

    number: int
    x: float
    y: float


@dataclass(frozen=True)
class Plate:
    """One view of a field. `left` and `right` say what stands at the edges."""

    view: str
    title: str
    box: str
    size: float
    layers: SafeString
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Shown:
    """A field as pictures and in words: plates, and the names of the areas it covers."""

    owner: str
    key: str
    plates: tuple[Plate, ...]
    essential: tuple[str, ...]
    spillover: tuple[str, ...]
    sensed: bool

    @property
    def words(self) -> str:
        """The text alternative."""
        told = _("Essential: %(where)s") % {"where": "; ".join(self.essential) or _("none")}
        return f"{told}. {_('Spillover: %(where)s') % {'where': '; '.join(self.spillover)}}" if self.spillover else told


def titles() -> dict[str, str]:
    """Views in words."""
    return {
        "front": _("Front"),
        "back": _("Back"),
        "right": _("Right side"),
        "left": _("Left side"),
        "soles": _("Soles"),
        "inner_right": _("Inner side of the right leg"),
        "inner_left": _("Inner side of the left leg"),
    }


def whole(atlas: Atlas, record: Record) -> Shown | None:
    """Everything a record draws in one picture (for a muscle all points together); None when it draws nothing."""
    return _shown(atlas, record.id, "")


def of_point(atlas: Atlas, point: str) -> Shown | None:
    """The picture of one trigger point."""
    return _shown(atlas, point, "")


def of_key(atlas: Atlas, id: str, key: str) -> Shown | None:
    """The picture of one field of a record that has several: dermatome, pain_field."""
    return _shown(atlas, id, key)


@lru_cache(maxsize=4096)
def _shown(atlas: Atlas, id: str, key: str) -> Shown | None:
    record = atlas.record(id)
    drawn = [
        (owner, str(place[-1]), parts)
        for owner, place, parts in fields_of(record)
        if (id == record.id or owner == id) and (not key or place[-1] == key)
    ]
    parts = [part for _owner, _key, found in drawn for part in found]
    if not parts:
        return None
    skin = covered(atlas)
    owners = list(dict.fromkeys(owner for owner, _key, _parts in drawn))

    def named(kind: str) -> list[str]:
        return area_names([row for owner in owners for row in skin.parts(owner, kind, key)], atlas)

    essential = named("essential")
    spillover = [name for name in named("spillover") if name not in essential]
    sensed = id.partition(".")[0] in SENSED and key != "pain_field"
    with _drawing:
        plates = tuple(_plates(parts, _spots(record, id), sensed))
    return Shown(id, key, plates, tuple(essential), tuple(spillover), sensed)


def _spots(record: Record, id: str) -> list[tuple[int, str]]:
    points = record.trigger_points if isinstance(record, Muscle) else ()
    return [(number, p.landmark) for number, p in enumerate(points, 1) if id in (record.id, p.id)]


def _plates(parts: Iterable[FieldPart], spots: list[tuple[int, str]], sensed: bool) -> Iterable[Plate]:
    every = list(parts)
    field = field_from_parts(paintable(every), SIDE)
    strong = [part for part in every if part.kind == "essential"]
    weak = [part.model_copy(update={"kind": "essential"}) for part in every if part.kind == "spillover"]
    layers = {
        "essential": field_from_parts(paintable(strong), SIDE) if strong else None,
        "spill": field_from_parts(paintable(weak), SIDE) if weak else None,
    }
    for view in views_for(field, SIDE):
        groups = [
            field_svg(layers[name], view, f"{name} {'sense' if sensed else 'ache'}")  # type: ignore[arg-type]
            for name in ("spill", "essential")
            if layers[name] is not None
        ]
        seen = tuple(spot for number, mark in spots if (spot := _spot(view, number, mark)))
        box = _box(view, groups, seen)
        yield Plate(view, titles()[view], box, _scale(box), mark_safe("".join(groups)), seen)  # noqa: S308 (our own paths)


def _spot(view: str, number: int, mark: str) -> Spot | None:
    x, y, visible = chart_point(view, landmark_vertex(mark, SIDE))
    return Spot(number, x, y) if visible else None


def _box(view: str, groups: list[str], spots: tuple[Spot, ...]) -> str:
    """A close-up that holds all that is drawn, in a shape fit for a card."""
    left, top, width, height = map(float, view_box(view).split())
    corners = [corner for group in groups for path in re.findall(r' d="([^"]+)"', group) for corner in _extent(path)]
    corners += [(spot.x, spot.y) for spot in spots]
    if not corners:
        return view_box(view)
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    wide = min(width, max(LEAST_WIDTH, max(xs) - min(xs) + 2 * MARGIN))
    high = min(height, max(LEAST_HEIGHT, max(ys) - min(ys) + 2 * MARGIN))
    wide, high = max(wide, min(width, high * SHAPE)), max(high, min(height, wide / SHAPE))
    x = min(max(left, (min(xs) + max(xs) - wide) / 2), left + width - wide)
    y = min(max(top, (min(ys) + max(ys) - high) / 2), top + height - high)
    return f"{x:.0f} {y:.0f} {wide:.0f} {high:.0f}"


def _extent(path: str) -> list[tuple[float, float]]:
    """Corners of the box round a path of `M` and relative `c` curves."""
    corners = []
    for loop in filter(None, path.split("M")):
        start, _c, rest = loop.partition("c")
        x, y = (float(n) for n in _NUMBER.findall(start)[:2])
        corners.append((x, y))
        steps = [float(n) for n in _NUMBER.findall(rest)]
        for at in range(0, len(steps) - 5, 6):
            x, y = x + steps[at + 4], y + steps[at + 5]
            corners.append((x, y))
    return corners


def _scale(box: str) -> float:
    """Size of numbers and marks on a plate, so that they look alike on all."""
    return round(float(box.split()[3]) / 32, 1)


def bases(plates: Iterable[Plate]) -> list[tuple[str, SafeString]]:
    """The figures that plates stand on, each once a page."""
    views = dict.fromkeys(plate.view for plate in plates)
    return [(view, mark_safe(chart_svg(view))) for view in views]  # noqa: S308 (built by our own tools)
