"""The body as printed plates: base figure, zones to tap, and fields laid over it, as SVG with classes only.

A page puts the parts inside one `<svg class="fig" viewBox="...">`: `chart_svg`, then `field_svg` for each layer, then
`chart_zones_svg` on top. Colours come from the style sheet (`sil s1 s2 ln ol`, `w1 w2 w3`, `zone`).
"""

import json
from functools import cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from tautband.surface.contours import enclosed_area, loops, simplified, smooth_path
from tautband.surface.fields import FULL, Field
from tautband.surface.mesh import SurfaceError, body, data
from tautband.surface.named_points import landmark_vertex
from tautband.surface.views import UNITS_PER_M, VIEWS, view_named
from tautband.surface.zoning import zone, zone_number
from tautband.terms.sides import Side

if TYPE_CHECKING:
    import scipy.sparse as sp

LEVELS = (("w1", 0.16), ("w2", 0.5), ("w3", 0.8))
_PIXELS = 0.5  # pixels a chart unit in the maps of what is seen where
_NOTHING = 65535
_LEAST_AREA = 12.0  # square chart units, about 0.2 cm2

# Close-ups: landmarks that must be inside, and the margin around them in cm.
_PARTS = {
    "head": (("vertex", "chin", "inion", "nose_tip", "ear"), 3.0),
    "neck_shoulders": (("above_ear", "acromion", "t7", "sternum_mid"), 4.0),
    "trunk": (("c7", "acromion", "trochanter", "pubis"), 3.0),
    "pelvis": (("l3", "trochanter", "buttock_lower", "pubis"), 3.0),
    "hand": (("wrist_radial", "wrist_ulnar", "thumb_tip", "index_tip", "middle_tip", "little_tip"), 2.5),
    "arm": (("acromion", "axilla", "wrist_ulnar", "thumb_tip", "middle_tip"), 2.5),
    "leg": (("trochanter", "perineum", "heel", "great_toe", "little_toe"), 2.5),
    "knee": (("thigh_lateral_lower", "thigh_medial_lower", "shin_upper", "calf"), 3.0),
    "foot": (("achilles", "heel", "great_toe", "little_toe", "medial_malleolus", "lateral_malleolus"), 2.5),
}


SCHEMES = {"teeth": (400, 336)}
"""Charts that are drawn and not seen: width and height. A zone is shown whole where half of it is painted."""


def views() -> tuple[str, ...]:
    """Names of the chart views: front, back, left, right, soles, inner_left, inner_right."""
    return tuple(VIEWS)


def parts() -> tuple[str, ...]:
    """Names of the close-ups that `view_box` knows."""
    return tuple(_PARTS)


def view_box(view: str, part: str | None = None, side: Side = Side.LEFT) -> str:
    """SVG viewBox of a whole view, or of a close-up of one part (of one side where it has sides).

    Close-ups of a paired part show that side only; the neck, trunk, head and pelvis are shown whole.
    """
    if view in SCHEMES:
        width, height = SCHEMES[view]
        return f"0 0 {width} {height}"
    chosen = view_named(view)
    if part is None:
        return f"0 0 {chosen.width} {chosen.height}"
    if part not in _PARTS:
        raise SurfaceError(f"There is no close-up {part!r}; there are {', '.join(_PARTS)}.")
    names, margin_cm = _PARTS[part]
    whole = part in ("head", "neck_shoulders", "trunk", "pelvis")
    sides = (Side.LEFT, Side.RIGHT) if whole else (side,)
    vertices = [landmark_vertex(name, s) for name in names for s in sides]
    xy, _ = chosen.project(body().points_m[vertices])
    margin = margin_cm / 100 * UNITS_PER_M
    low, high = np.floor(xy.min(axis=0) - margin), np.ceil(xy.max(axis=0) + margin)
    low, high = np.maximum(low, 0), np.minimum(high, [chosen.width, chosen.height])
    return " ".join(f"{value:.0f}" for value in (*low, *(high - low)))


def view_box_around(field: Field, view: str, margin: float = 110.0, least: float = 420.0) -> str:
    """SVG viewBox of what a view shows of a field, with some body around it; the whole view when it shows none."""
    if view in SCHEMES:
        return view_box(view)
    chosen = view_named(view)
    seen = field.vertices[_seen_vertices(view)[field.vertices]]
    if not len(seen):
        return view_box(view)
    xy, _ = chosen.project(body().points_m[seen])
    low, high = xy.min(axis=0) - margin, xy.max(axis=0) + margin
    short = np.maximum(least - (high - low), 0) / 2
    whole = np.array([chosen.width, chosen.height], float)
    low, high = np.maximum(low - short, 0), np.minimum(high + short, whole)
    return " ".join(f"{value:.0f}" for value in (*np.floor(low), *np.ceil(high - low)))


