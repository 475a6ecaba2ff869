"""Things are found by any of their names, nearly right spelling, and by what is said of them; on the packaged atlas."""

from functools import cache

import pytest

from tautband.knowledge import Atlas, load, packaged_folder
from tautband.knowledge.search import find, near, search


@cache
def packaged() -> Atlas:
    return load([packaged_folder()])


@pytest.mark.parametrize(
    "name",
    [
        "muscle.infraspinatus",
        "Infraspinatus",
        "infraspinatus muscle",
        "INFRASPINATUS",
        "Musculus infraspinatus",
        "the muscle on your shoulder blade",
        "infraspinatis",
        "trigger_point.infraspinatus",
        "  infraspinatus ",
    ],
)
def test_a_muscle_is_found_by_every_name(name: str) -> None:
    assert find(packaged(), name) == ("muscle.infraspinatus",)


def test_every_name_of_every_record_finds_it() -> None:
    atlas = packaged()
    for id, record in atlas.records.items():
        for name in (id, record.name.en, *record.synonyms):
            assert id in find(atlas, name), name


@pytest.mark.parametrize("name", ["xyzzy", "", "   ", "the of", "q" * 3000])
def test_what_is_unknown_finds_nothing(name: str) -> None:
    assert find(packaged(), name) == ()


def test_the_nearest_are_named() -> None:
    assert "muscle.supraspinatus" in near(packaged(), "supraspin")


def test_words_typed_halfway_find_it() -> None:
    assert "muscle.infraspinatus" in [hit.id for hit in search(packaged(), "infras")]
    assert search(packaged(), "infraspinatus")[0].id == "muscle.infraspinatus"
    assert search(packaged(), "median nerve", kinds=["nerve"])[0].id == "nerve.median"


def test_words_said_of_a_thing_find_it() -> None:
    assert "muscle.infraspinatus" in [hit.id for hit in search(packaged(), "coat sleeve")]


def test_misspelt_words_find_it() -> None:
    assert "muscle.supraspinatus" in [hit.id for hit in search(packaged(), "supraspinatos", limit=3)]


@pytest.mark.parametrize("text", ["", "!!!", "\x00", "a"])
def test_any_text_may_be_searched(text: str) -> None:
    search(packaged(), text)
