"""What each source explains of the body: its field, summed over chart zones, reasoning zones and named areas.

One matrix holds all: the weight of a source's field in every chart zone, in cm2. Reasoning zones and areas are unions
of chart zones, so their figures are sums of its columns; the right side is the left with mirrored columns.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tautband.knowledge.records import FieldPart
from tautband.reasoning.network.hypotheses import Hypotheses, Hypothesis
from tautband.surface import Part, Zone, field_from_parts, filled_shares, zones
from tautband.terms.sides import Side

F4 = npt.NDArray[np.float32]
LAYERS = ("pain", "sensory")
ASKED_WEIGHT = 0.25
"""Weight of a field that is only known from the places a rule asks about; a spillover field weighs .43."""


@dataclass(frozen=True)
class Fields:
    """Weighted cm2 of every hypothesis's field in every chart zone.

    zone_keys   text form of each sided chart zone (`zone.arm.proximal_lateral/left`)
    zone_cm2    area of each zone
    covered     per layer, hypotheses x zones: sum of weight (0..1) times area
    """

    zone_keys: tuple[str, ...]
    zone_cm2: F4
    covered: Mapping[str, F4]

    @cached_property
    def zone_index(self) -> dict[str, int]:
        return {key: i for i, key in enumerate(self.zone_keys)}

    def columns(self, keys: Iterable[str]) -> npt.NDArray[np.int64]:
        return np.array(sorted(self.zone_index[k] for k in keys), np.int64)

    def density(self, layer: str, keys: Iterable[str]) -> F4:
        """Mean weight of each source's field over a place: 1 where an essential field covers all of it."""
        at = self.columns(keys)
        return np.asarray(self.covered[layer][:, at].sum(1) / self.zone_cm2[at].sum(), np.float32)

    def affinity(self, layer: str, keys: Iterable[str]) -> F4:
        """How well each source's field and a loosely named place fit: their overlap over the smaller of the two.

        A small field wholly inside "the forearm" fits as well as a large one covering it.
        """
        at = self.columns(keys)
        inside = self.covered[layer][:, at].sum(1)
        smaller = np.minimum(self.zone_cm2[at].sum(), self.covered[layer].sum(1))
        return np.asarray(np.divide(inside, smaller, out=np.zeros_like(inside), where=smaller > 0), np.float32)


def fields_of(hypotheses: Hypotheses) -> Fields:
    """Draw every hypothesis's field once, on the left or in the midline, and mirror it for the right."""
    every = zones()
    keys = tuple(map(str, every))
    mirror = _mirror(every)
    index = {key: i for i, key in enumerate(keys)}
    drawn: dict[tuple[FieldPart, ...], F4] = {}
    covered = {
        layer: np.stack(
            [
                _asked_about(h, every) if h.zones else _row(_parts(h, layer), h.side, drawn, index, mirror)
                for h in hypotheses.every
            ]
        )
        if hypotheses.every
        else np.zeros((0, len(keys)), np.float32)
        for layer in LAYERS
    }
    return Fields(keys, np.array([zone.area_cm2 for zone in every], np.float32), covered)


def _asked_about(hypothesis: Hypothesis, every: Sequence[Zone]) -> F4:
    """The whole of the places that rules ask about, thinly: where a danger is felt was not drawn by any source."""
    places = frozenset(hypothesis.zones)
    return np.array([ASKED_WEIGHT * zone.area_cm2 if zone.id in places else 0.0 for zone in every], np.float32)


def _parts(hypothesis: Hypothesis, layer: str) -> tuple[FieldPart, ...]:
    return hypothesis.pain if layer == "pain" else hypothesis.sensory


def _row(
    parts: tuple[FieldPart, ...],
    side: Side,
    drawn: dict[tuple[FieldPart, ...], F4],
    index: Mapping[str, int],
    mirror: npt.NDArray[np.int64],
) -> F4:
    if parts not in drawn:
        drawn[parts] = _drawn(parts, index)
    left = drawn[parts]
    if side is Side.LEFT:
        return left
    right = left[mirror]
    return right if side is Side.RIGHT else np.maximum(left, right)


def _drawn(parts: Sequence[FieldPart], index: Mapping[str, int]) -> F4:
    row = np.zeros(len(index), np.float32)
    if not parts:
        return row
    field = field_from_parts([surface_part(part) for part in parts], Side.LEFT)
    for zone, share in filled_shares(field):
        row[index[str(zone)]] = share * zone.area_cm2
    return row


def surface_part(part: FieldPart) -> Part:
    """The part of a knowledge file as the surface draws it: one radius serves all points."""
    points = part.tube or (part.blob or "",)
    radii = part.radius_cm if len(part.radius_cm) > 1 else part.radius_cm * len(points)
    return Part(part.kind, points, radii, part.side, part.toward or "", part.stretch or 1.0)


def _mirror(every: Sequence[Zone]) -> npt.NDArray[np.int64]:
    index = {(zone.id, zone.side): i for i, zone in enumerate(every)}
    return np.array([index[zone.id, zone.side.mirrored] for zone in every], np.int64)
