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
def surface_zones() -> frozenset[str]:
    """Ids of the chart zones of the body surface, `zone.forearm.middle_radial`; empty before it is built."""
    file = resources.files("tautband.surface").joinpath("data/zones.json")
    if not file.is_file():
        return frozenset()
    return frozenset(_ids(json.loads(file.read_text(encoding="utf-8"))))


def zones_in(area: str, atlas: Atlas | None = None) -> frozenset[str]:
    """The chart zones an area stands for, without side. Raises UnknownId for an area that is not in the atlas."""
    return _zones(area, _patterns(area, atlas or usual_atlas()), surface_zones())


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
    zones = _zones(place, _patterns(place, known), surface_zones())
    if not zones:
        return False
    return sum(_matches(zone, patterns) for zone in zones) >= MOST * len(zones)


def areas_of(zone: str, atlas: Atlas | None = None) -> tuple[str, ...]:
    """The areas a zone lies in, smallest first."""
    known = atlas or usual_atlas()
    found = [id for id, area in known.areas.items() if _matches(zone, area.zones)]
    return tuple(sorted(found, key=lambda id: (len(zones_in(id, known)), id)))


def _patterns(area: str, atlas: Atlas) -> tuple[str, ...]:
    found = atlas.areas.get(atlas.current(area))
    if found is None:
        raise UnknownId(f"{area!r} is no named area. The areas stand in atlas/areas/.")
    return found.zones


@lru_cache(maxsize=100_000)
def _matches(zone: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(zone, pattern) for pattern in patterns)


@lru_cache(maxsize=4_000)
def _zones(area: str, patterns: tuple[str, ...], zones: frozenset[str]) -> frozenset[str]:
    return frozenset(zone for zone in zones if _matches(zone, patterns))


def _ids(data: object) -> set[str]:
    """Zone ids in the surface's zone file, whether it is a list of rows or keyed by id."""
    rows = data.get("zones", data) if isinstance(data, dict) else data
    names = (
        rows
        if isinstance(rows, dict)
        else [row["id"] for row in rows if isinstance(row, dict)]
        if isinstance(rows, list)
        else []
    )
    return {name if name.startswith("zone.") else f"zone.{name}" for name in names}
