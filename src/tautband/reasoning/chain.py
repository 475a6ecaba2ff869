"""The chain rule: look at the muscles that hang together with a suspect, near it or by its nerve."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from tautband.knowledge.records import Entrapment, Muscle
from tautband.reasoning.answer import Suspect
from tautband.reasoning.network.build import Model
from tautband.terms.sides import Side

HEADS = 3
"""Suspects whose chains are followed."""

CHAIN = 4
"""Muscles of the chain that become candidates beside the suspects' own."""

NEIGHBOURS: Mapping[str, frozenset[str]] = {
    "head_jaw": frozenset({"neck"}),
    "neck": frozenset({"head_jaw", "shoulder", "upper_back", "thorax"}),
    "shoulder": frozenset({"neck", "upper_back", "thorax", "arm_elbow"}),
    "arm_elbow": frozenset({"shoulder", "forearm_hand"}),
    "forearm_hand": frozenset({"arm_elbow"}),
    "thorax": frozenset({"neck", "shoulder", "upper_back", "abdomen"}),
    "upper_back": frozenset({"neck", "shoulder", "thorax", "low_back"}),
    "low_back": frozenset({"upper_back", "abdomen", "pelvis", "hip_buttock"}),
    "abdomen": frozenset({"thorax", "low_back", "pelvis"}),
    "pelvis": frozenset({"abdomen", "low_back", "hip_buttock", "thigh"}),
    "hip_buttock": frozenset({"low_back", "pelvis", "thigh"}),
    "thigh": frozenset({"hip_buttock", "pelvis", "knee"}),
    "knee": frozenset({"thigh", "leg"}),
    "leg": frozenset({"knee", "ankle_foot"}),
    "ankle_foot": frozenset({"leg"}),
}


def chain_of(model: Model, suspects: Sequence[Suspect], chance: Callable[[str, Side], float]) -> list[tuple[str, Side]]:
    """Muscles of the chains of the first suspects that are not suspected themselves, likeliest first.

    chance   muscle, side -> chance that any of its points is active
    """
    own = {(s.of, s.side) for s in suspects if s.kind == "trp"}
    found: dict[tuple[str, Side], None] = {}
    for suspect in suspects[:HEADS]:
        sides = (suspect.side,) if suspect.side is not Side.MIDLINE else (Side.LEFT, Side.RIGHT)
        for muscle in linked(model, suspect.of):
            found.update({(muscle, side): None for side in sides if (muscle, side) not in own})
    return sorted(found, key=lambda place: (-chance(*place), place))[:CHAIN]


def linked(model: Model, id: str) -> frozenset[str]:
    """Muscles in one chain with a source: same nerve in the same or the next region, key and satellite, pressing it."""
    record = model.atlas.record(id)
    if isinstance(record, Muscle):
        return _chains(model).get(id, frozenset())
    if isinstance(record, Entrapment):
        pressing = {press.muscle for press in record.pressed_by if press.muscle}
        return frozenset(pressing | set(record.weak_muscles))
    return frozenset(model.atlas.muscles_of(id)) if id.startswith("root.") else frozenset()


@lru_cache(maxsize=4)
def _chains(model: Model) -> dict[str, frozenset[str]]:
    muscles = {muscle.id: muscle for muscle in model.atlas.muscles}
    by_nerve: dict[str, set[str]] = defaultdict(set)
    for muscle in muscles.values():
        for supply in muscle.nerve_supply:
            if supply.nerve and not supply.variation:
                by_nerve[supply.nerve].add(muscle.id)
    chains: dict[str, set[str]] = {id: set() for id in muscles}
    for together in by_nerve.values():
        for one in together:
            near = NEIGHBOURS[muscles[one].region] | {muscles[one].region}
            chains[one] |= {other for other in together if other != one and muscles[other].region in near}
    for muscle in muscles.values():
        for link in muscle.satellites:
            if link.to in chains:
                chains[muscle.id].add(link.to)
                chains[link.to].add(muscle.id)
    return {id: frozenset(found - {id}) for id, found in chains.items()}


__all__ = ["NEIGHBOURS", "chain_of", "linked"]
