"""Base charts and zone paths of the four views, and the seen-triangle maps the overlays are drawn with.

The look is that of a printed plate: linen silhouette, two shade steps, ink contour and inner lines. Only classes are
written (`sil s1 s2 ln ol`), so that every theme colours them.
"""

import json
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, find_objects, gaussian_filter
from tools.body.mesh import Floats, Ints, Mesh, normals
from tools.body.raster import rasterise
from tools.body.zones import ZoneRow, diffusion

from tautband.surface.contours import enclosed_area, loops, simplified, smooth_path, straight_path
from tautband.surface.views import UP, VIEWS, View

FINE = 1.5  # pixels a chart unit while tracing
COARSE = 0.5  # pixels a chart unit in the committed maps for overlays
NOTHING = 65535
LIGHT = np.array([0.0, 0.42, 0.91])
THINNEST = 3.4  # chart units from the middle of a zone to its edge, below which it is not drawn in a view
NAIL_THINNEST = 1.6  # nail beds are small by nature; a close-up brings them under a finger
SMALL_CM2 = 4.0  # zones below this keep their shape where larger ones are smoothed
SHADES = (("s1", 0.70), ("s2", 0.44))


class Plate:
    """One view of the body as images."""

    def __init__(self, view: View, mesh: Mesh, skin: Ints, pixels: float) -> None:
        self.view, self.mesh, self.pixels = view, mesh, pixels
        self.shown = np.nonzero(view.shows(mesh.points)[skin].all(axis=1))[0]
        self.skin = skin[self.shown]
        self.xy, self.depth = view.project(mesh.points)
        self.height, self.width = int(view.height * pixels), int(view.width * pixels)
        self.seen, self.nearest = rasterise(self.xy * pixels, self.depth, self.skin, self.height, self.width)
        if view.shown_m[1][1] < 9:  # part of a body: cut it straight, not along the triangles
            top = view.project(np.array([[0.0, view.shown_m[1][1] - 0.012, 0.0]]))[0][0, 1] if view.upward == UP else 0
            self.seen[: max(int(top * pixels), 0)] = -1
        self.mask = self.seen >= 0

    def weights(self) -> sp.csr_matrix:
        """(seen pixels, vertices): barycentric weights of each seen pixel."""
        rows, columns = np.nonzero(self.mask)
        corners = self.skin[self.seen[self.mask]]
        a, b, c = (self.xy[corners[:, k]] * self.pixels for k in range(3))
        area = (b[:, 1] - c[:, 1]) * (a[:, 0] - c[:, 0]) + (c[:, 0] - b[:, 0]) * (a[:, 1] - c[:, 1])
        u = ((b[:, 1] - c[:, 1]) * (columns - c[:, 0]) + (c[:, 0] - b[:, 0]) * (rows - c[:, 1])) / area
        v = ((c[:, 1] - a[:, 1]) * (columns - c[:, 0]) + (a[:, 0] - c[:, 0]) * (rows - c[:, 1])) / area
        values = np.column_stack([u, v, 1 - u - v]).ravel()
        n = len(rows)
        return sp.csr_matrix((values, (np.repeat(np.arange(n), 3), corners.ravel())), (n, len(self.mesh.points)))

    def image(self, values: Floats, weights: sp.csr_matrix) -> Floats:
        picture = np.zeros(self.mask.shape)
        picture[self.mask] = weights @ values
        return picture

    def inside_blur(self, picture: Floats, sigma: float) -> Floats:
        """Blur that does not let the background in."""
        amount = gaussian_filter(self.mask.astype(float), sigma)
        blurred: Floats = gaussian_filter(np.where(self.mask, picture, 0), sigma) / np.maximum(amount, 1e-6)
        return blurred

    def paths(self, image: Floats, level: float, tolerance: float, least: float) -> str:
        """Closed smooth paths of the level in chart units; small islands are left out."""
        text = ""
        for line in loops(image, level):
            points = line / self.pixels
            if abs(enclosed_area(points)) >= least:
                text += smooth_path(simplified(points, tolerance))
        return text


