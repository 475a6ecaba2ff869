"""Where a guard's findings are: a vein on the left leg says nothing of the right one.

Only guards that say so (`place: where_found`) are held to a place. What was found without a place counts everywhere, so
one more finding never opens a step.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tautband.findings import Finding, Layer, Picture, State
from tautband.knowledge import Atlas
from tautband.knowledge.areas import zones_in
from tautband.knowledge.records import Guard
from tautband.planning.touched import region_of_zone, regions_touched
from tautband.reasoning.alerts import findings_in
from tautband.terms.ids import kind_of
from tautband.terms.sides import Side

BOTH = frozenset({Side.LEFT, Side.RIGHT})
PLACED = ("muscle", "trp", "joint", "tissue")


@dataclass(frozen=True, slots=True)
class Spot:
    """One place something was found at; no regions mean everywhere, both sides where none was said."""

    sides: frozenset[Side]
    regions: frozenset[str]


def is_found_here(guard: Guard, target: str, region: str, side: Side, picture: Picture, atlas: Atlas) -> bool:
    """Whether a guard that holds, holds here. A step without a side lies on both."""
    return is_found_in(guard, regions_touched(target, atlas) | {region}, side, picture, atlas)


def is_found_in(guard: Guard, regions: frozenset[str], side: Side, picture: Picture, atlas: Atlas) -> bool:
    """Whether a guard that holds, holds in these regions of a side; no regions mean everywhere on it."""
    if guard.place == "anywhere":
        return True
    spots = tuple(_spots(guard, picture, atlas))
    sides = _sides(side)

    def meets(spot: Spot) -> bool:
        return bool(spot.sides & sides) and (not spot.regions or not regions or bool(spot.regions & regions))

    return not spots or any(meets(spot) for spot in spots)


def _sides(side: Side) -> frozenset[Side]:
    return frozenset(side.each) & BOTH or BOTH


def _spots(guard: Guard, picture: Picture, atlas: Atlas) -> Iterator[Spot]:
    named = findings_in(guard.when)
    for found in picture.current():
        if found.id in named and found.state is not State.ABSENT:
            yield _spot_of(found, atlas)
    for layer in guard.drawn:
        for mark in picture.drawing.layer(Layer(layer)):
            yield Spot(_sides(mark.side), _regions_of(mark.place, atlas))


def _spot_of(found: Finding, atlas: Atlas) -> Spot:
    return Spot(_sides(found.side), _regions_of(found.of, atlas) if found.of else frozenset())


@lru_cache(maxsize=1024)
def _regions_of(place: str, atlas: Atlas) -> frozenset[str]:
    """The regions a thing lies in; none, which means everywhere, where nobody can say."""
    kind = kind_of(place)
    if kind == "zone":
        return frozenset(filter(None, (region_of_zone(place),)))
    if place not in atlas:
        return frozenset()
    if kind == "area":
        return frozenset(filter(None, map(region_of_zone, zones_in(place, atlas))))
    return regions_touched(place, atlas) if kind in PLACED else frozenset()
