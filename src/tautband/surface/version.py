"""What decides where ink falls: the version of the mesh with all zones, landmarks and rules laid on it."""

import hashlib
from functools import cache
from pathlib import Path

from tautband.surface.mesh import SURFACE

HERE = Path(__file__).parent
DECIDING = ("*.py", "data/*.npz", "data/*.json", "data/*.yaml")


@cache
def fingerprint() -> str:
    """A hash that changes when any zone, landmark, or rule of laying a field changes, though the mesh stays the same.

    `SURFACE` names the mesh, for which drawings are kept for good. What is computed on it and kept for speed must
    not outlive a new zone or landmark, so it is kept under this.
    """
    digest = hashlib.sha256(SURFACE.encode())
    for pattern in DECIDING:
        for path in sorted(HERE.glob(pattern)):
            digest.update(f"\0{path.relative_to(HERE).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]
