"""What is kept for speed never outlives the zones, landmarks and rules it was computed with."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tautband.knowledge import atlas, cache, places
from tautband.surface import fingerprint, version, zones


@pytest.mark.parametrize("changed", ["data/zones.json", "data/landmarks.json", "data/body-1.npz", "fields.py"])
def test_a_changed_zone_landmark_mesh_or_rule_has_another_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    copy = tmp_path / "surface"
    shutil.copytree(version.HERE, copy, ignore=shutil.ignore_patterns("__pycache__", "charts", "figures", "*.glb"))
    monkeypatch.setattr(version, "HERE", copy)
    assert fingerprint.__wrapped__() == fingerprint()
    with (copy / changed).open("ab") as file:
        file.write(b" ")
    assert fingerprint.__wrapped__() != fingerprint()


def test_rows_of_older_zones_are_never_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAUTBAND_CACHE", str(tmp_path))
    monkeypatch.setattr(places, "_rows", lambda drawn: np.ones((len(drawn), 3), np.float32))
    older = places.covered.__wrapped__(atlas())
    assert older.rows.shape[1] == 3
    monkeypatch.setattr(places, "_rows", lambda drawn: np.zeros((len(drawn), len(zones())), np.float32))
    assert places.covered.__wrapped__(atlas()).rows.shape[1] == 3  # nothing changed: from the folder
    monkeypatch.setattr(places, "fingerprint", lambda: "of a body with more zones")
    assert places.covered.__wrapped__(atlas()).rows.shape[1] == len(zones())
    assert len(list(cache.cache_folder().glob("covered-*.pickle"))) == 2


def test_parts_that_reach_toward_another_place_are_drawn_apart() -> None:
    records = atlas().records.values()
    part = next(part for record in records for _, _, parts in places.fields_of(record) for part in parts if part.blob)
    reaching = part.model_copy(update={"toward": "joint.hip_center", "stretch": 2.0})
    assert len({places._drawing(p) for p in (part, reaching, reaching.model_copy(update={"stretch": 3.0}))}) == 3
