"""What reasoning says of a visit. The reasoner is built once a process; no picture is thought over twice.

The practice's own priors are used where an owner accepted a version of them (`priors`).
"""

import gc
import threading
from dataclasses import dataclass, field
from functools import lru_cache

from tautband.clinic.charts import priors
from tautband.clinic.charts.models import PriorReview, Visit
from tautband.clinic.charts.picture import picture_of
from tautband.findings import Felt, Picture
from tautband.knowledge import Problem, atlas
from tautband.knowledge.areas import within
from tautband.reasoning import POLICY, Alert, Answer, Reasoner
from tautband.reasoning.alerts import alerts_of, judge_rules
from tautband.reasoning.counts import with_priors
from tautband.reasoning.elicited import BadElicitation, Elicited, personal_fields, personal_model
from tautband.reasoning.loading import reasoner as build

SHOWN = 48
"""Sources asked for: enough to widen the list without thinking again."""

_building = threading.Lock()


def the_reasoner() -> Reasoner:
    """The reasoner; a second request that comes while it is being built waits for it."""
    with _building:
        return build()


def answer_for(visit: Visit) -> Answer:
    """Ranked sources, alerts and next tests for what this visit holds now."""
    return consider(picture_of(visit))


def consider(picture: Picture) -> Answer:
    """Think a picture over with the priors in use. The answer is kept: a page that is looked at again costs nothing."""
    return _considered(picture, _own_priors())


@lru_cache(maxsize=64)
def _considered(picture: Picture, own: "_Own") -> Answer:
    return _reasoner_for(picture.elicited, own).consider(picture, SHOWN)


def reasoner_for(elicited: tuple[Felt, ...]) -> Reasoner:
    """The reasoner with the priors in use and a client's own fields. Made once, then kept.

    An observation the atlas can no longer place is left out; it stays in the chart.
    """
    return _reasoner_for(elicited, _own_priors())


@dataclass(frozen=True)
class _Own:
    """Which version of the practice's own priors is in use, and what it holds; number 0: those of the atlas."""

    number: int = 0
    decided: str = ""
    priors: tuple[tuple[str, float], ...] = field(default=(), compare=False)


def _own_priors() -> _Own:
    review = priors.in_use()
    if review is None:
        return _Own()
    return _Own(review.number, str(review.decided_at), tuple(priors.priors_of(review).items()))


def priors_used() -> PriorReview | None:
    """The version of the practice's own priors that the list was made with, or None: those of the atlas."""
    review = priors.in_use()
    return review if review and priors.fits(review, the_reasoner().model) else None


@lru_cache(maxsize=6)
def _reasoner_for(elicited: tuple[Felt, ...], own: _Own) -> Reasoner:
    usual = the_reasoner()
    felt = [Elicited(one.point, one.side, one.places) for one in elicited if placeable(usual, one)]
    review = priors.in_use() if own.number else None
    applies = review is not None and priors.fits(review, usual.model)
    if not (felt or applies):
        return usual
    model = personal_model(usual.model, felt)
    return Reasoner(with_priors(model, dict(own.priors)) if applies else model)


def placeable(usual: Reasoner, one: Felt) -> bool:
    """Whether point and places of an observation are known to the atlas in use."""
    try:
        personal_fields(usual.model, [Elicited(one.point, one.side, one.places)])
    except BadElicitation:
        return False
    return True


def alerts_now(picture: Picture) -> tuple[Alert, ...]:
    """The alerts of a picture without waiting: by rule alone until the reasoner is built, then all of them.

    For pages that only list alerts. The pages of a visit always use the whole answer.
    """
    if ready():
        return consider(picture).alerts
    known = atlas()
    judged = judge_rules(picture, known, lambda place, area: within(place, area, known))
    return alerts_of(judged, {}, POLICY, known)


def ready() -> bool:
    """True once the reasoner is built."""
    return bool(build.cache_info().currsize)


def warm() -> None:
    """Start building the reasoner in the background, so that the first visit of the day does not wait for it."""
    if ready() or _building.locked():
        return
    threading.Thread(target=_settle, name="warm-reasoner", daemon=True).start()


def _settle() -> None:
    """Build it, and take it out of the rounds of the garbage collector: it stays, and a round over it costs a page."""
    the_reasoner()
    gc.collect()
    gc.freeze()


def atlas_trouble() -> tuple[Problem, ...]:
    """Errors in the atlas files; the page says so, because what is missing cannot be suspected."""
    return atlas().errors


__all__ = ["alerts_now", "answer_for", "atlas_trouble", "consider", "priors_used", "ready", "the_reasoner", "warm"]