def chart_point(view: str, vertex: int) -> tuple[float, float, bool]:
    """Where a vertex stands on a chart (x, y in chart units) and whether it is seen in that view."""
    xy, _ = view_named(view).project(body().points_m[[vertex]])
    x, y = (round(float(v), 1) for v in xy[0])
    return x, y, bool(_seen_vertices(view)[vertex])


@cache
def _seen_vertices(view: str) -> NDArray[np.bool_]:
    """True for the corners of every triangle seen in a view."""
    triangles = np.unique(_seen(view))
    seen = np.zeros(body().vertex_count, bool)
    seen[_skin()[triangles[triangles != _NOTHING]].ravel()] = True
    return seen


@cache
def chart_svg(view: str) -> str:
    """The base figure of a view as a `<g class="body">`, without colours and without text."""
    _known(view)
    drawn = (data() / "charts" / f"{view}.svg").read_text(encoding="utf-8")
    return f'<g class="body" aria-hidden="true">\n{drawn}</g>'


@cache
def chart_zones(view: str) -> dict[str, str]:
    """Zone (`id/side`) -> SVG path data of what is seen of it in a view."""
    _known(view)
    paths: dict[str, str] = json.loads((data() / "charts" / f"{view}-zones.json").read_text(encoding="utf-8"))
    return paths


@cache
def chart_zones_svg(view: str) -> str:
    """The zones of a view as a `<g class="zones">` of paths to be tapped, each with its name in a `<title>`."""
    paths = []
    for name, path in chart_zones(view).items():
        place = zone(name)
        attributes = f'class="zone" data-zone={quoteattr(place.id)} data-side={quoteattr(place.side)}'
        paths.append(f'<path {attributes} d="{path}"><title>{escape(place.label)}</title></path>')
    return '<g class="zones">\n' + "\n".join(paths) + "\n</g>"


@cache
def _maps() -> dict[str, NDArray[np.uint16]]:
    with (data() / "charts" / "seen.npz").open("rb") as file, np.load(file) as stored:
        return {name: stored[name] for name in stored.files}


def _seen(view: str) -> NDArray[np.uint16]:
    """Number of the skin triangle seen at each pixel of a view."""
    return _maps()[view]


def _skin() -> NDArray[np.uint16]:
    return _maps()["skin"]


@cache
def _picture(view: str) -> "tuple[sp.csr_matrix[np.float64], NDArray[np.bool_], NDArray[np.float64]]":
    """Weights (seen pixels, vertices), mask of seen pixels, and the soft outline of the figure."""
    import scipy.sparse as sp
    from scipy.ndimage import gaussian_filter

    seen = _seen(view)
    mask = seen != _NOTHING
    rows, columns = np.nonzero(mask)
    corners = _skin()[seen[mask]].astype(np.int64)
    xy = view_named(view).project(body().points_m)[0] * _PIXELS
    a, b, c = (xy[corners[:, k]] for k in range(3))
    area = (b[:, 1] - c[:, 1]) * (a[:, 0] - c[:, 0]) + (c[:, 0] - b[:, 0]) * (a[:, 1] - c[:, 1])
    u = ((b[:, 1] - c[:, 1]) * (columns - c[:, 0]) + (c[:, 0] - b[:, 0]) * (rows - c[:, 1])) / area
    v = ((c[:, 1] - a[:, 1]) * (columns - c[:, 0]) + (a[:, 0] - c[:, 0]) * (rows - c[:, 1])) / area
    values = np.clip(np.column_stack([u, v, 1 - u - v]), 0, 1).ravel()
    shape = (len(rows), body().vertex_count)
    weights = sp.csr_matrix((values, (np.repeat(np.arange(len(rows)), 3), corners.ravel())), shape=shape)
    return weights, mask, gaussian_filter(mask.astype(np.float64), 1.0)


def _known(view: str) -> None:
    if view not in SCHEMES:
        view_named(view)


def _scheme_paths(field: Field, view: str) -> dict[str, str]:
    """The zones of a scheme at the strength they are filled with."""
    dense, found = field.dense().astype(np.float64) / FULL, dict.fromkeys((name for name, _ in LEVELS), "")
    for key, path in chart_zones(view).items():
        inside = body().zone_index == zone_number(key)
        area = body().vertex_area_cm2[inside & body().paintable]
        amount = float((dense[inside & body().paintable] * area).sum() / area.sum())
        for name, level in LEVELS:
            if amount >= level:
                found[name] += path
    return {name: path for name, path in found.items() if path}


