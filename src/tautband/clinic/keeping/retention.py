"""Until when a record is kept. Pure: dates in, dates out."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True)
class Kept:
    """Until when, counted from which day, and whether that day is the one a child came of age."""

    until: date
    counted_from: date
    from_majority: bool

    def is_over(self, today: date) -> bool:
        """True from the day after the last one."""
        return today > self.until


def kept(*, last_seen: date, born: date | None, years: int, adult_at_years: int) -> Kept:
    """When the time of a record ends.

    last_seen  day of the last visit, or when the client was added if there was none
    years      whole years after it
    A child's years begin when they come of age, if that is later. A birthday on 29 February counts as 28 February in
    other years, so nobody's record goes a day too early by more than the law's own rounding: the end is the same day
    of the year `years` later.
    """
    of_age = born + relativedelta(years=adult_at_years) if born else last_seen
    start = max(last_seen, of_age)
    return Kept(start + relativedelta(years=years), start, bool(born) and of_age > last_seen)
