"""Write the body as the painter in the browser reads it: small, quantised, vertex order kept, so that ids stay ids.

python tools/build_painter_body.py            write the committed files under static/islands
python tools/build_painter_body.py --out DIR  write somewhere else (used by the comparison test)

`body-1.bin` (little endian): magic `TBB1`, uint32 vertex count n, uint32 triangle count m, float32 metres a unit,
float32 x, y, z of the centre; then, each as differences between neighbours, folded to small numbers, low bytes before
high bytes: positions (3 n, int16, all x, all y, all z), triangles (3 m), zone numbers (n), mirror ids (n); then one
byte a vertex, 1 where skin is seen, 2 for the teeth, which no brush reaches and zones fill. The other figures are made
with the surface (`tautband.surface.figures`).
"""

import argparse
import struct
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src")]

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from tautband.surface import SURFACE, body  # noqa: E402

ISLANDS = ROOT / "src" / "tautband" / "clinic" / "project" / "static" / "islands"
FULL = 32767


def folded(values: NDArray[np.integer]) -> bytes:
    """Differences modulo 65536, zigzag-folded, as a plane of low bytes and a plane of high bytes."""
    steps = np.diff(values.astype(np.int64), prepend=0)
    steps = (steps + 32768) % 65536 - 32768
    zigzag = np.where(steps >= 0, 2 * steps, -2 * steps - 1).astype("<u2")
    planes: NDArray[np.uint8] = zigzag.view(np.uint8).reshape(-1, 2).T
    return planes.tobytes()


def placed(points_m: NDArray[np.float64]) -> tuple[bytes, bytes]:
    """Header (unit, centre) and positions of one figure; x stays centred on 0, so that both sides are equal."""
    low, high = points_m.min(axis=0), points_m.max(axis=0)
    centre = np.array([0.0, *(low + high)[1:] / 2])
    unit = float(np.abs(points_m - centre).max() / FULL)
    whole = np.rint((points_m - centre) / unit).astype(np.int64)
    return struct.pack("<4f", unit, *centre), b"".join(folded(whole[:, axis]) for axis in range(3))


def painter_body() -> bytes:
    """`body-1.bin` as bytes."""
    surface = body()
    header, positions = placed(surface.points_m)
    counts = struct.pack("<4sII", b"TBB1", surface.vertex_count, len(surface.triangles))
    marked = np.where(surface.visible, 1, np.where(surface.paintable, 2, 0)).astype(np.uint8)
    parts = (surface.triangles.ravel(), surface.zone_index, surface.mirror)
    return counts + header + positions + b"".join(map(folded, parts)) + marked.tobytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ISLANDS)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{SURFACE}.bin").write_bytes(painter_body())
    print(out / f"{SURFACE}.bin")


if __name__ == "__main__":
    main()
