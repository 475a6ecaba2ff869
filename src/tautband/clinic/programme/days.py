"""The days a client noted, for the chart: pain as a line of bars, returns marked, one row of dots for each factor."""

from dataclasses import dataclass
from datetime import date, timedelta

from tautband.clinic.people.models import Client
from tautband.clinic.programme.recurrence import Day, Recurrence, recurrence
from tautband.knowledge import atlas

MOST_DAYS = 60
STEP, LEFT, TOP, HIGH, ROW = 12, 8, 22, 80, 18


@dataclass(frozen=True)
class Bar:
    """One day in the chart, in chart units."""

    x: int
    y: float
    height: float
    day: date
    pain: int | None
    returned: bool


@dataclass(frozen=True)
class Dots:
    """The days of one factor."""

    name: str
    y: int
    xs: tuple[int, ...]


@dataclass(frozen=True)
class Chart:
    """The chart of the last days; `first` and `last` are its edges."""

    bars: tuple[Bar, ...]
    rows: tuple[Dots, ...]
    width: int
    height: int
    base: int
    first: date
    last: date


def noted_days(client: Client, most: int = 365) -> list[Day]:
    """The days, oldest first; of each day the newest note counts."""
    found: dict[date, Day] = {}
    for note in client.day_notes.all():
        if note.day not in found:
            found[note.day] = Day(note.day, note.pain, frozenset(note.factors), note.returned)
    return sorted(found.values(), key=lambda day: day.day)[-most:]


def counted(client: Client) -> Recurrence:
    """What preceded a return, for this client."""
    return recurrence(noted_days(client))


def chart(client: Client) -> Chart | None:
    """The chart; None where nothing was noted."""
    days = noted_days(client)
    if not days:
        return None
    last = days[-1].day
    first = max(days[0].day, last - timedelta(days=MOST_DAYS - 1))
    shown = [day for day in days if day.day >= first]

    def x(day: date) -> int:
        return LEFT + STEP * (day - first).days

    base = TOP + HIGH
    bars = tuple(
        Bar(x(d.day), base - HIGH * (d.pain or 0) / 10, HIGH * (d.pain or 0) / 10, d.day, d.pain, d.returned)
        for d in shown
    )
    known = atlas()
    factors = sorted({factor for day in shown for factor in day.factors})
    rows = tuple(
        Dots(
            known.plain_name(factor) if factor in known else factor,
            base + ROW * (number + 1) + 4,
            tuple(x(day.day) for day in shown if factor in day.factors),
        )
        for number, factor in enumerate(factors)
    )
    width = 2 * LEFT + STEP * ((last - first).days + 1)
    return Chart(bars, rows, max(width, 160), base + ROW * (len(rows) + 1), base, first, last)
