"""What is done: techniques with their dose, protocols by region, guards that close or change a step, conditions."""

from typing import Literal

from pydantic import Field

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
    """One step of the technique: what the therapist does, what is said to the client, how long."""

    do: str
    say: str = ""
    seconds: float | None = None


class Claim(Fact):
    """What is known, what is convention, what is unknown."""

    stance: Literal["known", "convention", "unknown"]
    text: str


class Technique(Record):
    """A manual technique: when, how, how much, what the client should feel, what the evidence allows us to say."""

    aims_at: tuple[Said, ...] = Field(min_length=1)
    treats: tuple[Literal["muscle", "trp", "entrapment", "root", "joint", "tissue"], ...]
    tools: tuple[Literal["fingers", "thumb", "palm", "forearm", "elbow", "tool", "own_contraction", "position"], ...]
    steps: tuple[TechniqueStep, ...] = Field(min_length=1)
    dose: tuple[Dose, ...] = Field(min_length=1)
    should_feel: tuple[Said, ...] = ()
    stop_when: tuple[Said, ...] = ()
    claims: tuple[Claim, ...] = Field(min_length=1)
    goes_with: Ids = ()
    pressure: Literal["none", "light", "moderate", "deep"]
    invasive: bool = False
    school_convention: bool = False


class ProtocolStep(Fact):
    """One step of a region protocol: what is assessed or treated, with what, and why in this order."""

    stage: Literal["assess", "treat", "retest", "home"]
    target: Id
    techniques: Ids = ()
    position: str = ""
    reason: str
    seconds: int = Field(default=180, ge=10)
    only_if_ranked: bool = True


class Protocol(Record):
    """The order in which a region is assessed and treated, with its chain and its nerve rule-out."""

    region: Region
    regions: tuple[Region, ...] = ()
    steps: tuple[ProtocolStep, ...] = Field(min_length=1)
    chain: tuple[Said, ...] = ()
    stage: Literal["usual", "acute", "post_operative", "prevention"] = "usual"


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
    reason: tuple[Said, ...] = Field(min_length=1)
    how: str = ""
    opens_when: str = ""


class Condition(Record):
    """A named complaint: what can be expected, sources to consider, when to refer."""

    region: Region | Literal["general"]
    consider: Ids = ()
    flags: Ids = ()
    claims: tuple[Claim, ...] = ()
    refer: tuple[Said, ...] = ()
    phrases: Words = ()
