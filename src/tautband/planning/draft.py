"""Draft a session plan: a region protocol made for these suspects, within the minutes there are.

The protocol gives order and reasons; suspects choose what of it is done; likely sources that it does not name are
added before the retest. Closed steps keep their place and say what opens them, but take no minutes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tautband.findings import Picture, State
from tautband.knowledge import Atlas
from tautband.knowledge.records import Factor, Protocol
from tautband.knowledge.records.care import ProtocolStep
from tautband.planning.choosing import PRESSURE, Chooser
from tautband.planning.guard import Limits, blocking
from tautband.planning.history import NOTHING_YET, History
from tautband.planning.order import keys_first
from tautband.planning.staged import as_protocol, rules_of, split, stage_of
from tautband.planning.steps import LEAST_SECONDS, Choice, Judge, Plan, PlanStep, region_of, techniques_for
from tautband.reasoning import Answer, NextTest, Suspect
from tautband.terms.probability import POSSIBLE_FROM
from tautband.terms.sides import Side

TREATED_BY_HAND = ("trp",)
FEWEST_MINUTES, MOST_MINUTES = 5, 180
PAID_FIRST = ("retest", "home")
MOST_OWED, MOST_CHAIN, MOST_FACTORS = 2, 2, 2
CHAIN_SECONDS, FACTOR_SECONDS = 90, 90
OPPOSITE = ("technique.met_reciprocal_inhibition", "technique.static_stretch")
BREATHING, POSTURE = "technique.diaphragmatic_breathing", "technique.postural_re_education"
TAUGHT: dict[str, str] = {"breathing": BREATHING, "posture": POSTURE, "work": POSTURE, "habit": POSTURE}
SAFETY_FIRST = (
    "exam.fever",
    "exam.weight_loss",
    "exam.night_pain",
    "exam.cancer_history",
    "exam.severe_trauma",
    "exam.anticoagulants",
    "exam.bladder_change",
    "exam.unsteady_walking",
    "exam.numbness",
)
"""What is asked of somebody nothing is known of: features of the commonest dangers, and what forbids firm hands."""


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
    history: History = NOTHING_YET,
) -> Plan:
    """Draft a plan for one picture and its answer. The same picture, limits and history always give the same plan.

    minutes   time for hands, without story, note and home
    protocol  id of the protocol; empty takes the one whose region holds most of the suspicion
    history   what was done before and what it changed
    Raises NoProtocol, UnknownId, ValueError for a time that is no session.
    """
    if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
        raise ValueError(
            f"A session of {minutes:g} minutes cannot be planned; give {FEWEST_MINUTES} to {MOST_MINUTES}."
        )
    limits = limits or Limits()
    chosen = protocol_for(answer, atlas, protocol)
    judge = Judge(answer, picture, atlas, limits, history)
    steps = judge.steps(_Drafter(judge, chosen, split(protocol)[1]).choices())
    kept, left_out = _fitted(steps, minutes * 60)
    blocked = tuple(a.flag for a in blocking(answer.alerts, limits.answered))
    rules = rules_of(chosen, split(protocol)[1])
    name = rules.name if rules else chosen.name.en
    return Plan(protocol or chosen.id, name, kept, blocked, minutes, left_out, rules)


def assessment_plan(
    answer: Answer, picture: Picture, atlas: Atlas, *, minutes: float = 40, limits: Limits | None = None
) -> Plan:
    """What to find out first where nothing can be suspected yet: what is owed, else what safety asks of anybody.

    Nothing is treated in it. Raises ValueError for a time that is no session.
    """
    if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
        raise ValueError(
            f"A session of {minutes:g} minutes cannot be planned; give {FEWEST_MINUTES} to {MOST_MINUTES}."
        )
    limits = limits or Limits()
    judge = Judge(answer, picture, atlas, limits)
    asked = {finding.id for finding in picture.current()}
    owed = [_owed(test, atlas) for test in answer.next_tests if not test.closed_by]
    known = {choice.target for choice in owed} | asked
    safety = [
        Choice(
            "assess", exam, Side.MIDLINE, seconds=LEAST_SECONDS, reason="asked of everybody before hands", origin="owed"
        )
        for exam in SAFETY_FIRST
        if exam in atlas and exam not in known
    ]
    kept, left_out = _fitted(judge.steps((*safety, *owed)), minutes * 60)
    blocked = tuple(a.flag for a in blocking(answer.alerts, limits.answered))
    return Plan("", "", kept, blocked, minutes, left_out)


def _owed(test: NextTest, atlas: Atlas) -> Choice:
    names = dict.fromkeys(atlas.name(part.partition("/")[0]) for part in test.parts)
    apart = list(names)[:2]
    verb = "tells apart" if len(apart) > 1 else "speaks for or against"
    reason = f"still owed; {verb} {' and '.join(apart)}" if apart else "still owed"
    return Choice("assess", test.exam, test.side, seconds=max(test.seconds, 30), reason=reason, origin="owed")


def protocol_for(answer: Answer, atlas: Atlas, id: str = "") -> Protocol:
    """The protocol with this id, or the one whose regions hold most of the suspicion. Raises NoProtocol, UnknownId."""
    if id:
        name, stage = split(id)
        found = atlas.record(name)
        if not isinstance(found, Protocol):
            raise NoProtocol(f"{id!r} is no protocol.")
        return as_protocol(found, stage)
    # Staged protocols (acute, after an operation, prevention) are chosen by a person, never by suspicion.
    usual = [p for p in atlas.protocols if p.stage == "usual"]
    if not usual:
        raise NoProtocol("The atlas has no protocol yet.")
    weight = {p.id: _suspicion(p, answer, atlas) for p in usual}
    # Where two protocols hold as much, the one whose own region it is comes before the one that only reaches there.
    best = max(usual, key=lambda p: (round(weight[p.id], 6), _own_suspicion(p, answer, atlas)))
    if weight[best.id] == 0:
        named = ", ".join(sorted(p.name.en for p in usual))
        raise NoProtocol(f"No protocol covers the suspected regions yet. There are protocols for: {named}.")
    return best


def _suspicion(protocol: Protocol, answer: Answer, atlas: Atlas) -> float:
    regions = (protocol.region, *protocol.regions)
    return sum(s.probability for s in answer.suspects if region_of(s.of, atlas) in regions)


def _own_suspicion(protocol: Protocol, answer: Answer, atlas: Atlas) -> float:
    return sum(s.probability for s in answer.suspects if region_of(s.of, atlas) == protocol.region)


@dataclass(frozen=True)
class _Drafter:
    """Turns the steps of a protocol into choices for these suspects, and adds what the protocol does not name."""

    judge: Judge
    protocol: Protocol
    stage: str = ""

    def choices(self) -> tuple[Choice, ...]:
        """Tests still owed, then the protocol with keys before satellites, then what follows treatment."""
        drafted = tuple(self._drafted())
        named = {choice.target for choice in drafted}
        owed = tuple(_owed(test, self.judge.atlas) for test in self._tests if test.exam not in named)[:MOST_OWED]
        assessed = tuple(c for c in drafted if c.stage == "assess")
        treated = keys_first(tuple(c for c in drafted if c.stage == "treat"), self.judge.atlas)
        after = tuple(c for c in drafted if c.stage in ("retest", "home"))
        chain = tuple(self._chain(treated))
        taught = tuple(self._taught())
        return (*assessed, *owed, *treated, *chain, *after, *taught)

    @property
    def _tests(self) -> list[NextTest]:
        return [t for t in self.judge.answer.next_tests if not t.closed_by and not t.of]

    @cached_property
    def _suspects(self) -> tuple[Suspect, ...]:
        """What hands can treat, the likeliest first."""
        found = [s for s in self.judge.answer.suspects if s.kind in TREATED_BY_HAND and s.probability >= POSSIBLE_FROM]
        return tuple(found)

    def _drafted(self) -> Iterator[Choice]:
        """The protocol's steps in their order, and suspects that it does not name."""
        for step in self.protocol.steps:
            yield from self._of(step)
        there = {step.target for step in self.protocol.steps}
        yield from (self._added(suspect) for suspect in self._suspects if suspect.of not in there)

    def _of(self, step: ProtocolStep) -> Iterator[Choice]:
        found = [s for s in self._suspects if s.of == step.target]
        for suspect in found:
            yield self._choice(step, suspect.side, f"{step.reason}; {suspect.band.value} here")
        if not found and not step.only_if_ranked:
            yield self._choice(step, self._usual_side(), step.reason)

    def _choice(self, step: ProtocolStep, side: Side, reason: str) -> Choice:
        chosen = Chooser(self.judge).choose(step.target, side, step.techniques, step.position)
        seconds = max(step.seconds, LEAST_SECONDS)
        name = chosen.technique.id if chosen.technique else ""
        said = "; ".join(filter(None, (reason, chosen.why)))
        return Choice(step.stage, step.target, side, name, step.position, seconds, said, "protocol")

    def _added(self, suspect: Suspect) -> Choice:
        usual = self._usual_techniques(suspect.of)
        chosen = Chooser(self.judge).choose(suspect.of, suspect.side, usual)
        reason = f"{suspect.band.value} source; explains {suspect.explains:.0%} of the drawing"
        said = "; ".join(filter(None, (reason, chosen.why)))
        name = chosen.technique.id if chosen.technique else ""
        return Choice("treat", suspect.of, suspect.side, name, reason=said, origin="suspect")

    def _usual_techniques(self, target: str) -> list[str]:
        """Steady pressure, then other techniques for points; never an internal one unasked."""
        known = [t for t in techniques_for(target, self.judge.atlas) if "trp" in t.treats and t.inside is None]
        allowed = self._allowed
        return [t.id for t in sorted(known, key=lambda t: t.id != PRESSURE) if not allowed or t.id in allowed]

    @property
    def _allowed(self) -> frozenset[str]:
        """Techniques a stage allows; empty where the protocol has no stages or names none."""
        stage = stage_of(self.protocol, self.stage)
        return frozenset(stage.techniques) if stage else frozenset()

    def _chain(self, treated: Sequence[Choice]) -> Iterator[Choice]:
        """The muscle that opposes what was treated: it is let work or lengthened, so that the gain is used."""
        there = {choice.target for choice in treated}
        done: set[str] = set()
        for suspect in self._suspects:
            muscle = self.judge.atlas.record(suspect.of)
            opposite = next((m for m in getattr(muscle, "antagonists", ()) if m in self.judge.atlas), "")
            if not opposite or opposite in there | done or suspect.of not in there or len(done) == MOST_CHAIN:
                continue
            offered = [t for t in self._known(OPPOSITE) if not self._allowed or t in self._allowed]
            technique = Chooser(self.judge).choose(opposite, suspect.side, offered).technique
            if technique is not None:
                done.add(opposite)
                reason = f"works against {suspect.name}; eases it and uses the range gained"
                seconds = CHAIN_SECONDS
                yield Choice("treat", opposite, suspect.side, technique.id, "", seconds, reason, "chain")

    def _taught(self) -> Iterator[Choice]:
        """Breathing, posture and habits that were found today, each with what is practised against it."""
        present = {f.id: f.side for f in self.judge.picture.current() if f.state is State.PRESENT}
        found = [r for r in map(self.judge.atlas.record, sorted(present)) if isinstance(r, Factor) and r.sort in TAUGHT]
        for factor in found[:MOST_FACTORS]:
            for technique in self._known((TAUGHT[factor.sort],)):
                reason = f"found today: {factor.name.en.lower()}; association, not proof"
                yield Choice("home", factor.id, Side.MIDLINE, technique, "", FACTOR_SECONDS, reason, "factor")

    def _known(self, techniques: Sequence[str]) -> list[str]:
        return [id for id in techniques if id in self.judge.atlas]

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
