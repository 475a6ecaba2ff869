"""The slot engine: shifts and what is taken become the times that can be booked. No Django, no database, no clock.

Time is a row of cells of five minutes in UTC, so daylight saving touches one place only: where a shift's wall-clock
time becomes an instant. A year of one therapist is an array of 105,120 truths; a slot is a run of them that is free.
Within, instants are whole seconds since 1970 in arrays: thousands of them cost what one costs as a `datetime`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from dateutil.rrule import rrulestr

CELL_MIN = 5
STEP_MIN = 15
CELL_S = CELL_MIN * 60
DAY_S = 86_400
MOST_DAYS = 800  # no rule is followed further than this in one question
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = date(1970, 1, 1).toordinal()

FIRST_YEAR, LAST_YEAR = 1970, 2999

Span = tuple[datetime, datetime]
"""From (in) to (out), both aware."""

Spans = np.ndarray
"""Many of them: a row each, from (in) and to (out) in whole seconds since 1970."""


def day_of(text: str) -> date:
    """A day as an address carries it, `2026-11-29`. Raises ValueError, also for a year no diary has."""
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"No diary has the year {day.year}.")
    return day


class BadRule(ValueError):
    """A recurrence nobody can follow; the message says what is wrong."""


@dataclass(frozen=True)
class Shift:
    """When somebody works, by the clock on the wall of the place.

    rule   RFC 5545 recurrence by days, such as "FREQ=WEEKLY;BYDAY=MO,TU"; empty for the first day only
    first  the day it starts to hold; last the final day, None for no end
    off    days on which it does not hold
    """

    zone: str
    start: time
    end: time
    rule: str
    first: date
    last: date | None = None
    breaks: tuple[tuple[time, time], ...] = ()
    off: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Need:
    """What a visit takes: minutes with the client, and minutes kept free before and after."""

    minutes: int
    before: int = 0
    after: int = 0


@dataclass(frozen=True)
class Slot:
    """A time that can be booked; `room` is the place of the first free room in the list given, None without rooms."""

    start: datetime
    end: datetime
    room: int | None = None


@dataclass
class Window:
    """The stretch that is asked about, in cells. Starts at a full hour, so that slots fall on quarters."""

    start: datetime
    end: datetime
    first: int = field(init=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        """Count the cells. Raises ValueError when the end lies before the start, or too far."""
        if self.end <= self.start or self.end - self.start > timedelta(days=MOST_DAYS):
            raise ValueError(f"Ask for up to {MOST_DAYS} days.")
        self.first = cell_of(self.start) // 12 * 12
        self.size = cell_of(self.end, up=True) - self.first

    def cells(self) -> np.ndarray:
        """One False for each cell."""
        return np.zeros(self.size, dtype=bool)

    def mark(self, cells: np.ndarray, spans: Spans, value: bool, *, inward: bool = False) -> None:
        """Set the cells a span touches; with `inward` only those that lie in it whole."""
        if not len(spans):
            return
        up_start, up_end = (CELL_S - 1, 0) if inward else (0, CELL_S - 1)
        lows = (spans[:, 0] + up_start) // CELL_S - self.first
        highs = (spans[:, 1] + up_end) // CELL_S - self.first
        seen = (highs > 0) & (highs > lows) & (lows < self.size)
        cells[_within(np.maximum(lows[seen], 0), np.minimum(highs[seen], self.size))] = value

    def instant(self, cell: int) -> datetime:
        """When a cell begins."""
        return EPOCH + timedelta(seconds=(self.first + int(cell)) * CELL_S)


def _within(lows: np.ndarray, highs: np.ndarray) -> np.ndarray:
    """Every number from a low (in) to its high (out), each once, however the stretches overlap."""
    if not len(lows):
        return lows
    order = np.argsort(lows)
    lows, highs = lows[order], highs[order]
    reached = np.maximum.accumulate(highs)
    lows[1:] = np.maximum(lows[1:], reached[:-1])  # begin where those before have ended
    sizes = np.maximum(highs - lows, 0)
    before = np.cumsum(sizes) - sizes
    return np.arange(sizes.sum()) + np.repeat(lows - before, sizes)


def in_seconds(spans: Iterable[Span]) -> Spans:
    """Spans as the engine counts them."""
    return as_spans([(int(start.timestamp()), int(end.timestamp())) for start, end in spans])


def as_spans(rows: Sequence[tuple[int, int]]) -> Spans:
    """Rows of seconds as an array, also when there are none."""
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


def cell_of(at: datetime, *, up: bool = False) -> int:
    """The number of the cell an instant lies in, counted from 1970; with `up` the next unless it lies on the edge."""
    seconds = int(at.timestamp())
    return -(-seconds // CELL_S) if up else seconds // CELL_S


@lru_cache(maxsize=20_000)
def instant(day: date, clock: time, zone: ZoneInfo, *, late: bool = False) -> datetime:
    """The instant at which the wall clock shows a time.

    Where the clock shows it twice, the first time, or the second with `late`. Where it never shows it, the moment the
    clock jumps over it.
    """
    plain = datetime.combine(day, clock)
    early, after = (plain.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before_s, after_s = (one.utcoffset().total_seconds() for one in (early, after))  # type: ignore[union-attr]
    if before_s == after_s:
        return early.astimezone(UTC)
    if before_s > after_s:  # shown twice
        return (after if late else early).astimezone(UTC)
    return _jump(after.astimezone(UTC), early.astimezone(UTC), zone)


def _jump(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The moment between two instants at which the clock jumps, to the minute."""
    at_first = low.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = (low + (high - low) / 2).replace(second=0, microsecond=0)
        middle = middle if middle > low else low + timedelta(minutes=1)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == at_first else (low, middle)
    return high


