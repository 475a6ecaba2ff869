"""What a client does and reads: self-care with its dose and position, benefits honestly told, pages of education."""

from typing import Literal

from pydantic import Field

from tautband.knowledge.records.anatomy import Region, Said
from tautband.knowledge.records.care import Claim, Span
from tautband.knowledge.records.common import Fact, Ids, Record
from tautband.knowledge.records.pose import Position


class HomeDose(Fact):
    """How much at home: sets, repetitions, hold in seconds, times a day, days a week; usual value in its range."""

    sets: Span | None = None
    repetitions: Span | None = None
    hold_s: Span | None = None
    per_day: Span
    days_per_week: Span
    words: str = ""


class Selfcare(Record):
    """Something a client does: stretch, strength, pressure, breathing, a way to sit, a habit.

    serves     muscles, joints, tissues, entrapments and factors it is chosen by
    position   where it is shown; `positions` its start and end where one picture does not tell it
    say        what the client reads, step by step, in plain words
    guards     guards that close or change it; `flags` dangers during which it is not given
    minutes    time one go takes, both sides together
    """

    sort: Literal[
        "stretch",
        "self_release",
        "mobility",
        "strength",
        "posture",
        "breathing",
        "ergonomics",
        "pacing",
        "sleep",
        "habit",
        "balance",
        "nerve_mobility",
        "jaw",
        "eyes",
        "relaxation",
        "aerobic",
    ]
    region: Region | Literal["general"]
    purpose: tuple[Said, ...] = Field(min_length=1)
    serves: Ids = ()
    side: Literal["each", "one", "none"] = "none"
    equipment: tuple[str, ...] = ()
    minutes: float = Field(gt=0, le=60)
    position: Position
    positions: tuple[Position, ...] = ()
    say: tuple[Said, ...] = Field(min_length=1)
    dose: HomeDose
    easier: tuple[Said, ...] = ()
    harder: tuple[Said, ...] = ()
    cautions: tuple[Said, ...] = Field(min_length=1)
    stop_when: tuple[Said, ...] = Field(min_length=1)
    guards: Ids = ()
    flags: Ids = ()
    claims: tuple[Claim, ...] = Field(min_length=1)


class Benefit(Record):
    """Something people hope for from this work: what is known, what is convention, what is unknown.

    say          one honest sentence for a client
    measured_by  how a practice can see whether it came about for this client
    """

    region: Region | Literal["general"] = "general"
    claims: tuple[Claim, ...] = Field(min_length=1)
    say: tuple[Said, ...] = Field(min_length=1)
    measured_by: tuple[Said, ...] = Field(min_length=1)
    conditions: Ids = ()
    selfcare: Ids = ()


class Passage(Fact):
    """A heading and what stands under it, in plain words."""

    title: str
    text: str


class Education(Record):
    """A page a client takes home: plain words, printable. `call` says when to ring us or a doctor."""

    region: Region | Literal["general"] = "general"
    passages: tuple[Passage, ...] = Field(min_length=1)
    call: tuple[Said, ...] = ()
    about: Ids = ()
    selfcare: Ids = ()
