"""Changing a plan by hand: earlier, later, out, in, another technique. Pure: each gives a new order of choices."""

from collections.abc import Sequence
from dataclasses import replace

from tautband.planning.guard import Override
from tautband.planning.steps import Choice


def moved(choices: Sequence[Choice], place: int, by: int) -> tuple[Choice, ...]:
    """Move the choice at `place` (from 0) by so many places; at the ends it stays. Raises IndexError."""
    _there(choices, place)
    rest = [*choices[:place], *choices[place + 1 :]]
    goal = min(max(place + by, 0), len(rest))
    return (*rest[:goal], choices[place], *rest[goal:])


def taken_out(choices: Sequence[Choice], place: int) -> tuple[Choice, ...]:
    """Leave the choice at `place` out. Raises IndexError."""
    _there(choices, place)
    return (*choices[:place], *choices[place + 1 :])


def swapped(choices: Sequence[Choice], place: int, technique: str) -> tuple[Choice, ...]:
    """Use another technique at `place`; a reason given for the one before does not hold for it. Raises IndexError."""
    _there(choices, place)
    return (*choices[:place], replace(choices[place], technique=technique, override=None), *choices[place + 1 :])


def overridden(choices: Sequence[Choice], place: int, override: Override | None) -> tuple[Choice, ...]:
    """Give a therapist's reason for the closed step at `place`, or take it back with None. Raises IndexError."""
    _there(choices, place)
    return (*choices[:place], replace(choices[place], override=override), *choices[place + 1 :])


def put_in(choices: Sequence[Choice], new: Choice) -> tuple[Choice, ...]:
    """Add a choice where its stage belongs: treatment before the retest that follows it, home at the end."""
    later = {"assess": ("treat", "retest", "home"), "treat": ("retest", "home"), "retest": ("home",), "home": ()}
    ends = [n for n, choice in enumerate(choices) if choice.stage not in later[new.stage]]
    place = ends[-1] + 1 if ends else 0
    return (*choices[:place], new, *choices[place:])


def _there(choices: Sequence[Choice], place: int) -> None:
    if not 0 <= place < len(choices):
        raise IndexError(f"The plan has no step {place + 1}; it has {len(choices)}.")
