"""Scores by the published rules, worked by hand and checked by another road; errors and what they say of a change."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tautband.knowledge import atlas
from tautband.knowledge.records import Instrument
from tautband.outcomes import (
    CannotScore,
    Point,
    Series,
    TooFewAnswers,
    Verdict,
    Way,
    band_of,
    checked,
    detectable_change,
    important_change,
    item_range,
    judge,
    score,
    standard_error,
)


def instrument(name: str) -> Instrument:
    return next(each for each in atlas().instruments if each.id == f"instrument.{name}")


def scored(name: str) -> list[Instrument]:
    return [each for each in atlas().instruments if each.scoring.combine != "value" and item_range(each)]


@pytest.mark.parametrize(
    ("name", "answers", "expected"),
    [
        ("ndi", [2] * 10, 20),  # ten items of 0 to 5
        ("ndi", [2] * 8 + [None, None], 20),  # the mean of the answered ones stands in
        ("odi", [2] * 10, 40),  # 20 of 50
        ("odi", [2] * 9 + [None], 40),  # 18 of 45: an unanswered one takes 5 off the whole
        ("quickdash", [3] * 11, 50),  # ((3) - 1) x 25
        ("quickdash", [1] * 10 + [None], 0),
        ("quickdash", [5] * 11, 100),
        ("lefs", [4] * 20, 80),
        ("hit6", [6] * 6, 36),
        ("hit6", [13] * 6, 78),
        ("pss4", [0, 4, 4, 0], 0),  # two and three count the other way round
        ("pss4", [4, 0, 0, 4], 16),
        ("psfs", [3, 4], 3.5),
    ],
)
def test_scores_as_worked_by_hand(name: str, answers: list[float | None], expected: float) -> None:
    assert score(instrument(name), answers).value == pytest.approx(expected)


@pytest.mark.parametrize(("name", "few"), [("ndi", 7), ("odi", 7), ("quickdash", 9), ("lefs", 19), ("hit6", 5)])
def test_too_few_answers_give_no_score_and_say_how_many_are_needed(name: str, few: int) -> None:
    known = instrument(name)
    low, _high = item_range(known) or (0, 0)
    with pytest.raises(TooFewAnswers) as refusal:
        score(known, [low] * few + [None] * (known.item_count - few))
    assert (refusal.value.answered, refusal.value.least) == (few, few + 1)


def test_the_ends_of_the_items_give_the_ends_of_the_scale() -> None:
    """Another road to the item range: all lowest and all highest answers reach exactly the published ends."""
    for known in scored(""):
        low, high = item_range(known) or (0, 0)
        ends = {score(known, [end] * known.item_count).value for end in (low, high)}
        if not known.scoring.reverse:
            assert ends == {known.low, known.high}, known.id


@given(data=st.data())
def test_a_score_lies_on_its_scale_and_a_worse_answer_never_makes_it_better(data: st.DataObject) -> None:
    known = data.draw(st.sampled_from(scored("")))
    low, high = item_range(known) or (0, 0)
    steps = st.integers(int(low), int(high))
    answers = data.draw(st.lists(steps, min_size=known.item_count, max_size=known.item_count))
    found = score(known, answers)
    assert known.low <= found.value <= (known.high or float("inf"))
    place = data.draw(st.integers(0, known.item_count - 1))
    if place + 1 not in known.scoring.reverse and answers[place] < high:
        more = [*answers[:place], answers[place] + 1, *answers[place + 1 :]]
        assert score(known, more).value >= found.value


def test_answers_and_totals_outside_the_scale_are_refused_in_words() -> None:
    with pytest.raises(CannotScore, match="Item 3: 6 is outside 0 to 5"):
        score(instrument("ndi"), [1, 1, 6, *[1] * 7])
    with pytest.raises(CannotScore, match="outside 0 to 50"):
        checked(instrument("ndi"), 51)
    with pytest.raises(CannotScore, match="12 answers for 10 items"):
        score(instrument("ndi"), [1] * 12)


def test_bands_are_those_published() -> None:
    assert band_of(instrument("ndi"), 14) == "mild"
    assert band_of(instrument("ndi"), 15) == "moderate"
    assert band_of(instrument("nprs"), 5) == ""


@pytest.mark.parametrize(
    ("name", "first", "last", "verdict", "way"),
    [
        ("nprs", 8, 3, Verdict.CHANGED, Way.BETTER),  # 5 > 4.0 (Kovacs 2008)
        ("nprs", 8, 4, Verdict.NOT_PROVEN, Way.BETTER),  # 4 is the border itself, not beyond it
        ("nprs", 5, 4, Verdict.NOISE, Way.BETTER),
        ("nprs", 3, 8, Verdict.CHANGED, Way.WORSE),
        ("quickdash", 45, 31, Verdict.NOT_PROVEN, Way.BETTER),  # 14: matters from 13.4, error 17.1 (van Kampen 2013)
        ("ppt", 210, 248, Verdict.NOISE, Way.BETTER),  # 18 %; under 60 % may be noise
        ("ppt", 200, 330, Verdict.CHANGED, Way.BETTER),
        ("hit6", 66, 52, Verdict.NO_VERDICT, Way.BETTER),  # no error of measuring on file
        ("lefs", 40, 40, Verdict.NOISE, Way.SAME),
    ],
)
def test_verdicts_follow_the_published_borders(
    name: str, first: float, last: float, verdict: Verdict, way: Way
) -> None:
    judged = judge(instrument(name), first, last)
    assert (judged.verdict, judged.way) == (verdict, way)


@given(first=st.floats(0, 10), last=st.floats(0, 10))
def test_a_change_and_its_way_back_are_judged_alike(first: float, last: float) -> None:
    known = instrument("nprs")
    there, back = judge(known, first, last), judge(known, last, first)
    assert there.verdict == back.verdict
    assert {there.way, back.way} in ({Way.BETTER, Way.WORSE}, {Way.SAME})


@given(first=st.floats(0, 100), size=st.floats(0, 100), more=st.floats(0, 50))
def test_a_larger_change_is_never_judged_weaker(first: float, size: float, more: float) -> None:
    order = [Verdict.NOISE, Verdict.NOT_PROVEN, Verdict.CHANGED]
    found = [judge(instrument("quickdash"), first, first + step).verdict for step in (size, size + more)]
    assert order.index(found[0]) <= order.index(found[1])


def test_borders_come_from_the_study_that_was_chosen_and_are_the_careful_end_of_a_span() -> None:
    chosen = detectable_change(instrument("ndi"), 20)
    assert chosen is not None
    assert (chosen.size, chosen.by.n) == (10.2, 91)
    span = detectable_change(instrument("neck_rom"), 60)
    assert span is not None
    assert span.size == 6.8
    error = standard_error(instrument("ppt"), 200)
    assert error is not None
    assert error.size == pytest.approx(42)
    assert important_change(instrument("ppt"), 200) is None


def test_no_border_of_use_rests_on_a_study_nobody_read() -> None:
    for known in atlas().instruments:
        for change in known.changes:
            keys = [change.by] if isinstance(change.by, str) else change.by
            assert not change.use or all(known.cites[key].read for key in keys), known.id


def test_a_series_is_in_the_order_of_time_and_one_reading_is_no_change() -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    points = [Point(start + timedelta(days=n), float(n)) for n in (3, 1, 2)]
    series = Series.made(instrument("nprs"), "", points)
    assert all(a.at < b.at for a, b in pairwise(series.points))
    assert (series.first.value, series.last.value) == (1.0, 3.0)
    assert Series.made(instrument("nprs"), "", points[:1]).judged is None
    with pytest.raises(ValueError, match="needs a reading"):
        Series.made(instrument("nprs"), "", [])
