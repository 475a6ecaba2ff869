"""The geometry of the taut band, and the steps of the hour. Plain functions, no Django."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tautband.terms.probability import LIKELY_FROM, POSSIBLE_FROM

TRACK = 100.0  # units across
MIDDLE, SWELL = 9.0, 7.0  # units down, and how far the swelling leaves the line
LEAST_HALF_WIDTH = 4.0  # a spindle thinner than this is not seen

STEPS = ("story", "suspects", "examine", "plan", "treat", "note", "home")


@dataclass(frozen=True)
class Step:
    """One stop of the hour. `state` is done, current or open; without `url` it is not a link yet."""

    key: str
    state: str
    url: str = ""


def hour_steps(*, current: str, done: Iterable[str] = (), urls: Mapping[str, str] | None = None) -> list[Step]:
    """Return the seven steps in their one order. Raises ValueError for a step the hour does not have."""
    finished, urls = set(done), urls or {}
    strangers = {current, *finished, *urls} - {*STEPS, ""}
    if strangers:
        raise ValueError(f"The hour has no step {', '.join(sorted(strangers))}. Steps: {', '.join(STEPS)}.")
    states = {key: "current" if key == current else "done" if key in finished else "open" for key in STEPS}
    return [Step(key, states[key], urls.get(key, "")) for key in STEPS]


def place_on_track(probability: float) -> float:
    """Where a probability (0..1) stands on the track, 0..100: each word owns one third.

    Straight between the borders of the words, so unlikely < 33.3 <= possible < 66.7 <= likely.
    """
    if not 0.0 <= probability <= 1.0:
        raise ValueError(f"A probability lies between 0 and 1, not {probability}.")
    third = TRACK / 3
    if probability < POSSIBLE_FROM:
        return third * probability / POSSIBLE_FROM
    if probability < LIKELY_FROM:
        return third * (1 + (probability - POSSIBLE_FROM) / (LIKELY_FROM - POSSIBLE_FROM))
    return third * (2 + (probability - LIKELY_FROM) / (1 - LIKELY_FROM))


def spindle(low: float, peak: float, high: float) -> str:
    """Return the SVG path of the swelling from `low` to `high` with its crest at `peak` (all 0..1).

    Raises ValueError unless low <= peak <= high.
    """
    if not low <= peak <= high:
        raise ValueError(f"A band needs low <= peak <= high, not {low}, {peak}, {high}.")
    crest = place_on_track(peak)
    start = max(0.0, min(place_on_track(low), crest - LEAST_HALF_WIDTH))
    end = min(TRACK, max(place_on_track(high), crest + LEAST_HALF_WIDTH))
    crest = min(max(crest, start + 1), end - 1)
    rise, fall = (crest - start) / 2, (end - crest) / 2
    top, bottom = MIDDLE - SWELL, MIDDLE + SWELL
    return (
        f"M{start:.1f} {MIDDLE:g}"
        f"C{start + rise:.1f} {MIDDLE:g} {crest - rise * 0.55:.1f} {top:g} {crest:.1f} {top:g}"
        f"S{end - fall:.1f} {MIDDLE:g} {end:.1f} {MIDDLE:g}"
        f"C{end - fall:.1f} {MIDDLE:g} {crest + fall * 0.55:.1f} {bottom:g} {crest:.1f} {bottom:g}"
        f"S{start + rise:.1f} {MIDDLE:g} {start:.1f} {MIDDLE:g}z"
    )
