"""Alerts: a rule that holds always alerts; nothing found in a muscle takes one away; half a rule only asks."""

from itertools import product
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from small_atlas import EVERYTHING, exam, suggests, write
from small_atlas import flag as a_flag

from tautband.findings import Drawing, Finding, Layer, Mark, Person, Picture, State, Truth, judge
from tautband.knowledge import Atlas
from tautband.knowledge.areas import within
from tautband.knowledge.records import Urgency
from tautband.reasoning import POLICY, Answer, Reasoner, build_model
from tautband.reasoning.alerts import Judged, alerts_of, findings_in, holds_alone, judge_rules, open_questions
from tautband.terms.sides import Side

TWO_SIGNS = (Finding("exam.unsteady"), Finding("exam.hoffmann", Side.LEFT))


def flags(answer: Answer) -> set[str]:
    return {alert.flag for alert in answer.alerts if alert.by == "rule"}


def test_two_of_three_signs_alert_and_say_what_is_owed(small_reasoner: Reasoner) -> None:
    answer = small_reasoner.consider(Picture(findings=(Finding("exam.unsteady"), Finding("exam.clumsy"))))
    (alert,) = answer.alerts
    assert (alert.flag, alert.urgency, alert.by) == ("flag.cord", Urgency.URGENT_DAYS, "rule")
    assert alert.ask == ("exam.hoffmann",)
    assert alert.read


def test_one_sign_does_not_alert(small_reasoner: Reasoner) -> None:
    assert flags(small_reasoner.consider(Picture(findings=(Finding("exam.unsteady"),)))) == set()


def test_the_most_urgent_rule_gives_the_urgency(small_reasoner: Reasoner) -> None:
    found = (*TWO_SIGNS, Finding("exam.saddle"), Finding("exam.bladder"))
    (alert,) = small_reasoner.consider(Picture(findings=found)).alerts
    assert alert.urgency is Urgency.EMERGENCY
    assert len(alert.because) == 2


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.builds(
            Finding,
            st.sampled_from(["exam.palpation.familiar_pain", "exam.palpation.tenderness"]),
            st.sampled_from([Side.LEFT, Side.RIGHT]),
            st.sampled_from(State),
            st.sampled_from(["muscle.front", "muscle.side"]),
        ),
        max_size=6,
        unique_by=lambda f: f.key,
    )
)
def test_nothing_found_in_a_muscle_silences_an_alert(small_reasoner: Reasoner, muscles: list[Finding]) -> None:
    answer = small_reasoner.consider(Picture(findings=(*TWO_SIGNS, *muscles)))
    assert flags(answer) == {"flag.cord"}


def test_no_rule_of_the_atlas_reads_what_was_palpated(real_reasoner: Reasoner) -> None:
    for flag in real_reasoner.model.atlas.flags:
        for rule in flag.rules:
            assert not [id for id in findings_in(rule.when) if id.startswith("exam.palpation.")], flag.id


def test_every_rule_of_the_atlas_can_fire_and_alerts_when_it_does(real_reasoner: Reasoner) -> None:
    """Answer yes to everything a rule names, at an age and with a drawing that suit: it must hold and alert."""
    atlas = real_reasoner.model.atlas
    for flag in atlas.flags:
        for rule in flag.rules:
            picture = suiting(rule.when, atlas)
            held = judge(rule.when, picture, lambda place, area: within(place, area, atlas))
            assert held is Truth.TRUE, f"{flag.id}: {rule.because}"


def suiting(when: object, atlas: Atlas) -> Picture:
    """Try ages, sexes and sides until the condition holds; the last tried picture otherwise."""
    from tautband.knowledge.records import When

    assert isinstance(when, When)
    exams = findings_in(when)
    values = dict(measured(when))
    found = tuple(
        Finding(id, state=State.PRESENT, value=values.get(id), unit="" if id not in values else "x") for id in exams
    )
    denied = tuple(Finding(id, state=State.ABSENT) for id in absent_in(when))
    areas = sorted(areas_in(when))
    marks = tuple(
        Mark(area, Side.BILATERAL, layer, 10.0)
        for area in areas
        for layer in ("pain", "numb", "tingling")  # type: ignore[arg-type]
    )
    marks = tuple(Mark(m.place, m.side, Layer(m.layer), m.intensity) for m in marks)
    picture = Picture()
    for age, sex in product([45, 55, 75, 25, 15, 8, 2], ["female", "male"]):
        rest = tuple(f for f in found if f.id not in {d.id for d in denied})
        picture = Picture(Person(age, sex), Drawing(marks), (*rest, *denied))  # type: ignore[arg-type]
        if judge(when, picture, lambda place, area: within(place, area, atlas)) is Truth.TRUE:
            return picture
    return picture


