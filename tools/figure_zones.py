"""Are the zones of another figure where the rules would put them? Prints the share of skin that agrees for each figure.

python tools/figure_zones.py WHEEL

The rules speak of centimetres on body-1. A figure's own geometry is brought into that frame by its landmarks alone
(thin-plate spline), the rules are run on it, and the zone of each vertex is compared with the one its id has.
Exit code 1 below 99 %.
"""

import dataclasses
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import numpy as np  # noqa: E402
from scipy.interpolate import RBFInterpolator  # noqa: E402
from tools.body.mesh import build_mesh  # noqa: E402
from tools.body.source import Source  # noqa: E402
from tools.body.zones import build_zones  # noqa: E402

from tautband.surface import FIGURES, body, figure_points, landmarks  # noqa: E402

BAR = 0.99


def in_frame(points: "np.ndarray") -> "np.ndarray":
    """A figure's points in the frame of body-1, by its landmarks."""
    marks = sorted({vertex for mark in landmarks().values() for vertex in mark.vertices.values()})
    warp = RBFInterpolator(points[marks], body().points_m[marks], kernel="thin_plate_spline", smoothing=1e-6)
    return np.asarray(warp(points))


def main() -> int:
    mesh = build_mesh(Source(Path(sys.argv[1])))
    surface = body()
    area = np.where(surface.visible, surface.vertex_area_cm2, 0)
    worst = 1.0
    for name in FIGURES:
        points = in_frame(figure_points(name))
        points = (points + points[mesh.mirror] * [-1, 1, 1]) / 2
        _, found = build_zones(dataclasses.replace(mesh, points=points), surface.visible, area)
        share = float(area[found == surface.zone_index].sum() / area.sum())
        worst = min(worst, share)
        print(f"{name:8} {share:.2%} of the skin has the zone its own geometry asks for")
    return 0 if worst >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
