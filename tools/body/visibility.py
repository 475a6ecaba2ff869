"""Which vertices can be seen from outside: mouth, nostrils and eye sockets are not skin to be painted."""

import numpy as np
from numpy.typing import NDArray
from tools.body.mesh import Mesh
from tools.body.raster import rasterise, turned

TILTS_DEG = (-60, -25, 0, 25, 60)
AZIMUTHS_DEG = range(0, 360, 60)
HEIGHT_PX = 1100


def visible_vertices(mesh: Mesh) -> NDArray[np.bool_]:
    """True for vertices of a triangle seen from at least one of 30 directions; the same on both sides."""
    seen_triangles = np.zeros(len(mesh.triangles), bool)
    for tilt in TILTS_DEG:
        for azimuth in AZIMUTHS_DEG:
            view = turned(mesh.points, azimuth, tilt)
            scale = (HEIGHT_PX - 4) / np.ptp(view[:, 1])
            xy = (view[:, :2] - view[:, :2].min(axis=0)) * scale + 2
            xy[:, 1] = HEIGHT_PX - xy[:, 1]
            width = int(xy[:, 0].max()) + 3
            seen, _ = rasterise(xy, view[:, 2], mesh.triangles, HEIGHT_PX, width)
            seen_triangles[np.unique(seen[seen >= 0])] = True
    visible = np.zeros(len(mesh.points), bool)
    visible[mesh.triangles[seen_triangles].ravel()] = True
    both: NDArray[np.bool_] = visible | visible[mesh.mirror]
    return both
