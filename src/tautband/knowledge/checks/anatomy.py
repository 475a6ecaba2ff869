"""Anatomy agrees with itself: antagonists oppose, muscles, nerves and roots tell one story."""

from collections.abc import Iterator

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.checks.at import WARNING, problem_at
from tautband.knowledge.problems import Problem
from tautband.knowledge.records import Muscle, Nerve
from tautband.knowledge.vocabulary.motions import MOTIONS, motion, oppose


def known_motions(atlas: Atlas) -> Iterator[Problem]:
    """Motions are words the house knows, so that opposites can be judged."""
    for muscle in atlas.muscles:
        for number, action in enumerate(muscle.actions):
            if motion(action.motion) not in MOTIONS:
                message = f"The motion {action.motion!r} is not known."
                cure = "Use one of the motions in knowledge/vocabulary/motions.py, or add it there with its opposite."
                yield problem_at(
                    atlas, muscle.id, ("actions", number, "motion"), "unknown_motion", message, cure, WARNING
                )


def antagonists_oppose(atlas: Atlas) -> Iterator[Problem]:
    """An antagonist has a motion opposed to one of the muscle's at a shared joint."""
    for muscle in atlas.muscles:
        for number, id in enumerate(muscle.antagonists):
            other = atlas.records.get(atlas.current(id))
            if isinstance(other, Muscle) and not _opposed(muscle, other):
                message = f"{id!r} is called an antagonist, but no motion of it opposes one of this muscle."
                cure = f"Here: {_said(muscle)}. There: {_said(other)}. Complete the actions or remove the link."
                yield problem_at(atlas, muscle.id, ("antagonists", number), "no_antagonist", message, cure)


def supply_agrees(atlas: Atlas) -> Iterator[Problem]:
    """The roots of a muscle lie within the roots of its nerve, and the nerve lists the muscle."""
    for muscle in atlas.muscles:
        for number, supply in enumerate(muscle.nerve_supply):
            nerve = atlas.records.get(atlas.current(supply.nerve)) if supply.nerve else None
            if not isinstance(nerve, Nerve):
                continue
            place = ("nerve_supply", number)
            beyond = set(supply.roots) - _roots(nerve)
            if beyond and not supply.variation and _roots(nerve):
                message = f"{', '.join(sorted(beyond))} is not among the roots of {nerve.id}."
                cure = (
                    f"{nerve.id} has {', '.join(sorted(_roots(nerve)))}; correct one of them or mark `variation: true`."
                )
                yield problem_at(atlas, muscle.id, (*place, "roots"), "root_mismatch", message, cure)
            if nerve.muscles and muscle.id not in nerve.muscles:
                message = f"{nerve.id} does not list {muscle.id} among its muscles."
                yield problem_at(atlas, nerve.id, ("muscles",), "nerve_mismatch", message, "Add it there.", WARNING)


def nerves_supply_their_muscles(atlas: Atlas) -> Iterator[Problem]:
    """A muscle listed by a nerve names that nerve, or one with the same roots (a branch or its parent)."""
    for nerve in atlas.nerves:
        for number, id in enumerate(nerve.muscles):
            muscle = atlas.records.get(atlas.current(id))
            if not isinstance(muscle, Muscle):
                continue
            named = {supply.nerve for supply in muscle.nerve_supply if supply.nerve}
            if named and nerve.id not in named:
                message = f"{id} names {', '.join(sorted(named))} and not {nerve.id}."
                severity_cure = "Correct one of them; for a branch name the branch in both."
                yield problem_at(
                    atlas, nerve.id, ("muscles", number), "nerve_mismatch", message, severity_cure, WARNING
                )


def roots_feed_weak_muscles(atlas: Atlas) -> Iterator[Problem]:
    """A muscle that weakens with a root has that root in its supply."""
    for root in atlas.roots:
        for number, id in enumerate(root.weak_muscles):
            muscle = atlas.records.get(atlas.current(id))
            if not isinstance(muscle, Muscle):
                continue
            fed = {r for supply in muscle.nerve_supply for r in supply.roots}
            if fed and root.id not in fed:
                message = f"{id} is said to weaken with {root.id}, but its supply names {', '.join(sorted(fed))}."
                yield problem_at(
                    atlas, root.id, ("weak_muscles", number), "root_mismatch", message, "Correct one of them."
                )


def entrapments_agree(atlas: Atlas) -> Iterator[Problem]:
    """The roots of an entrapment lie within those of its nerve; weak muscles share a root with it."""
    for trap in atlas.entrapments:
        nerve = atlas.records.get(atlas.current(trap.nerve))
        if not isinstance(nerve, Nerve) or not _roots(nerve):
            continue
        beyond = set(trap.roots) - _roots(nerve)
        if beyond:
            message = f"{', '.join(sorted(beyond))} is not among the roots of {nerve.id}."
            yield problem_at(atlas, trap.id, ("roots",), "root_mismatch", message, "Correct one of them.")
        for number, id in enumerate(trap.weak_muscles):
            muscle = atlas.records.get(atlas.current(id))
            fed = {r for s in muscle.nerve_supply for r in s.roots} if isinstance(muscle, Muscle) else set()
            if fed and not fed & _roots(nerve):
                message = f"{id} is said to weaken, but shares no root with {nerve.id}."
                yield problem_at(
                    atlas, trap.id, ("weak_muscles", number), "root_mismatch", message, "Correct one of them."
                )


def _opposed(one: Muscle, other: Muscle) -> bool:
    return any(oppose((a.joint, a.motion), (b.joint, b.motion)) for a in one.actions for b in other.actions)


def _said(muscle: Muscle) -> str:
    return ", ".join(f"{a.joint} {a.motion}" for a in muscle.actions)


def _roots(nerve: Nerve) -> set[str]:
    return {root for supply in nerve.roots for root in supply.roots}


RULES = (
    known_motions,
    antagonists_oppose,
    supply_agrees,
    nerves_supply_their_muscles,
    roots_feed_weak_muscles,
    entrapments_agree,
)
