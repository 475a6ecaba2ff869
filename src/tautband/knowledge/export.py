"""The atlas in a neutral form for others: muscles, entrapments and dermatomes in plain names, no ids of ours needed."""

from collections.abc import Iterable
from typing import Any

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.records import Entrapment, FieldPart, Muscle, Root
from tautband.knowledge.records.anatomy import NerveSupply
from tautband.knowledge.vocabulary import landmark_names


def export(atlas: Atlas) -> dict[str, list[dict[str, Any]]]:
    """Return muscles, entrapments and dermatomes as plain data.

    Actions are `joint:motion`; roots are levels such as `C5`; places are the plain names of landmarks in the order a
    field runs through them, `primary` for essential parts and `spillover` for the rest.
    """
    return {
        "muscles": [_muscle(atlas, muscle) for muscle in atlas.muscles],
        "entrapments": [_entrapment(atlas, trap) for trap in atlas.entrapments],
        "dermatomes": [_root(root) for root in atlas.roots],
    }


def _muscle(atlas: Atlas, muscle: Muscle) -> dict[str, Any]:
    parts = [part for point in muscle.trigger_points for part in point.refers_to]
    return {
        "name": muscle.name.en,
        "synonyms": [name for name in (muscle.name.la, *muscle.synonyms) if name],
        "nerves": _once(_nerve(atlas, supply) for supply in muscle.nerve_supply),
        "roots": _once(_level(root) for supply in muscle.nerve_supply for root in supply.roots),
        "actions": _once(f"{action.joint}:{action.motion}" for action in muscle.actions),
        "referral": {
            "primary": _places(part for part in parts if part.kind == "essential"),
            "spillover": _places(part for part in parts if part.kind == "spillover"),
        },
    }


def _entrapment(atlas: Atlas, trap: Entrapment) -> dict[str, Any]:
    return {
        "name": trap.name.en,
        "nerve": _name(atlas, trap.nerve),
        "roots": [_level(root) for root in trap.roots],
        "site": trap.site,
        "structure": _once(presser.structure for presser in trap.pressed_by),
        "sensory": _places(trap.field),
        "weak": _once([*(_name(atlas, id) for id in trap.weak_muscles), *(said.text for said in trap.weak)]),
        "tests": _once(_name(atlas, id) for id in trap.tests),
    }


def _root(root: Root) -> dict[str, Any]:
    return {
        "level": root.level,
        "areas": _places(root.dermatome),
        "key_point": [said.text for said in root.key_point],
        "myotomes": _once(f"{action.joint}:{action.motion}" for action in root.myotome),
        "reflexes": [said.text for said in root.reflex],
    }


def _nerve(atlas: Atlas, supply: NerveSupply) -> str:
    return _name(atlas, supply.nerve) if supply.nerve else supply.name


def _name(atlas: Atlas, id: str) -> str:
    """The name of a thing; for a link that leads nowhere its id in words."""
    return atlas.name(id) if id in atlas or id in atlas.retired else id.partition(".")[2].replace("_", " ")


def _level(root: str) -> str:
    return root.partition(".")[2].upper()


def _places(parts: Iterable[FieldPart]) -> list[str]:
    names = landmark_names()
    found = []
    for part in parts:
        for landmark in part.tube or (part.blob or "",):
            name = names.get(landmark, landmark.replace("_", " "))
            found.append(f"opposite side: {name}" if part.side == "opposite" else name)
    return _once(found)


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word for word in words if word))