@lru_cache(maxsize=2048)
def days_of(rule: str, first: date, start: date, end: date) -> tuple[date, ...]:
    """The days of a rule that begins on `first`, within two days (both in). Raises BadRule."""
    begin = datetime.combine(first, time.min)
    if not rule:
        return (first,) if start <= first <= end else ()
    if "BYHOUR" in rule or "BYMINUTE" in rule or "BYSECOND" in rule or "FREQ=" not in rule:
        raise BadRule("A shift repeats by days, weeks, months or years.")
    if any(fast in rule for fast in ("HOURLY", "MINUTELY", "SECONDLY")):
        raise BadRule("A shift repeats by days, weeks, months or years.")
    try:
        found = rrulestr(rule, dtstart=begin, ignoretz=True)
        low = datetime.combine(max(first, start), time.min)
        return tuple(each.date() for each in found.between(low, datetime.combine(end, time.min), inc=True))
    except (ValueError, TypeError, OverflowError, AttributeError) as error:
        raise BadRule("This recurrence cannot be read.") from error


@lru_cache(maxsize=256)
def _clock_of(zone: ZoneInfo, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """For each day from `first` to `last` (ordinals): how far the clock is ahead of UTC in seconds, and whether it is
    so from that midnight to the next, so that no wall-clock time is missing or shown twice."""
    folds = []
    for fold in (0, 1):
        midnights = (datetime.fromordinal(day).replace(tzinfo=zone, fold=fold) for day in range(first, last + 2))
        folds.append(np.array([int(at.utcoffset().total_seconds()) for at in midnights]))  # type: ignore[union-attr]
    early, late = folds
    same = early == late
    return early[:-1], same[:-1] & same[1:] & (early[:-1] == early[1:])


def wall_seconds(days: np.ndarray, clock: time, zone: ZoneInfo, *, late: bool = False) -> np.ndarray:
    """What `instant` says of a time on many days (ordinals, in order), in seconds; the two agree to the second."""
    if not len(days):
        return np.zeros(0, dtype=np.int64)
    first = int(days[0])
    ahead, steady = _clock_of(zone, first, int(days[-1]))
    clock_s = clock.hour * 3600 + clock.minute * 60 + clock.second
    found = (days - EPOCH_DAY) * DAY_S + clock_s - ahead[days - first]
    for place in np.flatnonzero(~steady[days - first]).tolist():
        day = date.fromordinal(int(days[place]))
        found[place] = int(instant(day, clock, zone, late=late).timestamp())
    return found


def hours_of(shift: Shift, window: Window) -> tuple[Spans, Spans]:
    """When a shift works and when it breaks, within a window. A shift that ends by the clock before it starts ends
    on the next day."""
    zone = ZoneInfo(shift.zone)
    start, end = window.start.astimezone(zone).date() - timedelta(days=1), window.end.astimezone(zone).date()
    if shift.last is not None:
        end = min(end, shift.last)
    held = [day.toordinal() for day in days_of(shift.rule, shift.first, start, end) if day not in shift.off]
    days = np.array(held, dtype=np.int64)
    breaks = [_hours(days + (low < shift.start), low, high, zone) for low, high in shift.breaks]
    return _hours(days, shift.start, shift.end, zone), np.concatenate([as_spans([]), *breaks])


def _hours(days: np.ndarray, start: time, end: time, zone: ZoneInfo) -> Spans:
    ends = wall_seconds(days + (end <= start), end, zone, late=True)
    return np.column_stack([wall_seconds(days, start, zone), ends])


def open_cells(shifts: Sequence[Shift], taken: Spans, window: Window) -> np.ndarray:
    """The cells that are worked and free. Shifts that overlap count once; a break of one holds against the other."""
    cells = window.cells()
    hours = [hours_of(shift, window) for shift in shifts]
    for work, _breaks in hours:
        window.mark(cells, work, value=True, inward=True)
    for _work, breaks in hours:
        window.mark(cells, breaks, value=False)
    window.mark(cells, taken, value=False)
    return cells


def free_cells(taken: Spans, window: Window) -> np.ndarray:
    """The cells in which a room is free: all but those taken."""
    cells = ~window.cells()
    window.mark(cells, taken, value=False)
    return cells


@dataclass(frozen=True)
class RoomFit:
    """Where a visit fits into any of several rooms, and the place of the first of them."""

    some: np.ndarray
    first: np.ndarray


def room_fit(rooms: Sequence[np.ndarray], need: Need) -> RoomFit | None:
    """Where a visit fits, from the free cells of each room; None without rooms."""
    if not rooms:
        return None
    length = _length(need)
    some, first = np.zeros(len(rooms[0]), dtype=bool), np.zeros(len(rooms[0]), dtype=np.int16)
    for place in reversed(range(len(rooms))):
        fits = _fits(rooms[place], length)
        some |= fits
        first[fits] = place
    return RoomFit(some, first)


def starts(
    open_: np.ndarray, need: Need, window: Window, *, not_before: datetime, rooms: RoomFit | None = None
) -> np.ndarray:
    """The cells at which a visit may start to take time (with what is kept free before it), in order.

    open_       the therapist's cells, of `open_cells`
    not_before  no visit begins before this
    rooms       where any room is free; None where no room is needed
    """
    fits = _fits(open_, _length(need))
    if rooms is not None:
        fits &= rooms.some
    begins = np.flatnonzero(fits)
    before = need.before // CELL_MIN
    earliest = max(cell_of(not_before, up=True) - window.first, 0)
    return begins[(begins + before >= earliest) & ((begins + before) % (STEP_MIN // CELL_MIN) == 0)]


def slots(
    open_: np.ndarray, need: Need, window: Window, *, not_before: datetime, rooms: RoomFit | None = None
) -> list[Slot]:
    """The times at which a visit fits, as `starts` finds them."""
    before, long = need.before // CELL_MIN, timedelta(minutes=need.minutes)
    found = []
    for cell in starts(open_, need, window, not_before=not_before, rooms=rooms).tolist():
        start = window.instant(cell + before)
        found.append(Slot(start, start + long, None if rooms is None else int(rooms.first[cell])))
    return found


def _length(need: Need) -> int:
    return (need.before + need.minutes + need.after) // CELL_MIN


def _fits(cells: np.ndarray, length: int) -> np.ndarray:
    """True where a run of `length` free cells begins."""
    fits = np.zeros(len(cells), dtype=bool)
    if 0 < length <= len(cells):
        sums = np.zeros(len(cells) + 1, dtype=np.int32)
        np.cumsum(cells, dtype=np.int32, out=sums[1:])
        fits[: len(cells) - length + 1] = sums[length:] - sums[:-length] == length
    return fits


def nearest_like(wanted: datetime, found: Sequence[Slot], zone: ZoneInfo, most: int = 3) -> list[Slot]:
    """Those most like a time that was lost: first by the time of day, then by how many days away."""
    local = wanted.astimezone(zone)

    def unlike(slot: Slot) -> tuple[float, datetime]:
        there = slot.start.astimezone(zone)
        minutes = abs((there.hour - local.hour) * 60 + there.minute - local.minute)
        return minutes + 30 * abs((there.date() - local.date()).days), slot.start

    return sorted(sorted(found, key=unlike)[:most], key=lambda slot: slot.start)
