"""The four chart views: how a point of the body becomes a point of a chart.

Chart units: 800 to a metre of the 1.72 m body, 1400 high. Front and back face the reader, so in the front view the
client's right is on the reader's left.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tautband.surface.mesh import SurfaceError

Floats = NDArray[np.float64]

UNITS_PER_M = 800.0
HEIGHT = 1400
FLOOR = 1388.0  # chart height of the soles


@dataclass(frozen=True)
class View:
    """One direction of looking. `centre_m` is what stands in the middle of the chart's width."""

    name: str
    azimuth_deg: int
    width: int
    centre_m: float

    def turn(self, vectors: Floats) -> Floats:
        """Body axes to view axes: x right on the chart, y up, z toward the reader."""
        angle = np.radians(self.azimuth_deg)
        cosine, sine = round(float(np.cos(angle)), 12), round(float(np.sin(angle)), 12)
        x, y, z = vectors.T
        return np.column_stack([cosine * x - sine * z, y, sine * x + cosine * z])

    def project(self, points_m: Floats) -> tuple[Floats, Floats]:
        """Chart coordinates (n, 2) and depth toward the reader in metres (n,)."""
        turned = self.turn(points_m)
        x = self.width / 2 + UNITS_PER_M * (turned[:, 0] - self.centre_m)
        y = FLOOR - UNITS_PER_M * turned[:, 1]
        return np.column_stack([x, y]), turned[:, 2]


VIEWS = {
    view.name: view
    for view in (
        View("front", 0, 800, 0.0),
        View("back", 180, 800, 0.0),
        View("left", 90, 340, 0.024),
        View("right", 270, 340, -0.024),
    )
}


def view_named(name: str) -> View:
    """The view with this name. Raises SurfaceError for another word."""
    if name not in VIEWS:
        raise SurfaceError(f"There is no chart view {name!r}; the views are {', '.join(VIEWS)}.")
    return VIEWS[name]
