"""Other builds of body with the same vertex ids: how the figure looks, never what a drawing says.

Figures stand in chart pose, 1.72 m tall, on y = 0. File format (little-endian): magic `TBP1`, uint32 count, float32
unit in metres, float32 zero, then x y z of every vertex as int16. Browsers read the same files from `/static/surface/`.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tautband.surface.mesh import SurfaceError, body, data

FIGURES = ("average", "female", "male", "broad", "slim")
"""The builds to choose from; chest tips and groin are smoothed on all of them."""

_HEAD = np.dtype([("magic", "S4"), ("count", "<u4"), ("unit_m", "<f4"), ("zero", "<f4")])


@cache
def figure_points(name: str = "average") -> NDArray[np.float64]:
    """Positions (n, 3) in metres of every vertex in one build. Raises SurfaceError for an unknown one."""
    if name not in FIGURES:
        raise SurfaceError(f"There is no figure {name!r}; there are {', '.join(FIGURES)}.")
    stored = (data() / "figures" / f"figure-{name}.bin").read_bytes()
    head = np.frombuffer(stored, _HEAD, 1)[0]
    if head["magic"] != b"TBP1" or head["count"] != body().vertex_count:
        raise SurfaceError(f"figure-{name}.bin does not belong to this surface; run tools/build_body.py.")
    steps = np.frombuffer(stored, "<i2", offset=_HEAD.itemsize).reshape(-1, 3)
    points = steps.astype(np.float64) * float(head["unit_m"])
    points.setflags(write=False)
    return points
