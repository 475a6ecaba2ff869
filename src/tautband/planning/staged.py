"""Staged protocols: after an injury, after an operation, and for sport and dance before anything hurts.

They are chosen by a person, never by suspicion. A stage is named `protocol.ankle_sprain#first_days`; the days are a
guide, and what must hold before the next stage begins is the criterion. Files that arrive are offered at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tautband.knowledge import Atlas
from tautband.knowledge.records import Protocol
from tautband.knowledge.records.anatomy import Said
from tautband.knowledge.records.care import ProtocolStage, ProtocolStep

MARK = "#"


@dataclass(frozen=True, slots=True)
class Offer:
    """A staged protocol, or one stage of it, that can be chosen. `id` is what a plan keeps."""

    id: str
    kind: str
    name: str
    stage: str = ""


@dataclass(frozen=True, slots=True)
class StageRules:
    """What a stage allows and asks: aim, allowed, not yet, when to move on, when to go back, and what comes before.

    name   of the stage, with the protocol's own; `next_id` names the stage after it, empty at the last
    id     what a plan keeps
    """

    name: str
    kind: str
    aim: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    not_yet: tuple[str, ...] = ()
    move_on_when: tuple[str, ...] = ()
    go_back_when: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    next_id: str = ""
    id: str = ""


def offers(atlas: Atlas) -> tuple[Offer, ...]:
    """Every staged protocol of the atlas, stage by stage: acute first, then after operations, then prevention."""
    order = ("acute", "post_operative", "prevention")
    staged = sorted((p for p in atlas.protocols if p.stage in order), key=lambda p: (order.index(p.stage), p.name.en))
    return tuple(offer for protocol in staged for offer in _offers(protocol))


def _offers(protocol: Protocol) -> Sequence[Offer]:
    if not protocol.stages:
        return [Offer(protocol.id, protocol.stage, protocol.name.en)]
    return [
        Offer(f"{protocol.id}{MARK}{stage.key}", protocol.stage, protocol.name.en, stage.name)
        for stage in protocol.stages
    ]


def stage_on_day(protocol: Protocol, days: int) -> ProtocolStage | None:
    """The stage that is usual so many days after injury or operation; a guide only. None where the file says none."""
    fitting = [
        s
        for s in protocol.stages
        if (s.usual_from_days or 0) <= days and (s.usual_to_days is None or days <= s.usual_to_days)
    ]
    return fitting[-1] if fitting else None


def split(id: str) -> tuple[str, str]:
    """A kept name as protocol and stage: `protocol.x#first_days` is `protocol.x` and `first_days`."""
    protocol, _, stage = id.partition(MARK)
    return protocol, stage


def stage_of(protocol: Protocol, key: str) -> ProtocolStage | None:
    """The stage with this key; the first where the key is empty or no longer there; None for unstaged protocols."""
    return next((s for s in protocol.stages if s.key == key), next(iter(protocol.stages), None))


def as_protocol(protocol: Protocol, key: str) -> Protocol:
    """The protocol with the steps of one stage, so that it is drafted like any other."""
    stage = stage_of(protocol, key)
    if stage is None or not stage.steps:
        return protocol
    return protocol.model_copy(update={"steps": _retested(protocol.steps, stage.steps)})


def _retested(general: Sequence[ProtocolStep], own: Sequence[ProtocolStep]) -> tuple[ProtocolStep, ...]:
    """The stage's own steps between what the whole protocol tests first and retests last."""
    there = {(step.stage, step.target) for step in own}
    around = [step for step in general if (step.stage, step.target) not in there]
    return (*(s for s in around if s.stage == "assess"), *own, *(s for s in around if s.stage in ("retest", "home")))


def rules_of(protocol: Protocol, key: str) -> StageRules | None:
    """What is allowed now and what opens the next stage; None for usual protocols."""
    if protocol.stage == "usual":
        return None
    stage = stage_of(protocol, key)
    before = _texts(protocol.before)
    if stage is None:
        return StageRules(protocol.name.en, protocol.stage, before=before, id=protocol.id)
    keys = [s.key for s in protocol.stages]
    after = keys[keys.index(stage.key) + 1 :]
    return StageRules(
        name=f"{protocol.name.en}: {stage.name}",
        kind=protocol.stage,
        aim=_texts(stage.aim),
        allowed=_texts(stage.allowed),
        not_yet=_texts(stage.not_yet),
        move_on_when=_texts(stage.move_on_when),
        go_back_when=_texts(stage.go_back_when),
        before=before,
        next_id=f"{protocol.id}{MARK}{after[0]}" if after else "",
        id=f"{protocol.id}{MARK}{stage.key}",
    )


def _texts(said: Sequence[Said]) -> tuple[str, ...]:
    return tuple(sentence.text.rstrip(".") for sentence in said)
