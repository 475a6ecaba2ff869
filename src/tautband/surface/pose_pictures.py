"""The picture of a position: a line figure, what is felt where, and the things around it, as one SVG."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np

from tautband.surface.fields import Field
from tautband.surface.linedraw import Camera, Plate, draw, normals
from tautband.surface.posing import PoseError, Position, posed
from tautband.surface.props import draw_props
from tautband.terms.sides import Side

CAMERAS = {
    "front": Camera(0, 4),
    "back": Camera(180, 4),
    "left": Camera(84, 6),
    "right": Camera(-84, 6),
    "front_left": Camera(48, 9),
    "front_right": Camera(-48, 9),
    "back_left": Camera(132, 9),
    "back_right": Camera(-132, 9),
    "above": Camera(0, 60),
}
"""Views by name; left is from the body's left."""

_LYING = {"supine": 20.0, "prone": 20.0, "quadruped": 10.0, "long_sitting": 8.0}
_SAGITTAL = ("flexion", "extension", "dorsiflexion", "plantarflexion", "anterior_tilt", "posterior_tilt")
_FRONTAL = ("abduction", "adduction", "lateral_flexion", "elevation", "depression", "upward_rotation")
_MARGIN = 16.0
_ENOUGH = 0.35
"""How much of a field must face the reader before another view is looked for; 1 would face them squarely."""

_PREFERENCE = {"front": 0.9, "back": 0.92, "above": 0.6}
_UPRIGHT = ("standing", "sitting")
_UPPER_SHARE = 0.56


def best_camera(position: Position) -> Camera:
    """The view that shows the movement: from the side for bending, from the front for lifting sideways."""
    sagittal = sum(j.deg for j in position.joints if j.motion in _SAGITTAL and j.joint not in ("fingers", "elbow"))
    frontal = sum(j.deg * 1.2 for j in position.joints if j.motion in _FRONTAL)
    turning = sum(j.deg for j in position.joints if "rotation" in j.motion or j.motion.startswith("horizontal"))
    left = sum(j.deg for j in position.joints if j.side is Side.LEFT)
    right = sum(j.deg for j in position.joints if j.side is Side.RIGHT)
    side = 1 if left > right else -1
    if position.base.startswith("side_lying"):
        return Camera(8, 20)
    if position.base in _LYING:
        return Camera(80 * side, _LYING[position.base])
    if frontal > sagittal and frontal >= turning:
        return Camera(6 * side, 4)
    if turning > sagittal:
        return Camera(24 * side, 10)
    return Camera((64 if sagittal else 32) * side, 8)


def picture_svg(
    position: Position | Mapping[str, Any],
    view: str | None = None,
    tints: Mapping[str, Field] | None = None,
    label: str = "",
    figure: str = "average",
    upper: bool = False,
) -> str:
    """A position as one SVG (`class="fig pose"`), with colours only from the style sheet.

    view    one of `CAMERAS`, or None for the one that shows the movement best
    tints   css class -> field laid on the skin, such as `{"felt": field}` for where a stretch is felt
    label   text alternative; without it the picture is decoration, hidden from screen readers

    upper   close up on the upper half of somebody upright; others are shown whole all the same

    Raises PoseError for a position, view or prop that does not exist. Kept for the most recent 256 pictures.
    """
    if view is not None and view not in CAMERAS:
        raise PoseError(f"There is no view {view!r}; there are {', '.join(CAMERAS)}.")
    chosen = Position.read(position)
    return _picture(chosen, view, tuple(sorted((tints or {}).items())), label, figure, upper)


def view_showing(position: Position | Mapping[str, Any], field: Field, figure: str = "average") -> str | None:
    """The view in which a field faces the reader, None where the usual view shows enough of it.

    A person in front of the field is not looked through: only which way the skin faces counts.
    """
    chosen = Position.read(position)
    body = posed(chosen, figure)
    facing = normals(body.points_m)[field.vertices]
    weights = field.weights.astype(float)

    def share(camera: Camera) -> float:
        toward = camera.axes[2]
        return float((weights * np.clip(facing @ toward, 0, 1)).sum() / max(weights.sum(), 1.0))

    usual = share(best_camera(chosen))
    if usual >= _ENOUGH:
        return None
    best = max(CAMERAS, key=lambda name: share(CAMERAS[name]) * _PREFERENCE.get(name, 1.0))
    return best if share(CAMERAS[best]) > usual + 0.1 else None


@lru_cache(maxsize=256)
def _picture(
    position: Position,
    view: str | None,
    tints: tuple[tuple[str, Field], ...],
    label: str,
    figure: str,
    upper: bool,
) -> str:
    camera = CAMERAS[view] if view else best_camera(position)
    body = posed(position, figure)
    plate = Plate(body.points_m, camera)
    things = draw_props(position, body, camera)
    seen = np.vstack([plate.xy, things.corners])
    if upper and position.base in _UPRIGHT:
        top, bottom = plate.xy[:, 1].min(), plate.xy[:, 1].max()
        near = plate.xy[plate.xy[:, 1] <= top + _UPPER_SHARE * (bottom - top)]
        seen = np.vstack([near, [near.min(axis=0) - _MARGIN, near.max(axis=0) + _MARGIN]])
    low = np.floor(seen.min(axis=0) - _MARGIN)
    size = np.ceil(seen.max(axis=0) + _MARGIN) - low
    box = " ".join(f"{v:.0f}" for v in (*low, *size))
    named = f'role="img" aria-label={quoteattr(label)}' if label else 'aria-hidden="true" focusable="false"'
    drawn = "\n".join(part for part in (things.behind, draw(plate, dict(tints)), things.before) if part)
    return f'<svg class="fig pose" viewBox="{box}" {named}>\n{drawn}\n</svg>'
