"""A case in plain words becomes a picture from its readable fields alone; what was not understood is listed."""

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.findings import BadFinding, Layer, State
from tautband.findings.casefile import CaseReading, duration_in, read_case
from tautband.knowledge import Atlas, load, packaged_folder
from tautband.knowledge.lexicon import Lexicon
from tautband.terms.sides import Side

CASE: dict[str, Any] = {
    "id": "t001",
    "age": 52,
    "sex": "female",
    "presentation": "Woman with burning pain of the right shoulder for three months.",
    "pain": [{"region": "lateral forearm and hand", "side": "right", "quality": "burning", "intensity_nrs": 7}],
    "sensory": [{"type": "numbness", "region": "ring and little finger", "side": "right"}],
    "history": ["onset: sudden", "negative: no fever, weight loss", "plays the banjo", "duration: 3 months"],
    "exam": [
        {"test": "Spurling", "side": "right", "result": "negative", "detail": "", "state": "absent"},
        {"test": "biceps strength", "side": "right", "result": "weak", "detail": "4/5", "state": "present"},
        {"test": "moon phase", "side": None, "result": "positive", "detail": "", "state": "present"},
    ],
    "palpation": [{"muscle": "infraspinatus", "side": "right", "finding": "TrP", "state": "present"}],
}
FORBIDDEN = ("citation", "source", "body", "area", "info", "answer", "answer_confidence", "anything")


@cache
def packaged() -> tuple[Lexicon, Atlas]:
    atlas = load([packaged_folder()])
    return Lexicon.of(atlas), atlas


def read(case: dict[str, Any], with_palpation: bool = True) -> CaseReading:
    return read_case(case, with_palpation, *packaged())


def states(reading: CaseReading) -> dict[str, State]:
    return {f.id: f.state for f in reading.picture.findings}


def test_places_become_marks_with_side_layer_strength_and_quality() -> None:
    marks = {(m.place, m.layer): m for m in read(CASE).picture.drawing.marks}
    pain = marks["area.forearm_radial", Layer.PAIN]
    assert (pain.side, pain.intensity, pain.quality) == (Side.RIGHT, 7.0, ("burning",))
    assert ("area.hand", Layer.PAIN) in marks
    assert marks["area.last_two_fingers", Layer.NUMB].side is Side.RIGHT
    assert not read(CASE).picture.drawing.complete


def test_findings_carry_their_state() -> None:
    found = states(read(CASE))
    assert found["exam.spurling"] is State.ABSENT
    assert found["exam.sudden_onset"] is State.PRESENT
    assert found["exam.fever"] is State.ABSENT
    assert found["exam.weight_loss"] is State.ABSENT
    assert found["exam.biceps_weakness"] is State.PRESENT


def test_what_is_not_mentioned_is_not_there() -> None:
    assert "exam.trauma" not in states(read(CASE))


def test_person_and_duration() -> None:
    reading = read(CASE)
    assert (reading.picture.person.age, reading.picture.person.sex) == (52, "female")
    assert reading.duration_days == pytest.approx(91.2)
    assert reading.id == "t001"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3 days", 3),
        ("duration: 2 weeks", 14),
        ("a six-week history", 42),
        ("four years of pain", 1461),
        ("a few weeks", 21),
        ("weeks to months", 21),
        ("day and night pain", None),
        ("worse in the morning", None),
    ],
)
def test_how_long_it_has_lasted(text: str, days: float | None) -> None:
    assert duration_in(text) == (None if days is None else pytest.approx(days))


def test_what_was_not_understood_is_listed() -> None:
    unmapped = read(CASE).unmapped
    assert any("banjo" in phrase for phrase in unmapped)
    assert any("moon phase" in phrase for phrase in unmapped)
    assert not any("Spurling" in phrase or "duration" in phrase for phrase in unmapped)


def test_palpation_is_read_only_when_allowed() -> None:
    with_it = [f for f in read(CASE, True).picture.findings if f.of == "muscle.infraspinatus"]
    assert [f.id for f in with_it] == ["exam.palpation.trigger_point"]
    without = read(CASE, False)
    assert not [f for f in without.picture.findings if f.of == "muscle.infraspinatus"]
    bare = {key: value for key, value in CASE.items() if key != "palpation"}
    assert without == read(bare, False) == read(bare, True)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.sampled_from(FORBIDDEN), st.one_of(st.text(), st.lists(st.text()), st.integers()), min_size=1)
)
def test_forbidden_fields_never_influence_the_reading(extra: dict[str, Any]) -> None:
    clean = read(CASE)
    assert read({**CASE, **extra}) == clean
    assert read({**extra, **CASE, "citation": "A case of Pancoast tumour", "answer": [{"name": "C8"}]}) == clean


def test_mirrored_cases_read_mirrored() -> None:
    text = json.dumps(CASE)
    mirrored = json.loads(text.replace("right", "LEFT").replace("left", "right").replace("LEFT", "left"))
    here, there = read(CASE), read(mirrored)
    assert {(m.place, m.side.mirrored, m.layer) for m in there.picture.drawing.marks} == {
        (m.place, m.side, m.layer) for m in here.picture.drawing.marks
    }
    assert {(f.id, f.of, f.side.mirrored, f.state) for f in there.picture.findings} == {
        (f.id, f.of, f.side, f.state) for f in here.picture.findings
    }


def test_an_unstated_side_is_no_side() -> None:
    case = {"pain": [{"region": "shoulder", "side": "unspecified", "quality": None, "intensity_nrs": None}]}
    (mark,) = read(case).picture.drawing.marks
    assert mark.side is Side.MIDLINE


def test_a_test_at_another_place_is_not_that_test() -> None:
    case = {"exam": [{"test": "Tinel at the lateral malleolus", "side": "left", "detail": "", "state": "present"}]}
    assert "exam.tinel_wrist" not in states(read(case))


@pytest.mark.parametrize(
    "case",
    [
        {"age": "old"},
        {"age": 300},
        {"pain": "everywhere"},
        {"history": [3]},
        {"exam": [["Spurling", "positive"]]},
        {"pain": [{"region": "neck", "intensity_nrs": 40}]},
        {"pain": [{"region": "neck " * 5000}]},
        {"history": ["pain " * 5000]},
        {"presentation": "pain " * 2_000_000},
    ],
)
def test_impossible_fields_are_named(case: dict[str, Any]) -> None:
    with pytest.raises(BadFinding):
        read(case)


def test_an_empty_case_is_an_empty_picture() -> None:
    reading = read({})
    assert reading.picture.findings == reading.picture.drawing.marks == reading.unmapped == ()


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.lists(st.text(max_size=40), max_size=3))
def test_any_words_are_read_without_failing(region: str, presentation: str, history: list[str]) -> None:
    read({"pain": [{"region": region}], "presentation": presentation, "history": history})
