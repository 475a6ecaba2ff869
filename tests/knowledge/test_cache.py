"""The compiled cache saves time and never changes what is loaded."""

import os
import pickle
from pathlib import Path

import pytest

from tautband.knowledge import Atlas, load
from tautband.knowledge.cache import fetch, keep, key_of


def same(one: Atlas, other: Atlas) -> bool:
    return all(
        getattr(one, key) == getattr(other, key) for key in ("records", "points", "areas", "sources", "problems")
    )


def test_from_the_cache_comes_what_was_built(folder: Path, own_cache: Path) -> None:
    cold = load([folder])
    assert len(list(own_cache.glob("atlas-*.pickle"))) == 1
    warm = load([folder])
    assert warm is not cold
    assert same(warm, cold)
    assert same(warm, load([folder], use_cache=False))


def test_a_changed_added_or_removed_file_is_seen(folder: Path) -> None:
    load([folder])
    muscle = folder / "muscles/arm_elbow/flexor.yaml"
    muscle.write_text(muscle.read_text(encoding="utf-8").replace("en: Flexor", "en: Bender"), encoding="utf-8")
    assert load([folder]).name("muscle.flexor") == "Bender"
    (folder / "muscles/arm_elbow/extensor.yaml").unlink()
    assert "muscle.extensor" not in load([folder])
    (folder / "muscles/arm_elbow/broken.yaml").write_text("id: [", encoding="utf-8")
    assert len(load([folder]).problems) == 1


def test_a_change_of_the_same_size_is_seen_by_its_time(folder: Path) -> None:
    before = key_of([folder])
    muscle = folder / "muscles/arm_elbow/flexor.yaml"
    stat = muscle.stat()
    os.utime(muscle, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert key_of([folder]) != before


def test_rubbish_in_the_cache_is_thrown_away(folder: Path, own_cache: Path) -> None:
    load([folder])
    (kept,) = own_cache.glob("atlas-*.pickle")
    for rubbish in (b"", b"rubbish", pickle.dumps({"not": "an atlas"})):
        kept.write_bytes(rubbish)
        assert load([folder]).name("muscle.flexor") == "Flexor"


def test_a_file_others_may_write_is_never_opened(own_cache: Path) -> None:
    keep("thing", "key", {"a": 1})
    assert fetch("thing", "key") == {"a": 1}
    (own_cache / "thing-key.pickle").chmod(0o666)
    assert fetch("thing", "key") is None


def test_without_a_writable_folder_it_only_takes_longer(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("TAUTBAND_CACHE", str(tmp_path / "file"))
    assert keep("thing", "key", 1) is False
    assert load([folder]).name("muscle.flexor") == "Flexor"


def test_only_the_newest_few_are_kept(own_cache: Path) -> None:
    for number in range(8):
        keep("thing", str(number), number)
    assert len(list(own_cache.glob("thing-*.pickle"))) <= 4
    assert fetch("thing", "7") == 7


def test_a_full_disk_leaves_no_half_file(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tautband.knowledge.cache.pickle.dump", full)
    assert keep("thing", "key", 1) is False
    assert list(own_cache.iterdir()) == []
