"""The pure parts: sentences for the other side, counts before a return, how much in cells."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tautband.clinic.programme.recurrence import BEFORE_DAYS, Day, recurrence
from tautband.clinic.programme.words import mirrored
from tautband.knowledge import atlas

FIRST = date(2026, 11, 1)
NOTED = st.tuples(st.integers(0, 20), st.integers(0, 7), st.booleans())
DAYS = st.lists(NOTED, unique_by=lambda row: row[0], max_size=12)


def day_of(row: tuple[int, int, bool]) -> Day:
    """A noted day; the bits of its second number are the factors that were there."""
    number, bits, returned = row
    return Day(
        FIRST + timedelta(days=number), None, frozenset(f for n, f in enumerate("abc") if bits >> n & 1), returned
    )


def test_every_exercise_reads_for_the_other_side_and_back() -> None:
    for record in atlas().selfcare:
        for said in record.say:
            other = mirrored(said.text)
            assert mirrored(other) == said.text, said.text
            if " right hand" in said.text:
                assert " left hand" in other


def test_right_is_not_always_a_side() -> None:
    for text in ("That is all right.", "knees bent at right angles", "for pain right at the heel bone"):
        assert mirrored(text) == text
    assert mirrored("Your left ear sinks to the Left.") == "Your right ear sinks to the Right."


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DAYS)
def test_counts_agree_with_counting_by_hand(rows: list[tuple[int, int, bool]]) -> None:
    days = [day_of(row) for row in rows]
    found = recurrence(days)
    returns = [day for day in days if day.returned]
    assert found.returns == len(returns)
    for row in found.rows:
        before = 0
        for back in returns:
            before += any(row.factor in d.factors and 0 <= (back.day - d.day).days <= BEFORE_DAYS for d in days)
        others = [d for d in days if not any(0 <= (b.day - d.day).days <= BEFORE_DAYS for b in returns)]
        assert (row.before, row.other_days) == (before, len(others))
        assert row.others == sum(row.factor in d.factors for d in others)


def test_few_days_say_nothing() -> None:
    assert not recurrence([Day(FIRST, 5, frozenset("a"), True)]).enough
