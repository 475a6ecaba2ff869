"""What treatment showed moves its target a little, the same either way, and never an alert."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.findings import Drawing, Finding, Mark, Picture, Response, State
from tautband.reasoning import POLICY, Reasoner
from tautband.reasoning.loading import reasoner as usual_reasoner
from tautband.reasoning.responded import RESPONDED, response_nats, response_shifts
from tautband.terms.sides import Side

FIRST = date(2026, 11, 3)
MASSETER = Response("muscle.masseter", Side.LEFT, "eased", date(2026, 11, 12), "ischemic compression", "error 4.9 mm")
CHANGES = st.sampled_from(["eased", "worse", "unchanged", "unclear"])
ROWS = st.builds(
    lambda change, day, point: replace(MASSETER, change=change, on=FIRST + timedelta(day), same_point=point),
    CHANGES,
    st.integers(0, 5),
    st.booleans(),
)
LISTS = st.lists(ROWS, max_size=12)


def test_one_day_of_ease_speaks_for_it_two_days_without_change_against() -> None:
    quiet = replace(MASSETER, change="unchanged")
    later = replace(quiet, on=MASSETER.on + timedelta(7))
    assert response_nats([MASSETER], POLICY) == POLICY.response_nats
    assert response_nats([MASSETER] * 9, POLICY) == POLICY.response_nats, "one day is one answer"
    assert response_nats([quiet], POLICY) == 0
    assert response_nats([quiet, later], POLICY) == -POLICY.response_nats
    assert response_nats([quiet, replace(later, same_point=True)], POLICY) == -POLICY.response_point_nats


@pytest.mark.parametrize("change", ["worse", "unclear"])
def test_worse_and_within_error_say_nothing(change: str) -> None:
    rows = [replace(MASSETER, change=change, on=FIRST + timedelta(n)) for n in range(9)]  # type: ignore[arg-type]
    assert response_nats(rows, POLICY) == 0


@given(LISTS, ROWS)
def test_more_ease_never_lowers_more_of_no_change_never_raises(rows: list[Response], one: Response) -> None:
    nats = response_nats(rows, POLICY)
    assert abs(nats) <= POLICY.response_cap_nats
    assert response_nats([*rows, replace(one, change="eased")], POLICY) >= nats
    assert response_nats([*rows, replace(one, change="unchanged")], POLICY) <= nats
    assert response_nats(list(reversed(rows)), POLICY) == pytest.approx(nats)


def test_odds_move_by_two_thirds_at_most() -> None:
    rows = [replace(MASSETER, on=FIRST + timedelta(n)) for n in range(40)]
    assert response_nats(rows, POLICY) == POLICY.response_cap_nats == 0.5


@given(rows=LISTS)
def test_left_and_right_are_alike(rows: list[Response]) -> None:
    model = usual_reasoner().model
    left, _ = response_shifts(rows, model)
    right, _ = response_shifts([replace(row, side=row.side.mirrored) for row in rows], model)
    assert {key.replace("/left", "/right"): nats for key, nats in left.items()} == right


def test_a_danger_is_never_meant(real_reasoner: Reasoner) -> None:
    model = real_reasoner.model
    flag = next(h for h in model.hypotheses.every if h.kind == "flag")
    assert response_shifts([replace(MASSETER, target=flag.id, side=Side.BILATERAL)], model) == ({}, {})
    assert response_shifts([replace(MASSETER, target="muscle.of_no_atlas")], model) == ({}, {})


HEAD = Drawing((Mark("area.jaw", Side.LEFT), Mark("area.temple", Side.LEFT)), complete=False)


def test_the_ledger_names_it_and_the_order_feels_it(real_reasoner: Reasoner) -> None:
    plain = Picture(drawing=HEAD)
    before = {s.key: s for s in real_reasoner.consider(plain).suspects}
    for change, sign in (("eased", 1), ("unchanged", -1)):
        rows = tuple(replace(MASSETER, change=change, on=on) for on in (FIRST, MASSETER.on))  # type: ignore[arg-type]
        answer = real_reasoner.consider(replace(plain, responses=rows))
        suspect = next(s for s in answer.suspects if s.of == "muscle.masseter" and s.side is Side.LEFT)
        (reason,) = (r for r in suspect.reasons if r.finding == RESPONDED)
        told = "eased after ischemic compression on 3 Nov and 12 Nov, beyond error (error 4.9 mm)"
        quiet = "no change after ischemic compression on 3 Nov and 12 Nov, clearly within error (error 4.9 mm)"
        assert reason.text == (told if sign > 0 else quiet)
        assert (reason.nats * sign, reason.sort, reason.citations) == (0.5 if sign > 0 else 0.25, "response", ())
        earlier = before[suspect.key]
        assert (suspect.probability - earlier.probability) * sign > 0


DANGER = ("exam.thunderclap_headache", "exam.night_pain", "exam.saddle_numbness", "exam.unsteady_walking")


@settings(max_examples=25, deadline=None)
@given(
    found=st.lists(st.sampled_from(DANGER), max_size=3, unique=True),
    tender=st.booleans(),
    places=st.sets(
        st.sampled_from(["area.jaw", "area.temple", "area.low_back", "area.chest", "area.calf"]), min_size=1
    ),
    rows=st.lists(
        st.tuples(ROWS, st.sampled_from(["muscle.masseter", "muscle.soleus", "muscle.quadratus_lumborum"])),
        min_size=1,
        max_size=8,
    ),
)
def test_alerts_are_the_same_with_and_without(
    found: list[str], tender: bool, places: set[str], rows: list[tuple[Response, str]]
) -> None:
    asked = tuple(Finding(id, Side.MIDLINE, State.PRESENT) for id in found)
    if tender:
        asked += (Finding("exam.palpation.familiar_pain", Side.LEFT, State.PRESENT, "muscle.masseter"),)
    drawing = Drawing(tuple(Mark(place, Side.LEFT) for place in sorted(places)), complete=False)
    plain = Picture(drawing=drawing, findings=asked)
    treated = replace(plain, responses=tuple(replace(row, target=target) for row, target in rows))
    before, after = usual_reasoner().consider(plain), usual_reasoner().consider(treated)
    assert after.alerts == before.alerts
    dangers = {s.key: s.probability for s in after.suspects if s.kind == "flag"}
    assert all(dangers.get(s.key, s.probability) >= s.probability - 1e-9 for s in before.suspects if s.kind == "flag")
