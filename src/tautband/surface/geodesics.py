"""Distances along the skin: Dijkstra on the edges plus a shortcut across each edge (mean error about 2 %).

SciPy is imported on first use, so that importing the surface stays cheap.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tautband.surface.mesh import body

if TYPE_CHECKING:
    import scipy.sparse as sp

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


def edge_pairs(triangles: NDArray[np.integer]) -> NDArray[np.int64]:
    """Each edge once, (k, 2), smaller id first."""
    sides = np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]).astype(np.int64)
    return np.unique(np.sort(sides, axis=1), axis=0)


def _shortcuts(points: Floats, triangles: NDArray[np.integer]) -> tuple[NDArray[np.int64], Floats]:
    """Pairs opposite a shared edge and their distance with both triangles unfolded into one plane."""
    turns = [triangles[:, order] for order in ([0, 1, 2], [1, 2, 0], [2, 0, 1])]
    corners = np.vstack(turns).astype(np.int64)  # edge (0, 1), opposite 2
    low, high = corners[:, :2].min(axis=1), corners[:, :2].max(axis=1)
    order = np.lexsort((high, low))
    low, high, tip = low[order], high[order], corners[order, 2]
    twin = (low[:-1] == low[1:]) & (high[:-1] == high[1:])
    a, b, c, d = low[:-1][twin], high[:-1][twin], tip[:-1][twin], tip[1:][twin]
    edge = points[b] - points[a]
    length = np.linalg.norm(edge, axis=1)
    unit = edge / length[:, None]
    x_c, x_d = (((points[t] - points[a]) * unit).sum(axis=1) for t in (c, d))
    y_c, y_d = (np.linalg.norm(points[t] - points[a] - x[:, None] * unit, axis=1) for t, x in ((c, x_c), (d, x_d)))
    crossing = x_c + (x_d - x_c) * y_c / (y_c + y_d)
    inside = (crossing > 0) & (crossing < length)  # the straight line must cross the shared edge itself
    pairs = np.column_stack([c, d])[inside]
    return pairs, np.hypot(x_c - x_d, y_c + y_d)[inside]


@cache
def graph() -> "sp.csr_matrix[np.float64]":
    """Symmetric matrix of step lengths in metres between neighbouring vertices."""
    import scipy.sparse as sp

    surface = body()
    edges = edge_pairs(surface.triangles)
    lengths = np.linalg.norm(surface.points_m[edges[:, 0]] - surface.points_m[edges[:, 1]], axis=1)
    pairs, across = _shortcuts(surface.points_m, surface.triangles)
    steps, weights = np.vstack([edges, pairs]), np.concatenate([lengths, across])
    n = surface.vertex_count
    rows, columns = np.r_[steps[:, 0], steps[:, 1]], np.r_[steps[:, 1], steps[:, 0]]
    return sp.csr_matrix((np.r_[weights, weights], (rows, columns)), shape=(n, n))


@cache
def smoothing() -> "sp.csr_matrix[np.float64]":
    """Row-stochastic average over the neighbours, nearer ones counting more."""
    import scipy.sparse as sp

    surface = body()
    edges = edge_pairs(surface.triangles)
    a, b = edges[:, 0], edges[:, 1]
    near = 1 / np.maximum(np.linalg.norm(surface.points_m[a] - surface.points_m[b], axis=1), 1e-4)
    n = surface.vertex_count
    matrix = sp.csr_matrix((np.r_[near, near], (np.r_[a, b], np.r_[b, a])), shape=(n, n))
    return sp.csr_matrix(sp.diags(1 / np.asarray(matrix.sum(axis=1)).ravel()) @ matrix)


def distances_m(sources: Sequence[int], limit_m: float = np.inf) -> tuple[Floats, Ints]:
    """Distance (n,) from the nearest source in metres, inf beyond the limit, and that source's vertex id."""
    from scipy.sparse.csgraph import dijkstra

    distance, _, nearest = dijkstra(
        graph(), indices=list(sources), min_only=True, return_predecessors=True, limit=limit_m
    )
    return distance, nearest


def path(start: int, end: int) -> list[int]:
    """Vertex ids of a shortest path along the skin, both ends included."""
    from scipy.sparse.csgraph import dijkstra

    points = body().points_m
    straight = float(np.linalg.norm(points[start] - points[end]))
    for limit in (1.6 * straight + 0.05, np.inf):
        distance, previous = dijkstra(graph(), indices=[end], return_predecessors=True, limit=limit)
        if np.isfinite(distance[0, start]):
            break
    steps = [start]
    while steps[-1] != end:
        steps.append(int(previous[0, steps[-1]]))
    return steps
