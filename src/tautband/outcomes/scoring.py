"""From answers to a score, by the rule of the instrument and no other."""

from collections.abc import Sequence
from dataclasses import dataclass

from tautband.knowledge.records import Instrument


class CannotScore(ValueError):
    """These answers give no score; the message says why."""


class TooFewAnswers(CannotScore):
    """Fewer items were answered than the rule needs."""

    def __init__(self, answered: int, least: int, of: int) -> None:
        super().__init__(f"{answered} of {of} answered; a score needs at least {least}.")
        self.answered, self.least, self.of = answered, least, of


@dataclass(frozen=True, slots=True)
class Score:
    """A finished score in the instrument's unit, and how many of its items were answered."""

    value: float
    answered: int
    of: int

    @property
    def is_whole(self) -> bool:
        """Every item was answered."""
        return self.answered == self.of


def score(instrument: Instrument, answers: Sequence[float | None]) -> Score:
    """Score the answers to an instrument's items, in their order; None is an item that was left out.

    Raises TooFewAnswers, and CannotScore for an answer that the item does not have or a count of items that does not
    fit. Which items may be missing, and what stands in for them, is the instrument's own rule (`scoring`).
    """
    rule = instrument.scoring
    if rule.combine == "value":
        return _one_value(instrument, answers)
    if instrument.item_count > 1 and len(answers) > instrument.item_count:
        raise CannotScore(f"{len(answers)} answers for {instrument.item_count} items.")
    given = [_turned(instrument, n, answer) for n, answer in enumerate(answers, 1) if answer is not None]
    least = rule.least_items if rule.missing != "none" else max(rule.least_items, 1)
    if len(given) < least:
        raise TooFewAnswers(len(given), least, instrument.item_count)
    combined = _combined(instrument, given)
    value = (combined - rule.minus) * rule.times
    return Score(round(value, rule.decimals), len(given), instrument.item_count)


def _one_value(instrument: Instrument, answers: Sequence[float | None]) -> Score:
    given = [answer for answer in answers if answer is not None]
    if len(given) != 1:
        raise TooFewAnswers(len(given), 1, 1)
    return Score(checked(instrument, given[0]), 1, 1)


def _combined(instrument: Instrument, given: Sequence[float]) -> float:
    rule, total = instrument.scoring, sum(given)
    if rule.combine == "mean":
        return total / len(given)
    if rule.of_possible:
        return 100 * total / (len(given) * _ends(instrument)[1])  # items of this kind begin at 0
    if rule.missing == "mean":
        return total / len(given) * instrument.item_count
    return total


def _turned(instrument: Instrument, number: int, answer: float) -> float:
    low, high = _ends(instrument, number)
    if not low <= answer <= high:
        raise CannotScore(f"Item {number}: {answer:g} is outside {low:g} to {high:g}.")
    return low + high - answer if number in instrument.scoring.reverse else answer


def item_range(instrument: Instrument, number: int = 1) -> tuple[float, float] | None:
    """The lowest and highest answer of an item; None where the file does not let us know.

    From its choices; else from the ends of the finished score, taken back through the rule; else as the rule says.
    """
    item = instrument.items[number - 1] if number <= len(instrument.items) else None
    choices = (item.choices if item else ()) or instrument.choices
    if choices:
        return min(c.value for c in choices), max(c.value for c in choices)
    rule = instrument.scoring
    if rule.item_high is not None:
        return rule.item_low, rule.item_high
    if instrument.high is None or rule.of_possible or rule.times == 0:
        return None
    low, high = (end / rule.times + rule.minus for end in (instrument.low, instrument.high))
    return (low, high) if rule.combine == "mean" else (low / instrument.item_count, high / instrument.item_count)


def _ends(instrument: Instrument, number: int = 1) -> tuple[float, float]:
    ends = item_range(instrument, number)
    if ends is None:
        raise CannotScore("The range of one item is not on file; enter the total.")
    return ends


def checked(instrument: Instrument, value: float) -> float:
    """A finished score that lies on the instrument's scale. Raises CannotScore when it does not."""
    high = instrument.high
    if value < instrument.low or (high is not None and value > high):
        ends = f"{instrument.low:g} to {high:g}" if high is not None else f"{instrument.low:g} or more"
        raise CannotScore(f"{value:g} is outside {ends} {instrument.unit}.")
    return value


def band_of(instrument: Instrument, value: float) -> str:
    """The published name of the stretch a score lies in; empty where there is none or it falls between two."""
    return next((band.name for band in instrument.bands if band.low <= value <= band.high), "")
