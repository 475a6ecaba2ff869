"""A series ends by what was reached, by what did not come, or by its number; stages are chosen by a person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tautband.findings import Picture
from tautband.knowledge import atlas
from tautband.knowledge.records import Protocol
from tautband.planning import (
    Change,
    PastDose,
    StageRules,
    advice,
    draft_plan,
    lay_out,
    offers,
    series_for,
    stage_on_day,
)
from tautband.planning.series import ACUTE, DISCHARGE, HEADACHE, NECK, STOP, USUAL
from tautband.planning.staged import as_protocol, rules_of, split
from tautband.terms.sides import Side

from .conftest import Write, answer, suspect

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.mark.parametrize("course", [NECK, HEADACHE, ACUTE, USUAL])
def test_what_a_series_rests_on_is_a_source_of_the_atlas_or_called_convention(course: object) -> None:
    known = atlas()
    for rule in (*course.why, *STOP, *DISCHARGE):  # type: ignore[attr-defined]
        assert bool(rule.source) or rule.basis == "convention", rule
        assert not rule.source or rule.source in known.sources, rule


@given(st.sampled_from(["neck", "head_jaw", "shoulder", "thigh"]), st.integers(0, 20), st.none() | st.floats(0, 500))
def test_everything_is_measured_again_halfway_and_at_the_end(region: str, done: int, weeks: float | None) -> None:
    series = series_for(region, done=done, weeks=weeks, goals=["lift the bow"])
    assert series.look_again[-1] == series.visits
    assert 1 < series.look_again[0] <= series.visits
    assert series.is_over == (done >= series.visits)
    assert series.discharge[0].text == "Reached: lift the bow"
    assert series.weeks * 7 >= (series.visits - 1) * series.every_days


def test_a_fresh_complaint_gets_few_visits() -> None:
    assert series_for("neck", weeks=2).visits < series_for("neck", weeks=30).visits
    with pytest.raises(ValueError, match="-1 visits"):
        series_for("neck", done=-1)


def doses(*changes: Change) -> list[PastDose]:
    return [
        PastDose("muscle.two", Side.RIGHT, "technique.press", NOW + timedelta(days=7 * n), change=change)
        for n, change in enumerate(changes)
    ]


@pytest.mark.parametrize(
    ("done", "changes", "says"),
    [
        (1, [], ""),
        (1, [Change.WITHIN_ERROR], ""),
        (3, [Change.WITHIN_ERROR, Change.WITHIN_ERROR], "No retest has shown"),
        (3, [Change.BETTER, Change.WITHIN_ERROR], ""),
        (2, [Change.WORSE, Change.WORSE], "Worse at the last two"),
        (2, [Change.WORSE, Change.NOT_RETESTED, Change.WORSE], "Worse at the last two"),
        (6, [Change.BETTER], "are over"),
        (6, [], "are over"),
    ],
)
def test_advice_follows_the_retests(done: int, changes: list[Change], says: str) -> None:
    said = advice(series_for("shoulder", done=done), doses(*changes))
    assert says in said
    assert bool(said) == bool(says)


def test_two_sessions_that_stayed_sore_are_a_reason_to_stop() -> None:
    given = doses(Change.BETTER, Change.BETTER)
    sore = [replace(dose, sore_after_48_h=True) for dose in given]
    assert advice(series_for("shoulder", done=2), [sore[0], given[1]]) == ""
    assert "Sore for more than two days" in advice(series_for("shoulder", done=2), sore)
    assert "Sore" not in advice(series_for("shoulder", done=2), [sore[0], replace(sore[0], target="muscle.one")])


# --- Staged -------------------------------------------------------------------------------------------------------

STAGED = """\
id: protocol.sprain
name: {en: Sprain, plain: a sprain}
cites: {gray: {at: chapter 1, grade: expert_opinion}}
region: arm_elbow
stage: acute
before: [{text: a fracture is ruled out, by: gray}]
stages:
- key: first_days
  name: first days
  plain: first days
  usual_from_days: 0
  usual_to_days: 3
  aim: [{text: let it settle, by: gray}]
  allowed: [{text: light strokes beside it, by: gray}]
  not_yet: [{text: pressure on the torn place, by: gray}]
  techniques: [technique.stroke]
  steps:
  - {stage: treat, target: muscle.two, techniques: [technique.stroke], reason: beside it, seconds: 120, by: gray,
     only_if_ranked: false}
  move_on_when: [{text: walks without a limp, by: gray}]
- key: later
  name: later
  plain: later
  usual_from_days: 4
  aim: [{text: load it, by: gray}]
  allowed: [{text: pressure, by: gray}]
  go_back_when: [{text: swelling returns, by: gray}]
"""


@pytest.fixture(scope="module")
def staged(write: Write) -> Protocol:
    found = write(_protocols={"sprain": STAGED}).get("protocol.sprain")
    assert isinstance(found, Protocol)
    return found


def test_a_stage_brings_its_steps_its_limits_and_what_comes_next(write: Write, staged: Protocol) -> None:
    small = write(_protocols={"sprain": STAGED})
    found = answer([suspect("two", 0.9), suspect("three", 0.9)])
    plan = draft_plan(found, Picture(), small, protocol="protocol.sprain#first_days")
    assert {s.technique for s in plan.steps if s.stage == "treat"} == {"technique.stroke"}
    assert plan.stage is not None
    assert plan.stage.move_on_when == ("walks without a limp",)
    assert plan.stage.before == ("a fracture is ruled out",)
    assert plan.stage.next_id == "protocol.sprain#later"
    kept = lay_out(plan.choices, found, Picture(), small, minutes=40, protocol=plan.protocol)
    assert kept.stage == plan.stage
    assert kept.protocol_name == plan.protocol_name == "Sprain: first days"


def test_a_staged_protocol_is_never_chosen_by_suspicion(write: Write) -> None:
    small = write(_protocols={"sprain": STAGED})
    assert draft_plan(answer([suspect("two", 0.9)]), Picture(), small).protocol == "protocol.arm"
    assert [offer.id for offer in offers(small)] == ["protocol.sprain#first_days", "protocol.sprain#later"]


@pytest.mark.parametrize(("days", "stage"), [(0, "first_days"), (3, "first_days"), (4, "later"), (400, "later")])
def test_days_are_a_guide_to_the_stage(staged: Protocol, days: int, stage: str) -> None:
    found = stage_on_day(staged, days)
    assert found is not None
    assert found.key == stage


def test_every_staged_protocol_of_the_atlas_can_be_planned() -> None:
    known = atlas()
    for offer in offers(known):
        name, key = split(offer.id)
        protocol = known.get(name)
        assert isinstance(protocol, Protocol)
        assert isinstance(rules_of(protocol, key), StageRules)
        plan = draft_plan(answer(), Picture(), known, protocol=offer.id, minutes=180)
        assert all(step.target_name for step in plan.steps)
        assert as_protocol(protocol, key).id == protocol.id
