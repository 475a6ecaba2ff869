"""The area look-up that every chart on a wall offers: which sources refer to the places that hurt. Nothing else.

It reads the same atlas and knows no examination, no rival and no alert. It is here to be beaten.
"""

from tautband.findings import Picture
from tautband.reasoning.evidence import FELT
from tautband.reasoning.network.build import Model
from tautband.reasoning.network.hypotheses import Hypothesis


def look_up(picture: Picture, model: Model) -> list[tuple[Hypothesis, float]]:
    """Sources by how well their fields fit the marked places, each place counting once, the commoner one first."""
    score = {h.key: 0.0 for h in model.hypotheses.every}
    for mark in picture.drawing.marks:
        for side in mark.side.each:
            zones = model.area_zones.get((mark.place, side), frozenset({f"{mark.place}/{side}"}))
            known = zones & model.fields.zone_index.keys()
            if known:
                fit = model.fields.affinity(FELT[mark.layer], known)
                for h, value in zip(model.hypotheses.every, fit.tolist(), strict=True):
                    score[h.key] += value
    found = [(h, score[h.key]) for h in model.hypotheses.every if score[h.key] > 0]
    return sorted(found, key=lambda pair: (-round(pair[1], 2), -pair[0].prior, pair[0].key))
