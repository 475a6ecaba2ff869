"""A model read from the cache answers as the one that was built; a damaged cache is only slower."""

from pathlib import Path

import pytest

from tautband.findings import Drawing, Finding, Mark, Picture
from tautband.knowledge import Atlas, cache
from tautband.reasoning import Reasoner, loading
from tautband.terms.sides import Side

PICTURE = Picture(
    drawing=Drawing((Mark("area.shoulder_front", Side.RIGHT), Mark("area.forearm", Side.RIGHT)), complete=False),
    findings=(Finding("exam.night_pain"),),
)


def answer(reasoner: Reasoner) -> list[tuple[str, float]]:
    return [(s.key, s.probability) for s in reasoner.consider(PICTURE).suspects]


def test_the_second_process_reads_what_the_first_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_reasoner: Reasoner
) -> None:
    monkeypatch.setenv("TAUTBAND_CACHE", str(tmp_path))
    atlas: Atlas = real_reasoner.model.atlas
    built = loading.cached_model(atlas)
    assert list(tmp_path.glob("model-*.pickle"))
    monkeypatch.setattr(loading, "build_model", lambda *_: pytest.fail("it was built again"))
    read = loading.cached_model(atlas)
    assert answer(Reasoner(read)) == answer(Reasoner(built)) == answer(real_reasoner)


def test_a_damaged_cache_is_built_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: Atlas) -> None:
    monkeypatch.setenv("TAUTBAND_CACHE", str(tmp_path))
    monkeypatch.setattr(loading.cache, "fetch", lambda *_: {"half": "a model"})
    monkeypatch.setattr(cache, "keep", lambda *_: True)
    built: list[Atlas] = []
    real = loading.build_model
    monkeypatch.setattr(loading, "build_model", lambda known, *rest: built.append(known) or real(known))
    assert loading.cached_model(small).atlas is small
    assert built == [small]
