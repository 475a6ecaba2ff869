"""The atlas in a neutral form for others: muscles, entrapments and dermatomes in plain names, no ids of ours needed."""

import re
from collections.abc import Iterable
from typing import Any

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.places import area_names, covered
from tautband.knowledge.records import Entrapment, Muscle, Root
from tautband.knowledge.records.anatomy import Action, NerveSupply, SingleMuscle
from tautband.knowledge.umbrellas import Umbrella, umbrellas
from tautband.knowledge.words import fold

_LEVEL = re.compile(r"\b[CTLS]\d{1,2}\b")


def export(atlas: Atlas) -> dict[str, list[dict[str, Any]]]:
    """Return muscles, entrapments and dermatomes as plain data.

    Three sorts stand in the list of muscles: those with a file, single muscles described within such a file
    (`part_of`), and names of a whole with the union of what its `members` have.

    Actions are `joint:motion`; roots are levels such as `C5`; places are plain names of the areas the drawn fields lie
    in, the largest first: `primary` for essential parts and `spillover` for the rest.
    """
    return {
        "muscles": [
            *(_muscle(atlas, muscle) for muscle in atlas.muscles),
            *(_single(atlas, muscle, single) for muscle in atlas.muscles for single in muscle.singles),
            *(_whole(atlas, umbrella) for umbrella in umbrellas(atlas)),
        ],
        "entrapments": [_entrapment(atlas, trap) for trap in atlas.entrapments],
        "dermatomes": [_root(atlas, root) for root in sorted(atlas.roots, key=lambda root: _order(root.level))],
    }


def _muscle(atlas: Atlas, muscle: Muscle) -> dict[str, Any]:
    points = [point.id for point in muscle.trigger_points]
    return {
        "name": muscle.name.en,
        "synonyms": _synonyms(atlas, muscle),
        **_anatomy(atlas, muscle.nerve_supply, muscle.actions, points),
    }


def _single(atlas: Atlas, muscle: Muscle, single: SingleMuscle) -> dict[str, Any]:
    points = single.points or [point.id for point in muscle.trigger_points]
    return {
        "name": single.name,
        "synonyms": _once((single.la, *single.synonyms)),
        "part_of": muscle.name.en,
        **_anatomy(atlas, single.nerve_supply, single.actions, points),
    }


def _whole(atlas: Atlas, umbrella: Umbrella) -> dict[str, Any]:
    members = [atlas.records[id] for id in umbrella.muscles]
    muscles = [muscle for muscle in members if isinstance(muscle, Muscle)]
    points = [point.id for muscle in muscles for point in muscle.trigger_points]
    supplies = [supply for muscle in muscles for supply in muscle.nerve_supply]
    actions = [action for muscle in muscles for action in muscle.actions]
    return {
        "name": umbrella.name,
        "synonyms": _once((umbrella.la, *umbrella.names)),
        "members": [muscle.name.en for muscle in muscles],
        **_anatomy(atlas, supplies, actions, points),
    }


def _anatomy(
    atlas: Atlas, supplies: Iterable[NerveSupply], actions: Iterable[Action], points: Iterable[str]
) -> dict[str, Any]:
    supplies, points = tuple(supplies), tuple(points)
    primary = _places(atlas, points, "essential")
    return {
        "nerves": _once(name for supply in supplies for name in _nerve(atlas, supply)),
        "roots": sorted(_once(level for supply in supplies for level in _levels(supply)), key=_order),
        "actions": _once(f"{action.joint}:{action.motion}" for action in actions),
        "referral": {
            "primary": primary,
            "spillover": [name for name in _places(atlas, points, "spillover") if name not in primary],
        },
    }


def _synonyms(atlas: Atlas, muscle: Muscle) -> list[str]:
    """Other names; a part (Deltoid, middle part) also goes by the name of the whole where the whole has no entry.

    Names of single muscles and of wholes stay with their own entries, so that a name looked up finds the closest one.
    """
    whole, comma, _part = muscle.name.en.partition(",")
    elsewhere = {fold(name) for umbrella in umbrellas(atlas) for name in umbrella.every_name}
    elsewhere |= {fold(name) for single in muscle.singles for name in (single.name, single.la, *single.synonyms)}
    names = (muscle.name.la, *muscle.synonyms, whole if comma else "")
    return _once(name for name in names if fold(name) not in elsewhere | {fold(muscle.name.en)})


def _entrapment(atlas: Atlas, trap: Entrapment) -> dict[str, Any]:
    return {
        "name": trap.name.en,
        "synonyms": _once((trap.name.la, *trap.synonyms)),
        "nerve": _name(atlas, trap.nerve),
        "roots": [_level(root) for root in trap.roots],
        "site": trap.site,
        "structure": _once(presser.structure for presser in trap.pressed_by),
        "sensory": _once([*_places(atlas, [trap.id], "essential"), *_places(atlas, [trap.id], "spillover")]),
        "weak": _once([*(_name(atlas, id) for id in trap.weak_muscles), *(said.text for said in trap.weak)]),
        "tests": _once(_name(atlas, id) for id in trap.tests),
    }


def _root(atlas: Atlas, root: Root) -> dict[str, Any]:
    return {
        "level": root.level,
        "areas": _places(atlas, [root.id], "essential", "dermatome"),
        "key_point": [said.text for said in root.key_point],
        "myotomes": _once(f"{action.joint}:{action.motion}" for action in root.myotome),
        "reflexes": [said.text for said in root.reflex],
    }


def _nerve(atlas: Atlas, supply: NerveSupply) -> tuple[str, ...]:
    """The nerve by name, and the branch or division where the file names one."""
    return (_name(atlas, supply.nerve), supply.name) if supply.nerve else (supply.name,)


def _levels(supply: NerveSupply) -> list[str]:
    """Roots of a supply; levels without a file of their own (C1, S5) are taken from the words of the supply."""
    return [*(_level(root) for root in supply.roots), *_LEVEL.findall(supply.name)]


def _order(level: str) -> tuple[int, int]:
    return "CTLS".find(level[:1]), int(level[1:] or 0)


def _name(atlas: Atlas, id: str) -> str:
    """The name of a thing; for a link that leads nowhere its id in words."""
    return atlas.name(id) if id in atlas or id in atlas.retired else id.partition(".")[2].replace("_", " ")


def _level(root: str) -> str:
    return root.partition(".")[2].upper()


def _places(atlas: Atlas, owners: Iterable[str], kind: str, key: str = "") -> list[str]:
    skin = covered(atlas)
    return area_names([part for owner in owners for part in skin.parts(owner, kind, key)], atlas)


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word for word in words if word))
