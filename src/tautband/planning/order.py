"""Key before satellite: a muscle that feeds points of another one is treated before it, on the same side."""

from collections.abc import Sequence
from dataclasses import replace

from tautband.knowledge import Atlas
from tautband.knowledge.records import Muscle
from tautband.planning.steps import Choice


def keys_first(choices: Sequence[Choice], atlas: Atlas) -> tuple[Choice, ...]:
    """Move each satellite behind the last of its keys; everything else keeps its place.

    Where two muscles feed each other, or three in a ring, the order they came in stands.
    """
    ordered = list(choices)
    for choice in choices:
        place = ordered.index(choice)
        keys = [n for n, other in enumerate(ordered) if _feeds(other, choice, atlas)]
        behind = [n for n in keys if n > place and not _feeds(choice, ordered[n], atlas)]
        if behind and _warms_nothing(choice):
            name = atlas.name(ordered[behind[-1]].target)
            ordered.insert(behind[-1] + 1, replace(choice, reason=f"{choice.reason}; after {name}, which feeds it"))
            ordered.pop(place)
    return tuple(ordered)


def _warms_nothing(choice: Choice) -> bool:
    """Long strokes open a region and come first, whatever they lie on."""
    return choice.technique != "technique.effleurage"


def _feeds(key: Choice, satellite: Choice, atlas: Atlas) -> bool:
    record = atlas.record(key.target)
    if not isinstance(record, Muscle) or key.side != satellite.side or not _warms_nothing(key):
        return False
    return any(atlas.current(link.to) == satellite.target for link in record.satellites)