def parts_of(when: object) -> list[object]:
    return [*(when.all or ()), *(when.any or ()), *(when.at_least.of if when.at_least else ())]  # type: ignore[attr-defined]


def measured(when: object) -> list[tuple[str, float]]:
    own = when.value  # type: ignore[attr-defined]
    here = [(own.of, own.at_least if own.at_least is not None else own.at_most)] if own else []
    return here + [pair for part in parts_of(when) for pair in measured(part)]


def absent_in(when: object) -> set[str]:
    here = {when.absent} if when.absent else set()  # type: ignore[attr-defined]
    return here.union(*(absent_in(part) for part in parts_of(when)))


def areas_in(when: object) -> set[str]:
    here: set[str] = set()
    for key in ("pain_in", "numb_in", "tingling_in", "both_sides_in"):
        here |= set(getattr(when, key) or ())
    return here.union(*(areas_in(part) for part in parts_of(when)))


OBSERVED = st.lists(
    st.builds(
        Finding,
        st.sampled_from(["exam.unsteady", "exam.clumsy", "exam.hoffmann", "exam.saddle", "exam.bladder"]),
        state=st.sampled_from(State),
    ),
    max_size=4,
    unique_by=lambda f: f.id,
)


@settings(deadline=None, max_examples=80)
@given(OBSERVED)
def test_rules_left_out_as_idle_could_neither_alert_nor_ask(small: Atlas, found: list[Finding]) -> None:
    """Judging only the rules that bear on a picture gives the same alerts and questions as judging all."""
    picture = Picture(findings=tuple(found))
    near = judge_rules(picture, small, lambda place, area: within(place, area, small))
    whole = Judged(
        picture,
        tuple((f, tuple((r, judge(r.when, picture, lambda _p, _a: False)) for r in f.rules)) for f in small.flags),
    )
    assert alerts_of(near, {}, POLICY, small) == alerts_of(whole, {}, POLICY, small)
    assert open_questions(near) == open_questions(whole)


def test_every_rule_of_the_atlas_that_places_and_age_alone_can_meet_is_judged_without_findings(
    real_reasoner: Reasoner,
) -> None:
    atlas = real_reasoner.model.atlas
    every = tuple(Mark(area, side, layer, 10.0) for area in atlas.areas for side in Side for layer in Layer)
    for age, sex in product([8, 15, 25, 45, 55, 75, 90], ["female", "male"]):
        picture = Picture(Person(age, sex), Drawing(every))  # type: ignore[arg-type]
        for flag in atlas.flags:
            for rule in flag.rules:
                if judge(rule.when, picture, lambda _p, _a: True) is Truth.TRUE:
                    assert holds_alone(rule.when), rule.because


def test_a_tender_muscle_does_not_talk_the_network_out_of_a_danger(tmp_path: Path) -> None:
    """A flag that the posterior raises stays raised when a muscle explains the pain just as well."""
    danger = a_flag(
        "danger",
        [{"when": {"all": ["exam.unsteady", "exam.clumsy"]}, "urgency": "routine", "because": "both"}],
        field=[{"blob": "shoulder_front", "radius_cm": 4, "by": "book"}],
        commonness={"word": "very_common", "by": "book"},
        features=[suggests("exam.hoffmann", strength="usual")],
    )
    things = [thing for thing in EVERYTHING if thing["id"] != "flag.cord"]
    things = [thing if thing["id"] != "exam.hoffmann" else exam("hoffmann", "reflex") for thing in things]
    reasoner = Reasoner(build_model(write(tmp_path, *things, danger)))
    drawing = Drawing((Mark("area.shoulder_front", Side.LEFT),), complete=False)
    sign = Finding("exam.hoffmann", Side.LEFT)
    muscle = tuple(
        Finding(f"exam.palpation.{sign_}", Side.LEFT, of="muscle.front") for sign_ in ("familiar_pain", "tenderness")
    )
    before = reasoner.consider(Picture(drawing=drawing, findings=(sign,)))
    after = reasoner.consider(Picture(drawing=drawing, findings=(sign, *muscle)))
    chance = {s.id: s.probability for s in before.suspects}, {s.id: s.probability for s in after.suspects}
    assert chance[1]["flag.danger"] < chance[0]["flag.danger"]  # the network does explain it away
    assert {a.flag for a in before.alerts} <= {a.flag for a in after.alerts}
    assert {a.flag for a in before.alerts} == {"flag.danger"}
