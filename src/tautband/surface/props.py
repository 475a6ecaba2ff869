"""Things beside a posed body, as plain geometry: what it sits on, leans against, holds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tautband.surface.linedraw import Camera
from tautband.surface.posing import Posed, Position, Prop, moved_by
from tautband.surface.views import UNITS_PER_M

Floats = NDArray[np.float64]
SEATED = ("sitting",)
LYING = ("supine", "prone", "side_lying_left", "side_lying_right", "long_sitting")


@dataclass(frozen=True)
class Drawn:
    """SVG behind the figure and before it, and the corners (k, 2) in chart units that must be in the picture."""

    behind: str
    before: str
    corners: Floats


def draw_props(position: Position, posed: Posed, camera: Camera) -> Drawn:
    """Draw what the position names, the seat of one who sits, and the floor line."""
    behind, before, corners = "", "", [np.zeros((0, 2))]
    kinds = {prop.kind for prop in position.props}
    wanted = list(position.props)
    if position.base in SEATED and not kinds & {"chair", "ball", "table"}:
        wanted.append(Prop("chair"))
    for prop in wanted:
        shape, front, at = _DRAW[prop.kind](prop, position, posed, camera)
        corners.append(at)
        if front:
            before += shape
        else:
            behind += shape
    floor_m = -0.62 if "table" in kinds and position.base in LYING else 0.0
    if position.base != "hanging":
        line, at = _floor(posed, camera, floor_m)
        behind = line + behind
        corners.append(at)
    return Drawn(behind, before, np.vstack(corners))


def _round(xy: Floats) -> str:
    return " ".join(f"{x:.0f} {y:.0f}" for x, y in xy)


def _hull(xy: Floats) -> Floats:
    """Corners of the convex hull in order."""
    from scipy.spatial import ConvexHull

    return np.asarray(xy[ConvexHull(xy).vertices])


def _box(low: Floats, high: Floats, camera: Camera) -> tuple[str, Floats]:
    """A box as its outline with the edges of the faces that look at the reader."""
    corners = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
    xy, depth = camera.project(corners)
    hull = _hull(xy)
    text = f'<path class="prop" d="M{_round(hull)}Z"/>'
    nearest = int(depth.argmax())
    edges = "".join(f"M{_round(xy[[nearest, other]])}" for other in (nearest ^ 1, nearest ^ 2, nearest ^ 4))
    return f'{text}<path class="prop-line thin" d="{edges}"/>', xy


def _floor(posed: Posed, camera: Camera, height_m: float) -> tuple[str, Floats]:
    """A floor line under the whole figure."""
    xy, _ = camera.project(posed.points_m)
    ground, _ = camera.project(
        np.column_stack([posed.points_m[:, 0], np.full(len(xy), height_m), posed.points_m[:, 2]])
    )
    low = posed.points_m[:, 1] < 0.05
    y = float(np.median(ground[low, 1])) + 6 if height_m == 0 else float(ground[:, 1].max())
    y = max(y, float(xy[:, 1].max()) - 4) if height_m == 0 else y
    ends = np.array([[xy[:, 0].min() - 40, y], [xy[:, 0].max() + 40, y]])
    return f'<path class="prop-line" d="M{_round(ends)}"/>', ends


def _seat_m(posed: Posed) -> tuple[float, float, float]:
    """Height of what carries the buttocks and thighs, and how far back and forward it lies."""
    points = posed.points_m[moved_by("pelvis", "upperleg")]
    hips = posed.heads_m["upperleg01.L"][2]
    under = points[points[:, 2] < hips + 0.22]
    return float(under[:, 1].min()), float(points[:, 2].min()), float(hips + 0.27)


def _chair(prop: Prop, position: Position, posed: Posed, camera: Camera) -> tuple[str, bool, Floats]:
    height, back, front = _seat_m(posed)
    middle = float(posed.heads_m["pelvis"][0])
    left, right = middle + 0.23, middle - 0.23
    seat, at = _box(np.array([right, height - 0.045, back - 0.04]), np.array([left, height, front]), camera)
    legs = ""
    for x in (left - 0.03, right + 0.03):
        for z in (back, front - 0.04):
            ends, _ = camera.project(np.array([[x, height - 0.045, z], [x, 0.0, z]]))
            legs += f"M{_round(ends)}"
    rest = ""
    if prop.side != "stool":
        panel, more = _box(
            np.array([right, height + 0.18, back - 0.06]), np.array([left, height + 0.42, back - 0.035]), camera
        )
        posts = "".join(
            f"M{_round(camera.project(np.array([[x, height, back - 0.04], [x, height + 0.2, back - 0.045]]))[0])}"
            for x in (left - 0.03, right + 0.03)
        )
        rest = f'<path class="prop-line" d="{posts}"/>{panel}'
        at = np.vstack([at, more])
    return f'<path class="prop-line" d="{legs}"/>{rest}{seat}', False, at


def _table(_prop: Prop, position: Position, posed: Posed, camera: Camera) -> tuple[str, bool, Floats]:
    low, high = posed.points_m.min(axis=0), posed.points_m.max(axis=0)
    lying = position.base in LYING
    top = 0.0 if lying else 0.74
    if not lying:  # a table to work at stands before the body
        low, high = np.array([low[0] - 0.1, 0, high[2] - 0.12]), np.array([high[0] + 0.1, 0, high[2] + 0.4])
    else:
        low, high = low - 0.06, high + 0.06
    legs, bottom = "", top - 0.62 if lying else 0.0
    for x in (low[0] + 0.06, high[0] - 0.06):
        for z in (low[2] + 0.15, high[2] - 0.15) if lying else (low[2] + 0.05, high[2] - 0.05):
            ends, _ = camera.project(np.array([[x, top - 0.07, z], [x, bottom, z]]))
            legs += f"M{_round(ends)}"
    board, at = _box(np.array([low[0], top - 0.07, low[2]]), np.array([high[0], top, high[2]]), camera)
    return f'<path class="prop-line" d="{legs}"/>{board}', False, at


def _wall(prop: Prop, _position: Position, posed: Posed, camera: Camera) -> tuple[str, bool, Floats]:
    low, high = posed.points_m.min(axis=0), posed.points_m.max(axis=0)
    top = max(1.9, float(high[1]) + 0.12)
    thick = 0.05
    spans = {
        "front": ([low[0] - 0.25, 0, high[2]], [high[0] + 0.25, top, high[2] + thick]),
        "left": ([high[0], 0, low[2] - 0.2], [high[0] + thick, top, high[2] + 0.2]),
        "right": ([low[0] - thick, 0, low[2] - 0.2], [low[0], top, high[2] + 0.2]),
    }
    start, end = spans.get(prop.side, ([low[0] - 0.25, 0, low[2] - thick], [high[0] + 0.25, top, low[2]]))
    shape, at = _box(np.array(start, float), np.array(end, float), camera)
    return shape, False, at


def _circle(centre_m: Floats, radius_m: float, camera: Camera) -> tuple[str, Floats]:
    xy, _ = camera.project(centre_m[None])
    x, y = xy[0]
    r = radius_m * UNITS_PER_M
    at = np.array([[x - r, y - r], [x + r, y + r]])
    return f'<circle class="prop" cx="{x:.0f}" cy="{y:.0f}" r="{r:.0f}"/>', at


def _hand(posed: Posed, letter: str) -> Floats:
    """Middle of the palm."""
    wrist, knuckle = posed.heads_m[f"wrist.{letter}"], posed.heads_m[f"finger3-1.{letter}"]
    return np.asarray(0.35 * wrist + 0.65 * knuckle)


def _letter(prop: Prop) -> str:
    return "R" if prop.side == "right" else "L"


def _ball(prop: Prop, position: Position, posed: Posed, camera: Camera) -> tuple[str, bool, Floats]:
    if position.base in SEATED and not prop.side:
        height, _, _ = _seat_m(posed)
        pelvis = posed.heads_m["pelvis"]
        radius = max(height, 0.2) / 2 + 0.015
        shape, at = _circle(np.array([pelvis[0], radius, pelvis[2]]), radius, camera)
        return shape, False, at
    palm = _hand(posed, _letter(prop)) + posed.turns[f"wrist.{_letter(prop)}"] @ np.array([0, 0, 0.05])
    shape, at = _circle(palm, 0.04, camera)
    return shape, True, at


def _towel(prop: Prop, _position: Position, posed: Posed, camera: Camera) -> tuple[str, bool, Floats]:
    ends = np.array([_hand(posed, "L"), _hand(posed, "R")])
    xy, _ = camera.project(ends)
    return f'<path class="prop-line cloth" d="M{_round(xy)}"/>', True, xy


def _strap(prop: Prop, _position: Position, posed: Posed, camera: Camera) -> tuple[str, bool, Floats]:
    letter = _letter(prop)
    sole = posed.heads_m[f"toes.{letter}"] + posed.turns[f"foot.{letter}"] @ np.array([0, -0.03, -0.03])
    xy, _ = camera.project(np.array([_hand(posed, letter), sole]))
    return f'<path class="prop-line cloth" d="M{_round(xy)}"/>', True, xy


def _step(prop: Prop, _position: Position, posed: Posed, camera: Camera) -> tuple[str, bool, Floats]:
    foot = posed.points_m[moved_by(f"foot.{_letter(prop)}", f"toes.{_letter(prop)}")]
    low, high = foot.min(axis=0), foot.max(axis=0)
    top = max(float(low[1]), 0.03)
    box, at = _box(
        np.array([low[0] - 0.12, 0.0, low[2] - 0.08]), np.array([high[0] + 0.12, top, high[2] + 0.08]), camera
    )
    return box, False, at


def _roller(prop: Prop, _position: Position, posed: Posed, camera: Camera) -> tuple[str, bool, Floats]:
    letters = _letter(prop) if prop.side else "LR"
    knee = np.mean([posed.heads_m[f"lowerleg01.{letter}"] for letter in letters], axis=0)
    shape, at = _circle(np.array([knee[0], max(knee[1] - 0.13, 0.075), knee[2] - 0.02]), 0.075, camera)
    return shape, False, at


def _floor_only(_prop: Prop, _position: Position, _posed: Posed, _camera: Camera) -> tuple[str, bool, Floats]:
    return "", False, np.zeros((0, 2))


_DRAW = {
    "floor": _floor_only,
    "chair": _chair,
    "table": _table,
    "wall": _wall,
    "ball": _ball,
    "towel": _towel,
    "strap": _strap,
    "step": _step,
    "roller": _roller,
}
