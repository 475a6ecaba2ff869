"""What opens a closed step, and what never does."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tautband.findings import Finding, Picture, State
from tautband.knowledge import Atlas, atlas
from tautband.knowledge.records import Technique
from tautband.planning import Gate, Limits, Override, draft_plan, guard_step
from tautband.planning.guard import Level, Verdict, Why, verdict_of
from tautband.planning.steps import region_of
from tautband.planning.touched import regions_touched

from .conftest import Write, alert, answer, suspect

STRICT = ["open", "ask", "modify", "stop"]
WHYS = st.lists(
    st.builds(Why, st.sampled_from(STRICT[1:]), st.just("because"), guard=st.sampled_from(["", "guard.a", "guard.b"])),
    max_size=5,
)
REASON = Override("her surgeon allows it", ("guard.a",), "Daniel Okafor", "2026-11-24T10:00:00+00:00")


@given(WHYS, WHYS)
def test_one_more_reason_never_opens(some: list[Why], more: list[Why]) -> None:
    for override in (None, REASON):
        before, after = verdict_of(some).overridden(override), verdict_of([*some, *more]).overridden(override)
        assert STRICT.index(after.level) >= STRICT.index(before.level)
        assert after.is_closed or not any(why.level == "stop" for why in more) or after.override
        if before.is_closed:
            assert after.is_closed


@given(WHYS)
def test_a_reason_opens_only_the_guards_it_names_and_never_a_wish_or_an_alert(some: list[Why]) -> None:
    verdict = verdict_of(some).overridden(REASON)
    stops = [why for why in some if why.level == "stop"]
    assert (verdict.override is not None) == (bool(stops) and all(why.guard == "guard.a" for why in stops))


def test_no_reason_is_no_override() -> None:
    with pytest.raises(ValueError, match="only with a reason"):
        replace(REASON, reason="  ")


def test_an_overridden_step_is_done_and_keeps_its_warning(write: Write) -> None:
    small = write(fever={"level": "stop", "when": "exam.fever"})
    ill = Picture(findings=(Finding("exam.fever", state=State.PRESENT),))
    plan = draft_plan(answer([suspect("two", 0.9)]), ill, small, protocol="protocol.arm")
    step = next(s for s in plan.steps if s.target == "muscle.two")
    assert step.verdict.is_closed
    assert step.verdict.stopping == ("guard.fever",)
    reason = replace(REASON, guards=step.verdict.stopping)
    opened = step.verdict.overridden(reason)
    assert not opened.is_closed
    assert opened.why == step.verdict.why
    assert verdict_of([*step.verdict.why, Why("stop", "a new one", guard="guard.new")]).overridden(reason).is_closed


@pytest.mark.parametrize(
    ("position", "level"),
    [("prone", "stop"), ("prone or side-lying", "modify"), ("supine", "open"), ("", "stop")],
)
def test_a_guard_of_a_position_speaks_where_the_client_may_lie_so(write: Write, position: str, level: Level) -> None:
    small = write(fever={"level": "stop", "when": "exam.fever", "more": "positions: [prone]"})
    technique = small.get("technique.press")
    assert isinstance(technique, Technique)
    verdict = guard_step(
        target="muscle.two",
        region="arm_elbow",
        technique=technique,
        picture=Picture(findings=(Finding("exam.fever"),)),
        alerts=(),
        limits=Limits(),
        atlas=small,
        position=position,
    )
    assert verdict.level == level
    assert level != "modify" or "side-lying only" in verdict.why[0].how


# --- The packaged atlas -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def known() -> Atlas:
    return atlas()


def judged(known: Atlas, gate: Gate, target: str, technique: Technique, *, alone: bool) -> Verdict:
    return gate.step(target, region_of(target, known), technique, alone=alone)


@pytest.mark.parametrize(
    "target",
    ["sternocleidomastoid", "scalene_anterior", "subscapularis", "pectineus", "iliacus", "popliteus"],
)
def test_nobody_presses_front_of_neck_armpit_groin_or_hollow_of_the_knee_alone(known: Atlas, target: str) -> None:
    gate = Gate(Picture(), (), Limits(), known)
    pressing = [t for t in known.techniques if t.pressure in ("moderate", "deep")]
    assert pressing
    for technique in pressing:
        assert judged(known, gate, f"muscle.{target}", technique, alone=True).is_closed, technique.id


quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(st.data())
def test_one_more_finding_that_a_guard_names_never_opens_a_step(data: st.DataObject) -> None:
    known = atlas()
    simple = sorted({g.when.present for g in known.guards if g.when.present})
    some = data.draw(st.lists(st.sampled_from(simple), max_size=3, unique=True))
    one = data.draw(st.sampled_from(simple))
    target = data.draw(st.sampled_from([m.id for m in known.muscles]))
    technique = data.draw(st.sampled_from(known.techniques))
    excluded = frozenset(data.draw(st.lists(st.sampled_from(["neck", "shoulder", "thigh"]), max_size=2)))
    alone = data.draw(st.booleans())
    levels = []
    for ids in (some, [*some, one]):
        picture = Picture(findings=tuple(Finding(id) for id in dict.fromkeys(ids)))
        verdict = judged(known, Gate(picture, (), Limits(excluded=excluded), known), target, technique, alone=alone)
        levels.append(STRICT.index(verdict.level))
        assert not (regions_touched(target, known) & excluded) or verdict.is_closed
    assert levels[1] >= levels[0]


@quick
@given(st.data())
def test_working_alone_is_never_allowed_more_than_hands_are(data: st.DataObject) -> None:
    known = atlas()
    ids = data.draw(
        st.lists(st.sampled_from(sorted({g.when.present for g in known.guards if g.when.present})), max_size=2)
    )
    gate = Gate(Picture(findings=tuple(Finding(id) for id in dict.fromkeys(ids))), (), Limits(), known)
    target = data.draw(st.sampled_from([m.id for m in known.muscles]))
    technique = data.draw(st.sampled_from(known.techniques))
    hands, self = (judged(known, gate, target, technique, alone=alone) for alone in (False, True))
    assert STRICT.index(self.level) >= STRICT.index(hands.level)


def test_an_open_alert_closes_everything_and_no_reason_opens_it(known: Atlas) -> None:
    gate = Gate(Picture(), (alert(),), Limits(), known)
    for technique in known.techniques:
        verdict = judged(known, gate, "muscle.infraspinatus", technique, alone=False)
        assert verdict.is_closed
        assert not verdict.can_be_overridden


def test_where_feeling_is_reduced_the_number_steers_no_dose(known: Atlas) -> None:
    numb = Picture(findings=(Finding("exam.numbness"),))
    found = answer([replace(suspect("two", 0.9), of="muscle.infraspinatus", id="trp.infraspinatus.1")])
    plan = draft_plan(found, numb, known, protocol="protocol.shoulder")
    firm = [s for s in plan.steps if s.stage == "treat" and s.technique == "technique.ischemic_compression"]
    assert all(not s.dosage.by_number and s.dosage.pressure == "light" for s in firm)
    pressed = [s for s in plan.steps if s.target == "muscle.infraspinatus" and s.stage == "treat"]
    assert pressed, "the suspect is in the plan"
