"""Fields written as atlas files write them: blobs and geodesic tubes through landmarks, one side written.

`{"kind": "essential", "blob": "shoulder_front", "radius_cm": 4}` or
`{"kind": "spillover", "tube": ["shoulder_front", "arm_side"], "radius_cm": [4, 3], "side": "opposite"}`. A blob may be
longer one way than across: `"toward": "arm_side", "stretch": 1.8` makes it reach 1.8 times its radius on that line.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tautband.surface.fields import FULL, Field
from tautband.surface.geodesics import distances_m, path, smoothing
from tautband.surface.mesh import SurfaceError, body
from tautband.surface.named_points import landmark
from tautband.surface.zoning import zone_number
from tautband.terms.sides import Side

WEIGHTS = {"essential": 255, "spillover": 110}
SIDES = ("same", "opposite", "midline")
SMALLEST_CM, LARGEST_CM = 0.3, 20.0
TEETH = {"upper_teeth": "zone.head.teeth_upper/left", "lower_teeth": "zone.head.teeth_lower/left"}
"""A part through the skin over these teeth means the teeth below it as well."""
LEAST_AREA_CM2 = 0.5
LONGEST = 4.0
"""A blob is at most so many times longer than broad; a tube says longer things better."""
INNER, OUTER = 0.7, 1.3  # the edge falls from full to nothing between these shares of the radius
_FAINT = 4  # weights below this are not worth storing


class PartError(SurfaceError):
    """A part of a field cannot be painted; the message says which and why."""


@dataclass(frozen=True)
class Part:
    """One piece of a field.

    kind       essential (weight 255) or spillover (110)
    points     landmark ids: one is a blob, several are a tube along the skin in this order
    radius_cm  one radius for each point: the distance at which the weight has fallen to half
    side       same | opposite side of the muscle, or midline
    toward     landmark that a blob is stretched toward (and away from), or nothing
    stretch    how many times its radius a blob reaches that way; below 1 it is flattened
    """

    kind: str
    points: tuple[str, ...]
    radius_cm: tuple[float, ...]
    side: str = "same"
    toward: str = ""
    stretch: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in WEIGHTS:
            raise PartError(f"The kind of a part is essential or spillover, not {self.kind!r}.")
        if self.side not in SIDES:
            raise PartError(f"The side of a part is {', '.join(SIDES)}, not {self.side!r}.")
        if not self.points or len(self.points) != len(self.radius_cm):
            raise PartError(f"{self}: give one radius for each landmark.")
        for radius in self.radius_cm:
            if not SMALLEST_CM <= radius <= LARGEST_CM:
                raise PartError(f"{self}: a radius lies between {SMALLEST_CM} and {LARGEST_CM} cm, not {radius}.")
        if bool(self.toward) != (self.stretch != 1.0):
            raise PartError(f"{self}: `toward` and `stretch` go together.")
        if self.toward:
            if len(self.points) > 1 or self.toward in self.points:
                raise PartError(f"{self}: only a blob is stretched, and toward another landmark.")
            if not 1 / LONGEST <= self.stretch <= LONGEST:
                raise PartError(f"{self}: stretch lies between {1 / LONGEST} and {LONGEST:g}, not {self.stretch}.")
            landmark(self.toward)
        for point in self.points:
            if landmark(point).paired and self.side == "midline":
                raise PartError(f"{self}: {point!r} is paired and cannot be on the midline; use same or opposite.")

    def __str__(self) -> str:
        return f"{self.kind} {'blob' if len(self.points) == 1 else 'tube'} {' > '.join(self.points)}"

    @classmethod
    def read(cls, written: "Part | Mapping[str, Any]") -> "Part":
        """From the form of atlas files; a single radius serves all points of a tube."""
        if isinstance(written, Part):
            return written
        extra = set(written) - {
            "kind",
            "blob",
            "tube",
            "radius_cm",
            "side",
            "toward",
            "stretch",
            "by",
            "at",
            "source",
            "note",
        }
        if extra:
            raise PartError(f"A part of a field has no {', '.join(sorted(extra))}.")
        if ("blob" in written) == ("tube" in written):
            raise PartError("A part of a field is either a blob (one landmark) or a tube (several).")
        points = (written["blob"],) if "blob" in written else tuple(written["tube"])
        if "tube" in written and len(points) < 2:
            raise PartError("A tube runs through at least two landmarks; use a blob for one.")
        if "kind" not in written or "radius_cm" not in written:
            raise PartError(f"The part over {', '.join(points)} lacks its kind or radius_cm.")
        radius = written["radius_cm"]
        radii = tuple(map(float, radius)) if isinstance(radius, list | tuple) else (float(radius),) * len(points)
        stretched = written.get("toward") or "", float(written.get("stretch") or 1.0)
        return cls(written["kind"], points, radii, written.get("side", "same"), *stretched)


def field_from_parts(parts: Iterable[Part | Mapping[str, Any]], side: Side) -> Field:
    """Paint the parts for a source on one side.

    A bilateral source is painted on both sides, and so is a midline source whose parts run through paired landmarks.

    Raises UnknownLandmark, or PartError when a part is malformed or paints no skin.
    """
    pieces = tuple(Part.read(part) for part in parts)
    left = _left_field(pieces)
    if side is Side.LEFT:
        return left
    return left.mirrored() if side is Side.RIGHT else left | left.mirrored()


@lru_cache(maxsize=4096)
def _left_field(parts: tuple[Part, ...]) -> Field:
    """All parts for a source on the left; the stronger weight wins."""
    weight = np.zeros(body().vertex_count)
    for part in parts:
        painted = _paint(part)
        if part.side == "opposite":
            painted = painted[body().mirror]
        weight = np.maximum(weight, painted)
    weight[weight < _FAINT] = 0
    weight = np.minimum(weight, FULL)  # rounding may lift a peak a hair above full
    return Field.from_dense(weight)


def _paint(part: Part) -> NDArray[np.float64]:
    """Weights (n,) of one part as if on the left."""
    stops = [_left_vertex(point) for point in part.points]
    spine, radii = _centre_line(stops, part.radius_cm)
    distance, nearest = distances_m(spine, limit_m=OUTER * max(part.radius_cm) * max(part.stretch, 1.0) / 100)
    reach = np.full(body().vertex_count, 1.0)
    reach[spine] = radii / 100
    reached = np.isfinite(distance)
    share = np.full(len(distance), np.inf)
    share[reached] = distance[reached] / reach[nearest[reached]]
    if part.toward:
        share[reached] /= _stretched(stops[0], _left_vertex(part.toward), part.stretch, np.nonzero(reached)[0])
    weight = _smooth(_falloff(share), passes=1 if min(part.radius_cm) < 1.5 else 3)
    weight = np.where(body().visible, weight, 0)
    for point in set(part.points) & set(TEETH):
        weight[body().zone_index == zone_number(TEETH[point])] = weight[_left_vertex(point)]
    peak = weight.max()
    area = float((weight * body().vertex_area_cm2).sum())
    if peak <= 0 or area < LEAST_AREA_CM2:
        raise PartError(f"The {part} paints {area:.1f} cm2 of visible skin; enlarge its radius or move it.")
    scaled: NDArray[np.float64] = weight * (WEIGHTS[part.kind] / peak)
    return scaled


def _stretched(centre: int, toward: int, stretch: float, vertices: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    """How many times farther an ellipse reaches in the direction of each vertex than a disc would.

    Directions are taken in the plane of the skin at the centre; the way toward the landmark begins along the skin.
    """
    points = body().points_m
    start = _path(centre, toward)
    first = points[start[min(3, len(start) - 1)]] - points[centre]
    normal = _normal(centre)
    axis = first - (first @ normal) * normal
    axis /= np.linalg.norm(axis)
    way = points[vertices] - points[centre]
    way = way - (way @ normal)[:, None] * normal
    length = np.maximum(np.linalg.norm(way, axis=1), 1e-9)
    along = (way @ axis) / length
    reach: NDArray[np.float64] = 1 / np.sqrt((along / stretch) ** 2 + (1 - along**2))
    return reach


def _normal(vertex: int) -> NDArray[np.float64]:
    """Which way the skin looks at a vertex."""
    corners = body().points_m[body().triangles[(body().triangles == vertex).any(axis=1)]]
    crossed: NDArray[np.float64] = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]).sum(axis=0)
    unit: NDArray[np.float64] = crossed / np.linalg.norm(crossed)
    return unit


def _left_vertex(point: str) -> int:
    place = landmark(point)
    return place.vertices[Side.LEFT if place.paired else Side.MIDLINE]


def _centre_line(stops: list[int], radius_cm: tuple[float, ...]) -> tuple[list[int], NDArray[np.float64]]:
    """Vertices along the part and a radius at each, in cm, changing evenly between landmarks."""
    if len(stops) == 1:
        return stops, np.array(radius_cm)
    line: dict[int, float] = {}
    for (start, end), (first, last) in zip(pairwise(stops), pairwise(radius_cm), strict=True):
        steps = _path(start, end)
        for vertex, radius in zip(steps, np.linspace(first, last, len(steps)), strict=True):
            line[vertex] = max(line.get(vertex, 0.0), float(radius))
    return list(line), np.array(list(line.values()))


@lru_cache(maxsize=4096)
def _path(start: int, end: int) -> tuple[int, ...]:
    return tuple(path(start, end))


def _falloff(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 inside, 0 outside, a smooth step between; half at the radius itself."""
    t = np.clip((OUTER - share) / (OUTER - INNER), 0, 1)
    result: NDArray[np.float64] = t * t * (3 - 2 * t)
    return result


def _smooth(weight: NDArray[np.float64], passes: int) -> NDArray[np.float64]:
    for _ in range(passes):
        weight = 0.4 * weight + 0.6 * (smoothing() @ weight)
    return weight
