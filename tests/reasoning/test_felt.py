"""What a mark says beside its place: quality, depth and beginning move a little, in the right direction, never far."""

from dataclasses import replace

import pytest

from tautband.findings import Drawing, Mark, Picture
from tautband.reasoning import Reasoner
from tautband.reasoning.felt import felt_shifts
from tautband.terms.sides import Side

FOREARM = Mark("area.forearm", Side.LEFT)
HAND = Mark("area.hand", Side.LEFT)


def drawn(*marks: Mark) -> Drawing:
    return Drawing(marks, complete=False)


def by_kind(real_reasoner: Reasoner, drawing: Drawing) -> dict[str, set[float]]:
    """Kind of source -> the signs of what the marks add to it."""
    signs: dict[str, set[float]] = {}
    for shifts in felt_shifts(drawing, real_reasoner.model).values():
        for key, nats in shifts.items():
            signs.setdefault(real_reasoner.model.hypothesis(key).kind, set()).add(nats > 0)
    return signs


@pytest.mark.parametrize("word", ["burning", "electric", "shooting"])
def test_a_nerves_word_raises_nerves_and_lowers_muscles(real_reasoner: Reasoner, word: str) -> None:
    signs = by_kind(real_reasoner, drawn(replace(FOREARM, quality=(word,))))
    assert signs["entrapment"] == {True}
    assert signs["root"] == {True}
    assert signs["trp"] == {False}


def test_an_ache_does_the_opposite(real_reasoner: Reasoner) -> None:
    signs = by_kind(real_reasoner, drawn(replace(FOREARM, quality=("ache",))))
    assert signs["entrapment"] == {False}
    assert signs["trp"] == {True}


@pytest.mark.parametrize("word", ["sharp", "throbbing", "worst of life"])
def test_words_that_fit_anything_say_nothing(real_reasoner: Reasoner, word: str) -> None:
    assert felt_shifts(drawn(replace(FOREARM, quality=(word,))), real_reasoner.model) == {}


def test_all_together_stay_within_the_cap_and_no_danger_is_lowered(real_reasoner: Reasoner) -> None:
    marks = (
        replace(FOREARM, quality=("ache", "heavy"), depth="deep", began_here=True),
        replace(HAND, quality=("electric",), depth="surface"),
    )
    total: dict[str, float] = {}
    for shifts in felt_shifts(drawn(*marks), real_reasoner.model).values():
        for key, nats in shifts.items():
            total[key] = total.get(key, 0.0) + abs(nats)
            assert nats > 0 or real_reasoner.model.hypothesis(key).kind != "flag"
    assert total
    assert max(total.values()) <= real_reasoner.model.policy.felt_cap_nats + 1e-9


def test_a_word_painted_on_many_places_is_one_word(real_reasoner: Reasoner) -> None:
    one = felt_shifts(drawn(replace(FOREARM, quality=("burning",))), real_reasoner.model)["felt.quality"]
    two = drawn(replace(FOREARM, quality=("burning",)), replace(HAND, quality=("burning",)))
    both = felt_shifts(two, real_reasoner.model)["felt.quality"]
    assert all(both[key] == pytest.approx(nats) for key, nats in one.items())


def test_the_place_where_it_began_counts_only_beside_a_later_one(real_reasoner: Reasoner) -> None:
    began = replace(FOREARM, began_here=True)
    assert felt_shifts(drawn(began), real_reasoner.model) == {}
    shifts = felt_shifts(drawn(began, HAND), real_reasoner.model)["felt.began"]
    assert max(shifts.values()) == pytest.approx(0.4)
    assert min(shifts.values()) == pytest.approx(-0.4 / 3)


def test_left_and_right_are_alike(real_reasoner: Reasoner) -> None:
    left = felt_shifts(drawn(replace(FOREARM, quality=("burning",), depth="surface")), real_reasoner.model)
    there = replace(FOREARM, side=Side.RIGHT, quality=("burning",), depth="surface")
    right = felt_shifts(drawn(there), real_reasoner.model)
    for label, shifts in left.items():
        mirrored = {
            key.replace("/left", "/swap").replace("/right", "/left").replace("/swap", "/right"): nats
            for key, nats in shifts.items()
        }
        assert mirrored == pytest.approx(right[label])


def test_the_reasons_name_it(real_reasoner: Reasoner) -> None:
    """And a word said moves the chance of what it speaks for, and not the other way."""
    plain = real_reasoner.consider(Picture(drawing=drawn(HAND)))
    burning = real_reasoner.consider(Picture(drawing=drawn(replace(HAND, quality=("burning",)))))
    before = {s.key: s.probability for s in plain.suspects}
    raised = [s for s in burning.suspects if any(r.finding == "felt.quality" and r.nats > 0.05 for r in s.reasons)]
    assert raised
    assert all(s.probability > before.get(s.key, 0.0) for s in raised)
