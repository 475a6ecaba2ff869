"""Draft a session plan: a region protocol made for these suspects, within the minutes there are.

The protocol gives order and reasons; suspects choose what of it is done; likely sources that it does not name are
added after their neighbours. Closed steps keep their place and say what opens them, but take no minutes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tautband.findings import Picture
from tautband.knowledge import Atlas
from tautband.knowledge.records import Protocol, Technique
from tautband.knowledge.records.care import Dose, ProtocolStep
from tautband.planning.guard import Limits, Verdict, Why, blocking, guard_step
from tautband.reasoning import Answer, Suspect
from tautband.terms.ids import kind_of
from tautband.terms.probability import POSSIBLE_FROM
from tautband.terms.sides import Side

TREATED_BY_HAND = ("trp",)
LEAST_SECONDS = 60


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of the session.

    target      muscle, or another thing of the atlas; `side` the client's
    technique   id of the technique; empty where only something is assessed or advised
    dose        in words, from the technique's published or conventional range and the client's limit
    grade       best grade among the read sources of the technique's claims, or empty
    """

    stage: Literal["assess", "treat", "retest", "home"]
    target: str
    target_name: str
    side: Side
    technique: str
    technique_name: str
    position: str
    dose: str
    seconds: int
    reason: str
    claim: str
    grade: str
    citations: tuple[str, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Plan:
    """A drafted plan. `blocked` names alerts that close plan and session until they are answered."""

    protocol: str
    protocol_name: str
    steps: tuple[PlanStep, ...]
    blocked: tuple[str, ...]
    minutes_available: float

    @property
    def minutes_planned(self) -> float:
        """Minutes of the steps that are not closed."""
        return sum(step.seconds for step in self.steps if not step.verdict.is_closed) / 60


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
    Raises NoProtocol, ValueError for a time that is no session.
    """
    if not 5 <= minutes <= 180:
        raise ValueError(f"A session of {minutes:g} minutes cannot be planned; give 5 to 180.")
    limits = limits or Limits()
    chosen = _protocol(protocol, answer, atlas)
    drafter = _Drafter(answer, picture, atlas, limits)
    steps = _fitted(drafter.steps(chosen), minutes * 60)
    return Plan(chosen.id, chosen.name.en, steps, tuple(a.flag for a in blocking(answer.alerts)), minutes)


def _protocol(id: str, answer: Answer, atlas: Atlas) -> Protocol:
    protocols = atlas.protocols
    if id:
        found = atlas.record(id)
        if isinstance(found, Protocol):
            return found
    if not protocols:
        raise NoProtocol("The atlas has no protocol; add one under protocols/.")
    weight = {
        p.id: sum(s.probability for s in answer.suspects if _region(s.of, atlas) in _regions(p)) for p in protocols
    }
    best = max(protocols, key=lambda p: weight[p.id])
    if weight[best.id] == 0:
        named = ", ".join(sorted(p.name.en for p in protocols))
        raise NoProtocol(f"No protocol covers the suspected regions yet. There are protocols for: {named}.")
    return best


def _regions(protocol: Protocol) -> tuple[str, ...]:
    return (protocol.region, *protocol.regions)


def _region(id: str, atlas: Atlas) -> str:
    return str(getattr(atlas.record(id), "region", "general"))


@dataclass(frozen=True)
class _Drafter:
    answer: Answer
    picture: Picture
    atlas: Atlas
    limits: Limits

    def steps(self, protocol: Protocol) -> Iterator[PlanStep]:
        suspects = self._treatable()
        named = {step.target for step in protocol.steps}
        extra = [s for s in suspects if s.of not in named]
        for step in protocol.steps:
            if step.stage == "retest" and extra:
                yield from (self._added(s) for s in extra)
                extra = []
            yield from self._from_protocol(step, suspects)
        yield from (self._added(s) for s in extra)

    def _treatable(self) -> list[Suspect]:
        return [s for s in self.answer.suspects if s.kind in TREATED_BY_HAND and s.probability >= POSSIBLE_FROM]

    def _from_protocol(self, step: ProtocolStep, suspects: Sequence[Suspect]) -> Iterator[PlanStep]:
        found = [s for s in suspects if s.of == step.target]
        if found:
            for suspect in found:
                yield self._step(step, suspect.side, f"{step.reason}; {suspect.band.value} here")
        elif not step.only_if_ranked:
            yield self._step(step, self._usual_side(), step.reason)

    def _added(self, suspect: Suspect) -> PlanStep:
        technique = self._default_technique()
        step = ProtocolStep(
            stage="treat",
            target=suspect.of,
            techniques=(technique.id,) if technique else (),
            reason=f"{suspect.band.value} source, explains {suspect.explains:.0%} of the drawing",
            by=("suspect",),
        )
        return self._step(step, suspect.side, step.reason)

    def _default_technique(self) -> Technique | None:
        for technique in self.atlas.techniques:
            if technique.id == "technique.ischemic_compression":
                return technique
        return next((t for t in self.atlas.techniques if "trp" in t.treats), None)

    def _usual_side(self) -> Side:
        sides = [s.side for s in self.answer.suspects if s.side in (Side.LEFT, Side.RIGHT)]
        return max(set(sides), key=sides.count) if sides else Side.BILATERAL

    def _step(self, step: ProtocolStep, side: Side, reason: str) -> PlanStep:
        technique = self._technique(step)
        verdict = self._verdict(step, technique)
        claim = technique.claims[0] if technique else None
        return PlanStep(
            stage=step.stage,
            target=step.target,
            target_name=self.atlas.name(step.target),
            side=side if kind_of(step.target) not in ("exam",) else self._usual_side(),
            technique=technique.id if technique else "",
            technique_name=technique.name.en if technique else "",
            position=step.position,
            dose=dose_words(technique.dose, self.limits) if technique else "",
            seconds=max(step.seconds, LEAST_SECONDS),
            reason=reason,
            claim=claim.text if claim else "",
            grade=_grade(technique) if technique else "",
            citations=_sources(technique) if technique else (),
            verdict=verdict,
        )

    def _technique(self, step: ProtocolStep) -> Technique | None:
        """The first technique of the step that is open here, else its first."""
        techniques = [t for t in map(self.atlas.get, step.techniques) if isinstance(t, Technique)]
        opened = [t for t in techniques if not self._verdict(step, t).is_closed]
        return next(iter([*opened, *techniques]), None)

    def _verdict(self, step: ProtocolStep, technique: Technique | None) -> Verdict:
        if technique is None:
            return self._exam_verdict(step)
        return guard_step(
            target=step.target,
            region=_region(step.target, self.atlas),
            technique=technique,
            picture=self.picture,
            alerts=self.answer.alerts,
            limits=self.limits,
            atlas=self.atlas,
        )

    def _exam_verdict(self, step: ProtocolStep) -> Verdict:
        """An examination is closed while an alert closes what it provokes."""
        provokes = set(getattr(self.atlas.record(step.target), "provokes", ()))
        closing = [a for a in self.answer.alerts if provokes & set(a.closes)]
        whys = tuple(Why(f"an alert is open: {a.name}", opens_when="the alert is answered") for a in closing)
        return Verdict("stop", whys) if whys else Verdict()


def dose_words(doses: Iterable[Dose], limits: Limits) -> str:
    """The dose in words, never above the client's own limit of discomfort."""
    for dose in doses:
        parts = []
        if dose.hold_s:
            parts.append(f"hold {dose.hold_s.usual:g} s ({dose.hold_s.low:g} to {dose.hold_s.high:g})")
        if dose.repetitions:
            parts.append(f"{dose.repetitions.usual:g} times")
        if dose.effort_percent:
            parts.append(f"effort {dose.effort_percent.usual:g} %")
        if dose.tolerance_of_10:
            parts.append(f"discomfort at most {min(dose.tolerance_of_10.usual, limits.most_tolerance):g} of 10")
        if dose.words:
            parts.append(dose.words)
        if parts:
            return ", ".join(parts)
    return ""


def _fitted(steps: Iterable[PlanStep], seconds: float) -> tuple[PlanStep, ...]:
    """Keep steps in order until the time is used; closed steps stay visible and take none."""
    kept: list[PlanStep] = []
    left = seconds
    for step in steps:
        need = 0 if step.verdict.is_closed else step.seconds
        if need <= left:
            kept.append(step)
            left -= need
    return tuple(kept)


_GRADES = ("trial", "cohort", "case_series", "expert_opinion")


def _grade(technique: Technique) -> str:
    read = [c.grade.value for c in technique.cites.values() if c.read]
    return min(read, key=_GRADES.index) if read else ""


def _sources(technique: Technique) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.source for c in technique.cites.values() if c.read))