def plain_normals(mesh: Mesh, spread: sp.csr_matrix) -> Floats:
    """Smoothed normals: planes instead of bumps, and a neutral chest and groin."""
    normal = normals(mesh.points, mesh.triangles)
    soft = normal
    for _ in range(6):
        soft = spread @ soft
    softest = soft
    for _ in range(60):
        softest = spread @ softest
    x, y, _ = (np.abs(mesh.points) * 100).T
    front = mesh.points[:, 2] > -0.05
    chest = np.clip((10 - np.hypot(x - 9.8, y - 124.5)) / 4, 0, 1)
    groin = np.clip((8 - np.hypot(x, y - 85)) / 3, 0, 1)
    blend = np.where(front, np.maximum(chest, groin), 0)[:, None]
    mixed = soft * (1 - blend) + softest * blend
    unit: Floats = mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9)
    return unit


def base_chart(plate: Plate, normal: Floats, weights: sp.csr_matrix, marks: list[Floats]) -> str:
    """The body of one view as SVG groups, without colours."""
    facing = plate.view.turn(normal)
    shade = plate.image(facing @ (LIGHT / np.linalg.norm(LIGHT)), weights)
    outline = gaussian_filter(plate.mask.astype(float), 2.1)
    soft = np.where(outline > 0.5, plate.inside_blur(shade, 4.0), 2.0)
    silhouette = plate.paths(outline, 0.5, 0.35, 30)
    parts = [f'<path class="sil" d="{silhouette}"/>']
    for name, level in SHADES:
        dark = np.minimum(level - soft, (outline - 0.5) * 2)
        parts.append(f'<path class="{name}" d="{plate.paths(dark, 0.0, 0.8, 140)}"/>')
    parts.append(f'<path class="ln" d="{inner_lines(plate)}"/>')
    parts.append(f'<g opacity=".45"><path class="ln" d="{relief_lines(plate, marks)}"/></g>')
    parts.append(f'<path class="ol" d="{silhouette}"/>')
    return "\n".join(parts)


# Folds and edges a plate shows so that the eye finds its place; each runs through landmarks of one side.
RELIEF = (
    ("sc_joint", "clavicle_mid", "ac_joint"),
    ("scapula_superior_angle", "scapula_medial", "scapula_inferior_angle"),
    ("scapula_superior_angle+scapula_medial", "scapula_spine_mid", "acromion"),
)
EYE_CM = np.array([3.2, 160.8, 7.4])
CLEFT_CM = (91.0, 82.0)


def relief(mesh: Mesh, landmarks: dict[str, dict[str, int]], visible: NDArray[np.bool_]) -> list[Floats]:
    """Lines on the skin (k, 3): collar bones, shoulder blades, kneecaps, navel and the cleft between the buttocks."""
    lines = []
    for names in RELIEF:
        for side in ("left", "right"):
            stops = [mesh.points[[landmarks[n][side] for n in name.split("+")]].mean(axis=0) for name in names]
            lines.append(_through(np.array(stops)))
    for side in ("left", "right"):
        patella = mesh.points[landmarks["patella"][side]]
        turn = np.radians(np.arange(200, 341, 14))
        lines.append(patella + np.column_stack([0.021 * np.cos(turn), 0.024 * np.sin(turn), np.zeros(len(turn))]))
    for sign in (-1, 1):
        turn = np.radians(np.arange(15, 166, 15))
        lid = np.column_stack([1.45 * np.cos(turn), 0.75 * np.sin(turn), np.zeros(len(turn))])
        lines.append((EYE_CM + lid) * [sign / 100, 0.01, 0.01])
    navel = mesh.points[landmarks["umbilicus"]["midline"]]
    turn = np.radians(np.arange(20, 161, 14))
    lines.append(navel + np.column_stack([0.006 * np.cos(turn), 0.006 * np.sin(turn), np.zeros(len(turn))]))
    middle = (mesh.mirror == np.arange(len(mesh.points))) & visible & (mesh.points[:, 2] < -0.08)
    height = mesh.points[:, 1] * 100
    cleft = mesh.points[middle & (height < CLEFT_CM[0]) & (height > CLEFT_CM[1])]
    lines.append(cleft[np.argsort(-cleft[:, 1])])
    return lines


