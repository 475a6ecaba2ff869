"""Another figure laid on the skin of body-1: by its landmarks and its own shape, without asking its vertex ids.

A figure is warped into the frame of body-1 by its landmarks (thin-plate spline) and each of its points then goes to the
nearest skin. Where a point lies is what the zone rules, which speak of places on body-1, say of the figure's own
geometry. `tools/body/figures.py` builds figures so that this place is the place of the id.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]

NEAR_M = 0.06
"""Skin farther away than this along body-1 is another limb, however close it lies in space."""
CANDIDATES = 8


def in_frame(points_m: Floats, marks: Ints, reference_m: Floats, ids: Ints | None = None) -> Floats:
    """A figure's points (all, or those with these ids) in the frame of the reference, by the landmarks `marks`."""
    from scipy.interpolate import RBFInterpolator

    warp = RBFInterpolator(points_m[marks], reference_m[marks], kernel="thin_plate_spline", smoothing=1e-6)
    warped: Floats = np.asarray(warp(points_m if ids is None else points_m[ids]))
    return warped


def on_skin(
    queries_m: Floats, ids: Ints, skin_m: Floats, triangles: Ints, reference_m: Floats
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """The nearest point of a skin to each query: triangle, barycentric weights (n, 3), distance in metres.

    ids          which vertex each query is, only to leave out skin that is far away along the body
    reference_m  the points that measure how far that is

    A query with no skin near gets triangle -1.
    """
    import scipy.sparse as sp
    from scipy.spatial import cKDTree

    count = len(triangles)
    around = sp.csr_matrix(
        (np.ones(3 * count, np.int8), (triangles.ravel(), np.repeat(np.arange(count), 3))), (len(skin_m), count)
    )
    close: NDArray[np.int64] = np.asarray(cKDTree(skin_m).query(queries_m, k=CANDIDATES)[1])
    found, distance = np.full(len(queries_m), -1), np.full(len(queries_m), np.inf)
    weights = np.zeros((len(queries_m), 3))
    for column in close.T:
        rows = np.nonzero(np.linalg.norm(reference_m[column] - reference_m[ids], axis=1) < NEAR_M)[0]
        start, end = around.indptr[column[rows]], around.indptr[column[rows] + 1]
        for step in range(int((end - start).max(initial=0))):
            some = start + step < end
            asked, tested = rows[some], around.indices[start[some] + step]
            corners = skin_m[triangles[tested]]
            share, away = _nearest(queries_m[asked], corners)
            better = away < distance[asked]
            chosen = asked[better]
            found[chosen], distance[chosen], weights[chosen] = tested[better], away[better], share[better]
    return found, weights, distance


def _nearest(points: Floats, corners: Floats) -> tuple[Floats, Floats]:
    """Barycentric weights of the nearest point of each triangle (n, 3, 3), and how far it is."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    ab, ac, ap = b - a, c - a, points - a
    d00, d01, d11 = (ab * ab).sum(1), (ab * ac).sum(1), (ac * ac).sum(1)
    d20, d21 = (ap * ab).sum(1), (ap * ac).sum(1)
    scale = np.maximum(d00 * d11 - d01 * d01, 1e-20)
    v, w = (d11 * d20 - d01 * d21) / scale, (d00 * d21 - d01 * d20) / scale
    inside = np.column_stack([1 - v - w, v, w])
    within: NDArray[np.bool_] = np.asarray((inside >= 0).all(axis=1))
    tries = [np.where(within[:, None], inside, np.nan)]
    for first, second in ((0, 1), (0, 2), (1, 2)):
        edge = corners[:, second] - corners[:, first]
        t = np.clip(((points - corners[:, first]) * edge).sum(1) / np.maximum((edge * edge).sum(1), 1e-20), 0, 1)
        share = np.zeros_like(inside)
        share[:, first], share[:, second] = 1 - t, t
        tries.append(share)
    stacked = np.array(tries)
    away = np.linalg.norm(np.einsum("kni,nij->knj", stacked, corners) - points, axis=2)
    best = np.nanargmin(away, axis=0)
    rows = np.arange(len(points))
    return stacked[best, rows], away[best, rows]


def zone_agreement(points_m: Floats, every: int = 1) -> tuple[float, float]:
    """Share 0..1 of the skin of a figure whose zone is the one its own geometry asks for, and the same by zone edge.

    every  look at each so-manieth vertex only

    The second number counts a vertex as wrong only where it lies more than `EDGE_M` beyond the border of its zone.
    """
    from tautband.surface.mesh import body
    from tautband.surface.named_points import landmarks

    surface = body()
    marks = np.array(sorted({vertex for mark in landmarks().values() for vertex in mark.vertices.values()}))
    ids = np.nonzero(surface.visible)[0][::every]
    warped = in_frame(points_m, marks, surface.points_m, ids)
    triangle, share, _ = on_skin(warped, ids, surface.points_m, surface.triangles, surface.points_m)
    corner = surface.triangles[triangle, share.argmax(axis=1)]
    agrees = (triangle >= 0) & (surface.zone_index[corner] == surface.zone_index[ids])
    place = np.einsum("ni,nij->nj", share, surface.points_m[surface.triangles[triangle]])
    near = agrees | (np.linalg.norm(place - surface.points_m[ids], axis=1) < EDGE_M)
    area = surface.vertex_area_cm2[ids]
    return float(area[agrees].sum() / area.sum()), float(area[near].sum() / area.sum())


EDGE_M = 0.005
"""Five millimetres: the finest brush of the painter has a radius of 4.5."""
