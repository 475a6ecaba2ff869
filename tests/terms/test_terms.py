"""Ids, sides and bands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tautband.terms.ids import KINDS, BadId, Sided, kind_of
from tautband.terms.probability import LIKELY_FROM, POSSIBLE_FROM, Band, band
from tautband.terms.sides import Side

NAMES = st.from_regex(r"[a-z0-9]+(_[a-z0-9]+)*", fullmatch=True)
IDS = st.builds(lambda k, parts: ".".join([k, *parts]), st.sampled_from(sorted(KINDS)), st.lists(NAMES, min_size=1))


@given(IDS, st.sampled_from(Side))
def test_a_sided_id_survives_being_written_and_read(id: str, side: Side) -> None:
    assert Sided.parse(str(Sided(id, side))) == Sided(id, side)


@given(IDS)
def test_the_kind_is_the_first_word(id: str) -> None:
    assert kind_of(id) == id.split(".")[0]


@pytest.mark.parametrize(
    "text", ["", "muscle", "Muscle.x", "muscle.X", "muscle..x", "thing.x", "muscle.x y", "muscle._x"]
)
def test_what_is_no_id_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadId, match=r"muscle\.infraspinatus"):
        kind_of(text)


@pytest.mark.parametrize("text", ["root.c6", "root.c6/", "root.c6/up", "/left"])
def test_an_id_without_a_side_is_refused(text: str) -> None:
    with pytest.raises(BadId):
        Sided.parse(text)


@given(st.sampled_from(Side))
def test_mirroring_twice_changes_nothing(side: Side) -> None:
    assert side.mirrored.mirrored is side
    assert (side.mirrored is side) == (side in (Side.MIDLINE, Side.BILATERAL))


def test_bilateral_means_both() -> None:
    assert Side.BILATERAL.each == (Side.LEFT, Side.RIGHT)
    assert Side.LEFT.each == (Side.LEFT,)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_likelier_source_never_has_a_weaker_word(p: float, q: float) -> None:
    order = [Band.UNLIKELY, Band.POSSIBLE, Band.LIKELY]
    if p <= q:
        assert order.index(band(p)) <= order.index(band(q))


def test_borders_of_the_words() -> None:
    assert band(LIKELY_FROM) is Band.LIKELY
    assert band(POSSIBLE_FROM) is Band.POSSIBLE
    assert band(0.0) is Band.UNLIKELY


@pytest.mark.parametrize("p", [-0.01, 1.01, float("nan")])
def test_no_word_for_what_is_no_probability(p: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        band(p)
