"""What is told against what is written: fits are bounded, denied words do not fit, dangers are never raised by them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.findings import Picture
from tautband.knowledge.loading import atlas
from tautband.reasoning import POLICY
from tautband.reasoning.evidence import read_picture
from tautband.reasoning.loading import reasoner
from tautband.reasoning.sayings import sayings_of

SENTENCES = [sentence.text for sentence in sayings_of(atlas()).sentences]


def test_a_cited_sentence_of_several_words_fits_its_own_source_wholly() -> None:
    every = sayings_of(atlas())
    for sentence in [s for s in every.sentences if len(s.words) > 1][::25]:
        assert max(h.share for h in every.heard([sentence.text])[sentence.of]) > 0.999


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), max_size=30))
def test_however_much_is_told_a_source_rises_no_further_than_the_cap_and_no_danger_rises(said: list[str]) -> None:
    shifts = read_picture(Picture(said=tuple(said)), reasoner().model).shifts.get("said", {})
    assert all(0 < nats <= POLICY.said_cap_nats for nats in shifts.values())
    assert not [key for key in shifts if key.startswith("flag.")]


def test_a_denied_word_does_not_fit() -> None:
    every = sayings_of(atlas())
    assert every.heard(["no tingling, no clumsy thumb"]) != every.heard(["tingling, clumsy thumb"])


def test_nothing_told_is_nothing_heard() -> None:
    assert sayings_of(atlas()).heard([]) == {}
