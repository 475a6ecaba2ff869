"""A position of the body as the atlas writes it: base, joints away from it, things used, where it is felt."""

from typing import Any, Literal

from pydantic import Field, model_validator

from tautband.knowledge.records.common import Form, Ids

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
