"""From rule labels to clean zones: smooth borders, one piece each, no slivers, mirror-exact."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse import csgraph
from tools.body.mesh import Floats, Ints, Mesh
from tools.body.zone_names import MIDLINE, PAIRED, Name
from tools.body.zone_rules import late_labels, rule_labels

SLIVER_CM2 = 2.5
SMOOTHING = 3  # passes of label diffusion; borders move by less than a vertex or two


@dataclass(frozen=True)
class ZoneRow:
    """One sided zone in the order of its index."""

    id: str
    side: str
    name: Name
    area_cm2: float


def edges_of(triangles: Ints) -> Ints:
    sides = np.sort(np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    return np.unique(sides, axis=0)


def diffusion(mesh: Mesh) -> sp.csr_matrix:
    """Row-stochastic matrix: half the vertex itself, half its neighbours by closeness."""
    edges = edges_of(mesh.triangles)
    weight = 1 / np.maximum(np.linalg.norm(mesh.points[edges[:, 0]] - mesh.points[edges[:, 1]], axis=1), 1e-4)
    n = len(mesh.points)
    a, b = edges.T
    near = sp.csr_matrix((np.r_[weight, weight], (np.r_[a, b], np.r_[b, a])), (n, n))
    near = sp.diags(1 / np.asarray(near.sum(axis=1)).ravel()) @ near
    return sp.csr_matrix(0.5 * sp.identity(n) + 0.5 * near)


def _members(index: NDArray[np.int64], count: int) -> sp.csr_matrix:
    n = len(index)
    return sp.csr_matrix((np.ones(n), (np.arange(n), index)), (n, count))


def _smoothed(index: NDArray[np.int64], count: int, spread: sp.csr_matrix) -> NDArray[np.int64]:
    member = _members(index, count)
    for _ in range(SMOOTHING):
        member = spread @ member
    return np.asarray(member.argmax(axis=1)).ravel()


def _one_piece(index: NDArray[np.int64], sided: NDArray[np.int64], edges: Ints, area: Floats) -> NDArray[np.int64]:
    """Give every part of a zone except its largest to the neighbours; slivers vanish whole."""
    same = sided[edges[:, 0]] == sided[edges[:, 1]]
    kept = edges[same]
    n = len(index)
    graph = sp.coo_matrix((np.ones(len(kept)), (kept[:, 0], kept[:, 1])), (n, n))
    _, part = csgraph.connected_components(graph, directed=False)
    part_area = np.bincount(part, weights=area)
    best: dict[int, int] = {}
    for p, zone in zip(part, sided, strict=True):
        if zone not in best or part_area[p] > part_area[best[zone]] + 1e-9:
            best[zone] = p
    lost = np.array([best[zone] != p or part_area[p] < SLIVER_CM2 for p, zone in zip(part, sided, strict=True)])
    result = index.copy()
    while lost.any():
        votes: dict[int, dict[int, int]] = {}
        for a, b in edges[lost[edges[:, 0]] != lost[edges[:, 1]]]:
            inside, outside = (a, b) if lost[a] else (b, a)
            tally = votes.setdefault(int(inside), {})
            tally[int(result[outside])] = tally.get(int(result[outside]), 0) + 1
        if not votes:
            break
        for vertex, tally in votes.items():
            result[vertex] = min(tally, key=lambda z: (-tally[z], z))
            lost[vertex] = False
    return result


def build_zones(mesh: Mesh, visible: NDArray[np.bool_], area: Floats) -> tuple[list[ZoneRow], NDArray[np.int16]]:
    """All sided zones and the zone index of every vertex."""
    names = [*MIDLINE, *PAIRED]
    number = {name: k for k, name in enumerate(names)}
    labels = rule_labels(mesh)
    unknown = sorted(set(labels) - set(names))
    if unknown:
        raise SystemExit(f"Zone rule gives names that have no words: {', '.join(map(str, unknown))}")
    index = np.array([number[name] for name in labels])
    own = np.arange(len(index))
    midline_vertex = mesh.mirror == own
    right = ~midline_vertex & (mesh.points[:, 0] < 0)
    on_midline = np.array([name in MIDLINE for name in names])
    spread, edges = diffusion(mesh), edges_of(mesh.triangles)
    whole_area, area = area, np.where(visible, area, 0)
    for step in range(3):
        if step == 0:
            index = _smoothed(index, len(names), spread)
        index[right] = index[mesh.mirror[right]]
        sided = index * 2 + np.where(on_midline[index], 0, right)
        index = _one_piece(index, sided, edges, area)
    index[right] = index[mesh.mirror[right]]
    index = _midline_belongs_to_midline(index, midline_vertex, on_midline, edges)
    for name, mask in late_labels(mesh, visible).items():
        left = np.nonzero(mask & ~right & ~midline_vertex)[0]
        index[left] = index[mesh.mirror[left]] = number[name]
    area = np.where(visible | _is_teeth(index, names), whole_area, 0)
    rows, lookup = [], {}
    weight = np.bincount(index * 2 + np.where(on_midline[index], 0, right), weights=area, minlength=2 * len(names))
    for k, name in enumerate(names):
        for offset, side in enumerate(("midline",) if on_midline[k] else ("left", "right")):
            if weight[2 * k + offset] > 0:
                lookup[2 * k + offset] = len(rows)
                words = MIDLINE.get(name) or PAIRED[name]
                rows.append(ZoneRow(f"zone.{name}", side, words, round(float(weight[2 * k + offset]), 1)))
    final = index * 2 + np.where(on_midline[index], 0, right)
    return rows, np.array([lookup[z] for z in final], np.int16)


def _is_teeth(index: NDArray[np.int64], names: list[str]) -> NDArray[np.bool_]:
    return np.isin(index, [k for k, name in enumerate(names) if name.startswith("head.teeth")])


def paintable_vertices(visible: NDArray[np.bool_], rows: list[ZoneRow], zone: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Skin that is seen, and the teeth."""
    teeth = [k for k, row in enumerate(rows) if row.id.startswith("zone.head.teeth")]
    result: NDArray[np.bool_] = visible | np.isin(zone, teeth)
    return result


def _midline_belongs_to_midline(
    index: NDArray[np.int64], midline_vertex: NDArray[np.bool_], on_midline: NDArray[np.bool_], edges: Ints
) -> NDArray[np.int64]:
    """A vertex that is its own mirror image cannot have a side: give it the nearest midline zone."""
    result = index.copy()
    todo = midline_vertex & ~on_midline[index]
    while todo.any():
        moved = False
        for a, b in np.vstack([edges, edges[:, ::-1]]):
            if todo[a] and on_midline[result[b]]:
                result[a], todo[a], moved = result[b], False, True
        if not moved:
            raise SystemExit("A midline vertex touches no midline zone.")
    return result
