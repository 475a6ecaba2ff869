"""What a drawing measures: area, share of the body, zones, patches, centre; and words for it.

In a drawing the weight of a vertex is an intensity, so painted skin counts whole here (`covered_cm2`), not by weight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tautband.surface.fields import FULL, Field
from tautband.surface.geodesics import edge_pairs
from tautband.surface.mesh import body
from tautband.surface.zoning import Zone, zone_of_vertex, zones

if TYPE_CHECKING:
    import scipy.sparse as sp

LEAST_PATCH_CM2 = 1.0
"""Smaller stray dots are not told as places of their own."""


@dataclass(frozen=True)
class InZone:
    """What of a drawing lies in one chart zone: cm2, share 0..1 of the zone, and mean intensity 0..10 there."""

    zone: Zone
    area_cm2: float
    share: float
    intensity: float


@dataclass(frozen=True)
class Patch:
    """One connected piece of a drawing.

    centre     vertex of the skin nearest to the middle of the piece
    zone       chart zone of most of the piece
    intensity  mean weight as 0..10, each bit of skin counting by its area
    """

    field: Field
    area_cm2: float
    centre: int
    zone: Zone
    intensity: float


@dataclass(frozen=True)
class Extent:
    """How much skin is painted: cm2, and share 0..1 of the skin of this body that can be painted."""

    area_cm2: float
    share: float


@cache
def body_cm2() -> float:
    """Skin that can be painted."""
    surface = body()
    return float(surface.vertex_area_cm2[surface.visible].sum())


def extent(field: Field) -> Extent:
    """Painted skin, whatever its weight."""
    area = field.covered_cm2
    return Extent(area, area / body_cm2())


def extents(layers: Mapping[str, Field]) -> dict[str, Extent]:
    """Extent of each layer, and under `all` of their union: skin in two layers counts once there."""
    found = {name: extent(field) for name, field in layers.items()}
    together = Field.empty().union(*layers.values())
    return found | {"all": extent(together)}


def intensity(field: Field) -> float:
    """Mean weight as 0..10, each bit of skin counting by its area; 0 for an empty field."""
    area = body().vertex_area_cm2[field.vertices]
    total = float(area.sum())
    return float((area * field.weights).sum()) / total / FULL * 10 if total > 0 else 0.0


def in_zones(field: Field) -> list[InZone]:
    """The chart zones a drawing touches, the largest painted area first."""
    number = body().zone_index[field.vertices]
    area = body().vertex_area_cm2[field.vertices]
    painted = np.bincount(number, weights=area, minlength=len(zones()))
    felt = np.bincount(number, weights=area * field.weights, minlength=len(zones()))
    order = sorted(np.nonzero(painted)[0], key=lambda n: (-painted[n], n))
    whole = _zone_cm2()
    return [
        InZone(
            zones()[n],
            float(painted[n]),
            min(1.0, float(painted[n] / whole[n])),
            float(felt[n] / painted[n]) / FULL * 10,
        )
        for n in order
    ]


@cache
def _zone_cm2() -> NDArray[np.float64]:
    """What can be painted of each zone; `Zone.area_cm2` is rounded for reading, which is much for a nail."""
    whole = np.zeros(len(zones()))
    np.add.at(whole, body().zone_index[body().paintable], body().vertex_area_cm2[body().paintable])
    return whole


def centre(field: Field) -> int | None:
    """Painted vertex nearest to the area-weighted middle of a field; None for an empty one.

    A drawing of several pieces has a middle nobody painted: ask for the middle of each of its `patches`.
    """
    if not len(field):
        return None
    points = body().points_m[field.vertices]
    amount = body().vertex_area_cm2[field.vertices] * field.weights
    middle = (points * amount[:, None]).sum(axis=0) / amount.sum()
    return int(field.vertices[((points - middle) ** 2).sum(axis=1).argmin()])


@cache
def _neighbours() -> "sp.csr_matrix[np.float64]":
    import scipy.sparse as sp

    edges = edge_pairs(body().triangles)
    n = body().vertex_count
    return sp.csr_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(n, n))


def patches(field: Field, least_cm2: float = LEAST_PATCH_CM2) -> list[Patch]:
    """The connected pieces of a drawing along the skin, largest first; pieces below `least_cm2` are left out."""
    from scipy.sparse.csgraph import connected_components

    if not len(field):
        return []
    _, label = connected_components(_neighbours()[field.vertices][:, field.vertices], directed=False)
    found = []
    for number in range(int(label.max()) + 1):
        chosen = label == number
        piece = Field(field.vertices[chosen], field.weights[chosen])
        if piece.covered_cm2 < least_cm2:
            continue
        middle = centre(piece)
        assert middle is not None
        found.append(Patch(piece, piece.covered_cm2, middle, in_zones(piece)[0].zone, intensity(piece)))
    return sorted(found, key=lambda patch: -patch.area_cm2)


def moved_cm(before: Field, after: Field) -> float | None:
    """Straight distance between the middles of two drawings in cm; None when one is empty."""
    first, second = centre(before), centre(after)
    if first is None or second is None:
        return None
    return float(np.linalg.norm(body().points_m[first] - body().points_m[second])) * 100


def covered_overlap_cm2(one: Field, other: Field) -> float:
    """Skin painted in both, whatever the weights."""
    both = np.intersect1d(one.vertices, other.vertices, assume_unique=True)
    return float(body().vertex_area_cm2[both].sum())


def covered_jaccard(one: Field, other: Field) -> float:
    """Jaccard index 0..1 of the painted skin, whatever the weights; two empty drawings agree (1)."""
    both = covered_overlap_cm2(one, other)
    together = one.covered_cm2 + other.covered_cm2 - both
    return both / together if together > 0 else 1.0


def spoken(place: Zone) -> str:
    """The therapist's word with its side: "left posterior middle thigh"."""
    return place.clinical if "midline" in place.clinical else f"{place.side} {place.clinical}"


def in_words(field: Field, qualities: Sequence[str] = (), with_intensity: bool = True, most: int = 4) -> str:
    """A drawing in anatomy: "left posterior middle thigh, 57 cm², burning, 6/10".

    Each connected place is named by the zone that holds most of it, and counted over the whole place.
    """
    places = patches(field) or patches(field, least_cm2=0.0)
    if not places:
        return "nothing painted"
    said = []
    for place in places[:most]:
        other = len([z for z in in_zones(place.field) if z.area_cm2 >= max(2.0, 0.03 * place.area_cm2)]) - 1
        reach = f" and {other} neighbouring {'zone' if other == 1 else 'zones'}" if other > 0 else ""
        parts = [f"{spoken(place.zone)}{reach}", f"{place.area_cm2:.0f} cm²", *qualities]
        if with_intensity:
            parts.append(f"{place.intensity:.0f}/10")
        said.append(", ".join(parts))
    rest = places[most:]
    if rest:
        said.append(f"{len(rest)} more places, {sum(p.area_cm2 for p in rest):.0f} cm²")
    return "; ".join(said)


def layers_in_words(layers: Mapping[str, Field], qualities: Mapping[str, Sequence[str]] | None = None) -> str:
    """All layers of a drawing in words, each with its name; empty layers are left out."""
    kinds = qualities or {}
    said = [f"{name}: {in_words(field, kinds.get(name, ()))}" for name, field in layers.items() if len(field)]
    return ". ".join(said) or "nothing painted"


def centre_zone(field: Field) -> Zone | None:
    """Chart zone of the middle of a field; None for an empty one."""
    at = centre(field)
    return None if at is None else zone_of_vertex(at)
