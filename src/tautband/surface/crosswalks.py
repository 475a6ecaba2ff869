"""The same drawing read by other instruments: body maps, the widespread pain index, agreed areas, dermatomes, nerves.

Each area is a union of chart zones (`data/crosswalks.yaml`, with source, grade and what was read). That a scale can be
counted here does not make a drawing an answer to its questionnaire: the number is told as an estimate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import yaml

from tautband.surface.fields import Field
from tautband.surface.mesh import SurfaceError, body, data
from tautband.surface.zoning import Zone, zones
from tautband.terms.sides import Side

LEAST_CM2 = 3.0
"""So much of an area must be painted to count, about a fingertip; our convention."""

LEAST_SHARE = 0.5
"""Or half of an area smaller than that would need."""


@dataclass(frozen=True)
class ScaleArea:
    """One area of a scale on one side; `midline` where the scale has one area for both sides."""

    name: str
    side: Side
    zones: tuple[Zone, ...]

    @property
    def area_cm2(self) -> float:
        return sum(zone.area_cm2 for zone in self.zones)

    def __str__(self) -> str:
        return self.name if self.side is Side.MIDLINE else f"{self.name}/{self.side}"


@dataclass(frozen=True)
class Scale:
    """A body map of others as unions of chart zones.

    disjoint  no zone belongs to two areas of a side
    grade     A borders published and followed; B areas published; C ours after the source; D not read
    """

    id: str
    name: str
    about: str
    areas: tuple[ScaleArea, ...]
    disjoint: bool
    grade: str
    source: str
    read: str


@dataclass(frozen=True)
class Scored:
    """A drawing read by a scale: each touched area with the cm2 painted in it, the largest first."""

    scale: Scale
    painted: tuple[tuple[ScaleArea, float], ...]

    @property
    def counted(self) -> tuple[ScaleArea, ...]:
        """Areas with enough painted skin."""
        return tuple(area for area, cm2 in self.painted if cm2 >= min(LEAST_CM2, LEAST_SHARE * area.area_cm2))

    @property
    def count(self) -> int:
        """How many areas count; for the widespread pain index this is the index."""
        return len(self.counted)


def _matching(patterns: list[str], id: str) -> bool:
    return any(fnmatchcase(id, f"zone.{pattern}") for pattern in patterns)


def _read(id: str, row: Mapping[str, Any]) -> Scale:
    areas = []
    for name, patterns in row["paired"].items():
        for side in (Side.LEFT, Side.RIGHT):
            sides = (side, Side.MIDLINE) if row.get("share_midline") else (side,)
            chosen = tuple(z for z in zones() if z.side in sides and _matching(patterns, z.id))
            areas.append(ScaleArea(name, side, chosen))
    for name, patterns in row["midline"].items():
        areas.append(ScaleArea(name, Side.MIDLINE, tuple(z for z in zones() if _matching(patterns, z.id))))
    same = ("name", "about", "disjoint", "grade", "source", "read")
    return Scale(id=id, areas=tuple(areas), **{key: row[key] for key in same})


@cache
def scales() -> Mapping[str, Scale]:
    """All scales by id."""
    table = yaml.load((data() / "crosswalks.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return MappingProxyType({id: _read(id, row) for id, row in table.items()})


def scored(field: Field, scale: str) -> Scored:
    """Read a drawing by a scale. Raises SurfaceError for an unknown one."""
    if scale not in scales():
        raise SurfaceError(f"There is no scale {scale!r}; there are {', '.join(scales())}.")
    chosen = scales()[scale]
    number = body().zone_index[field.vertices]
    painted = np.bincount(number, weights=body().vertex_area_cm2[field.vertices], minlength=len(zones()))
    by_zone = {str(z): float(painted[n]) for n, z in enumerate(zones())}
    rows = [(area, sum(by_zone[str(z)] for z in area.zones)) for area in chosen.areas]
    touched = [(area, cm2) for area, cm2 in rows if cm2 > 0]
    return Scored(chosen, tuple(sorted(touched, key=lambda row: (-row[1], str(row[0])))))
