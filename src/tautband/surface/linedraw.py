"""Any shape of the mesh as a printed line figure: silhouette, one tone, inner contours, and places tinted on the skin.

The same hand as the charts, but quick: NumPy alone, about a third of a second for a whole figure. Chart units
(800 to a metre), y down; only classes are written (`sil s1 ln ol`, `w1 w2 w3`).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tautband.surface.contours import enclosed_area, loops, simplified, smooth_path
from tautband.surface.fields import FULL, Field
from tautband.surface.mesh import body
from tautband.surface.views import UNITS_PER_M

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PIXELS_PER_M = 380.0
_UNITS = UNITS_PER_M / PIXELS_PER_M  # chart units a pixel
_MARGIN = 10  # pixels around the figure
_SHADE = 0.52  # light below this is the darker tone
_LIGHT = np.array([-0.25, 0.5, 0.83])
LEVELS = (("w1", 0.16), ("w2", 0.5), ("w3", 0.8))
LEAST_LINE = 15.0  # chart units; shorter contours are crumbs


@dataclass(frozen=True)
class Camera:
    """From where the figure is seen.

    azimuth_deg  0 from the front of the room (z), 90 from the body's left (x), 180 from behind
    tilt_deg     how far from above
    """

    azimuth_deg: float
    tilt_deg: float = 0.0

    @property
    def axes(self) -> Floats:
        """Rows: right on the picture, up on the picture, toward the reader."""
        a, t = np.radians(self.azimuth_deg), np.radians(self.tilt_deg)
        right = np.array([np.cos(a), 0.0, -np.sin(a)])
        toward = np.array([np.sin(a) * np.cos(t), np.sin(t), np.cos(a) * np.cos(t)])
        return np.array([right, np.cross(toward, right), toward])

    def project(self, points_m: Floats) -> tuple[Floats, Floats]:
        """Picture coordinates (n, 2) in chart units, y down, and depth toward the reader in metres (n,)."""
        turned = points_m @ self.axes.T
        return turned[:, :2] * [UNITS_PER_M, -UNITS_PER_M], turned[:, 2]


@cache
def _skin() -> Ints:
    """Triangles that can be seen."""
    surface = body()
    return surface.triangles[surface.visible[surface.triangles].all(axis=1)].astype(np.int64)


def normals(points: Floats) -> Floats:
    """Unit vertex normals, each triangle counting by its area."""
    triangles = body().triangles
    a, b, c = (points[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    total = np.column_stack(
        [np.bincount(triangles.ravel(), np.repeat(face[:, axis], 3), len(points)) for axis in range(3)]
    )
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12))


class Plate:
    """One shape seen by one camera, as images."""

    def __init__(self, points_m: Floats, camera: Camera) -> None:
        self.points, self.camera = points_m, camera
        self.xy, self.depth = camera.project(points_m)
        low = self.xy.min(axis=0) / _UNITS - _MARGIN
        self.corner = np.floor(low)
        self.pixel = self.xy / _UNITS - self.corner
        width, height = np.ceil(self.pixel.max(axis=0) + _MARGIN).astype(int)
        self.width, self.height = int(width), int(height)
        self.normal = normals(points_m)
        self.seen, self.nearest = _rasterise(self.pixel, self.depth, _skin(), self.height, self.width)
        self.mask = self.seen >= 0

    def to_units(self, line: Floats) -> Floats:
        """Pixels to chart units."""
        return np.asarray((line + self.corner) * _UNITS)

    def image(self, values: Floats) -> Floats:
        """A value at each vertex spread over the seen pixels (mean of the corners of the seen triangle)."""
        picture = np.zeros(self.mask.shape)
        picture[self.mask] = values[_skin()].mean(axis=1)[self.seen[self.mask]]
        return picture

    def paths(self, image: Floats, level: float, tolerance: float, least: float) -> str:
        """Closed smooth paths of a level in chart units; small islands are left out."""
        text = ""
        for line in loops(image, level):
            points = self.to_units(line)
            if abs(enclosed_area(points)) >= least:
                text += smooth_path(simplified(points, tolerance))
        return text


def _rasterise(pixel: Floats, depth: Floats, triangles: Ints, height: int, width: int) -> tuple[Ints, Floats]:
    """Seen triangle (-1: none) and its depth at each pixel (height, width)."""
    a, b, c = (pixel[triangles[:, k]] for k in range(3))
    area = (b[:, 1] - c[:, 1]) * (a[:, 0] - c[:, 0]) + (c[:, 0] - b[:, 0]) * (a[:, 1] - c[:, 1])
    low = np.ceil(np.minimum(np.minimum(a, b), c) - 1e-9).astype(np.int64)
    high = np.floor(np.maximum(np.maximum(a, b), c) + 1e-9).astype(np.int64)
    span = (high - low).max(axis=1) + 1
    front = (area < -1e-9) & ((high - low).min(axis=1) >= 0)
    pixels, depths, numbers = [], [], []
    done = 0
    for size in (1, 2, 3, 4, 6, 9, 14, 40):
        chosen = np.nonzero(front & (span > done) & (span <= size))[0]
        done = size
        if not len(chosen):
            continue
        offset = np.stack(np.meshgrid(np.arange(size), np.arange(size)), axis=-1).reshape(-1, 2)
        at = low[chosen][:, None, :] + offset[None]
        ca, cb, cc, full = a[chosen][:, None], b[chosen][:, None], c[chosen][:, None], area[chosen][:, None]
        dx, dy = at[..., 0] - cc[..., 0], at[..., 1] - cc[..., 1]
        u = ((cb[..., 1] - cc[..., 1]) * dx + (cc[..., 0] - cb[..., 0]) * dy) / full
        v = ((cc[..., 1] - ca[..., 1]) * dx + (ca[..., 0] - cc[..., 0]) * dy) / full
        hit = (u >= -1e-6) & (v >= -1e-6) & (u + v <= 1 + 1e-6)
        corners = depth[triangles[chosen]]
        z = u * corners[:, :1] + v * corners[:, 1:2] + (1 - u - v) * corners[:, 2:]
        pixels.append((at[..., 1] * width + at[..., 0])[hit])
        depths.append(z[hit])
        numbers.append(np.broadcast_to(chosen[:, None], hit.shape)[hit])
    flat, z, number = np.concatenate(pixels), np.concatenate(depths), np.concatenate(numbers)
    nearest = np.full(height * width, -1e9)
    np.maximum.at(nearest, flat, z)
    won = z >= nearest[flat] - 1e-12
    seen = np.full(height * width, -1, np.int64)
    seen[flat[won]] = number[won]
    return seen.reshape(height, width), nearest.reshape(height, width)


def draw(plate: Plate, tints: dict[str, Field] | None = None) -> str:
    """The figure as SVG paths with classes; `tints` are fields by css class (`pain`, `target`, ...)."""
    from scipy.ndimage import gaussian_filter

    outline = gaussian_filter(plate.mask.astype(float), 1.0)
    silhouette = plate.paths(outline, 0.5, 0.45, 30)
    light = plate.normal @ plate.camera.axes.T @ (_LIGHT / np.linalg.norm(_LIGHT))
    shade = plate.image(_softened(light, passes=14))
    inside = gaussian_filter(plate.mask.astype(float), 3.2)
    soft = np.where(outline > 0.5, gaussian_filter(np.where(plate.mask, shade, 0), 3.2) / np.maximum(inside, 1e-6), 2)
    dark = np.minimum(_SHADE - soft, (outline - 0.5) * 2)
    parts = [f'<path class="sil" d="{silhouette}"/>', f'<path class="s1" d="{plate.paths(dark, 0, 0.9, 220)}"/>']
    for name, field in (tints or {}).items():
        parts.append(_tint(plate, field, outline, name))
    parts.append(f'<path class="ln" d="{inner_lines(plate)}"/>')
    parts.append(f'<path class="ol" d="{silhouette}"/>')
    return "\n".join(part for part in parts if part)


def _softened(values: Floats, passes: int) -> Floats:
    from tautband.surface.geodesics import smoothing

    for _ in range(passes):
        values = 0.5 * values + 0.5 * (smoothing() @ values)
    return values


def _tint(plate: Plate, field: Field, outline: Floats, name: str) -> str:
    """A field on the skin at three strengths; empty when none of it is seen."""
    from scipy.ndimage import gaussian_filter

    image = plate.image(field.dense().astype(np.float64) / FULL)
    if not image.any():
        return ""
    inside = gaussian_filter(plate.mask.astype(float), 1.6)
    soft = gaussian_filter(image, 1.6) / np.maximum(inside, 1e-6)
    drawn = ""
    for css, level in LEVELS:
        path = plate.paths(np.minimum(soft - level, 2 * (outline - 0.5)), 0.0, 0.8, 12)
        drawn += f'<path class="{css}" d="{path}"/>' if path else ""
    return f'<g class="field {name}">{drawn}</g>' if drawn else ""


def inner_lines(plate: Plate) -> str:
    """Occluding contours inside the silhouette: where seen skin turns away from the reader."""
    facing = _softened(plate.normal @ plate.camera.axes[2], passes=2)
    skin = _skin()
    corners = facing[skin]
    turning = skin[(corners.max(axis=1) > 0) & (corners.min(axis=1) <= 0)]
    ends = np.vstack([turning[:, [0, 1]], turning[:, [1, 2]], turning[:, [2, 0]]])
    owner = np.tile(np.arange(len(turning)), 3)
    crossed = (facing[ends[:, 0]] > 0) != (facing[ends[:, 1]] > 0)
    ends, owner = np.sort(ends[crossed], axis=1), owner[crossed]
    first, second = facing[ends[:, 0]], facing[ends[:, 1]]
    share = (first / (first - second))[:, None]
    at = plate.pixel[ends[:, 0]] * (1 - share) + plate.pixel[ends[:, 1]] * share
    depth = plate.depth[ends[:, 0]] * (1 - share[:, 0]) + plate.depth[ends[:, 1]] * share[:, 0]
    seen = _unhidden(plate, at, depth)
    key = ends[:, 0] * len(plate.points) + ends[:, 1]
    order = np.argsort(owner, kind="stable")  # the two crossings of a triangle become neighbours
    links: dict[int, list[int]] = {}
    places: dict[int, Floats] = {}
    keys, seen, at = key[order], seen[order], at[order]
    for i in range(0, len(order) - 1, 2):
        if seen[i] and seen[i + 1]:
            one, other = int(keys[i]), int(keys[i + 1])
            links.setdefault(one, []).append(other)
            links.setdefault(other, []).append(one)
            places[one], places[other] = at[i], at[i + 1]
    text = ""
    for chain in _chains(links):
        line = plate.to_units(np.array([places[k] for k in chain]))
        if np.linalg.norm(np.diff(line, axis=0), axis=1).sum() > LEAST_LINE:
            text += smooth_path(simplified(_calm(line), 0.5, closed=False), closed=False)
    return text


def _calm(line: Floats) -> Floats:
    """A line without the jitter of the triangles it was cut from; its ends stay."""
    for _ in range(2):
        line = np.vstack([line[:1], (line[:-2] + 2 * line[1:-1] + line[2:]) / 4, line[-1:]])
    return line


def _unhidden(plate: Plate, at: Floats, depth: Floats) -> NDArray[np.bool_]:
    """Seen by the reader, and in front of other skin rather than on the outer edge."""
    reach = np.arange(-2, 3)
    x = np.clip(np.rint(at[:, 0]).astype(int)[:, None] + reach, 0, plate.width - 1)
    y = np.clip(np.rint(at[:, 1]).astype(int)[:, None] + reach, 0, plate.height - 1)
    around = np.sort(plate.nearest[y[:, :, None], x[:, None, :]].reshape(len(at), -1), axis=1)
    outer = around[:, 0] < -1e8
    visible = (around[:, len(reach) ** 2 // 4] <= depth + 0.005) & (around[:, 0] < depth + 0.006)
    return np.asarray(visible & ~outer)


def _chains(links: dict[int, list[int]]) -> list[list[int]]:
    """Crossings joined to lines; open lines are started at an end."""
    used: set[int] = set()
    lines = []
    for start in sorted(links, key=lambda key: (len(links[key]), key)):
        if start in used:
            continue
        chain = [start]
        used.add(start)
        while following := [key for key in links[chain[-1]] if key not in used]:
            chain.append(following[0])
            used.add(following[0])
        if len(chain) > 2:
            lines.append(chain)
    return lines
