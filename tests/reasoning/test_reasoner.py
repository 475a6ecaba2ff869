"""The reasoner: mirror, monotony, honesty about what it set aside, and one answer for one picture."""

from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.findings import Drawing, Finding, Layer, Mark, Person, Picture, State
from tautband.reasoning import Answer, Reasoner
from tautband.surface import reasoning_zones, zones
from tautband.terms.sides import Side

KEYS = ["exam.familiar", "exam.spurling"]


def mirrored(picture: Picture) -> Picture:
    marks = tuple(Mark(m.place, m.side.mirrored, m.layer, m.intensity) for m in picture.drawing.marks)
    findings = tuple(Finding(f.id, f.side.mirrored, f.state, f.of) for f in picture.findings)
    return Picture(picture.person, Drawing(marks, picture.drawing.complete), findings)


def chances(answer: Answer) -> dict[tuple[str, Side], float]:
    return {(s.id, s.side): s.probability for s in answer.suspects}


SIDES = st.sampled_from([Side.LEFT, Side.RIGHT])
MARKS = st.lists(
    st.builds(Mark, st.sampled_from(["area.shoulder_front", "area.forearm"]), SIDES, st.sampled_from(Layer)), max_size=4
)
FINDINGS = st.lists(
    st.builds(Finding, st.sampled_from(KEYS), SIDES, st.sampled_from(State)), max_size=4, unique_by=lambda f: f.key
)
PICTURES = st.builds(
    lambda marks, found: Picture(Person(50), Drawing(tuple(marks), False), tuple(found)), MARKS, FINDINGS
)


@settings(deadline=None, max_examples=60)
@given(PICTURES)
def test_a_mirrored_picture_has_the_mirrored_answer(small_reasoner: Reasoner, picture: Picture) -> None:
    here = chances(small_reasoner.consider(picture))
    there = chances(small_reasoner.consider(mirrored(picture)))
    assert {(id, side.mirrored) for id, side in here} == set(there)
    for (id, side), p in here.items():
        assert there[id, side.mirrored] == pytest.approx(p, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(PICTURES, SIDES)
def test_a_positive_test_never_lowers_its_source_and_a_negative_never_raises_it(
    small_reasoner: Reasoner, picture: Picture, side: Side
) -> None:
    rest = tuple(f for f in picture.findings if f.id != "exam.familiar" or f.side is not side)
    drawing = Drawing((*picture.drawing.marks, Mark("area.shoulder_front", side)), complete=False)

    def chance(*more: Finding) -> float:
        asked = Picture(picture.person, drawing, (*rest, *more))
        return chances(small_reasoner.consider(asked, shown=99))["trp.front.1", side]

    none = chance()
    assert chance(Finding("exam.familiar", side)) >= none - 1e-9
    assert chance(Finding("exam.familiar", side, State.ABSENT)) <= none + 1e-9
    assert chance(Finding("exam.familiar", side, State.UNKNOWN)) == pytest.approx(none)


def test_a_finding_that_speaks_against_lowers_the_source_and_is_named(small_reasoner: Reasoner) -> None:
    drawing = Drawing((Mark("area.shoulder_front", Side.LEFT),), complete=False)
    before = small_reasoner.consider(Picture(drawing=drawing))
    after = small_reasoner.consider(Picture(drawing=drawing, findings=(Finding("exam.spurling", Side.LEFT),)))
    key = ("trp.front.1", Side.LEFT)
    assert chances(after)[key] < chances(before)[key]
    front = next(s for s in after.suspects if s.id == "trp.front.1")
    assert any(r.finding == "exam.spurling" and r.nats < 0 for r in front.reasons)


def test_contradictory_findings_are_set_aside_in_words_and_change_nothing(small_reasoner: Reasoner) -> None:
    drawing = Drawing((Mark("area.shoulder_front", Side.LEFT),), complete=False)
    both = (Finding("exam.familiar", Side.LEFT), Finding("exam.familiar", Side.LEFT, State.ABSENT))
    plain = small_reasoner.consider(Picture(drawing=drawing))
    clash = small_reasoner.consider(Picture(drawing=drawing, findings=both))
    assert chances(plain) == chances(clash)
    assert [aside.finding for aside in clash.set_aside] == ["exam.familiar"]


def test_unknown_ids_are_set_aside_in_words(small_reasoner: Reasoner) -> None:
    marks = (Mark("zone.nowhere.at_all", Side.LEFT), Mark("area.nowhere", Side.LEFT), Mark("area.forearm", Side.LEFT))
    answer = small_reasoner.consider(
        Picture(drawing=Drawing(marks, complete=False), findings=(Finding("exam.nothing"), Finding("factor.nothing")))
    )
    assert {aside.finding for aside in answer.set_aside} == {
        "zone.nowhere.at_all/left",
        "area.nowhere",
        "exam.nothing",
        "factor.nothing",
    }


def test_reasons_add_up_to_the_log_odds(small_reasoner: Reasoner) -> None:
    from math import log

    drawing = Drawing((Mark("area.shoulder_front", Side.LEFT),), complete=False)
    found = (Finding("exam.familiar", Side.LEFT), Finding("exam.spurling", Side.LEFT, State.ABSENT))
    answer = small_reasoner.consider(Picture(drawing=drawing, findings=found))
    front = next(s for s in answer.suspects if s.key == "trp.front.1/left")
    total = sum(reason.nats for reason in front.reasons)
    assert total == pytest.approx(log(front.probability / (1 - front.probability)), abs=0.2)


def test_the_unexplained_part_is_what_no_source_covers(small_reasoner: Reasoner) -> None:
    """A mark on the heel, where nothing of the small atlas refers, stays unexplained in full."""
    heel = next(z for z in zones() if "heel" in z.id and z.side is Side.LEFT)
    answer = small_reasoner.consider(Picture(drawing=Drawing((Mark(heel.id, Side.LEFT),))))
    assert answer.unexplained.share == pytest.approx(1.0, abs=1e-6)
    assert answer.unexplained.zones == (str(heel),)


def test_an_empty_picture_suspects_nobody_and_alerts_nobody(small_reasoner: Reasoner) -> None:
    answer = small_reasoner.consider(Picture())
    assert answer.suspects == ()
    assert answer.alerts == ()
    assert answer.unexplained.share == 0


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(range(len(reasoning_zones()))), min_size=1, max_size=12, unique=True), st.booleans())
def test_any_drawing_gets_a_proper_answer(real_reasoner: Reasoner, picked: list[int], complete: bool) -> None:
    marks = tuple(Mark(z.id, z.side) for i in picked for z in reasoning_zones()[i].zones)
    answer = real_reasoner.consider(Picture(Person(40), Drawing(marks, complete)))
    assert 0 <= answer.unexplained.share <= 1 + 1e-9
    for suspect in answer.suspects:
        assert 0 <= suspect.low <= suspect.probability <= suspect.high <= 1
        assert 0 <= suspect.explains <= 1 + 1e-9
    assert [s.probability for s in answer.suspects] == sorted((s.probability for s in answer.suspects), reverse=True)


