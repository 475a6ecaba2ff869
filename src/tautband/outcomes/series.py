"""Readings of one instrument over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tautband.knowledge.records import Instrument
from tautband.outcomes.change import Judged, judge


@dataclass(frozen=True, slots=True)
class Point:
    """One reading: when (aware time) and what, in the instrument's unit."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Series:
    """Readings of one thing, oldest first. `of` says what where the instrument leaves it open (a site, an activity)."""

    instrument: Instrument
    of: str
    points: tuple[Point, ...]

    @classmethod
    def made(cls, instrument: Instrument, of: str, points: Sequence[Point]) -> "Series":
        """In the order of time. Raises ValueError without a reading."""
        if not points:
            raise ValueError("A series needs a reading.")
        return cls(instrument, of, tuple(sorted(points, key=lambda point: point.at)))

    @property
    def first(self) -> Point:
        """The oldest reading."""
        return self.points[0]

    @property
    def last(self) -> Point:
        """The newest reading."""
        return self.points[-1]

    @property
    def judged(self) -> Judged | None:
        """The change from the first to the last reading; None while there is only one."""
        return judge(self.instrument, self.first.value, self.last.value) if len(self.points) > 1 else None
