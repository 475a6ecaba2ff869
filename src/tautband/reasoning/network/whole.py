"""Tests of a whole movement or at a named place: what of the body they reach, from the actions and places of the atlas.

`Hip flexion against resistance hurts` speaks of every muscle that flexes the hip, and a weak one of every nerve that
weakens such a muscle. `Tinel over the outer elbow` speaks of each nerve that is pressed near there, `sore over the
inner knee` of points, joints and tendons there. No study is claimed: the strengths and reasons stand in the policy.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np

from tautband.knowledge import Atlas
from tautband.knowledge.lexicon.moves import motion_id
from tautband.knowledge.records import Entrapment, Muscle
from tautband.reasoning.network.hypotheses import Hypothesis
from tautband.surface import Part, field_from_parts, filled_shares, landmarks
from tautband.terms.sides import Side

NEAR_CM = 3.0
"""A landmark reaches this far: fingers and reports do not point more sharply."""

REACHED_FROM = 0.08
"""Share of a zone that the landmark's circle must fill before the zone counts as near it."""


def movers(atlas: Atlas) -> Mapping[str, tuple[str, ...]]:
    """Motion id -> muscles that make it."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for muscle in atlas.muscles:
        for action in muscle.actions:
            found[motion_id(action.joint, action.motion)][muscle.id] = None
    return {motion: tuple(ids) for motion, ids in found.items()}


def near_landmark(hypothesis: Hypothesis, atlas: Atlas) -> frozenset[str]:
    """Keys of the chart zones around the landmark of a trigger point or of a place where a nerve is pressed."""
    return frozenset().union(*(_around(hypothesis_landmark(hypothesis, atlas), side) for side in _sides(hypothesis)))


def hypothesis_landmark(hypothesis: Hypothesis, atlas: Atlas) -> str:
    """The landmark of a source, empty when it has none."""
    record = atlas.record(hypothesis.id)
    if isinstance(record, Entrapment):
        return record.landmark
    if isinstance(record, Muscle):
        return next((point.landmark for point in record.trigger_points if point.id == hypothesis.id), "")
    return ""


def _sides(hypothesis: Hypothesis) -> Iterator[Side]:
    yield from (Side.LEFT, Side.RIGHT) if hypothesis.side is Side.MIDLINE else (hypothesis.side,)


@cache
def _around(name: str, side: Side) -> frozenset[str]:
    if name not in landmarks():
        return frozenset()
    field = field_from_parts([Part("essential", (name,), (NEAR_CM,))], side)
    return frozenset(str(zone) for zone, share in filled_shares(field) if share >= REACHED_FROM)


def reaching(near: Mapping[str, frozenset[str]], zones: frozenset[str]) -> list[str]:
    """Keys of the hypotheses whose landmark lies in a place."""
    return [key for key, around in near.items() if not around.isdisjoint(zones)]


def overlap(affinity: np.ndarray, least: float) -> dict[int, float]:
    """Places of the hypotheses whose field fits a place by at least `least`, with the fit."""
    return {int(i): float(affinity[i]) for i in np.flatnonzero(affinity >= least)}


__all__ = ["movers", "near_landmark", "overlap", "reaching"]