def test_the_classic_front_of_shoulder_drawing_finds_infraspinatus_on_its_side(real_reasoner: Reasoner) -> None:
    """Simons' best-known pattern, by the field of the atlas alone."""
    drawing = Drawing((Mark("area.shoulder_front", Side.RIGHT), Mark("area.arm_outer", Side.RIGHT)), complete=False)
    answer = real_reasoner.consider(Picture(drawing=drawing))
    top = [s.of for s in answer.suspects[:3] if s.side is Side.RIGHT]
    assert "muscle.infraspinatus" in top


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_points_of_one_muscle_are_shown_as_one_with_the_chance_that_any_is_active(
    real_reasoner: Reasoner, seed: int
) -> None:
    every = real_reasoner.model.hypotheses.every
    chance = np.random.default_rng(seed).random(len(every)) * 0.9
    everyone = np.ones(len(every), np.bool_)
    merged = real_reasoner._merged(chance, {"flag.cervical_fracture": 0.95}, everyone)
    together: dict[tuple[str, tuple[str, ...], Side], list[int]] = {}
    for i, h in enumerate(every):
        together.setdefault((h.of, h.targets, h.side), []).append(i)
    assert len(merged) == len(together)
    assert [p for _, p in merged] == sorted((p for _, p in merged), reverse=True)
    for at, p in merged:
        best = every[at]
        group = together[best.of, best.targets, best.side]
        assert chance[at] == max(chance[i] for i in group)
        none = prod(1 - chance[i] for i in group)
        assert p == pytest.approx(max(1 - none, 0.95) if best.id == "flag.cervical_fracture" else 1 - none)
