"""A drawing as SVG over the figure: washes, patterns, a thin ink edge, what a source explains, what nothing explains.

Zones of one layer and strength are one path; the edge is the outer half of its stroke, cut out by a mask, so that
neighbouring zones grow together as one painted patch.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
from django.utils.safestring import SafeString, mark_safe
from numpy.typing import NDArray

from tautband.findings import Layer, Mark
from tautband.surface import FULL, Field, chart_zones, field_paths, view_box, zone

LAYER_NAMES = {Layer.PAIN: "pain", Layer.NUMB: "numbness", Layer.TINGLING: "tingling", Layer.TOUCH: "allodynia"}
"""How the style sheet calls the layers."""

BODY_VIEWS = ("front", "back", "right", "left")
EVERY_VIEW = (*BODY_VIEWS, "soles", "inner_right", "inner_left", "teeth")
UPPER, LOWER = "0 0 {width} 860", "0 540 {width} 860"
LEG_PARTS = ("thigh", "leg", "foot", "ankle", "knee")
ARM_PARTS = ("head", "neck", "shoulder", "scapula", "arm", "elbow", "chest")


@dataclass(frozen=True)
class Overlay:
    """What is laid over a figure.

    marks        layer name -> strength (1 weak, 2 clear, 3 strong) -> zones (`id/side`)
    explained    zones to outline
    unexplained  zones to hatch
    """

    marks: Mapping[str, Mapping[int, frozenset[str]]] = field(default_factory=dict)
    explained: frozenset[str] = frozenset()
    unexplained: frozenset[str] = frozenset()

    @property
    def zones(self) -> frozenset[str]:
        """Every marked zone."""
        return frozenset(z for strengths in self.marks.values() for zones in strengths.values() for z in zones)


def digest_of(overlay: Overlay, *shown: str | None) -> str:
    """A short name of all that an overlay shows and where; two that look different have different names."""
    marks = {layer: {weight: sorted(zones) for weight, zones in by.items()} for layer, by in overlay.marks.items()}
    whole = (sorted((name, sorted(by.items())) for name, by in marks.items()), sorted(overlay.explained))
    return sha256(repr((whole, sorted(overlay.unexplained), shown)).encode()).hexdigest()[:16]


def strength(intensity: float | None) -> int:
    """1 weak, 2 clear, 3 strong; a mark without a number is shown as clear, and says nothing more."""
    if intensity is None:
        return 2
    return 1 if intensity < 4 else 2 if intensity < 7 else 3


def overlay_of(marks: Iterable[Mark], explained: Collection[str] = (), unexplained: Collection[str] = ()) -> Overlay:
    """Sort marks into layers and strengths. A mark of both sides is drawn on each."""
    sorted_marks: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for mark in marks:
        if mark.place.startswith("zone."):
            for side in mark.side.each:
                sorted_marks[LAYER_NAMES[mark.layer]][strength(mark.intensity)].add(f"{mark.place}/{side}")
    layers = {name: {s: frozenset(z) for s, z in by.items()} for name, by in sorted_marks.items()}
    return Overlay(layers, frozenset(explained), frozenset(unexplained))


def shows(overlay: Overlay, view: str) -> int:
    """How many marked zones a view shows."""
    return len(overlay.zones & chart_zones(view).keys())


def first_view(overlay: Overlay) -> str:
    """The view that shows most of a drawing; from the side only when that shows clearly more."""
    if shows(overlay, "teeth") == len(overlay.zones) > 0:
        return "teeth"
    return max(BODY_VIEWS, key=lambda view: shows(overlay, view) * (1.0 if view in ("front", "back") else 0.6))


def second_view(overlay: Overlay, first: str) -> str | None:
    """The view that shows most of what the first one does not; None when nothing is left."""
    left = overlay.zones - chart_zones(first).keys()
    view = max(EVERY_VIEW, key=lambda each: len(left & chart_zones(each).keys()))
    return view if left & chart_zones(view).keys() else None


def crop(overlay: Overlay, view: str) -> str:
    """viewBox of the half that holds the drawing, so that the figure is as large as may be."""
    parts = {key.split(".")[1] for key in overlay.zones}
    if view not in BODY_VIEWS or not parts:
        return view_box(view)
    width = view_box(view).split()[2]
    if not parts & set(LEG_PARTS):
        return UPPER.format(width=width)
    return LOWER.format(width=width) if not parts & set(ARM_PARTS) else view_box(view)


def svg(overlay: Overlay, view: str, prefix: str) -> str:
    """The overlay of one view as SVG groups; `prefix` keeps the ids of one page apart. Needs `_chart_defs.html`."""
    paths = chart_zones(view)

    def path(zones: Collection[str]) -> str:
        return "".join(paths[key] for key in sorted(zones) if key in paths)

    groups = []
    for layer, strengths in overlay.marks.items():
        drawn = {s: path(zones) for s, zones in sorted(strengths.items())}
        whole = "".join(drawn.values())
        if whole:
            groups += [f'<g class="mk mk-{layer}">', *_filled(layer, drawn), "</g>"]
            groups.append(_edge(whole, f"{prefix}-{view}-{layer}", "mk-edge"))
    hatched = path(overlay.unexplained)
    if hatched:
        groups.append(f'<path class="mk-hatch" d="{hatched}"/>')
        groups.append(_edge(hatched, f"{prefix}-{view}-unexplained", "mk-dash"))
    outlined = path(overlay.explained)
    if outlined:
        groups.append(_edge(outlined, f"{prefix}-{view}-explained", "mk-explained"))
    return "".join(groups)


def as_drawn(fields: Mapping[str, Field], overlay: Overlay, view: str, prefix: str, *, painted: bool) -> SafeString:
    """A drawing over the figure of a view: the ink in its own shape where there was a brush, else its zones."""
    if not painted:
        return mark_safe(svg(overlay, view, prefix))  # noqa: S308 (path data and classes of our own)
    groups = []
    for layer in Layer:
        ink = fields.get(layer.value)
        if ink is None:
            continue
        paths = [(s, _shape(chosen, view)) for s in (1, 2, 3) if len(chosen := ink.vertices[_steps(ink.weights) == s])]
        whole = paths[0][1] if len(paths) == 1 else _shape(ink.vertices, view)
        if whole:
            name = LAYER_NAMES[layer]
            groups += [f'<g class="mk mk-{name}">', *_filled(name, dict(paths)), "</g>"]
            groups.append(_edge(whole, f"{prefix}-{view}-{name}", "mk-edge"))
    return mark_safe("".join(groups))  # noqa: S308 (path data and classes of our own)


def _shape(vertices: NDArray[np.int32], view: str) -> str:
    """The outline of so much skin in a view as path data; empty where it is not seen."""
    return field_paths(Field(vertices, np.full(len(vertices), FULL, np.uint8)), view, only="w2").get("w2", "")


def _steps(weights: NDArray[np.uint8]) -> NDArray[np.int64]:
    """1 weak, 2 clear, 3 strong for weights that are intensities, as `strength` says it of a number."""
    felt = weights.astype(np.float64) * 10 / FULL
    return 1 + (felt >= 3.95).astype(np.int64) + (felt >= 6.95)


def _filled(layer: str, drawn: Mapping[int, str]) -> Iterable[str]:
    for s, path in drawn.items():
        if path:
            yield f'<path class="w{s}" d="{path}"/>'
            if layer != "pain":
                yield f'<path class="pat" d="{path}"/>'


def _edge(path: str, ident: str, css: str) -> str:
    """The outline of the union of all zones in a path."""
    return (
        f'<mask id="{ident}" maskUnits="userSpaceOnUse" x="-20" y="-20" width="900" height="1500">'
        f'<path class="keep" d="M-20-20h900v1500h-900z"/><path class="cut" d="{path}"/></mask>'
        f'<path class="{css}" mask="url(#{ident})" d="{path}"/>'
    )


def in_words(marks: Iterable[Mark], most: int = 8) -> str:
    """The drawing for a screen reader: "pain: right, outer side of the shoulder; ..."."""
    by_layer: dict[Layer, list[str]] = defaultdict(list)
    for mark in marks:
        if mark.place.startswith("zone."):
            for side in mark.side.each:
                by_layer[mark.layer].append(zone(f"{mark.place}/{side}").label)
    said = []
    for layer, places in by_layer.items():
        rest = f" and {len(places) - most} more" if len(places) > most else ""
        said.append(f"{layer}: {'; '.join(places[:most])}{rest}")
    return ". ".join(said)
