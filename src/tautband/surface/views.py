"""The chart views: how a point of the body becomes a point of a chart.

Chart units: 800 to a metre of the 1.72 m body; the whole figure is 1400 high. Front and back face the reader, so in
the front view the client's right is on the reader's left. Three smaller charts show what the standing figure hides:
the soles from below (toes up) and the inner side of each leg.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tautband.surface.mesh import SurfaceError

Floats = NDArray[np.float64]
Axis = tuple[int, int, int]

UNITS_PER_M = 800.0
LEFT, UP, FORWARD = (1, 0, 0), (0, 1, 0), (0, 0, 1)  # body axes
RIGHT, DOWN, BACK = (-1, 0, 0), (0, -1, 0), (0, 0, -1)
EVERYWHERE = ((-9.0, 9.0), (-9.0, 9.0))


@dataclass(frozen=True)
class View:
    """One direction of looking.

    across, upward, toward  body directions of the chart's right, the chart's top, and of the reader
    width, height           size in chart units
    left_m, bottom_m        what stands at the chart's left and bottom edge, along `across` and `upward`
    shown_m                 range of x and of y, in metres, that is drawn; the rest of the body is left out
    """

    name: str
    across: Axis
    upward: Axis
    toward: Axis
    width: int
    height: int
    left_m: float
    bottom_m: float
    shown_m: tuple[tuple[float, float], tuple[float, float]] = EVERYWHERE

    def turn(self, vectors: Floats) -> Floats:
        """Body axes to view axes: right on the chart, up on the chart, toward the reader."""
        turned: Floats = vectors @ np.array([self.across, self.upward, self.toward], float).T
        return turned

    def project(self, points_m: Floats) -> tuple[Floats, Floats]:
        """Chart coordinates (n, 2) and depth toward the reader in metres (n,)."""
        turned = self.turn(points_m)
        x = UNITS_PER_M * (turned[:, 0] - self.left_m)
        y = self.height - UNITS_PER_M * (turned[:, 1] - self.bottom_m)
        return np.column_stack([x, y]), turned[:, 2]

    def shows(self, points_m: Floats) -> NDArray[np.bool_]:
        """Which points lie in the part of the body this view draws."""
        (x_low, x_high), (y_low, y_high) = self.shown_m
        x, y = points_m[:, 0], points_m[:, 1]
        inside: NDArray[np.bool_] = (x >= x_low) & (x <= x_high) & (y >= y_low) & (y <= y_high)
        return inside


VIEWS = {
    view.name: view
    for view in (
        View("front", LEFT, UP, FORWARD, 800, 1400, -0.5, -0.015),
        View("back", RIGHT, UP, BACK, 800, 1400, -0.5, -0.015),
        View("left", BACK, UP, LEFT, 340, 1400, -0.1885, -0.015),
        View("right", FORWARD, UP, RIGHT, 340, 1400, -0.2365, -0.015),
        View("soles", LEFT, FORWARD, DOWN, 416, 256, -0.26, -0.155, ((-0.3, 0.3), (-0.1, 0.11))),
        View("inner_left", FORWARD, UP, RIGHT, 340, 680, -0.2365, -0.015, ((0.0, 0.3), (-0.1, 0.81))),
        View("inner_right", BACK, UP, LEFT, 340, 680, -0.1885, -0.015, ((-0.3, 0.0), (-0.1, 0.81))),
    )
}


def view_named(name: str) -> View:
    """The view with this name. Raises SurfaceError for another word."""
    if name not in VIEWS:
        raise SurfaceError(f"There is no chart view {name!r}; the views are {', '.join(VIEWS)}.")
    return VIEWS[name]
