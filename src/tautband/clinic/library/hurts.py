"""By where it hurts: sources whose field covers a place of the body, and always what is not from here."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tautband.clinic.library.similar import Skins, skins
from tautband.knowledge import Atlas
from tautband.knowledge.areas import areas_of, within, zones_in
from tautband.knowledge.records import Flag, Tissue, When
from tautband.surface import Zone, zones
from tautband.terms.ids import kind_of
from tautband.terms.sides import Side

LEAST = 0.12  # mean weight over the place from which a source is listed
CLEARLY = 0.4
GROUPS = ("muscle", "nerve", "joint", "elsewhere")
_GROUP_OF = {"muscle": "muscle", "nerve": "nerve", "entrapment": "nerve", "root": "nerve", "flag": "elsewhere"}


@dataclass(frozen=True)
class Covers:
    """A source that can be felt at a place: how much of the place its field covers, and whether from the other side."""

    id: str
    share: float
    other_side: bool = False

    @property
    def clearly(self) -> bool:
        """Whether the place lies in its usual field and not at its edge."""
        return self.share >= CLEARLY


def sources_at(atlas: Atlas, places: Iterable[Zone]) -> dict[str, list[Covers]]:
    """Sources grouped as muscle, nerve, joint (and other tissue), elsewhere; those that cover most first.

    `elsewhere` holds red flags, inner organs and vessels that are felt here, by their field or by their rules.
    """
    every = skins(atlas)
    chosen = list(places)
    same, mirrored = _columns(every, chosen, False), _columns(every, chosen, True)
    own = every.rows[:, same].sum(1) / every.zone_cm2[same].sum()
    across = every.rows[:, mirrored].sum(1) / every.zone_cm2[mirrored].sum()
    found: dict[str, list[Covers]] = {group: [] for group in GROUPS}
    for n in np.argsort(-np.maximum(own, across)):
        share = float(max(own[n], across[n]))
        if share < LEAST:
            break
        id = every.ids[n]
        found[_group(atlas, id)].append(Covers(id, min(share, 1.0), bool(across[n] > own[n])))
    named = {row.id for row in found["elsewhere"]}
    found["elsewhere"] += [Covers(id, 0.0) for id in _flags_here(atlas, tuple(chosen)) if id not in named]
    return found


def place_of(atlas: Atlas, area: str) -> list[Zone]:
    """The zones of a named area, of the left side and the midline."""
    inside = zones_in(area, atlas)
    return [z for z in zones() if z.id in inside and z.side is not Side.RIGHT]


def named_places(atlas: Atlas, place: Zone) -> tuple[str, ...]:
    """The named areas a zone lies in, the smallest first."""
    return tuple(area for area in areas_of(place.id, atlas) if area != "area.all_over")


def _columns(every: Skins, places: list[Zone], mirror: bool) -> list[int]:
    """Where the places stand in the rows, which are drawn for a source on the left.

    A place on the right asks for sources on the right, which are the mirror of the left; `mirror` asks for the others.
    """
    index = {key: n for n, key in enumerate(every.zones)}
    found = []
    for place in places:
        side = place.side if place.side is Side.MIDLINE else (Side.RIGHT if mirror else Side.LEFT)
        found.append(index[f"{place.id}/{side}"])
    return found


def _group(atlas: Atlas, id: str) -> str:
    record = atlas.records[id]
    if isinstance(record, Tissue) and record.sort in ("organ", "vessel"):
        return "elsewhere"
    return _GROUP_OF.get(kind_of(id), "joint")


@lru_cache(maxsize=512)
def _flags_here(atlas: Atlas, places: tuple[Zone, ...]) -> list[str]:
    """Flags one of whose rules speaks of pain at the place."""
    return [flag.id for flag in atlas.flags if any(_here(atlas, area, places) for area in _areas_of_rules(flag))]


def _here(atlas: Atlas, area: str, places: tuple[Zone, ...]) -> bool:
    if area not in atlas.areas:
        return False
    inside = sum(within(place.id, area, atlas) for place in places)
    return inside * 2 >= len(places) > 0


def _areas_of_rules(flag: Flag) -> set[str]:
    return {area for rule in flag.rules for area in _pain_areas(rule.when)}


def _pain_areas(when: When) -> Iterable[str]:
    yield from when.pain_in or ()
    for inner in (*(when.all or ()), *(when.any or ()), *(when.at_least.of if when.at_least else ())):
        yield from _pain_areas(inner)
