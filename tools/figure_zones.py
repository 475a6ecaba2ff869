"""Are the zones of another figure where the rules would put them? Prints the share of skin that agrees for each figure.

python tools/figure_zones.py WHEEL

The rules speak of centimetres on body-1. A figure's own geometry is brought into that frame by its landmarks alone
(thin-plate spline) and laid on the skin there; the rules are run on it, and the zone of each vertex is compared with
the one its id has. Exit code 1 below 99 %. `benchmarks/surface.py` and a test do the same without the wheel: what the
rules say of a place on body-1 is the zone of that place.
"""

import dataclasses
import sys
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import numpy as np  # noqa: E402
from tools.body import zone_rules  # noqa: E402
from tools.body.mesh import build_mesh, normals  # noqa: E402
from tools.body.source import Source  # noqa: E402
from tools.body.zones import build_zones  # noqa: E402

from tautband.surface import FIGURES, body, figure_points, landmarks  # noqa: E402
from tautband.surface.laying import in_frame, on_skin  # noqa: E402

BAR = 0.99


def main() -> int:
    mesh = build_mesh(Source(Path(sys.argv[1])))
    surface = body()
    marks = np.array(sorted({vertex for mark in landmarks().values() for vertex in mark.vertices.values()}))
    usual = normals(mesh.points, mesh.triangles)
    ids = np.arange(len(mesh.points))
    worst = 1.0
    for name in FIGURES:
        framed = in_frame(figure_points(name), marks, mesh.points)
        triangle, share, _ = on_skin(framed, ids, mesh.points, mesh.triangles, mesh.points)
        corners = mesh.triangles[triangle]
        points = np.einsum("ni,nij->nj", share, mesh.points[corners])
        facing = np.einsum("ni,nij->nj", share, usual[corners])
        both = [(each + each[mesh.mirror] * [-1, 1, 1]) / 2 for each in (points, facing)]
        with mock.patch.object(zone_rules, "normals", return_value=both[1].copy()):
            _, found = build_zones(dataclasses.replace(mesh, points=both[0]), surface.visible, surface.vertex_area_cm2)
        area = np.where(surface.visible, surface.vertex_area_cm2, 0)
        agrees = float(area[found == surface.zone_index].sum() / area.sum())
        worst = min(worst, agrees)
        print(f"{name:8} {agrees:.2%} of the skin has the zone its own geometry asks for")
    return 0 if worst >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
