"""A step as it is run: what is done, said, timed and asked, beat after beat, until the dose is given.

    pattern = pattern_of(technique, step.dosage)
    pattern.beats[0].do, pattern.beats[0].seconds, pattern.seconds, pattern.stop_when

The atlas says how a technique goes; a therapist may go it their own way (`own`), with the same limits and stops.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tautband.knowledge.records import Technique
from tautband.knowledge.records.care import TechniqueStep
from tautband.planning.dose import Dosage

SECONDS_A_REPETITION = 4.0
"""How long one movement at the client's own pace is reckoned to take; it ends when it ends."""

STOP_FROM = 8.0
"""Number of 10 at which pressure ends whatever was agreed."""


@dataclass(frozen=True, slots=True)
class OwnStep:
    """One step as a therapist does it: what, what is said, how long in seconds, whether a number is asked for."""

    do: str
    say: str = ""
    seconds: float = 30.0
    asks_number: bool = False

    def __post_init__(self) -> None:
        if not self.do.strip():
            raise ValueError("A step says what is done.")
        if not 1 <= self.seconds <= 1800:
            raise ValueError(f"A step takes 1 to 1800 seconds, not {self.seconds:g}.")


@dataclass(frozen=True, slots=True)
class Beat:
    """One timed piece of a step.

    key           stable within the technique, so that a run can be logged; `round` counts from 1
    seconds       how long; for `repetitions` at the client's pace an estimate
    asks_number   a number of 10 is asked for at its end
    stop_when     what ends it at once
    """

    key: str
    round: int
    do: str
    say: str
    seconds: float
    repetitions: int | None = None
    asks_number: bool = False
    stop_when: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A technique ready to run.

    limit_of_10   above this number the therapist eases off; `by_number` false: the number does not steer the pressure
    stop_of_10    at this number it ends
    is_own        the therapist's own way of doing it
    """

    technique: str
    name: str
    beats: tuple[Beat, ...]
    should_feel: tuple[str, ...]
    stop_when: tuple[str, ...]
    limit_of_10: float | None
    by_number: bool
    is_own: bool = False
    stop_of_10: float = STOP_FROM

    @property
    def seconds(self) -> float:
        """All beats together."""
        return sum(beat.seconds for beat in self.beats)


def pattern_of(technique: Technique, dose: Dosage, own: Sequence[OwnStep] = ()) -> Pattern:
    """How this technique is run with this dose. Holds that a guard shortened are shortened in every beat."""
    beats = _own_beats(own) if own else _beats(technique)
    return Pattern(
        technique=technique.id,
        name=technique.name.en,
        beats=tuple(_shortened(beat, dose.hold_cap_s) for beat in beats),
        should_feel=tuple(said.text for said in technique.should_feel),
        stop_when=tuple(said.text for said in technique.stop_when),
        limit_of_10=dose.tolerance_of_10,
        by_number=dose.by_number,
        is_own=bool(own),
    )


def _own_beats(own: Sequence[OwnStep]) -> list[Beat]:
    return [Beat(f"own_{n}", 1, s.do, s.say, s.seconds, None, s.asks_number) for n, s in enumerate(own, 1)]


def _beats(technique: Technique) -> list[Beat]:
    """Steps before the round once, the steps of the round as often as it is gone through."""
    keys = [step.key for step in technique.steps]
    start = keys.index(technique.round_from) if technique.round_from else 0
    before = [_beat(step, 1) for step in technique.steps[:start]]
    rounds = range(1, technique.rounds + 1)
    return before + [_beat(step, number) for number in rounds for step in technique.steps[start:]]


def _beat(step: TechniqueStep, number: int) -> Beat:
    return Beat(
        key=step.key,
        round=number,
        do=step.say_therapist,
        say=step.say_client,
        seconds=step.seconds if step.seconds is not None else SECONDS_A_REPETITION * (step.repetitions or 1),
        repetitions=step.repetitions,
        asks_number=step.ask == "tolerance",
        stop_when=step.stop_when,
    )


def _shortened(beat: Beat, most_s: float | None) -> Beat:
    if most_s is None or beat.seconds <= most_s or beat.repetitions:
        return beat
    return Beat(beat.key, beat.round, beat.do, beat.say, most_s, None, beat.asks_number, beat.stop_when)
