"""Named areas and the chart zones they stand for; whether a marked place lies in an area.

Sides are left to the mark: an area or zone id is written for one side and stands for either.
"""

import json
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib import resources

from tautband.knowledge.atlas import Atlas, UnknownId
from tautband.knowledge.loading import atlas as usual_atlas

MOST = 0.5


@cache
def surface_zones() -> dict[str, str]:
    """Chart zones of the body surface with the reasoning zone each belongs to; empty before the surface is built.

    `zone.head.nose` -> `area.head.face_mid`, both without side.
    """
    file = resources.files("tautband.surface").joinpath("data/zones.json")
    if not file.is_file():
        return {}
    rows = json.loads(file.read_text(encoding="utf-8"))["zones"]
    return {str(row["id"]): str(row["reasoning"]) for row in rows}


@cache
def reasoning_zones() -> dict[str, tuple[str, ...]]:
    """The reasoning zones of the surface, each a union of chart zones."""
    found: dict[str, list[str]] = {}
    for zone, reasoning in surface_zones().items():
        found.setdefault(reasoning, []).append(zone)
    return {reasoning: tuple(zones) for reasoning, zones in found.items()}


def zones_in(area: str, atlas: Atlas | None = None) -> frozenset[str]:
    """The chart zones an area stands for, without side. Raises UnknownId for an area that is not in the atlas."""
    return _zones(_patterns(area, atlas or usual_atlas()))


def within(place: str, area: str, atlas: Atlas | None = None) -> bool:
    """Whether a marked zone lies in an area, or at least half of a marked area does.

    An area larger than the one asked for is not within it: who marks the whole leg has not pointed at the calf.
    """
    known = atlas or usual_atlas()
    if known.current(place) == known.current(area):
        return True
    patterns = _patterns(area, known)
    if place.startswith("zone."):
        return _matches(place, patterns)
    zones = _zones(_patterns(place, known))
    if not zones:
        return False
    return sum(_matches(zone, patterns) for zone in zones) >= MOST * len(zones)


def areas_of(zone: str, atlas: Atlas | None = None) -> tuple[str, ...]:
    """The areas a zone lies in, smallest first."""
    known = atlas or usual_atlas()
    found = [id for id, area in known.areas.items() if _matches(zone, area.zones)]
    return tuple(sorted(found, key=lambda id: (len(zones_in(id, known)), id)))


def _patterns(area: str, atlas: Atlas) -> tuple[str, ...]:
    """Zone patterns of a named area, or the zones of a reasoning zone of the surface."""
    found = atlas.areas.get(atlas.current(area))
    if found is not None:
        return found.zones
    if area in reasoning_zones():
        return reasoning_zones()[area]
    raise UnknownId(f"{area!r} is no named area. The areas stand in atlas/areas/.")


@lru_cache(maxsize=100_000)
def _matches(zone: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(zone, pattern) for pattern in patterns)


@lru_cache(maxsize=4_000)
def _zones(patterns: tuple[str, ...]) -> frozenset[str]:
    return frozenset(zone for zone in surface_zones() if _matches(zone, patterns))
