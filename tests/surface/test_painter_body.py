"""The painter's body is the surface: same ids, same places to a tenth of a millimetre, as the tool makes it."""

import runpy
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tautband.surface import body

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "src/tautband/clinic/project/static/islands/body-1.bin"


def unfolded(raw: bytes, count: int) -> NDArray[np.uint16]:
    planes = np.frombuffer(raw[: 2 * count], np.uint8).reshape(2, count).astype(np.int64)
    zigzag = planes[0] | planes[1] << 8
    return (np.cumsum(np.where(zigzag & 1, -(zigzag + 1) // 2, zigzag // 2)) % 65536).astype(np.uint16)


def test_the_committed_file_is_what_the_tool_makes():
    tool = runpy.run_path(str(ROOT / "tools/build_painter_body.py"))
    assert tool["painter_body"]() == COMMITTED.read_bytes(), "run python tools/build_painter_body.py"


def test_it_says_the_same_as_the_surface():
    raw = COMMITTED.read_bytes()
    magic, n, m = struct.unpack_from("<4sII", raw)
    unit, *centre = struct.unpack_from("<4f", raw, 12)
    surface, at = body(), 28
    assert (magic, n, m) == (b"TBB1", surface.vertex_count, len(surface.triangles))
    for axis in range(3):
        places = unfolded(raw[at:], n).astype(np.int16) * unit + centre[axis]
        assert np.abs(places - surface.points_m[:, axis]).max() < 1e-4
        at += 2 * n
    for expected in (surface.triangles.ravel(), surface.zone_index, surface.mirror):
        assert (unfolded(raw[at:], len(expected)) == expected).all()
        at += 2 * len(expected)
    marked = np.where(surface.visible, 1, np.where(surface.paintable, 2, 0))
    assert (np.frombuffer(raw[at:], np.uint8) == marked).all()
