"""The one body surface everything is drawn on: `body-1`, its vertices, triangles, mirror map and areas.

Axes in metres: x to the body's left, y up from the floor, z forward. Stature 1.72 m. Ids never change inside a
version; how the surface is made and what it comes from is in data/PROVENANCE.md and docs/methods/surface.md.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np
from numpy.typing import NDArray

SURFACE = "body-1"


class SurfaceError(ValueError):
    """Something was asked of the surface that it does not have; the message says what to do."""


@dataclass(frozen=True, eq=False)
class Body:
    """The surface as arrays; all are read-only.

    points_m         (n, 3) float64, positions in metres
    triangles        (m, 3) int32, vertex ids, counter-clockwise from outside
    mirror           (n,) int32, id of the vertex on the other side; a midline vertex maps to itself
    visible          (n,) bool, False inside mouth, nostrils and eye sockets, which are never painted
    paintable        (n,) bool, what can be marked: the visible skin, and the teeth behind the lips
    vertex_area_cm2  (n,) float64, skin that belongs to each vertex; the visible ones sum to the body's skin area
    zone_index       (n,) int16, index into `zones()`
    """

    points_m: NDArray[np.float64]
    triangles: NDArray[np.int32]
    mirror: NDArray[np.int32]
    visible: NDArray[np.bool_]
    paintable: NDArray[np.bool_]
    vertex_area_cm2: NDArray[np.float64]
    zone_index: NDArray[np.int16]

    @property
    def vertex_count(self) -> int:
        return len(self.points_m)


def data() -> Traversable:
    """Folder of the committed surface files."""
    return files("tautband.surface") / "data"


@cache
def body() -> Body:
    """Load the surface once (about 20 ms)."""
    with (data() / f"{SURFACE}.npz").open("rb") as file, np.load(file) as stored:
        arrays = (
            stored["points"].astype(np.float64),
            stored["triangles"].astype(np.int32),
            stored["mirror"].astype(np.int32),
            stored["visible"],
            stored["paintable"],
            stored["area_cm2"].astype(np.float64),
            stored["zone"],
        )
    for array in arrays:
        array.setflags(write=False)
    return Body(*arrays)
