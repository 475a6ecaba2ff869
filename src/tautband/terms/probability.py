"""Bands before percentages: the words for how likely a source is."""

from enum import StrEnum


class Band(StrEnum):
    """What is said of a source until calibration in this clinic has been measured."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


LIKELY_FROM = 0.5
POSSIBLE_FROM = 0.15


def band(probability: float) -> Band:
    """Return the word for a probability (0..1): likely from .5, possible from .15.

    The borders are a house convention, not a published value. Raises ValueError outside 0..1.
    """
    if not 0.0 <= probability <= 1.0:
        raise ValueError(f"A probability lies between 0 and 1, not {probability}.")
    if probability >= LIKELY_FROM:
        return Band.LIKELY
    return Band.POSSIBLE if probability >= POSSIBLE_FROM else Band.UNLIKELY
