"""From rows to the picture reasoning reads, and from a picture to ink on the chart."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tautband.clinic.charts import actions, drawn, safety, thinking
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.picture import marks_of, picture_of
from tautband.clinic.people.models import Member
from tautband.findings import Drawing, Finding, Layer, Mark, Picture, State
from tautband.findings.ink import as_row
from tautband.knowledge import atlas
from tautband.surface import chart_zones, zones
from tautband.terms.sides import Side

some_marks = st.lists(
    st.builds(
        lambda zone, layer, strength, began, depth: Mark(
            zone.id, zone.side, layer, strength, began_here=began, depth=depth
        ),
        st.sampled_from(zones()),
        st.sampled_from(Layer),
        st.none() | st.floats(0, 10),
        st.booleans(),
        st.sampled_from(("", "surface", "deep")),
    ),
    max_size=12,
    unique_by=lambda mark: (mark.place, mark.side, mark.layer),
)


@given(some_marks)
def test_what_is_stored_reads_back_as_it_was(marks: list[Mark]) -> None:
    assert marks_of([as_row(mark) for mark in marks]) == tuple(marks)


@given(some_marks)
def test_every_mark_is_drawn_once_in_each_view_that_shows_it(marks: list[Mark]) -> None:
    overlay = drawn.overlay_of(marks)
    for view in drawn.EVERY_VIEW:
        svg = drawn.svg(overlay, view, "t")
        for mark in marks:
            path = chart_zones(view).get(f"{mark.place}/{mark.side}")
            if path is not None:
                assert svg.count(path) >= 3, "wash, mask and edge"
        assert len(re.findall(r'id="([^"]+)"', svg)) == len(set(re.findall(r'id="([^"]+)"', svg)))


def test_every_zone_can_be_painted_in_some_view() -> None:
    shown = {key for view in drawn.EVERY_VIEW for key in chart_zones(view)}
    assert {str(zone) for zone in zones()} <= shown


def test_strength_keeps_the_order_of_the_numbers_and_none_is_not_weak() -> None:
    strengths = [drawn.strength(n / 2) for n in range(21)]
    assert strengths == sorted(strengths)
    assert set(strengths) == {1, 2, 3}
    assert drawn.strength(None) == 2


def test_no_drawing_denies_nothing(visit: Visit, therapist: Member) -> None:
    assert picture_of(visit).drawing == Drawing((), complete=False)
    actions.save_drawing(by=therapist, visit=visit, marks=[])
    assert not picture_of(visit).drawing.complete, "an emptied sheet is no statement that nothing hurts"


def test_not_asked_is_not_negative(drawn: Visit, therapist: Member) -> None:
    assert picture_of(drawn).findings == ()
    actions.record_finding(by=therapist, visit=drawn, finding="exam.spurling", side="right", state="unknown")
    assert [f.state for f in picture_of(drawn).findings] == [State.UNKNOWN]


def test_a_result_moves_the_list_and_undo_brings_the_old_one_back(drawn: Visit, therapist: Member) -> None:
    before = thinking.answer_for(drawn)
    chances = {s.key: s.probability for s in before.suspects}
    pressed = {"finding": "exam.palpation.familiar_pain", "of": "muscle.infraspinatus", "side": "right"}
    actions.record_finding(by=therapist, visit=drawn, state="present", **pressed)
    after = next(s for s in thinking.answer_for(drawn).suspects if s.of == "muscle.infraspinatus" and s.side == "right")
    assert after.probability > chances[after.key]
    actions.take_back_finding(by=therapist, visit=drawn, **pressed)
    assert thinking.answer_for(drawn).suspects == before.suspects


@pytest.mark.django_db
def test_a_contradiction_is_set_aside_in_words(marks: list[dict[str, Any]]) -> None:
    clash = tuple(Finding("exam.spurling", Side.RIGHT, state) for state in (State.PRESENT, State.ABSENT))
    answer = thinking.consider(Picture(drawing=Drawing(marks_of(marks)), findings=clash))
    assert any(item.finding == "exam.spurling" and "same time" in item.why for item in answer.set_aside)


@pytest.mark.django_db
def test_safety_questions_follow_the_drawing_and_never_vanish_when_answered(marks: list[dict[str, Any]]) -> None:
    known = atlas()
    arm = Picture(drawing=Drawing(marks_of(marks)))
    back = Picture(drawing=Drawing((Mark("zone.back.l4_l5_mid", Side.MIDLINE), Mark("zone.pelvis.groin", Side.LEFT))))
    asked = {}
    for name, picture in (("arm", arm), ("back", back)):
        asked[name] = [e.id for e in safety.questions(picture, thinking.consider(picture), known)]
        assert 4 <= len(asked[name]) <= safety.MOST
        assert len(set(asked[name])) == len(asked[name])
    assert asked["arm"] != asked["back"]
    answered = Picture(drawing=arm.drawing, findings=(Finding(asked["arm"][-1], state=State.ABSENT),))
    assert asked["arm"][-1] in [e.id for e in safety.questions(answered, thinking.consider(answered), known)]