def _through(stops: Floats) -> Floats:
    """A parabola through three points in space, drawn a little short of its ends."""
    t = np.linspace(0.06, 0.94, 12)[:, None]
    first, middle, last = stops
    parabola: Floats = 2 * (t - 0.5) * (t - 1) * first + 4 * t * (1 - t) * middle + 2 * t * (t - 0.5) * last
    return parabola


def relief_lines(plate: Plate, lines: list[Floats]) -> str:
    """The relief lines that can be seen in this view."""
    text = ""
    for line in lines:
        xy, depth = plate.view.project(line)
        column, row = np.rint(xy * plate.pixels).astype(int).T
        row, column = np.clip(row, 0, plate.height - 1), np.clip(column, 0, plate.width - 1)
        if (plate.nearest[row, column] < depth + 0.02).all() and plate.mask[row, column].all():
            text += smooth_path(simplified(xy, 0.3, closed=False), closed=False)
    return text


def inner_lines(plate: Plate) -> str:
    """Occluding contours inside the silhouette: where the skin turns away from the viewer."""
    normal = normals(plate.mesh.points, plate.mesh.triangles)
    facing = plate.view.turn(normal)[:, 2]
    corners = facing[plate.skin]
    turning = np.nonzero((corners.max(axis=1) > 0) & (corners.min(axis=1) <= 0))[0]
    links: dict[tuple[int, int], list[tuple[int, int]]] = {}
    places: dict[tuple[int, int], Floats] = {}
    for triangle in plate.skin[turning]:
        crossed = []
        for i, k in ((0, 1), (1, 2), (2, 0)):
            a, b = int(triangle[i]), int(triangle[k])
            if (facing[a] > 0) != (facing[b] > 0):
                share = facing[a] / (facing[a] - facing[b])
                key = (min(a, b), max(a, b))
                xy = plate.xy[a] + share * (plate.xy[b] - plate.xy[a])
                depth = plate.depth[a] + share * (plate.depth[b] - plate.depth[a])
                if _unhidden(plate, xy, depth):
                    places[key] = xy
                    crossed.append(key)
        if len(crossed) == 2:
            links.setdefault(crossed[0], []).append(crossed[1])
            links.setdefault(crossed[1], []).append(crossed[0])
    return "".join(
        smooth_path(simplified(line, 0.5, closed=False), closed=False)
        for line in _chains(links, places)
        if np.linalg.norm(np.diff(line, axis=0), axis=1).sum() > 9
    )


def _unhidden(plate: Plate, xy: Floats, depth: float) -> bool:
    """Seen by the viewer, and in front of other skin rather than on the outer edge."""
    x, y = (round(float(v) * plate.pixels) for v in xy)
    window = (slice(max(y - 3, 0), y + 4), slice(max(x - 3, 0), x + 4))
    around = plate.nearest[window]
    if not around.size or (around < -1e8).any():
        return False
    return bool(np.percentile(around, 25) <= depth + 0.004 and around.min() < depth + 0.006)


def _chains(links: dict[tuple[int, int], list[tuple[int, int]]], places: dict[tuple[int, int], Floats]) -> list[Floats]:
    used: set[tuple[int, int]] = set()
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
            lines.append(np.array([places[key] for key in chain]))
    return lines