def field_paths(field: Field, view: str, only: str = "") -> dict[str, str]:
    """Path data of a field in a view at three strengths, w1 (any), w2 (half), w3 (strong); unseen ones left out.

    only   one of the three, where no other is needed: a third of the work
    """
    if view in SCHEMES:
        return _scheme_paths(field, view)
    from scipy.ndimage import gaussian_filter

    weights, mask, outline = _picture(view)
    amount = np.asarray(weights @ (field.dense().astype(np.float64) / FULL))
    if not amount.any():
        return {}
    image = np.zeros(mask.shape)
    image[mask] = amount
    rows, columns = np.nonzero(image > 0)
    window = (
        slice(max(int(rows.min()) - 8, 0), int(rows.max()) + 9),
        slice(max(int(columns.min()) - 8, 0), int(columns.max()) + 9),
    )
    inside = gaussian_filter(mask[window].astype(np.float64), 1.4)
    soft = gaussian_filter(image[window], 1.4) / np.maximum(inside, 1e-6)
    corner = np.array([window[1].start, window[0].start])
    found = {}
    for name, level in ((name, level) for name, level in LEVELS if only in ("", name)):
        # the figure's own outline bounds the wash, so that it ends exactly on the ink
        edge = np.minimum(soft - level, 2 * (outline[window] - 0.5))
        text = ""
        for line in loops(edge, 0.0):
            points = (line + corner) / _PIXELS
            if abs(enclosed_area(points)) >= _LEAST_AREA:
                text += smooth_path(simplified(points, 0.9))
        if text:
            found[name] = text
    return found


def field_svg(field: Field, view: str, css_class: str = "pain") -> str:
    """A field laid over a chart as a `<g class="field ...">` of at most three paths; empty when nothing is seen."""
    drawn = field_paths(field, view)
    if not drawn:
        return ""
    inner = "".join(f'<path class="{name}" d="{path}"/>' for name, path in drawn.items())
    return f"<g class={quoteattr(f'field {css_class}')}>{inner}</g>"


def best_view(field: Field) -> str:
    """The whole-body view that shows most of a field; front for an empty one, the teeth where only they are marked."""
    if len(field) and not body().visible[field.vertices].any():
        return "teeth"
    shown = {}
    for view in ("front", "back", "left", "right"):
        weights, _, _ = _picture(view)
        shown[view] = float((weights @ field.dense().astype(np.float64)).sum())
    return max(shown, key=lambda name: shown[name])


def views_for(field: Field, side: Side = Side.RIGHT, most: int = 2, least_gain: float = 0.2) -> tuple[str, ...]:
    """The few views that together show a field, the best first: another one only where it adds `least_gain` of it.

    Skin seen at a slant counts for less. The whole figure from the front or back, and the soles, are preferred where
    a view from the side shows hardly more.
    """
    near = "right" if side is Side.RIGHT else "left"
    candidates = {"front": 1.3, "back": 1.3, "soles": 1.3, near: 1.0, f"inner_{near}": 0.9}
    at = field.vertices
    facing = {view: _facing(view)[at] for view in candidates}
    full = np.maximum(np.max(list(facing.values()), axis=0, initial=0.0), 1e-9)
    amount = field.weights.astype(np.float64) * body().vertex_area_cm2[at]
    total = float(amount.sum())
    chosen: list[str] = []
    while total > 0 and len(chosen) < most:
        shown = {view: float((amount * facing[view] / full).sum()) for view in candidates if view not in chosen}
        best = max(shown, key=lambda view: shown[view] * candidates[view])
        if chosen and shown[best] < least_gain * total:
            break
        chosen.append(best)
        amount = amount * (1 - facing[best] / full)
    return tuple(chosen) or ("front",)


@cache
def _facing(view: str) -> NDArray[np.float64]:
    """How much of a view each vertex fills, in pixels: none where it is hidden, little where it is seen at a slant."""
    weights, _, _ = _picture(view)
    filled: NDArray[np.float64] = np.asarray(weights.sum(axis=0), np.float64).ravel()
    return filled


def figure_svg(view: str, *layers: str, label: str, part: str | None = None, side: Side = Side.LEFT) -> str:
    """A whole figure: base, then the given layers. `label` is the text alternative and must say what is painted."""
    inner = "\n".join((chart_svg(view), *layers))
    box = view_box(view, part, side)
    return f'<svg class="fig" viewBox="{box}" role="img" aria-label={quoteattr(label)}>\n{inner}\n</svg>'
