"""Sealing everything anew after a key was added. Rooms that keep sealed files register how theirs are found."""

from collections.abc import Callable

from tautband.clinic.sealing.fields import reseal, sealed_fields
from tautband.clinic.sealing.seal import ring

_more: list[Callable[[str], int]] = []


def on_renewal(seal_anew: Callable[[str], int]) -> None:
    """Let a room seal its files anew: called with the name of the current key, returns how many it changed."""
    if seal_anew not in _more:
        _more.append(seal_anew)


def seal_everything_anew() -> int:
    """Every column and file that another key sealed; how many. May be stopped and run again at any time."""
    current = ring().current
    columns = sum(reseal(model, fields, current) for model, fields in sealed_fields())
    return columns + sum(seal_anew(current) for seal_anew in _more)
