"""A plan and its steps: what was chosen, and what the atlas, the client's picture and the limits make of it.

A `Choice` is what a person or the draft decided and is all that needs to be kept. A `PlanStep` adds names, dose,
evidence and the guard's verdict, and is judged anew each time, because findings and alerts move on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tautband.findings import Picture
from tautband.knowledge import Atlas
from tautband.knowledge.records import Technique
from tautband.knowledge.records.care import Claim
from tautband.planning.dose import dose_words
from tautband.planning.guard import Limits, Verdict, blocking, closed_here, guard_exam, guard_step, verdict_of
from tautband.reasoning import Answer
from tautband.terms.ids import kind_of
from tautband.terms.sides import Side

Stage = Literal["assess", "treat", "retest", "home"]
Origin = Literal["protocol", "suspect", "hand"]
LEAST_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """One step as it was chosen.

    target     muscle, trigger point, examination, or another thing of the atlas; `side` the client's
    technique  id, or empty where something is only assessed or advised
    origin     who put it there: the protocol, a suspect it does not name, or a hand
    """

    stage: Stage
    target: str
    side: Side
    technique: str = ""
    position: str = ""
    seconds: int = 180
    reason: str = ""
    origin: Origin = "hand"


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of the session, judged for this client now.

    choice     what was chosen
    region     region of the body it works in, or general
    dose       in words, from the technique's published or conventional range and the client's limit
    claims     what is known, what is convention and what is unknown of the technique
    grade      best grade among the read sources of the technique's claims, or empty
    """

    choice: Choice
    target_name: str
    region: str
    technique_name: str
    dose: str
    claims: tuple[Claim, ...]
    grade: str
    citations: tuple[str, ...]
    verdict: Verdict

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
    """

    protocol: str
    protocol_name: str
    steps: tuple[PlanStep, ...]
    blocked: tuple[str, ...]
    minutes_available: float
    left_out: tuple[PlanStep, ...] = ()

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
        """Regions that are worked in, in order; closed steps touch nothing."""
        return tuple(dict.fromkeys(s.region for s in self.steps if not s.verdict.is_closed and s.region != "general"))


def region_of(id: str, atlas: Atlas) -> str:
    """The region a thing of the atlas belongs to; `general` where it has none."""
    return str(getattr(atlas.record(id), "region", "general"))


def techniques_for(target: str, atlas: Atlas) -> tuple[Technique, ...]:
    """Techniques that may be used on a target, by what they treat; a muscle is treated through its points too."""
    kinds = {"muscle": {"muscle", "trp"}, "trp": {"muscle", "trp"}}.get(kind_of(target), {kind_of(target)})
    return tuple(t for t in atlas.techniques if kinds & set(t.treats))


def lay_out(
    choices: Iterable[Choice],
    answer: Answer,
    picture: Picture,
    atlas: Atlas,
    *,
    minutes: float,
    limits: Limits | None = None,
    protocol: str = "",
) -> Plan:
    """Judge chosen steps for this client now. Nothing is dropped: a plan that is too long says so in its minutes.

    Raises UnknownId for a target or technique that is not in the atlas.
    """
    limits = limits or Limits()
    judge = Judge(answer, picture, atlas, limits)
    name = atlas.name(protocol) if protocol else ""
    blocked = tuple(a.flag for a in blocking(answer.alerts, limits.answered))
    return Plan(protocol, name, tuple(judge.step(c) for c in choices), blocked, minutes)


@dataclass(frozen=True)
class Judge:
    """Makes a step of a choice: names, dose, evidence, verdict."""

    answer: Answer
    picture: Picture
    atlas: Atlas
    limits: Limits

    def step(self, choice: Choice) -> PlanStep:
        """The choice as a step, judged now."""
        technique = self.technique(choice.technique)
        return PlanStep(
            choice=choice,
            target_name=self.atlas.name(choice.target),
            region=region_of(choice.target, self.atlas),
            technique_name=technique.name.en if technique else "",
            dose=dose_words(technique.dose, self.limits.most_tolerance) if technique else "",
            claims=technique.claims if technique else (),
            grade=_grade(technique) if technique else "",
            citations=_sources(technique) if technique else (),
            verdict=self.verdict(choice.target, technique),
        )

    def technique(self, id: str) -> Technique | None:
        """The technique with this id; None for an empty one. Raises TypeError when it is something else."""
        if not id:
            return None
        found = self.atlas.get(id)
        if not isinstance(found, Technique):
            raise TypeError(f"{id!r} is no technique.")
        return found

    def verdict(self, target: str, technique: Technique | None) -> Verdict:
        """May this be done to this target, here, for this client, now."""
        region = region_of(target, self.atlas)
        if technique is not None:
            return guard_step(
                target=target,
                region=region,
                technique=technique,
                picture=self.picture,
                alerts=self.answer.alerts,
                limits=self.limits,
                atlas=self.atlas,
            )
        if kind_of(target) == "exam":
            return guard_exam(target, region, self.answer.alerts, self.limits, self.atlas)
        return verdict_of(closed_here(region, self.answer.alerts, self.limits))

    def first_open(self, target: str, techniques: Sequence[str]) -> Technique | None:
        """The first of these techniques that is not closed here, else the first of them."""
        known = [t for t in map(self.atlas.get, techniques) if isinstance(t, Technique)]
        opened = [t for t in known if not self.verdict(target, t).is_closed]
        return next(iter([*opened, *known]), None)


_GRADES = ("trial", "cohort", "case_series", "expert_opinion")


def _grade(technique: Technique) -> str:
    """The best grade among the read sources of what is claimed of the technique."""
    behind = {key for claim in technique.claims for key in claim.by}
    read = [c.grade.value for key, c in technique.cites.items() if c.read and key in behind]
    return min(read, key=_GRADES.index) if read else ""


def _sources(technique: Technique) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.source for c in technique.cites.values() if c.read))
