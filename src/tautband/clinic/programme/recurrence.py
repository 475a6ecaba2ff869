"""What was there before old trouble came back: counts from the days a client noted. Association only.

A return is a day on which the client said that the old trouble came back. A factor came before it when it was noted on
that day or on one of the two days before. Beside it stands how often the factor was there on other noted days: a
factor that is always there comes before everything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

BEFORE_DAYS = 2
ENOUGH_RETURNS, ENOUGH_DAYS = 3, 14


@dataclass(frozen=True, slots=True)
class Day:
    """One noted day. `pain` 0 to 10 or None; `factors` ids that were there."""

    day: date
    pain: int | None
    factors: frozenset[str]
    returned: bool


@dataclass(frozen=True, slots=True)
class Preceded:
    """How often a factor came before a return, and how often it was there without one.

    before  returns with the factor on that day or up to two days earlier, of `returns`
    others  noted days outside those windows with the factor, of `other_days`
    """

    factor: str
    before: int
    returns: int
    others: int
    other_days: int


@dataclass(frozen=True, slots=True)
class Recurrence:
    """All factors, those that came before most returns first; `enough` to say anything at all."""

    rows: tuple[Preceded, ...]
    returns: int
    days: int

    @property
    def enough(self) -> bool:
        return self.returns >= ENOUGH_RETURNS and self.days >= ENOUGH_DAYS


def recurrence(days: Iterable[Day]) -> Recurrence:
    """Count for each factor. Days may come in any order; a day counts once, the last given."""
    noted: Mapping[date, Day] = {day.day: day for day in days}
    returns = [day for day in noted.values() if day.returned]
    windows = {day.day: {day.day - timedelta(days=n) for n in range(BEFORE_DAYS + 1)} for day in returns}
    near = set().union(*windows.values()) if windows else set()
    others = [day for day in noted.values() if day.day not in near]
    factors = sorted({factor for day in noted.values() for factor in day.factors})
    rows = [
        Preceded(
            factor,
            sum(any(factor in noted[d].factors for d in window if d in noted) for window in windows.values()),
            len(returns),
            sum(factor in day.factors for day in others),
            len(others),
        )
        for factor in factors
    ]
    rows.sort(key=lambda row: (-row.before, row.others, row.factor))
    return Recurrence(tuple(rows), len(returns), len(noted))
