"""A drafted plan keeps its promises whatever is suspected; a saved plan is judged anew."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tautband.findings import Picture
from tautband.knowledge import Atlas
from tautband.planning import (
    Choice,
    Limits,
    NoProtocol,
    Plan,
    draft_plan,
    lay_out,
    moved,
    put_in,
    swapped,
    taken_out,
    techniques_for,
)
from tautband.reasoning import Answer
from tautband.terms.sides import Side

from .conftest import alert, answer, suspect

MUSCLES = ("one", "two", "three", "far")
SUSPECTS = st.lists(
    st.builds(suspect, st.sampled_from(MUSCLES), st.floats(0.01, 0.99), st.sampled_from(["left", "right"])),
    max_size=6,
    unique_by=lambda s: s.key,
)
MINUTES = st.floats(5, 90)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def drafted(small: Atlas, found: Answer, minutes: float = 40, **limits: object) -> Plan:
    return draft_plan(found, Picture(), small, minutes=minutes, limits=Limits(**limits), protocol="protocol.arm")  # type: ignore[arg-type]


@quick
@given(suspects=SUSPECTS, minutes=MINUTES)
def test_the_time_is_never_exceeded(small: Atlas, suspects: list[object], minutes: float) -> None:
    plan = drafted(small, answer(suspects), minutes)
    assert plan.minutes_planned <= minutes
    assert plan.minutes_planned == pytest.approx(sum(s.seconds for s in plan.steps if not s.verdict.is_closed) / 60)


@quick
@given(suspects=SUSPECTS, minutes=MINUTES)
def test_what_did_not_fit_is_named_and_nothing_else_is_lost(
    small: Atlas, suspects: list[object], minutes: float
) -> None:
    plan, roomy = drafted(small, answer(suspects), minutes), drafted(small, answer(suspects), 180)
    assert sorted(map(repr, plan.steps + plan.left_out)) == sorted(map(repr, roomy.steps))


@quick
@given(suspects=SUSPECTS, minutes=MINUTES)
def test_the_order_of_the_protocol_is_kept(small: Atlas, suspects: list[object], minutes: float) -> None:
    plan = drafted(small, answer(suspects), minutes)
    order = [(s.stage, s.target) for s in small.protocols[0].steps]
    places = [order.index((s.stage, s.target)) for s in plan.steps if s.choice.origin == "protocol"]
    assert places == sorted(places)
    stages = [s.stage for s in plan.steps]
    assert stages == sorted(stages, key=["assess", "treat", "retest", "home"].index)


@quick
@given(suspects=SUSPECTS, region=st.sampled_from(["arm_elbow", "knee"]))
def test_an_excluded_region_is_always_closed_and_takes_no_minutes(
    small: Atlas, suspects: list[object], region: str
) -> None:
    plan = drafted(small, answer(suspects), excluded=frozenset({region}))
    here = [s for s in plan.steps if s.region == region]
    assert all(s.verdict.is_closed and s.minutes_taken == 0 for s in here)
    assert region not in plan.regions
    assert all("wish" in s.verdict.why[0].text for s in here)


@quick
@given(suspects=SUSPECTS, urgency=st.sampled_from(["emergency", "same_day"]))
def test_a_blocking_alert_closes_every_step(small: Atlas, suspects: list[object], urgency: str) -> None:
    plan = drafted(small, answer(suspects, [alert(urgency)]))
    assert plan.blocked == ("flag.cord",)
    assert plan.steps
    assert all(s.verdict.is_closed for s in plan.steps)
    assert plan.minutes_planned == 0


@quick
@given(suspects=SUSPECTS, urgency=st.sampled_from(["urgent_days", "routine"]))
def test_a_lesser_alert_closes_only_what_it_forbids(small: Atlas, suspects: list[object], urgency: str) -> None:
    plan = drafted(small, answer(suspects, [alert(urgency, closes=("limb",))]))
    assert plan.blocked == ()
    for step in plan.steps:
        assert step.verdict.is_closed == (step.target == "exam.bend")


def test_an_answered_alert_blocks_no_more_but_still_forbids(small: Atlas) -> None:
    found = answer([suspect("two", 0.8)], [alert(closes=("limb",))])
    plan = drafted(small, found, answered=frozenset({"flag.cord"}))
    assert plan.blocked == ()
    assert {s.target: s.verdict.is_closed for s in plan.steps}["muscle.two"] is False
    assert {s.target: s.verdict.is_closed for s in plan.steps}["exam.bend"] is True


@quick
@given(suspects=SUSPECTS, minutes=MINUTES)
def test_the_plan_of_a_mirrored_client_is_the_mirrored_plan(
    small: Atlas, suspects: list[object], minutes: float
) -> None:
    mirrored = [replace(s, side=s.side.mirrored) for s in suspects]  # type: ignore[type-var]
    weight = {side: sum(s.probability for s in suspects if s.side == side) for side in Side}  # type: ignore[attr-defined]
    assume(weight[Side.LEFT] != weight[Side.RIGHT] or not suspects)
    here, there = drafted(small, answer(suspects), minutes), drafted(small, answer(mirrored), minutes)
    assert [(c.target, c.technique, c.side.mirrored) for c in here.choices] == [
        (c.target, c.technique, c.side) for c in there.choices
    ]


@pytest.mark.parametrize(
    "order", list(permutations([("two", 0.9, "right"), ("three", 0.6, "left"), ("far", 0.4, "left")]))
)
def test_equal_evidence_gives_the_same_plan_in_any_order_of_suspects(small: Atlas, order: object) -> None:
    plan = drafted(small, answer([suspect(*s) for s in order]))  # type: ignore[attr-defined]
    sides = {c.target: c.side for c in plan.choices if c.stage == "treat"}
    assert sides["muscle.two"] is Side.RIGHT
    assert sides["muscle.three"] is Side.LEFT
    assert sides["muscle.one"] is Side.LEFT  # .6 + .4 on the left against .9


def test_suspects_that_the_protocol_does_not_name_come_before_the_retest(small: Atlas) -> None:
    plan = drafted(small, answer([suspect("far", 0.7)]))
    targets = [(c.stage, c.target) for c in plan.choices]
    assert targets.index(("treat", "muscle.far")) < targets.index(("retest", "exam.bend"))
    added = next(s for s in plan.steps if s.target == "muscle.far")
    assert added.choice.origin == "suspect"
    assert added.technique == "technique.press"
    assert "40%" in added.reason


def test_the_retest_is_paid_for_before_the_last_treatment(small: Atlas) -> None:
    found = answer([suspect("two", 0.9), suspect("three", 0.9)])
    plan = drafted(small, found, minutes=10)
    assert "retest" in [s.stage for s in plan.steps]
    assert [s.target for s in plan.left_out] == ["muscle.three"]


def test_the_dose_never_exceeds_what_the_client_accepts(small: Atlas) -> None:
    found = answer([suspect("two", 0.9)])
    for most, words in ((3, "at most 3 of 10"), (9, "at most 6 of 10")):
        step = next(s for s in drafted(small, found, most_tolerance=most).steps if s.target == "muscle.two")
        assert words in step.dose


def test_evidence_is_of_read_sources_behind_the_claims_alone(small: Atlas) -> None:
    step = next(s for s in drafted(small, answer([suspect("two", 0.9)])).steps if s.target == "muscle.two")
    assert step.grade == "trial"
    assert step.citations == ("gray",)


def test_internal_work_needs_licence_and_consent(small: Atlas) -> None:
    choices = (Choice("treat", "muscle.two", Side.RIGHT, "technique.inside"),)
    for recorded in (set(), {"mouth"}, {"pelvic_floor"}):
        limits = Limits(internal=frozenset(recorded), internal_off={"mouth": "the licence has run out"})
        plan = lay_out(choices, answer(), Picture(), small, minutes=40, limits=limits)
        verdict = plan.steps[0].verdict
        assert verdict.is_closed is ("mouth" not in recorded)
        assert not verdict.can_be_overridden
        assert all("the licence has run out" in why.text for why in verdict.why)
    at_home = lay_out(
        [replace(choices[0], stage="home")],
        answer(),
        Picture(),
        small,
        minutes=40,
        limits=Limits(internal=frozenset({"mouth"})),
    )
    assert at_home.steps[0].verdict.is_closed


def test_no_protocol_is_said_with_those_there_are(small: Atlas) -> None:
    with pytest.raises(NoProtocol, match=r"There are protocols for: Arm\."):
        draft_plan(answer([suspect("far", 0.9)]), Picture(), small)
    with pytest.raises(NoProtocol, match="is no protocol"):
        draft_plan(answer(), Picture(), small, protocol="muscle.two")


@pytest.mark.parametrize("minutes", [0, 4.9, 181, float("nan")])
def test_a_time_that_is_no_session_is_refused(small: Atlas, minutes: float) -> None:
    with pytest.raises(ValueError, match="cannot be planned"):
        drafted(small, answer(), minutes)


@pytest.mark.parametrize("most", [0, 11, -3])
def test_a_tolerance_that_cannot_be_is_refused(most: float) -> None:
    with pytest.raises(ValueError, match="1 to 10"):
        Limits(most_tolerance=most)


# --- Kept plans ---------------------------------------------------------------------------------------------------

CHOICES = st.lists(
    st.builds(
        Choice,
        st.sampled_from(["assess", "treat", "retest", "home"]),
        st.sampled_from([f"muscle.{m}" for m in MUSCLES]),
        st.sampled_from(list(Side)),
        st.sampled_from(["technique.press", "technique.stroke", ""]),
        seconds=st.integers(60, 600),
    ),
    min_size=1,
    max_size=8,
)


@quick
@given(choices=CHOICES, minutes=MINUTES)
def test_a_kept_plan_comes_back_whole(small: Atlas, choices: list[Choice], minutes: float) -> None:
    plan = lay_out(choices, answer(), Picture(), small, minutes=minutes)
    assert plan.choices == tuple(choices)
    assert plan.left_out == ()


@quick
@given(choices=CHOICES, data=st.data())
def test_moving_there_and_back_changes_nothing(choices: list[Choice], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(choices) - 1))
    by = data.draw(st.integers(-place, len(choices) - 1 - place))
    there = moved(choices, place, by)
    assert sorted(map(repr, there)) == sorted(map(repr, choices))
    assert there[place + by] == choices[place]
    assert moved(there, place + by, -by) == tuple(choices)


@quick
@given(choices=CHOICES)
def test_a_step_put_in_can_be_taken_out(choices: list[Choice]) -> None:
    new = Choice("treat", "muscle.two", Side.LEFT, position="a place of its own")
    more = put_in(choices, new)
    place = more.index(new)
    assert taken_out(more, place) == tuple(choices)
    assert all(c.stage in ("retest", "home") for c in more[place + 1 :])
    assert swapped(more, place, "technique.stroke")[place].technique == "technique.stroke"


@pytest.mark.parametrize("place", [-1, 3])
def test_a_step_that_is_not_there_is_said(place: int) -> None:
    choices = [Choice("treat", "muscle.two", Side.LEFT)] * 3
    for change in (lambda: moved(choices, place, 1), lambda: taken_out(choices, place)):
        with pytest.raises(IndexError, match="it has 3"):
            change()


def test_techniques_are_offered_by_what_they_treat(small: Atlas) -> None:
    assert {t.id for t in techniques_for("muscle.two", small)} == {
        "technique.press",
        "technique.stroke",
        "technique.inside",
    }
    assert techniques_for("nerve.arm", small) == ()
