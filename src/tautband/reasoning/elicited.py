"""What this client's own body says: pressing here was felt there. It changes this client's fields, never the atlas.

The atlas field of a point counts as so many earlier clients; each elicitation adds one. The result is a model of its
own, made from the elicitations each time: take one away and what it did is gone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tautband.reasoning.network.build import Model, build_model
from tautband.reasoning.network.fields import Fields
from tautband.reasoning.network.hypotheses import Hypotheses
from tautband.terms.ids import kind_of
from tautband.terms.sides import Side

ATLAS_COUNTS = 2.0
"""The atlas field weighs as much as this many of the client's own elicitations. An engineering choice."""


class BadElicitation(ValueError):
    """An elicited referral that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Elicited:
    """Pressing a point was felt in these places.

    point   trigger point or muscle that was pressed (a muscle: its point whose field fits best)
    side    the client's side
    felt    chart zones with side (`zone.arm.proximal_lateral/left`), or named areas with side (`area.thumb/left`)
    """

    point: str
    side: Side
    felt: frozenset[str]


def personal_model(model: Model, elicited: Sequence[Elicited]) -> Model:
    """The model of one client. Without elicitations it is the model itself. Takes about a second: keep it.

    Raises BadElicitation for an unknown point or place.
    """
    if not elicited:
        return model
    fields = personal_fields(model, elicited)

    def drawn(_: Hypotheses) -> Fields:
        return fields

    return build_model(model.atlas, model.policy, drawn)


def personal_fields(model: Model, elicited: Iterable[Elicited]) -> Fields:
    """The atlas fields with this client's own mixed in, zone by zone."""
    felt: dict[int, list[np.ndarray]] = defaultdict(list)
    for one in elicited:
        where = _covered(model, one)
        felt[_pressed(model, one, where)].append(where)
    covered = {layer: rows.copy() for layer, rows in model.fields.covered.items()}
    for row, found in felt.items():
        own = np.sum(found, axis=0)
        mixed = (ATLAS_COUNTS * covered["pain"][row] + own) / (ATLAS_COUNTS + len(found))
        covered["pain"][row] = mixed.astype(np.float32)
    return replace(model.fields, covered=covered)


def changed(model: Model, personal: Model) -> Mapping[str, tuple[float, float]]:
    """What the client's own fields differ in: hypothesis key -> skin its field covers in the atlas and here, cm2."""
    before, after = model.fields.covered["pain"], personal.fields.covered["pain"]
    rows = np.flatnonzero((before != after).any(axis=1))
    every = model.hypotheses.every
    return {every[i].key: (float(before[i].sum()), float(after[i].sum())) for i in rows}


def _covered(model: Model, one: Elicited) -> np.ndarray:
    """Skin of the places that were named, per chart zone in cm2."""
    if not one.felt:
        raise BadElicitation(f"Say where pressing {one.point} was felt; no place was given.")
    keys: set[str] = set()
    for place in one.felt:
        keys |= _zones(model, place)
    fields = model.fields
    row = np.zeros(len(fields.zone_keys), np.float32)
    at = fields.columns(keys)
    row[at] = fields.zone_cm2[at]
    return row


def _zones(model: Model, place: str) -> frozenset[str]:
    if place in model.fields.zone_index:
        return frozenset({place})
    area, _, side = place.partition("/")
    found = model.area_zones.get((area, Side(side or "midline"))) if side in ("", *Side) else None
    if not found:
        raise BadElicitation(f"{place!r} is no place of the body surface; use a chart zone or an area with its side.")
    return found


def _pressed(model: Model, one: Elicited, where: np.ndarray) -> int:
    """Row of the pressed point; of a muscle's points the one whose field fits best."""
    rows = [model.hypotheses.place[h.key] for h in model.hypotheses.named(one.point, one.side) if h.side is one.side]
    if not rows or kind_of(one.point) not in ("trp", "muscle"):
        raise BadElicitation(f"{one.point!r} on the {one.side} is no trigger point or muscle of the atlas.")
    field = model.fields.covered["pain"][rows]
    return rows[int(np.argmax(np.minimum(field, where).sum(axis=1)))]


__all__ = ["BadElicitation", "Elicited", "changed", "personal_fields", "personal_model"]
