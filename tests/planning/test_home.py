"""What clients do alone: never where vessels lie open, never laxer for knowing more, never more than they will do."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.findings import Finding, Person, Picture, State
from tautband.knowledge import Atlas, atlas
from tautband.knowledge.records import Selfcare, Technique
from tautband.planning import Limits
from tautband.planning.alone import NEVER_PRESSED, judge_alone, places_pressed
from tautband.planning.guard import Gate
from tautband.planning.home import (
    COUNTS,
    Amount,
    Kept,
    amount_of,
    begin,
    judge,
    next_move,
    propose,
    within_range,
)
from tautband.terms.sides import Side

from .conftest import alert, answer, suspect

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
STRICT = ("open", "ask", "modify", "stop")
HIDDEN = ("area.knee.posterior", "muscle.popliteus", "muscle.sternocleidomastoid", "muscle.subscapularis",
          "muscle.pectineus", "area.neck.throat",
          "area.neck.front", "area.hip.front")  # fmt: skip
NOBODY = Picture(Person(50))


@pytest.fixture(scope="module")
def known() -> Atlas:
    return atlas()


def gate(known: Atlas, *present: str, alerts: tuple = (), limits: Limits | None = None) -> Gate:
    found = tuple(Finding(id, state=State.PRESENT, at=NOW) for id in present)
    return Gate(Picture(Person(50), findings=found), alerts, limits or Limits(), known)


def test_no_item_presses_where_vessels_and_nerves_lie_open(known: Atlas) -> None:
    calm = gate(known)
    for record in known.selfcare:
        bad = [zone for zone in places_pressed(record, known) if zone.startswith(NEVER_PRESSED)]
        sites = {site for guard in known.guards if guard.alone == "stop" for site in guard.sites}
        pressed = set(record.position.felt) & sites if record.sort == "self_release" else set()
        assert judge_alone(record, calm).level == "stop" or not (bad or pressed), record.id


@pytest.mark.parametrize("place", HIDDEN)
def test_pressing_there_would_be_closed(known: Atlas, place: str) -> None:
    ball = known.record("selfcare.infraspinatus_ball")
    assert isinstance(ball, Selfcare)
    there = ball.model_copy(update={"position": ball.position.model_copy(update={"felt": (place,)}), "serves": ()})
    assert judge_alone(there, gate(known)).level == "stop"


@settings(max_examples=25, deadline=None)
@given(present=st.lists(st.sampled_from(["exam.fever", "exam.anticoagulants", "exam.heart_disease",
       "exam.hot_swollen_joint", "factor.hypermobility", "exam.pregnancy", "exam.diabetes"]), unique=True, max_size=4),
       number=st.integers(0, 10_000))  # fmt: skip
def test_one_more_finding_never_opens_anything(present: list[str], number: int) -> None:
    known = atlas()
    record = known.selfcare[number % len(known.selfcare)]
    before = judge_alone(record, gate(known, *present[:-1])).level
    after = judge_alone(record, gate(known, *present)).level
    assert STRICT.index(after) >= STRICT.index(before)


def test_what_was_found_on_one_side_leaves_the_other_alone(known: Atlas) -> None:
    """A vein or a wound on the left leg closes the roll under the left calf; without a side, both."""
    roll = known.record("selfcare.calf_roll_lower")
    assert isinstance(roll, Selfcare)
    press = known.record("technique.ischemic_compression")
    assert isinstance(press, Technique)
    for exam in ("exam.varicose_veins", "exam.open_wound"):
        for where, closed in ((Side.LEFT, {Side.LEFT}), (Side.MIDLINE, {Side.LEFT, Side.RIGHT})):
            found = Finding(exam, where, State.PRESENT, at=NOW)
            there = Gate(Picture(Person(50), findings=(found,)), (), Limits(), known)
            calm = gate(known)
            for side in (Side.LEFT, Side.RIGHT):
                stricter = judge_alone(roll, there, side).why != judge_alone(roll, calm, side).why
                assert stricter is (side in closed), (exam, where, side)
                hands = [each.step("muscle.soleus", "leg", press, "", side, alone=False) for each in (there, calm)]
                assert (hands[0].why != hands[1].why) is (side in closed), (exam, where, side)
            assert judge_alone(roll, there).level == judge_alone(roll, there, Side.LEFT).level, "without a side: both"


def test_an_open_alert_closes_all_and_a_named_danger_its_items(known: Atlas) -> None:
    assert judge_alone(known.selfcare[0], gate(known, alerts=(alert("emergency"),))).level == "stop"
    neck = known.record("selfcare.upper_trapezius_stretch")
    assert isinstance(neck, Selfcare)
    danger = alert("urgent_days", flag=neck.flags[0])
    assert judge_alone(neck, gate(known, alerts=(danger,))).level == "stop"
    answered = Limits(answered=frozenset({neck.flags[0]}))
    assert judge_alone(neck, gate(known, alerts=(danger,), limits=answered)).level == "ask"


def test_proposes_for_the_suspects_within_the_minutes(known: Atlas) -> None:
    suspects = [suspect("infraspinatus", 0.7), suspect("upper_trapezius", 0.4, "left")]
    offer = propose(answer(suspects), NOBODY, known, minutes_a_day=10)
    assert 1 <= len(offer.open_items) <= 3
    assert offer.minutes <= 10
    first = offer.open_items[0]
    assert "muscle.infraspinatus" in first.record.serves
    assert first.choice.side in (Side.RIGHT, Side.MIDLINE)
    assert "infraspinatus" in first.reasons[0]
    assert judge(offer.choices, answer(suspects), NOBODY, known).choices == offer.choices, "kept as it was proposed"


def test_nothing_is_proposed_for_nothing_and_what_hurt_is_not_again(known: Atlas) -> None:
    assert propose(answer(), NOBODY, known).items == ()
    suspects = [suspect("infraspinatus", 0.7)]
    first = propose(answer(suspects), NOBODY, known).items[0].record.id
    assert first not in {item.record.id for item in propose(answer(suspects), NOBODY, known, not_again={first}).items}


def test_closed_things_keep_their_place_and_say_why(known: Atlas) -> None:
    offer = propose(answer([suspect("infraspinatus", 0.7)], (alert("same_day"),)), NOBODY, known)
    assert offer.items
    assert not offer.open_items
    assert all(item.verdict.why[0].opens_when for item in offer.items)


def test_a_softer_one_is_gentler_and_open(known: Atlas) -> None:
    item = begin("selfcare.infraspinatus_ball", Side.RIGHT, answer(), NOBODY, known)
    assert item.choice.softer
    assert judge_alone(known.record(item.choice.softer), gate(known)).level != "stop"  # type: ignore[arg-type]


numbers = st.one_of(st.none(), st.floats(0, 1000, allow_nan=False))


@settings(max_examples=40, deadline=None)
@given(given=st.tuples(*[numbers] * 5), number=st.integers(0, 10_000), cap=st.one_of(st.none(), st.floats(1, 100)))
def test_a_dose_stays_within_its_range_and_cap(given: tuple, number: int, cap: float | None) -> None:
    record = atlas().selfcare[number % len(atlas().selfcare)]
    typed = dict(zip(COUNTS, given, strict=True))
    kept = within_range(Amount(**{**typed, "per_day": typed["per_day"] or 1, "days_per_week": 7}), record.dose, cap)
    for name in COUNTS:
        span, value = getattr(record.dose, name), getattr(kept, name)
        assert (span is None) == (value is None)
        if span is not None:
            assert value <= span.high
            assert value >= (min(span.low, cap) if name == "hold_s" and cap else span.low)


@pytest.mark.parametrize(
    ("kept", "level", "move"),
    [
        (Kept(days=7, done=6, hurts=1), "usual", "swap"),
        (Kept(days=7, done=5, right=2, too_much=2), "usual", "easier"),
        (Kept(days=7, done=5, too_much=2), "easier", "swap"),
        (Kept(days=7, done=6, easy=2), "usual", "harder"),
        (Kept(days=7, done=6, easy=2), "harder", "keep"),
        (Kept(days=8, done=3), "usual", "less_often"),
        (Kept(days=2, done=0), "usual", "keep"),
        (Kept(days=7, done=6, right=3), "usual", "keep"),
    ],
)
def test_what_the_diary_leads_to(kept: Kept, level: str, move: str) -> None:
    assert next_move(kept, level) == move  # type: ignore[arg-type]


def test_usual_amount_is_what_the_atlas_says(known: Atlas) -> None:
    for record in known.selfcare:
        assert within_range(amount_of(record.dose), record.dose) == amount_of(record.dose), record.id
