"""What a client does and reads: self-care with its dose and position, benefits honestly told, pages of education."""

from typing import Any, Literal

from pydantic import Field, model_validator

from tautband.knowledge.records.anatomy import Region, Said
from tautband.knowledge.records.care import Claim, Span
from tautband.knowledge.records.common import Fact, Form, Ids, Record

Base = Literal[
    "standing",
    "sitting",
    "supine",
    "prone",
    "side_lying_left",
    "side_lying_right",
    "kneeling",
    "half_kneeling",
    "quadruped",
    "long_sitting",
    "squatting",
]
Prop = Literal["wall", "chair", "table", "ball", "towel", "strap", "step", "floor"]
_BEND = ("flexion", "extension")
_SPINE = (*_BEND, "lateral_flexion_same_side", "rotation_same_side")
MOTIONS: dict[str, tuple[str, ...]] = {
    "head": _SPINE,
    "neck": _SPINE,
    "thoracic": _SPINE,
    "lumbar": _SPINE,
    "scapula": ("elevation", "depression", "protraction", "retraction", "upward_rotation", "downward_rotation"),
    "shoulder": (
        *_BEND,
        "abduction",
        "adduction",
        "internal_rotation",
        "external_rotation",
        "horizontal_adduction",
        "horizontal_abduction",
    ),
    "elbow": _BEND,
    "forearm": ("pronation", "supination"),
    "wrist": (*_BEND, "radial_deviation", "ulnar_deviation"),
    "fingers": _BEND,
    "hip": (*_BEND, "abduction", "adduction", "internal_rotation", "external_rotation"),
    "knee": _BEND,
    "ankle": ("dorsiflexion", "plantarflexion"),
    "toes": _BEND,
}


class JointAngle(Form):
    """One joint away from standing upright: `{joint: hip, side: right, motion: flexion, deg: 90}`.

    `side` of the spine is the side it bends or turns to; `both` for limbs means both alike, for the spine no side.
    """

    joint: Literal[
        "neck",
        "head",
        "thoracic",
        "lumbar",
        "scapula",
        "shoulder",
        "elbow",
        "forearm",
        "wrist",
        "fingers",
        "hip",
        "knee",
        "ankle",
        "toes",
    ]
    side: Literal["left", "right", "both"] = "both"
    motion: str
    deg: float = Field(ge=0, le=180)

    @model_validator(mode="after")
    def _joint_can_move_so(self) -> "JointAngle":
        if self.motion not in MOTIONS[self.joint]:
            raise ValueError(f"{self.joint} has no {self.motion!r}; write one of {', '.join(MOTIONS[self.joint])}.")
        return self


class Position(Form):
    """A position from which a figure can be drawn: base, joints away from it, things used, where it is felt."""

    name: str = ""
    base: Base
    joints: tuple[JointAngle, ...] = ()
    props: tuple[Prop, ...] = ()
    felt: Ids = ()

    def as_pose(self) -> dict[str, Any]:
        """What the surface poses: the side a spine bends or turns to stands in `side`, not in the motion."""
        joints = [
            {
                "joint": angle.joint,
                "motion": angle.motion.removesuffix("_same_side"),
                "deg": angle.deg,
                **({} if angle.side == "both" else {"side": angle.side}),
            }
            for angle in self.joints
        ]
        return {"base": self.base, "joints": joints, "props": list(self.props)}


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
