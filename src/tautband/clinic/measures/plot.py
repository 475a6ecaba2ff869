"""A line of readings as SVG, drawn by the server: no script, the same on paper. Geometry only; colours are the page's.

The grey zone is what could be error alone, counted from the first reading; the dotted line is the least change that
matters; a whisker is the error of one reading.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from tautband.outcomes import Series, standard_error

WIDTH, HEIGHT = 520, 250
LEFT, RIGHT, TOP, BOTTOM = 52, 70, 14, 34


@dataclass(frozen=True)
class Tick:
    """A line of the grid: its height and its number."""

    y: float
    label: str


@dataclass(frozen=True)
class Dot:
    """One reading: place, value, and the ends of its whisker where an error is on file."""

    x: float
    y: float
    value: str
    low_y: float | None
    high_y: float | None
    is_last: bool

    @property
    def whisker_left(self) -> float:
        """Where the cross strokes of the whisker begin."""
        return self.x - 6


@dataclass(frozen=True)
class Plot:
    """All the template needs to draw."""

    width: int
    height: int
    left: float
    right: float
    base: float
    ticks: tuple[Tick, ...]
    dots: tuple[Dot, ...]
    line: str
    zone_y: float | None
    zone_height: float
    matters_y: float | None

    @property
    def span(self) -> float:
        """Width of the plotted field."""
        return self.right - self.left

    @property
    def last_dy(self) -> int:
        """How far the last value stands from its dot, so that it does not lie on the word beside it."""
        last = self.dots[-1].y
        return (
            -8
            if self.matters_y is not None and 0 <= self.matters_y - last < 18
            else (22 if self.matters_y is not None and -18 < self.matters_y - last < 0 else 7)
        )


def plot_of(series: Series) -> Plot:
    """Lay out one line of readings."""
    low, high = _ends(series)
    ticks = _ticks(low, high)
    low, high = min(low, ticks[0]), max(high, ticks[-1])
    floor_y, ceiling_y = HEIGHT - BOTTOM, TOP
    right = WIDTH - RIGHT

    def y(value: float) -> float:
        share = (min(max(value, low), high) - low) / (high - low)
        return round(floor_y - share * (floor_y - ceiling_y), 1)

    start, end = series.first.at, series.last.at
    span = max((end - start).total_seconds(), 1.0)

    def x(n: int) -> float:
        if len(series.points) == 1:
            return float(right)
        return round(LEFT + (series.points[n].at - start).total_seconds() / span * (right - LEFT), 1)

    error = standard_error(series.instrument, series.first.value)
    dots = tuple(
        Dot(
            x(n),
            y(point.value),
            number(point.value),
            y(point.value - error.size) if error else None,
            y(point.value + error.size) if error else None,
            n == len(series.points) - 1,
        )
        for n, point in enumerate(series.points)
    )
    zone_y, zone_height = _zone(series, y)
    return Plot(
        WIDTH,
        HEIGHT,
        LEFT,
        right,
        floor_y,
        tuple(Tick(y(tick), number(tick)) for tick in ticks),
        dots,
        " ".join(f"{dot.x},{dot.y}" for dot in dots),
        zone_y,
        zone_height,
        _matters(series, y),
    )


def number(value: float) -> str:
    """A value without a tail of noughts."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _ends(series: Series) -> tuple[float, float]:
    values = [point.value for point in series.points]
    instrument = series.instrument
    if instrument.high is not None and instrument.high - instrument.low <= 20:
        return instrument.low, instrument.high
    judged = series.judged
    around = [judged.detectable.size] if judged and judged.detectable else []
    reach = [series.first.value + sign * size for size in around for sign in (-1, 1)]
    low, high = min(values + reach), max(values + reach)
    room = max((high - low) * 0.08, 1.0)
    low = max(instrument.low, low - room)
    high = high + room if instrument.high is None else min(instrument.high, high + room)
    return (low, high) if high > low else (low - 1, low + 1)


def _ticks(low: float, high: float) -> Sequence[float]:
    rough = (high - low) / 5
    size = 10 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    first, last = floor(low / step), ceil(high / step)
    return [round(n * step, 6) for n in range(first, last + 1)]


def _zone(series: Series, y: Callable[[float], float]) -> tuple[float | None, float]:
    judged = series.judged
    if judged is None or judged.detectable is None:
        return None, 0.0
    top = y(series.first.value + judged.detectable.size)
    foot = y(series.first.value - judged.detectable.size)
    return top, round(foot - top, 1)


def _matters(series: Series, y: Callable[[float], float]) -> float | None:
    judged = series.judged
    if judged is None or judged.matters is None:
        return None
    sign = -1 if series.instrument.better == "lower" else 1
    return y(series.first.value + sign * judged.matters.size)
