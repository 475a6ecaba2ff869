"""What is done: techniques with their dose, protocols by region, guards that close or change a step, conditions.

What a client does at home stands in `home`.
"""

from typing import Literal

from pydantic import Field, model_validator

from tautband.knowledge.records.anatomy import Region, Said
from tautband.knowledge.records.common import Fact, Form, Id, Ids, Record, When, Words


class Span(Form):
    """A usual value within a range, in the unit its name says."""

    low: float
    usual: float
    high: float


class Dose(Fact):
    """How much: hold in seconds, repetitions, effort in percent of maximum, the client's own tolerance out of 10."""

    hold_s: Span | None = None
    repetitions: Span | None = None
    effort_percent: Span | None = None
    tolerance_of_10: Span | None = None
    sets: Span | None = None
    words: str = ""


class TechniqueStep(Fact):
    """One step of the technique, so that it can be run with a timer.

    key            short name of the step within its technique, stable, so that a run can be logged
    say_therapist  what the therapist does now
    say_client     what is said to the client
    seconds        how long it lasts; or `repetitions` with the pace of the client's own movement
    ask            what is asked for at the end of the step: a number of 10, or nothing
    stop_when      what ends this step at once, beside what ends the technique
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    say_therapist: str
    say_client: str = ""
    seconds: float | None = Field(default=None, gt=0)
    repetitions: int | None = Field(default=None, ge=1)
    ask: Literal["tolerance", "none"] = "none"
    stop_when: str = ""

    @model_validator(mode="after")
    def _has_an_end(self) -> "TechniqueStep":
        if self.seconds is None and self.repetitions is None:
            raise ValueError("A step needs `seconds` or `repetitions`, so that it has an end.")
        return self


class Claim(Fact):
    """What is known, what is convention, what is unknown."""

    stance: Literal["known", "convention", "unknown"]
    text: str


class Technique(Record):
    """A manual technique: when, how, how much, what the client should feel, what the evidence allows us to say.

    inside  where hands work inside the body; such a technique is closed unless licence and written consent are recorded
    sites   the only muscles it is for; empty means whatever it treats
    rounds  how often the steps from `round_from` (a step's key; empty means all) are gone through in a usual session
    school  the teaching it comes from, where no trial stands behind it
    """

    aims_at: tuple[Said, ...] = Field(min_length=1)
    treats: tuple[Literal["muscle", "trp", "entrapment", "root", "joint", "tissue"], ...]
    tools: tuple[Literal["fingers", "thumb", "palm", "forearm", "elbow", "tool", "own_contraction", "position"], ...]
    steps: tuple[TechniqueStep, ...] = Field(min_length=1)
    dose: tuple[Dose, ...] = Field(min_length=1)
    should_feel: tuple[Said, ...] = ()
    stop_when: tuple[Said, ...] = ()
    claims: tuple[Claim, ...] = Field(min_length=1)
    positions: tuple[Said, ...] = ()
    avoid: tuple[Said, ...] = ()
    guards: Ids = ()
    goes_with: Ids = ()
    combinations: tuple[Said, ...] = ()
    rounds: int = Field(default=1, ge=1)
    round_from: str = ""
    pressure: Literal["none", "light", "moderate", "deep"]
    inside: Literal["mouth", "pelvic_floor"] | None = None
    sites: Ids = ()
    school_convention: bool = False
    school: str = ""

    @model_validator(mode="after")
    def _keys_are_used_once(self) -> "Technique":
        keys = [step.key for step in self.steps]
        if len(set(keys)) < len(keys):
            raise ValueError("Each step of a technique has a `key` of its own.")
        if self.round_from and self.round_from not in keys:
            raise ValueError(f"`round_from` names no step; the steps are {', '.join(keys)}.")
        return self


class ProtocolStep(Fact):
    """One step of a region protocol: what is assessed or treated, with what, and why in this order."""

    stage: Literal["assess", "treat", "retest", "home"]
    target: Id
    techniques: Ids = ()
    selfcare: Ids = ()
    position: str = ""
    reason: str
    seconds: int = Field(default=180, ge=10)
    only_if_ranked: bool = True


class ProtocolStage(Form):
    """One stage of a staged protocol: when it begins, what is allowed and what is not, what must hold to move on.

    usual_from_days, usual_to_days  days since the injury or operation; a guide, never a criterion by itself
    move_on_when                    all of these hold before the next stage begins
    go_back_when                    any of these leads back to the stage before, or to whoever referred
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    plain: str
    usual_from_days: int | None = Field(default=None, ge=0)
    usual_to_days: int | None = Field(default=None, ge=0)
    aim: tuple[Said, ...] = Field(min_length=1)
    allowed: tuple[Said, ...] = Field(min_length=1)
    not_yet: tuple[Said, ...] = ()
    techniques: Ids = ()
    selfcare: Ids = ()
    steps: tuple[ProtocolStep, ...] = ()
    move_on_when: tuple[Said, ...] = ()
    go_back_when: tuple[Said, ...] = ()


class Protocol(Record):
    """The order in which a region is assessed and treated, with its chain and its nerve rule-out.

    A staged protocol (`stage` other than usual) may have `stages` instead of steps; it is never chosen by suspicion
    alone, only by a person. `serves` names the complaints it is for.
    """

    region: Region | Literal["general"]
    regions: tuple[Region, ...] = ()
    steps: tuple[ProtocolStep, ...] = ()
    stages: tuple[ProtocolStage, ...] = ()
    before: tuple[Said, ...] = ()
    chain: tuple[Said, ...] = ()
    nerve_rule_out: tuple[Said, ...] = ()
    combinations: tuple[Said, ...] = ()
    serves: Ids = ()
    flags: Ids = ()
    selfcare: Ids = ()
    claims: tuple[Claim, ...] = ()
    stage: Literal["usual", "acute", "post_operative", "prevention"] = "usual"

    @model_validator(mode="after")
    def _says_what_to_do(self) -> "Protocol":
        if not (self.steps or self.stages):
            raise ValueError("A protocol needs `steps` or `stages`.")
        if self.stage == "usual" and not self.steps:
            raise ValueError("A usual protocol needs `steps`; `stages` are for staged ones.")
        return self


class Caps(Form):
    """How far a guard holds a dose down, in the units of `Dose`; what is not named stays as it was.

    by_number   false where the client's own number must not steer the pressure, because feeling is reduced
    """

    tolerance_of_10: float | None = Field(default=None, ge=0, le=10)
    effort_percent: float | None = Field(default=None, ge=0, le=100)
    hold_s: float | None = Field(default=None, ge=1)
    pressure: Literal["light", "moderate"] | None = None
    by_number: bool = True


class Guard(Record):
    """A contraindication or endangerment site that can be judged.

    `level`: stop closes the step, modify changes how, ask needs an answer first.
    `regions` empty means the whole body; `techniques` empty means every manual technique; `sites` names the muscles
    or other things it is about, where it is about a place and not about the client. `positions` empty means any
    position of the client. `caps` holds the dose down. `alone` is the level where clients work on themselves, when it
    is stricter than `level`: nobody presses the front of their own neck after an exercise sheet.
    `place: where_found` holds it to where its findings are: the side they were found on, the region of what they were
    found on, and wherever one of `drawn` is drawn, which alone is enough. Found without a place, it counts everywhere.
    """

    level: Literal["stop", "modify", "ask"]
    when: When
    regions: tuple[Region, ...] = ()
    techniques: Ids = ()
    sites: Ids = ()
    pressures: tuple[Literal["light", "moderate", "deep"], ...] = ()
    positions: tuple[Literal["prone", "supine", "side_lying", "seated", "standing"], ...] = ()
    alone: Literal["stop", "modify", "ask"] | None = None
    caps: Caps | None = None
    place: Literal["anywhere", "where_found"] = "anywhere"
    drawn: tuple[Literal["pain", "numb", "tingling", "touch"], ...] = ()
    reason: tuple[Said, ...] = Field(min_length=1)
    how: str = ""
    opens_when: str = ""


class Condition(Record):
    """A named complaint: what can be expected, sources to consider, when to refer.

    about    what it is, for the therapist
    say      what a client may be told, in plain words
    can      what neuromuscular therapy may do for it; `cannot` what it does not do
    """

    region: Region | Literal["general"]
    about: tuple[Said, ...] = ()
    say: tuple[Said, ...] = ()
    can: tuple[Said, ...] = ()
    cannot: tuple[Said, ...] = ()
    consider: Ids = ()
    factors: Ids = ()
    exams: Ids = ()
    flags: Ids = ()
    techniques: Ids = ()
    protocols: Ids = ()
    selfcare: Ids = ()
    claims: tuple[Claim, ...] = ()
    refer: tuple[Said, ...] = ()
    phrases: Words = ()
