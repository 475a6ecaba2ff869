"""What a mark of the drawing says beside its place: how it feels, how deep it lies, and where it began.

All of it is weak. Screening questionnaires of nerve pain ask for burning, electric and tingling pain, and put hardly
any weight on a single word; muscle and joint pain is described as aching, cramping and hard to place. So the
directions come from there and the sizes are ours (`Policy.quality_nats` and its neighbours). They are plain shifts of
log-odds on the sources whose field holds the marked place, bounded together by `felt_cap_nats`, and never lower a
danger.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import numpy.typing as npt

from tautband.findings import Drawing, Mark
from tautband.reasoning.network.build import Model
from tautband.reasoning.network.fields import LAYERS
from tautband.terms.ids import kind_of
from tautband.terms.sides import Side

F8 = npt.NDArray[np.float64]
Of = Callable[[Mark], F8]

HOLDS_FROM = 0.3
"""A source's field holds a marked place from this fit on: share of the smaller of the two."""

QUALITY, DEPTH, BEGAN = "felt.quality", "felt.depth", "felt.began"
TOLD = {
    QUALITY: "the words for how it feels",
    DEPTH: "how deep it is felt",
    BEGAN: "where it began",
}
"""How each of the three is named among the reasons."""


def felt_shifts(drawing: Drawing, model: Model) -> dict[str, dict[str, float]]:
    """Label -> hypothesis key -> nats, of what the marks say beside their places."""
    policy = model.policy
    rows: dict[str, F8] = {}
    if spoken := [mark for mark in drawing.marks if any(word in policy.quality_nats for word in mark.quality)]:
        rows[QUALITY] = _weighted(model, spoken, lambda mark: _of_words(model, mark.quality))
    if deep := [mark for mark in drawing.marks if mark.depth in policy.depth_nats]:
        rows[DEPTH] = _weighted(model, deep, lambda mark: _of_kinds(model, policy.depth_nats[mark.depth]))
    if begun := [mark for mark in drawing.marks if mark.began_here]:
        rows[BEGAN] = _begun(model, begun, drawing.marks)
    return _bounded(rows, model)


def _weighted(model: Model, marks: list[Mark], of: Of) -> F8:
    """Mean over the marks that a source's field holds: a word painted on ten zones is still one word."""
    held = np.stack([_holds(model, [mark]) for mark in marks]).astype(float)
    said = np.stack([of(mark) for mark in marks])
    return np.asarray((held * said).sum(0) / np.maximum(held.sum(0), 1.0))


def _of_words(model: Model, words: Iterable[str]) -> F8:
    """What the words of one place say of each kind of source; of several words, their mean."""
    known = [model.policy.quality_nats[word] for word in words if word in model.policy.quality_nats]
    rows = [_of_kinds(model, by_kind) for by_kind in known]
    return np.mean(rows, axis=0) if rows else np.zeros(len(model.hypotheses.every))


def _of_kinds(model: Model, by_kind: Mapping[str, float]) -> F8:
    return np.array([by_kind.get(h.kind, 0.0) for h in model.hypotheses.every])


def _begun(model: Model, begun: list[Mark], marks: Iterable[Mark]) -> F8:
    """A source that holds the place where it began gains; one that holds only what came later loses a third of that.

    Only where something came later: a drawing that began everywhere has no order.
    """
    later = [mark for mark in marks if not mark.began_here]
    if not later:
        return np.zeros(len(model.hypotheses.every))
    first, then = _holds(model, begun), _holds(model, later)
    return np.asarray(model.policy.began_nats * (first.astype(float) - (then & ~first) / 3.0))


def _holds(model: Model, marks: Iterable[Mark]) -> npt.NDArray[np.bool_]:
    """Per source: whether its field, on either layer, holds one of these places."""
    fields = model.fields
    held = np.zeros(len(model.hypotheses.every), np.bool_)
    for mark in marks:
        for side in mark.side.each:
            keys = _zones(model, mark.place, side)
            if keys:
                fit = np.maximum(*(fields.affinity(layer, keys) for layer in LAYERS))
                held |= fit >= HOLDS_FROM
    return held


def _zones(model: Model, place: str, side: Side) -> frozenset[str]:
    if kind_of(place) == "area":
        return model.area_zones.get((place, side), frozenset())
    key = f"{place}/{side}"
    return frozenset({key} if key in model.fields.zone_index else ())


def _bounded(rows: Mapping[str, F8], model: Model) -> dict[str, dict[str, float]]:
    """Scale each source's shifts so that together they stay within the cap; a danger is never lowered."""
    if not rows:
        return {}
    danger = np.array([h.kind == "flag" for h in model.hypotheses.every])
    together = np.sum([np.abs(row) for row in rows.values()], axis=0)
    scale = np.minimum(1.0, model.policy.felt_cap_nats / np.maximum(together, 1e-9))
    every = model.hypotheses.every
    shifts = {}
    for label, row in rows.items():
        nats = np.where(danger, np.maximum(row, 0.0), row) * scale
        if (own := np.flatnonzero(np.abs(nats) > 0.01)).size:
            shifts[label] = {every[i].key: float(nats[i]) for i in own.tolist()}
    return shifts


__all__ = ["TOLD", "felt_shifts"]
