"""What others build on: a dose as numbers, a technique as beats, and a history that changes what is chosen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tautband.findings import Finding, Picture
from tautband.knowledge import atlas
from tautband.knowledge.records.care import Caps, Dose, Span
from tautband.planning import Change, Dosage, History, Limits, OwnStep, PastDose, dosage, draft_plan, pattern_of
from tautband.planning.guard import joined
from tautband.planning.touched import positions_in, regions_touched
from tautband.terms.sides import Side

from .conftest import Write, answer, suspect

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
PRESS = Dose(
    hold_s=Span(low=30, usual=60, high=90),
    tolerance_of_10=Span(low=4, usual=6, high=7),
    repetitions=Span(low=1, usual=2, high=5),
    by="book",
)
CAPS = st.builds(
    Caps,
    tolerance_of_10=st.none() | st.floats(0, 10),
    hold_s=st.none() | st.floats(1, 200),
    effort_percent=st.none() | st.floats(0, 100),
    pressure=st.sampled_from([None, "light", "moderate"]),
    by_number=st.booleans(),
)
FIRMNESS = ["none", "light", "moderate", "deep"]


@given(st.lists(CAPS, max_size=4), CAPS, st.floats(1, 10))
def test_one_more_cap_never_raises_a_dose(caps: list[Caps], more: Caps, most: float) -> None:
    before, after = (dosage([PRESS], "deep", most, joined(c)) for c in (caps, [*caps, more]))
    assert after.tolerance_of_10 <= before.tolerance_of_10 <= most or before.tolerance_of_10 == 6
    assert after.tolerance_of_10 <= before.tolerance_of_10
    assert after.hold_s <= before.hold_s
    assert FIRMNESS.index(after.pressure) <= FIRMNESS.index(before.pressure)
    assert after.by_number <= before.by_number


@given(st.lists(CAPS, max_size=4))
def test_the_order_of_caps_does_not_matter(caps: list[Caps]) -> None:
    assert joined(caps) == joined(reversed(caps))


def test_a_number_that_does_not_steer_is_not_written_as_a_dose() -> None:
    text = dosage([PRESS], "deep", 6, Caps(by_number=False, pressure="light")).text
    assert "does not steer" in text
    assert "at most" not in text
    assert "light pressure only" in text


@pytest.mark.parametrize(("borne", "sore", "number"), [(4, False, 4), (4, True, 3), (9, False, 6), (1, True, 1)])
def test_a_dose_starts_from_what_was_borne(borne: float, sore: bool, number: float) -> None:
    before = PastDose("muscle.two", Side.RIGHT, "technique.press", NOW, borne, sore_after_48_h=sore)
    assert dosage([PRESS], "deep", 6, None, before).tolerance_of_10 == number


def past(change: Change, technique: str = "technique.press", days: int = 7) -> PastDose:
    return PastDose("muscle.two", Side.RIGHT, technique, NOW - timedelta(days=days), 5, 60, change, "61 to 61, error 8")


@pytest.mark.parametrize(
    ("doses", "rank"),
    [
        ([], 0),
        ([past(Change.WITHIN_ERROR)], 0),
        ([past(Change.BETTER)], -1),
        ([past(Change.WORSE)], 1),
        ([past(Change.WORSE), past(Change.WORSE, days=14)], 2),
        ([past(Change.BETTER), past(Change.WORSE, days=14)], -1),
        ([past(Change.WITHIN_ERROR), past(Change.WORSE, days=14), past(Change.WORSE, days=21)], 2),
    ],
)
def test_history_ranks_by_the_newest_change_beyond_error(doses: list[PastDose], rank: int) -> None:
    assert History(doses[::-1]).rank("muscle.two", Side.RIGHT, "technique.press") == rank
    assert History(doses).rank("muscle.two", Side.LEFT, "technique.press") == 0


def test_what_made_it_worse_twice_is_not_chosen_again_and_the_reason_is_said(write: Write) -> None:
    small = write()
    found = answer([suspect("two", 0.9)])
    worse = History([past(Change.WORSE), past(Change.WORSE, days=14)])
    for history, technique, words in (
        (History(), "technique.press", ""),
        (worse, "technique.stroke", "instead of press: worse after it twice"),
        (History([past(Change.BETTER)]), "technique.press", "better after it last time (17 Nov: 61 to 61, error 8)"),
    ):
        plan = draft_plan(found, Picture(), small, protocol="protocol.arm", history=history)
        step = next(s for s in plan.steps if s.target == "muscle.two" and s.stage == "treat")
        assert step.technique == technique
        assert words in step.reason


def test_every_technique_runs_from_beat_to_beat_within_its_limit() -> None:
    for technique in atlas().techniques:
        pattern = pattern_of(technique, dosage(technique.dose, technique.pressure, 5))
        keys = [(beat.key, beat.round) for beat in pattern.beats]
        assert len(set(keys)) == len(keys), technique.id
        assert all(beat.do and beat.seconds > 0 for beat in pattern.beats), technique.id
        assert pattern.limit_of_10 is None or pattern.limit_of_10 <= 5
        assert max(beat.round for beat in pattern.beats) == technique.rounds
        capped = pattern_of(technique, Dosage(hold_cap_s=20))
        assert all(beat.seconds <= 20 for beat in capped.beats if not beat.repetitions)


def test_a_therapists_own_way_keeps_the_stops_of_the_technique() -> None:
    technique = atlas().get("technique.ischemic_compression")
    own = pattern_of(technique, Dosage(tolerance_of_10=4), [OwnStep("sink in", "Which number?", 40, True)])  # type: ignore[arg-type]
    usual = pattern_of(technique, Dosage(tolerance_of_10=4))  # type: ignore[arg-type]
    assert own.is_own
    assert own.seconds == 40
    assert (own.stop_when, own.limit_of_10, own.stop_of_10) == (usual.stop_when, 4, usual.stop_of_10)
    for wrong in ({"do": " "}, {"seconds": 0}, {"seconds": 9999}):
        with pytest.raises(ValueError, match="step"):
            replace(OwnStep("sink in"), **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("prone or side-lying, head in the middle", {"prone", "side_lying"}),
        ("seated, forearm resting", {"seated"}),
        ("Supine, hip bent", {"supine"}),
        ("", set()),
    ],
)
def test_positions_are_read_from_words(words: str, named: set[str]) -> None:
    assert positions_in(words) == named


def test_a_muscle_touches_its_own_region_and_those_its_points_lie_in() -> None:
    known = atlas()
    for muscle in known.muscles:
        assert muscle.region in regions_touched(muscle.id, known)
    assert {"neck", "shoulder"} <= regions_touched("muscle.upper_trapezius", known)
    assert regions_touched("exam.fever", known) == frozenset()


def test_a_measured_finding_is_what_a_step_is_retested_by(write: Write) -> None:
    small = write()
    picture = Picture(findings=(Finding("exam.bend", Side.RIGHT, value=61.0, unit="deg", at=NOW),))
    plan = draft_plan(answer([suspect("two", 0.9)]), picture, small, protocol="protocol.arm", limits=Limits())
    step = next(s for s in plan.steps if s.target == "muscle.two" and s.stage == "treat")
    assert step.retest is not None
    assert (step.retest.exam, step.retest.baseline) == ("exam.bend", "61 deg")
