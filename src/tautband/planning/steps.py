"""A plan and its steps: what was chosen, and what the atlas, the client's picture and the limits make of it.

A `Choice` is what a person or the draft decided and is all that needs to be kept. A `PlanStep` adds names, dose,
evidence and the guard's verdict, and is judged anew each time, because findings and alerts move on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from tautband.findings import Finding, Picture, State
from tautband.knowledge import Atlas
from tautband.knowledge.records import Exam, Muscle, Protocol, Technique
from tautband.knowledge.records.care import Claim
from tautband.planning.dose import Dosage, dosage
from tautband.planning.guard import Gate, Level, Limits, Override, Verdict, blocking
from tautband.planning.history import NOTHING_YET, History
from tautband.planning.staged import StageRules, rules_of, split
from tautband.planning.touched import regions_touched
from tautband.reasoning import Answer
from tautband.terms.ids import kind_of
from tautband.terms.sides import Side

Stage = Literal["assess", "treat", "retest", "home"]
Origin = Literal["protocol", "suspect", "owed", "chain", "factor", "hand"]
LEAST_SECONDS = 60
PRESSED_AGAIN = "exam.palpation.tenderness"
MEASURED = ("rom", "length", "strength", "movement", "balance")
EASING = ("technique.positional_release", "technique.init", "technique.stacking")
STRETCHING = (
    "technique.static_stretch",
    "technique.met_post_isometric",
    "technique.met_reciprocal_inhibition",
    "technique.pnf_contract_relax",
    "technique.init",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One step as it was chosen.

    target     muscle, trigger point, examination, or another thing of the atlas; `side` the client's
    technique  id, or empty where something is only assessed or advised
    origin     who put it there: the protocol, a suspect it does not name, a test still owed, the chain or the opposite
               muscle, a factor, or a hand
    override   a therapist's reason to do it although a guard closes it
    """

    stage: Stage
    target: str
    side: Side
    technique: str = ""
    position: str = ""
    seconds: int = 180
    reason: str = ""
    origin: Origin = "hand"
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another technique for the same target: whether it is open here, how strong its evidence, what speaks of it.

    why   what this client's history or a guard says of it; empty where neither says anything
    """

    technique: str
    name: str
    level: Level
    grade: str
    stance: str
    why: str


@dataclass(frozen=True, slots=True)
class Retest:
    """What is measured again after a step, and what it was at the start; `baseline` empty where nobody measured."""

    exam: str
    name: str
    baseline: str = ""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of the session, judged for this client now.

    choice        what was chosen
    region        region of the body it works in, or general; `touches` every region hands come to lie in
    dosage        how much: pressure as the client's number out of 10, seconds, repetitions
    claims        what is known, what is convention and what is unknown of the technique
    grade         best grade among the read sources of the technique's claims, or empty
    ease, stretch positions of this muscle for techniques that use them, in words; empty otherwise
    alternatives  other techniques, the open ones first
    retest        what is measured again after it; None for steps that treat nothing
    remembered    what the technique did here before, in words; empty where it was not used
    """

    choice: Choice
    target_name: str
    region: str
    technique_name: str
    dosage: Dosage
    claims: tuple[Claim, ...]
    grade: str
    citations: tuple[str, ...]
    verdict: Verdict
    touches: frozenset[str] = frozenset()
    ease: str = ""
    stretch: str = ""
    alternatives: tuple[Alternative, ...] = ()
    retest: Retest | None = None
    remembered: str = ""

    @property
    def dose(self) -> str:
        """The dose in words."""
        return self.dosage.text

    @property
    def stage(self) -> Stage:
        return self.choice.stage

    @property
    def target(self) -> str:
        return self.choice.target

    @property
    def side(self) -> Side:
        return self.choice.side

    @property
    def technique(self) -> str:
        return self.choice.technique

    @property
    def position(self) -> str:
        return self.choice.position

    @property
    def seconds(self) -> int:
        return self.choice.seconds

    @property
    def reason(self) -> str:
        return self.choice.reason

    @property
    def minutes_taken(self) -> float:
        """Minutes of the session it takes; a closed step takes none."""
        return 0.0 if self.verdict.is_closed else self.seconds / 60


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan. `blocked` names flags whose alert closes plan and session until it is answered.

    left_out   steps of the draft that did not fit into the time
    stage      what a staged protocol allows now; None for usual ones
    """

    protocol: str
    protocol_name: str
    steps: tuple[PlanStep, ...]
    blocked: tuple[str, ...]
    minutes_available: float
    left_out: tuple[PlanStep, ...] = ()
    stage: StageRules | None = None

    @property
    def nothing_is_safe(self) -> bool:
        """Treatment was planned and every step of it is closed: then it is a matter for referral or education."""
        treated = [step for step in self.steps if step.stage == "treat"]
        return bool(treated) and all(step.verdict.is_closed for step in treated)

    @property
    def minutes_planned(self) -> float:
        """Minutes of the steps that are not closed."""
        return sum(step.minutes_taken for step in self.steps)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What was chosen, in order: all that needs to be kept."""
        return tuple(step.choice for step in self.steps)

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions that are touched, in order; closed steps touch nothing, and what is only advised does not either."""
        own = [[s.region, *sorted(s.touches - {s.region})] for s in self.steps if not s.verdict.is_closed]
        return tuple(dict.fromkeys(region for regions in own for region in regions if region != "general"))


def region_of(id: str, atlas: Atlas) -> str:
    """The region a thing of the atlas belongs to; `general` where it has none."""
    return str(getattr(atlas.record(id), "region", "general"))


def techniques_for(target: str, atlas: Atlas) -> tuple[Technique, ...]:
    """Techniques that may be used on a target, by what they treat; a muscle is treated through its points too."""
    kinds = {"muscle": {"muscle", "trp"}, "trp": {"muscle", "trp"}}.get(kind_of(target), {kind_of(target)})
    fitting = (t for t in atlas.techniques if kinds & set(t.treats))
    return tuple(t for t in fitting if not t.sites or atlas.record(target).id in t.sites or target in t.sites)


def lay_out(
    choices: Iterable[Choice],
    answer: Answer,
    picture: Picture,
    atlas: Atlas,
    *,
    minutes: float,
    limits: Limits | None = None,
    protocol: str = "",
    history: History = NOTHING_YET,
) -> Plan:
    """Judge chosen steps for this client now. Nothing is dropped: a plan that is too long says so in its minutes.

    Raises UnknownId for a target or technique that is not in the atlas.
    """
    limits = limits or Limits()
    judge = Judge(answer, picture, atlas, limits, history)
    choices = tuple(choices)
    name, stage = split(protocol)
    found = atlas.record(name) if name else None
    rules = rules_of(found, stage) if isinstance(found, Protocol) else None
    name = rules.name if rules else atlas.name(name) if name else ""
    blocked = tuple(a.flag for a in blocking(answer.alerts, limits.answered))
    return Plan(protocol, name, judge.steps(choices), blocked, minutes, stage=rules)


@dataclass(frozen=True)
class Judge:
    """Makes a step of a choice: names, dose, evidence, verdict, alternatives, retest."""

    answer: Answer
    picture: Picture
    atlas: Atlas
    limits: Limits
    history: History = field(default=NOTHING_YET)

    @cached_property
    def _known_grades(self) -> dict[str, str]:
        """Grades of techniques that were looked at already."""
        return {}

    def _grade(self, technique: Technique) -> str:
        if technique.id not in self._known_grades:
            self._known_grades[technique.id] = _grade(technique)
        return self._known_grades[technique.id]

    @cached_property
    def gate(self) -> Gate:
        """The guards, judged once for this client."""
        return Gate(self.picture, self.answer.alerts, self.limits, self.atlas)

    def steps(self, choices: Sequence[Choice]) -> tuple[PlanStep, ...]:
        """All choices as steps; what is tested and retested in the plan is what its treatment is measured by."""
        measured = tuple(
            dict.fromkeys(c.target for c in choices if c.stage == "retest" and kind_of(c.target) == "exam")
        )
        return tuple(self.step(choice, measured) for choice in choices)

    def step(self, choice: Choice, measured: tuple[str, ...] = ()) -> PlanStep:
        """The choice as a step, judged now."""
        technique = self.technique(choice.technique)
        at_home = choice.stage == "home"
        verdict = self.verdict(choice.target, technique, choice.position, choice.side, home=at_home)
        hands = choice.stage == "treat" or (technique is not None and choice.stage != "home")
        place = (choice.target, choice.side, choice.technique)
        return PlanStep(
            choice=choice,
            target_name=self.atlas.name(choice.target),
            region=region_of(choice.target, self.atlas),
            technique_name=technique.name.en if technique else "",
            dosage=self._dosage(choice, technique, verdict),
            claims=technique.claims if technique else (),
            grade=self._grade(technique) if technique else "",
            citations=_sources(technique) if technique else (),
            verdict=verdict.overridden(choice.override),
            touches=regions_touched(choice.target, self.atlas) if hands else frozenset(),
            ease=self._position(choice, "ease", EASING),
            stretch=self._position(choice, "stretch", STRETCHING),
            alternatives=self._alternatives(choice) if technique and choice.stage == "treat" else (),
            retest=self._retest(choice, measured) if choice.stage == "treat" else None,
            remembered=self.history.words(*place) if technique else "",
        )

    def technique(self, id: str) -> Technique | None:
        """The technique with this id; None for an empty one. Raises TypeError when it is something else."""
        if not id:
            return None
        found = self.atlas.get(id)
        if not isinstance(found, Technique):
            raise TypeError(f"{id!r} is no technique.")
        return found

    def verdict(
        self,
        target: str,
        technique: Technique | None,
        position: str = "",
        side: Side = Side.BILATERAL,
        *,
        home: bool = False,
    ) -> Verdict:
        """May this be done to this target, here, for this client, now."""
        region = region_of(target, self.atlas)
        if technique is not None:
            return self.gate.step(target, region, technique, position, side, alone=home)
        if kind_of(target) == "exam":
            return self.gate.exam(target, region)
        return self.gate.place(target, region)

    def _dosage(self, choice: Choice, technique: Technique | None, verdict: Verdict) -> Dosage:
        if technique is None:
            return Dosage()
        before = self.history.last(choice.target, choice.side, technique.id)
        return dosage(technique.dose, technique.pressure, self.limits.most_tolerance, verdict.caps, before)

    def _position(self, choice: Choice, name: Literal["ease", "stretch"], techniques: Sequence[str]) -> str:
        record = self.atlas.record(choice.target)
        if choice.technique not in techniques or not isinstance(record, Muscle):
            return ""
        return next((position.position for position in getattr(record, name)), "")

    def _alternatives(self, choice: Choice) -> tuple[Alternative, ...]:
        others = [t for t in techniques_for(choice.target, self.atlas) if t.id != choice.technique]
        told = [(self._alternative(choice, technique), technique) for technique in others]
        return tuple(a for a, technique in sorted(told, key=lambda pair: self._standing(choice, *pair)))

    def _standing(self, choice: Choice, found: Alternative, technique: Technique) -> tuple[int, int, bool, int, str]:
        """Open before closed, what helped before what did not, made for points before others, better tried first."""
        return (
            _CLOSEDNESS[found.level],
            self.history.rank(choice.target, choice.side, technique.id),
            "trp" not in technique.treats,
            _GRADES.index(found.grade) if found.grade else len(_GRADES),
            found.name,
        )

    def _alternative(self, choice: Choice, technique: Technique) -> Alternative:
        verdict = self.verdict(choice.target, technique, choice.position, choice.side)
        closing = next((why.text for why in verdict.why if why.level == "stop"), "")
        remembered = self.history.words(choice.target, choice.side, technique.id)
        stance = technique.claims[0].stance
        return Alternative(
            technique.id, technique.name.en, verdict.level, self._grade(technique), stance, closing or remembered
        )

    def _retest(self, choice: Choice, measured: tuple[str, ...]) -> Retest | None:
        """What was measured here today, else what the plan retests, else the same point pressed again."""
        here = regions_touched(choice.target, self.atlas)
        for finding in self._measured_today:
            exam = self.atlas.record(finding.id)
            near = isinstance(exam, Exam) and (exam.region in here or finding.of == choice.target)
            if near and finding.side in (choice.side, Side.MIDLINE, Side.BILATERAL):
                return Retest(finding.id, self.atlas.name(finding.id), _value(finding))
        for exam_id in (*measured, PRESSED_AGAIN):
            if exam_id in self.atlas:
                return Retest(exam_id, self.atlas.name(exam_id), self._baseline(exam_id, choice))
        return None

    @cached_property
    def _measured_today(self) -> tuple[Finding, ...]:
        current = self.picture.current()
        return tuple(
            f for f in current if f.value is not None and getattr(self.atlas.record(f.id), "method", "") in MEASURED
        )

    def _baseline(self, exam: str, choice: Choice) -> str:
        sides = (choice.side, Side.MIDLINE, Side.BILATERAL)
        found = [f for f in self.picture.current() if f.id == exam and f.side in sides and f.of in ("", choice.target)]
        return next((_value(f) for f in found if f.state is not State.UNKNOWN), "")


_GRADES = ("trial", "cohort", "case_series", "expert_opinion")
_CLOSEDNESS: dict[Level, int] = {"open": 0, "modify": 0, "ask": 1, "stop": 2}


def _value(finding: Finding) -> str:
    if finding.value is not None:
        return f"{finding.value:g} {finding.unit}".strip()
    return "positive" if finding.state is State.PRESENT else "negative"


def _grade(technique: Technique) -> str:
    """The best grade among the read sources of what is claimed of the technique."""
    behind = {key for claim in technique.claims for key in claim.by}
    read = [c.grade.value for key, c in technique.cites.items() if c.read and key in behind]
    return min(read, key=_GRADES.index) if read else ""


def _sources(technique: Technique) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.source for c in technique.cites.values() if c.read))