def zone_paths(plate: Plate, weights: sp.csr_matrix, member: sp.csr_matrix, small: NDArray[np.bool_]) -> dict[int, str]:
    """Zone number -> path data. Borders are where the smoothed memberships of two zones are equal."""
    share = weights @ member
    label = np.full(plate.mask.shape, -1)
    label[plate.mask] = np.asarray(share.argmax(axis=1)).ravel()
    label = _without_slivers(label, np.where(small, NAIL_THINNEST, THINNEST) * plate.pixels)
    sigma, margin = 3.2, 12
    best, second = np.zeros(label.shape), np.zeros(label.shape)
    blurred: dict[int, tuple[tuple[slice, slice], Floats]] = {}
    for number, found in enumerate(find_objects(label + 2), start=-1):
        if found is None:
            continue
        window = tuple(slice(max(span.start - margin, 0), span.stop + margin) for span in found)
        soft = gaussian_filter((label[window] == number).astype(float), sigma)
        blurred[number] = ((window[0], window[1]), soft)
        beaten = soft > best[window]
        second[window] = np.where(beaten, best[window], np.maximum(second[window], soft))
        best[window] = np.where(beaten, soft, best[window])
    result = {}
    for number, (window, soft) in blurred.items():
        if number < 0:
            continue
        rival = np.where(soft >= best[window], second[window], best[window])
        corner = np.array([window[1].start, window[0].start])
        text = ""
        for line in loops(soft - rival, 0.0):
            points = (line + corner) / plate.pixels
            if abs(enclosed_area(points)) >= 12:
                text += straight_path(simplified(points, 0.3))
        if text:
            result[number] = text
    return result


def _without_slivers(label: NDArray[np.int64], thinnest: Floats) -> NDArray[np.int64]:
    """Zones seen so nearly edge-on that no finger could hit them go to their neighbours in this view."""
    kept = label.copy()
    for number, window in enumerate(find_objects(label + 1)):  # the background becomes 0 and is skipped
        if window is None:
            continue
        one = label[window] == number
        if distance_transform_edt(np.pad(one, 1)).max() < thinnest[number]:
            kept[window][one] = -2
    lost = kept == -2
    nearest = distance_transform_edt(kept < 0, return_distances=False, return_indices=True)
    kept[lost] = kept[tuple(axis[lost] for axis in nearest)]
    return kept


def write_charts(
    out: Path,
    mesh: Mesh,
    visible: NDArray[np.bool_],
    zones: list[ZoneRow],
    zone_of_vertex: NDArray[np.int16],
    landmarks: dict[str, dict[str, int]],
) -> None:
    """charts/<view>.svg (base), charts/<view>-zones.json (zone paths) and charts/seen.npz (maps for overlays)."""
    folder = out / "charts"
    folder.mkdir(exist_ok=True)
    skin = mesh.triangles[visible[mesh.triangles].all(axis=1)]
    spread = diffusion(mesh)
    normal = plain_normals(mesh, spread)
    marks = relief(mesh, landmarks, visible)
    member = sp.csr_matrix((np.ones(len(zone_of_vertex)), (np.arange(len(zone_of_vertex)), zone_of_vertex)))
    kept = member
    for step in range(9):
        member = spread @ member
        kept = member if step == 1 else kept
    small = np.array([zone.area_cm2 < SMALL_CM2 for zone in zones], float)
    member = (member @ sp.diags(1 - small) + kept @ sp.diags(small)).tocsr()
    maps = {"skin": skin.astype(np.uint16)}
    for view in VIEWS.values():
        fine = Plate(view, mesh, skin, FINE)
        weights = fine.weights()
        text = base_chart(fine, normal, weights, marks)
        (folder / f"{view.name}.svg").write_text(text + "\n", encoding="utf-8")
        paths = zone_paths(fine, weights, member, small > 0)
        named = {f"{zones[number].id}/{zones[number].side}": path for number, path in sorted(paths.items())}
        (folder / f"{view.name}-zones.json").write_text(json.dumps(named, indent=0) + "\n", encoding="utf-8")
        coarse = Plate(view, mesh, skin, COARSE)
        maps[view.name] = np.where(coarse.mask, coarse.shown[coarse.seen], NOTHING).astype(np.uint16)
    np.savez_compressed(folder / "seen.npz", **maps)
