"""Draft a session plan: a region protocol made for these suspects, within the minutes there are.

The protocol gives order and reasons; suspects choose what of it is done; likely sources that it does not name are
added before the retest. Closed steps keep their place and say what opens them, but take no minutes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tautband.findings import Picture
from tautband.knowledge import Atlas
from tautband.knowledge.records import Protocol, Technique
from tautband.knowledge.records.care import ProtocolStep
from tautband.planning.guard import Limits, blocking
from tautband.planning.steps import LEAST_SECONDS, Choice, Judge, Plan, PlanStep, region_of
from tautband.reasoning import Answer, Suspect
from tautband.terms.probability import POSSIBLE_FROM
from tautband.terms.sides import Side

TREATED_BY_HAND = ("trp",)
FEWEST_MINUTES, MOST_MINUTES = 5, 180
PAID_FIRST = ("retest", "home")
PRESSURE = "technique.ischemic_compression"


class NoProtocol(LookupError):
    """The atlas has no protocol for this region yet; the message says which regions have one."""


def draft_plan(
    answer: Answer,
    picture: Picture,
    atlas: Atlas,
    *,
    minutes: float = 40,
    limits: Limits | None = None,
    protocol: str = "",
) -> Plan:
    """Draft a plan for one picture and its answer.

    minutes   time for hands, without story, note and home
    protocol  id of the protocol; empty takes the one whose region holds most of the suspicion
    Raises NoProtocol, UnknownId, ValueError for a time that is no session.
    """
    if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
        raise ValueError(
            f"A session of {minutes:g} minutes cannot be planned; give {FEWEST_MINUTES} to {MOST_MINUTES}."
        )
    limits = limits or Limits()
    chosen = protocol_for(answer, atlas, protocol)
    judge = Judge(answer, picture, atlas, limits)
    steps = tuple(judge.step(choice) for choice in _Drafter(judge).choices(chosen))
    kept, left_out = _fitted(steps, minutes * 60)
    blocked = tuple(a.flag for a in blocking(answer.alerts, limits.answered))
    return Plan(chosen.id, chosen.name.en, kept, blocked, minutes, left_out)


def protocol_for(answer: Answer, atlas: Atlas, id: str = "") -> Protocol:
    """The protocol with this id, or the one whose regions hold most of the suspicion. Raises NoProtocol, UnknownId."""
    if id:
        found = atlas.record(id)
        if not isinstance(found, Protocol):
            raise NoProtocol(f"{id!r} is no protocol.")
        return found
    # Staged protocols (acute, after an operation, prevention) are chosen by a person, never by suspicion.
    usual = [p for p in atlas.protocols if p.stage == "usual"]
    if not usual:
        raise NoProtocol("The atlas has no protocol yet.")
    weight = {p.id: _suspicion(p, answer, atlas) for p in usual}
    best = max(usual, key=lambda p: weight[p.id])
    if weight[best.id] == 0:
        named = ", ".join(sorted(p.name.en for p in usual))
        raise NoProtocol(f"No protocol covers the suspected regions yet. There are protocols for: {named}.")
    return best


def _suspicion(protocol: Protocol, answer: Answer, atlas: Atlas) -> float:
    regions = (protocol.region, *protocol.regions)
    return sum(s.probability for s in answer.suspects if region_of(s.of, atlas) in regions)


@dataclass(frozen=True)
class _Drafter:
    """Turns the steps of a protocol into choices for these suspects."""

    judge: Judge

    def choices(self, protocol: Protocol) -> Iterator[Choice]:
        """The protocol's steps in their order; suspects that it does not name come before what follows treatment."""
        suspects = self._treatable()
        extra = [s for s in suspects if s.of not in {step.target for step in protocol.steps}]
        last = max((n for n, step in enumerate(protocol.steps) if step.stage in ("assess", "treat")), default=-1)
        for number, step in enumerate(protocol.steps):
            if number == last + 1:
                yield from map(self._added, extra)
            yield from self._of(step, suspects)
        if last + 1 >= len(protocol.steps):
            yield from map(self._added, extra)

    def _treatable(self) -> list[Suspect]:
        suspects = self.judge.answer.suspects
        return [s for s in suspects if s.kind in TREATED_BY_HAND and s.probability >= POSSIBLE_FROM]

    def _of(self, step: ProtocolStep, suspects: Sequence[Suspect]) -> Iterator[Choice]:
        found = [s for s in suspects if s.of == step.target]
        for suspect in found:
            yield self._choice(step, suspect.side, f"{step.reason}; {suspect.band.value} here")
        if not found and not step.only_if_ranked:
            yield self._choice(step, self._usual_side(), step.reason)

    def _choice(self, step: ProtocolStep, side: Side, reason: str) -> Choice:
        technique = self.judge.first_open(step.target, step.techniques)
        seconds = max(step.seconds, LEAST_SECONDS)
        name = technique.id if technique else ""
        return Choice(step.stage, step.target, side, name, step.position, seconds, reason, "protocol")

    def _added(self, suspect: Suspect) -> Choice:
        technique = self._usual_technique(suspect.of)
        reason = f"{suspect.band.value} source; explains {suspect.explains:.0%} of the drawing"
        return Choice(
            "treat",
            suspect.of,
            suspect.side,
            technique.id if technique else "",
            reason=reason,
            origin="suspect",
        )

    def _usual_technique(self, target: str) -> Technique | None:
        """Steady pressure where it is open here, else another technique for points; never an internal one unasked."""
        known = [t for t in self.judge.atlas.techniques if "trp" in t.treats and not t.invasive]
        known.sort(key=lambda technique: technique.id != PRESSURE)
        return self.judge.first_open(target, [technique.id for technique in known])

    def _usual_side(self) -> Side:
        """The side that most of the suspicion is on; the first suspect's where both weigh the same."""
        weight: dict[Side, float] = {}
        for suspect in self.judge.answer.suspects:
            if suspect.side in (Side.LEFT, Side.RIGHT):
                weight[suspect.side] = weight.get(suspect.side, 0.0) + suspect.probability
        return max(weight, key=lambda side: weight[side]) if weight else Side.BILATERAL


def _fitted(steps: Iterable[PlanStep], seconds: float) -> tuple[tuple[PlanStep, ...], tuple[PlanStep, ...]]:
    """Keep steps in order until the time is used, and room for retest and home; then name what was left out.

    Without a retest nobody knows what a treatment did, so both are paid for first, with at most half of the time.
    """
    steps = tuple(steps)
    last = sum(s.seconds for s in steps if s.stage in PAID_FIRST and not s.verdict.is_closed)
    held = last if last <= seconds / 2 else 0
    left = seconds - held
    kept: list[PlanStep] = []
    left_out: list[PlanStep] = []
    for step in steps:
        need = 0 if step.verdict.is_closed or (held and step.stage in PAID_FIRST) else step.seconds
        if need <= left:
            kept.append(step)
            left -= need
        else:
            left_out.append(step)
    return tuple(kept), tuple(left_out)
