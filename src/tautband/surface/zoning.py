"""Chart zones: every bit of skin has one, with words for the client and for the therapist."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tautband.surface.fields import FULL, Field, ZoneLike
from tautband.surface.mesh import SURFACE, SurfaceError, body, data
from tautband.terms.ids import Sided
from tautband.terms.sides import Side


class UnknownZone(SurfaceError):
    """No chart zone has this id and side; the message names the nearest ones."""


@dataclass(frozen=True)
class Zone:
    """One sided chart zone.

    id         like `zone.arm.proximal_lateral`; the same on both sides
    side       left, right or midline
    plain      what a client reads: "outer side of the upper arm, top third"
    clinical   the therapist's word: "lateral proximal arm"
    area_cm2   visible skin
    reasoning  id of the reasoning zone it belongs to, with the same side
    """

    id: str
    side: Side
    plain: str
    clinical: str
    area_cm2: float
    reasoning: str

    def __str__(self) -> str:
        return f"{self.id}/{self.side}"

    @property
    def sided(self) -> Sided:
        return Sided(self.id, self.side)

    @property
    def label(self) -> str:
        """Plain words with the side: "left, outer side of the upper arm, top third"."""
        return self.plain if self.side is Side.MIDLINE else f"{self.side}, {self.plain}"


@dataclass(frozen=True)
class ReasoningZone:
    """A union of neighbouring chart zones, the grain at which drawings enter the reasoning."""

    id: str
    side: Side
    plain: str
    area_cm2: float
    zones: tuple[Zone, ...]

    def __str__(self) -> str:
        return f"{self.id}/{self.side}"

    @property
    def sided(self) -> Sided:
        return Sided(self.id, self.side)


@cache
def _table() -> Any:
    table = json.loads((data() / "zones.json").read_text(encoding="utf-8"))
    if table["surface"] != SURFACE:
        raise SurfaceError(f"zones.json belongs to {table['surface']}, not {SURFACE}; run tools/build_body.py.")
    return table


@cache
def zones() -> tuple[Zone, ...]:
    """All chart zones; the place in this tuple is the number in `Body.zone_index`."""
    return tuple(Zone(**{**row, "side": Side(row["side"])}) for row in _table()["zones"])


@cache
def _numbers() -> Mapping[str, int]:
    return MappingProxyType({str(zone): number for number, zone in enumerate(zones())})


def zone_number(zone: ZoneLike) -> int:
    """Place of a zone in `zones()`; takes a Zone, a Sided or `id/side`. Raises UnknownZone."""
    text = str(zone)
    try:
        return _numbers()[text]
    except KeyError:
        near = get_close_matches(text, _numbers(), n=3, cutoff=0.5)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        message = f"There is no chart zone {text!r}.{hint} All are listed in docs/developer/zones.md."
        raise UnknownZone(message) from None


def zone(name: ZoneLike) -> Zone:
    """The chart zone with this id and side. Raises UnknownZone."""
    return zones()[zone_number(name)]


def zone_of_vertex(vertex: int) -> Zone:
    """The chart zone a vertex lies in. Raises SurfaceError for an id outside the surface."""
    if not 0 <= vertex < body().vertex_count:
        raise SurfaceError(f"There is no vertex {vertex} on {SURFACE} (0 to {body().vertex_count - 1}).")
    return zones()[int(body().zone_index[vertex])]


@cache
def reasoning_zones() -> tuple[ReasoningZone, ...]:
    """All reasoning zones, in the order of their first chart zone."""
    members: dict[tuple[str, Side], list[Zone]] = {}
    for chart_zone in zones():
        members.setdefault((chart_zone.reasoning, chart_zone.side), []).append(chart_zone)
    words = _table()["areas"]
    return tuple(
        ReasoningZone(id, side, words[id], round(sum(z.area_cm2 for z in group), 1), tuple(group))
        for (id, side), group in members.items()
    )


def zones_of(field: Field, least_share: float = 0.0) -> list[tuple[Zone, float]]:
    """Chart zones the field touches with the share of the field's area in each, largest first."""
    area = body().vertex_area_cm2[field.vertices] * field.weights
    total = float(area.sum())
    if total == 0:
        return []
    share = np.bincount(body().zone_index[field.vertices], weights=area, minlength=len(zones())) / total
    order = sorted(np.nonzero(share > max(least_share, 0.0))[0], key=lambda number: (-share[number], number))
    return [(zones()[int(number)], float(share[number])) for number in order]


def filled_shares(field: Field, covered: bool = False) -> list[tuple[Zone, float]]:
    """Chart zones the field touches with the share 0..1 of each zone's skin that is painted, largest first.

    covered  count painted skin whole, whatever its weight (for drawings whose weight means intensity)
    """
    painted = _painted_cm2(field, covered)
    shares = [(z, min(1.0, float(painted[n]) / z.area_cm2)) for n, z in enumerate(zones()) if painted[n] > 0]
    return sorted(shares, key=lambda pair: -pair[1])


def reasoning_shares(field: Field, covered: bool = False) -> list[tuple[ReasoningZone, float]]:
    """Reasoning zones the field touches with the share 0..1 of each that is painted, largest first."""
    painted = _painted_cm2(field, covered)
    shares = []
    for area in reasoning_zones():
        inside = sum(float(painted[zone_number(z)]) for z in area.zones)
        if inside > 0:
            shares.append((area, min(1.0, inside / area.area_cm2)))
    return sorted(shares, key=lambda pair: -pair[1])


def _painted_cm2(field: Field, covered: bool) -> NDArray[np.float64]:
    """Painted skin in each chart zone, in cm2."""
    area = body().vertex_area_cm2[field.vertices] * (1.0 if covered else field.weights / FULL)
    painted = np.zeros(len(zones()))
    np.add.at(painted, body().zone_index[field.vertices], area)
    return painted


def _spoken(place: Zone) -> str:
    """The therapist's word with its side, which is said once."""
    return place.clinical if "midline" in place.clinical else f"{place.side} {place.clinical}"


def describe(field: Field, most: int = 6) -> str:
    """A field in words, for letters and screen readers: "left posterior middle thigh, 57 cm²; ..."."""
    touched = zones_of(field)
    if not touched:
        return "nothing painted"
    total = field.area_cm2
    said = [f"{_spoken(z)}, {share * total:.0f} cm²" for z, share in touched[:most]]
    rest = touched[most:]
    if rest:
        said.append(f"{len(rest)} more zones, {sum(s for _, s in rest) * total:.0f} cm²")
    return "; ".join(said) + f" (in all {total:.0f} cm²)"
