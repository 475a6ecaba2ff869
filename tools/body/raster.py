"""Orthographic z-buffer: which triangle is seen at each pixel. Compiled, so 30 views take about a second."""

import numba
import numpy as np
from numpy.typing import NDArray
from tools.body.mesh import Floats, Ints

EMPTY = -1


@numba.njit(cache=False)
def _fill(xy, depth, triangles, height, width):  # type: ignore[no-untyped-def]
    seen = np.full((height, width), -1, np.int32)
    nearest = np.full((height, width), -1e9)
    for t in range(len(triangles)):
        a, b, c = triangles[t]
        ax, ay, bx, by, cx, cy = xy[a, 0], xy[a, 1], xy[b, 0], xy[b, 1], xy[c, 0], xy[c, 1]
        area = (by - cy) * (ax - cx) + (cx - bx) * (ay - cy)
        if area >= -1e-9:  # turned away (image y runs down)
            continue
        x0, x1 = max(int(np.floor(min(ax, bx, cx))), 0), min(int(np.ceil(max(ax, bx, cx))), width - 1)
        y0, y1 = max(int(np.floor(min(ay, by, cy))), 0), min(int(np.ceil(max(ay, by, cy))), height - 1)
        for y in range(y0, y1 + 1):
            for x in range(x0, x1 + 1):
                u = ((by - cy) * (x - cx) + (cx - bx) * (y - cy)) / area
                v = ((cy - ay) * (x - cx) + (ax - cx) * (y - cy)) / area
                w = 1.0 - u - v
                if u < -1e-6 or v < -1e-6 or w < -1e-6:
                    continue
                z = u * depth[a] + v * depth[b] + w * depth[c]
                if z > nearest[y, x]:
                    nearest[y, x] = z
                    seen[y, x] = t
    return seen, nearest


def turned(points: Floats, azimuth_deg: float, tilt_deg: float = 0.0) -> Floats:
    """Points in view axes (x right, y up, z to the viewer): 0 front, 90 the body's left, 180 back."""
    a, t = np.radians(azimuth_deg), np.radians(tilt_deg)
    around = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    over = np.array([[1, 0, 0], [0, np.cos(t), -np.sin(t)], [0, np.sin(t), np.cos(t)]])
    result: Floats = points @ around.T @ over.T
    return result


def rasterise(xy: Floats, depth: Floats, triangles: Ints, height: int, width: int) -> tuple[NDArray[np.int32], Floats]:
    """Seen triangle and its depth at each pixel (height, width); -1 where there is none."""
    seen, nearest = _fill(xy, depth, triangles, height, width)
    return seen, nearest
