"""The slot engine: slots lie in shifts and touch nothing that is taken, through daylight saving. Checked by minutes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.clinic.diary import engine
from tautband.clinic.diary.engine import BadRule, Need, Shift, Window

OSLO = ZoneInfo("Europe/Oslo")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NOTHING = engine.as_spans([])
FIVE = st.integers(0, 287).map(lambda n: time(n // 12, n % 12 * 5))
ZONES = st.sampled_from(["Europe/Oslo", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"])
FIRST = st.sampled_from([date(2026, 3, 27), date(2026, 10, 23), date(2026, 3, 6), date(2026, 4, 3), date(2026, 6, 1)])


def slow_hours(shift: Shift, window: Window) -> tuple[list[engine.Span], list[engine.Span]]:
    """When a shift works and breaks by another road: each day and time for itself, as a `datetime`."""
    zone = ZoneInfo(shift.zone)
    first, last = window.start.astimezone(zone).date() - timedelta(days=1), window.end.astimezone(zone).date()

    def span(day: date, low: time, high: time) -> engine.Span:
        after = day + timedelta(days=high <= low)
        return engine.instant(day, low, zone), engine.instant(after, high, zone, late=True)

    work, breaks = [], []
    for day in engine.days_of(shift.rule, shift.first, first, min(last, shift.last or last)):
        if day not in shift.off:
            work.append(span(day, shift.start, shift.end))
            breaks += [span(day + timedelta(days=low < shift.start), low, high) for low, high in shift.breaks]
    return work, breaks


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Shift], list[engine.Span], Need, Window]:
    """A few days around a change of the clock: shifts that may overlap, visits, a service."""
    first, zone = draw(FIRST), draw(ZONES)
    shifts = [
        Shift(
            zone,
            draw(FIVE),
            draw(FIVE),
            draw(st.sampled_from(["FREQ=DAILY", "FREQ=DAILY;INTERVAL=2", ""])),
            first,
            breaks=((draw(FIVE), draw(FIVE)),) if draw(st.booleans()) else (),
        )
        for _n in range(draw(st.integers(1, 3)))
    ]
    window = Window(datetime.combine(first, time(0), UTC), datetime.combine(first, time(0), UTC) + timedelta(days=4))
    taken = []
    for _n in range(draw(st.integers(0, 5))):
        start = window.start + timedelta(minutes=draw(st.integers(0, 5760)))
        taken.append((start, start + timedelta(minutes=draw(st.integers(1, 200)))))
    fives = st.integers(0, 6).map(lambda n: n * 5)
    need = Need(draw(st.integers(1, 20)) * 5, draw(fives), draw(fives))
    return shifts, taken, need, window


@given(st.lists(st.tuples(st.integers(-500, 2000), st.integers(-90, 400)), max_size=8), st.booleans(), st.booleans())
def test_cells_marked_at_once_are_those_marked_one_by_one(
    stretches: list[tuple[int, int]], inward: bool, value: bool
) -> None:
    """Spans that overlap, touch, are empty or turned round, and lie before, over and after the window."""
    window = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
    begin = window.first * 300
    spans = [(begin + low * 60 + low % 7, begin + (low + long) * 60) for low, long in stretches]
    cells, slow = window.cells() != value, window.cells() != value
    window.mark(cells, engine.as_spans(spans), value=value, inward=inward)
    for cell in range(window.size):
        low, high = begin + cell * 300, begin + (cell + 1) * 300
        if any((a <= low and high <= b) if inward else (a < high and low < b and a < b) for a, b in spans):
            slow[cell] = value
    assert cells.tolist() == slow.tolist()


@settings(max_examples=80, deadline=None)
@given(worlds())
def test_slots_lie_in_shifts_and_touch_nothing_taken(
    world: tuple[list[Shift], list[engine.Span], Need, Window],
) -> None:
    shifts, taken, need, window = world
    cells = engine.open_cells(shifts, engine.in_seconds(taken), window)
    found = engine.slots(cells, need, window, not_before=LONG_AGO)
    spans = [slow_hours(shift, window) for shift in shifts]
    work = [span for one, _breaks in spans for span in one]
    closed = [span for _work, breaks in spans for span in breaks] + taken
    for slot in found:
        low, high = slot.start - timedelta(minutes=need.before), slot.end + timedelta(minutes=need.after)
        assert slot.end - slot.start == timedelta(minutes=need.minutes)
        assert not any(start < high and end > low for start, end in closed if start < end)
        minute = low
        while minute < high:
            assert any(start <= minute < end for start, end in work)
            minute += timedelta(minutes=5)


@settings(max_examples=60, deadline=None)
@given(zone=ZONES, day=FIRST, clock=FIVE, late=st.booleans(), more=st.integers(0, 5))
def test_an_instant_shows_the_wall_clock_it_was_made_from(
    zone: str, day: date, clock: time, late: bool, more: int
) -> None:
    place = ZoneInfo(zone)
    plain = datetime.combine(day + timedelta(days=more), clock)
    shown = engine.instant(plain.date(), clock, place, late=late).astimezone(place).replace(tzinfo=None)
    assert shown >= plain  # the clock may jump over it, and then shows the first time after
    assert shown - plain <= timedelta(hours=1)
    if late:
        before = engine.instant(plain.date(), clock, place)
        assert before <= engine.instant(plain.date(), clock, place, late=True) <= before + timedelta(hours=1)


EVERYWHERE = st.sampled_from(
    ["Europe/Oslo", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo"]
) | st.sampled_from(
    ["Asia/Beirut", "America/Havana", "Africa/Casablanca", "Pacific/Apia", "America/Nuuk", "Antarctica/Troll"]
)


@settings(max_examples=60, deadline=None)
@given(zone=EVERYWHERE, year=st.integers(2011, 2037), clock=FIVE, late=st.booleans())
def test_the_clocks_of_a_year_at_once_are_those_of_each_day(zone: str, year: int, clock: time, late: bool) -> None:
    place = ZoneInfo(zone)
    days = np.arange(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal(), dtype=np.int64)
    alone = [int(engine.instant(date.fromordinal(d), clock, place, late=late).timestamp()) for d in days.tolist()]
    assert engine.wall_seconds(days, clock, place, late=late).tolist() == alone


def test_the_gap_and_the_fold_in_oslo() -> None:
    gap, fold = date(2026, 3, 29), date(2026, 10, 25)
    assert engine.instant(gap, time(2, 30), OSLO) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert engine.instant(fold, time(2, 30), OSLO) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert engine.instant(fold, time(2, 30), OSLO, late=True) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    def hours(day: date) -> float:
        shift = Shift("Europe/Oslo", time(0), time(8), "", day)
        window = Window(
            datetime.combine(day, time(0), UTC) - timedelta(days=1),
            datetime.combine(day, time(0), UTC) + timedelta(days=2),
        )
        return float(engine.open_cells([shift], NOTHING, window).sum()) / 12

    assert (hours(gap), hours(fold), hours(date(2026, 6, 1))) == (7, 9, 8)


def test_a_night_shift_ends_on_the_next_day() -> None:
    window = Window(datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 4, tzinfo=UTC))
    shift = Shift("UTC", time(22), time(2), "FREQ=DAILY", date(2026, 6, 1), breaks=((time(0), time(0, 30)),))
    work, breaks = engine.hours_of(shift, window)
    night = datetime(2026, 6, 1, 22, tzinfo=UTC), datetime(2026, 6, 2, 2, tzinfo=UTC)
    pause = datetime(2026, 6, 2, 0, tzinfo=UTC), datetime(2026, 6, 2, 0, 30, tzinfo=UTC)
    assert [work[:1].tolist(), breaks[:1].tolist()] == [engine.in_seconds([each]).tolist() for each in (night, pause)]


def test_rooms_are_given_only_where_one_is_free() -> None:
    window = Window(datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 2, tzinfo=UTC))
    at = [datetime(2026, 6, 1, hour, tzinfo=UTC) for hour in range(24)]
    cells = engine.open_cells([Shift("UTC", time(9), time(12), "", date(2026, 6, 1))], NOTHING, window)
    rooms = [
        engine.free_cells(engine.in_seconds([(at[9], at[10]), (at[11], at[12])]), window),
        engine.free_cells(engine.in_seconds([(at[9], at[11])]), window),
    ]
    found = engine.slots(cells, Need(60), window, not_before=LONG_AGO, rooms=engine.room_fit(rooms, Need(60)))
    assert [(one.start, one.room) for one in found] == [(at[10], 0), (at[11], 1)]


@pytest.mark.parametrize(
    "rule", ["FREQ=HOURLY", "FREQ=SECONDLY", "FREQ=WEEKLY;BYHOUR=3", "nonsense", "FREQ=WEEKLY;BYDAY=XX"]
)
def test_rules_nobody_can_follow_are_refused(rule: str) -> None:
    with pytest.raises(BadRule):
        engine.days_of(rule, date(2026, 1, 1), date(2026, 1, 1), date(2026, 2, 1))


def test_the_nearest_like_it_is_at_the_same_time_of_day() -> None:
    days = [
        engine.Slot(datetime(2026, 6, d, h, tzinfo=UTC), datetime(2026, 6, d, h + 1, tzinfo=UTC))
        for d, h in ((2, 9), (2, 17), (4, 17), (9, 8))
    ]
    found = engine.nearest_like(datetime(2026, 6, 1, 17, tzinfo=UTC), days, ZoneInfo("UTC"), most=2)
    assert [one.start.day for one in found] == [2, 4]
