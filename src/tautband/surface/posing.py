"""body-1 in a position: joint angles in the words of a therapist, skinned onto the mesh.

Angles are degrees from the anatomical position with the arms and legs straight down. Only the forearm counts from mid
position (thumb forward), as goniometry does. The right is the mirror image of the left. Rotation and lateral flexion
of neck and trunk are named by the side the face or the head goes to. Signs are tested in tests/surface/test_posing.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tautband.surface.figures import figure_points
from tautband.surface.mesh import SurfaceError, data
from tautband.terms.sides import Side

Floats = NDArray[np.float64]
MIRROR = np.diag([-1.0, 1.0, 1.0])

_BEND = ("flexion", "extension")
_SIDEWAYS = ("abduction", "adduction")
_TURN = ("internal_rotation", "external_rotation")
_LEVEL = ("horizontal_adduction", "horizontal_abduction")
_AXIAL = ("flexion", "extension", "lateral_flexion", "rotation")

MOTIONS: dict[str, tuple[str, ...]] = {
    "head": _AXIAL,
    "neck": _AXIAL,
    "thoracic": _AXIAL,
    "lumbar": _AXIAL,
    "trunk": _AXIAL,
    "pelvis": ("anterior_tilt", "posterior_tilt"),
    "scapula": ("elevation", "depression", "protraction", "retraction", "upward_rotation", "downward_rotation"),
    "shoulder": (*_BEND, *_SIDEWAYS, *_TURN, *_LEVEL),
    "elbow": _BEND,
    "forearm": ("pronation", "supination"),
    "wrist": (*_BEND, "radial_deviation", "ulnar_deviation"),
    "fingers": _BEND,
    "thumb": _BEND,
    "hip": (*_BEND, *_SIDEWAYS, *_TURN, *_LEVEL),
    "knee": _BEND,
    "ankle": ("dorsiflexion", "plantarflexion"),
    "foot": ("inversion", "eversion"),
    "toes": _BEND,
}
"""Joints that can be posed and their motions; the second of a pair is the negative of the first."""

_NEGATIVE = {
    "extension": "flexion",
    "adduction": "abduction",
    "external_rotation": "internal_rotation",
    "horizontal_abduction": "horizontal_adduction",
    "posterior_tilt": "anterior_tilt",
    "depression": "elevation",
    "retraction": "protraction",
    "downward_rotation": "upward_rotation",
    "pronation": "supination",
    "ulnar_deviation": "radial_deviation",
    "plantarflexion": "dorsiflexion",
    "eversion": "inversion",
}
_MIDLINE = ("head", "neck", "thoracic", "lumbar", "trunk", "pelvis")
LARGEST_DEG = 180.0


class PoseError(SurfaceError):
    """A position cannot be taken as written; the message says what can."""


@dataclass(frozen=True)
class JointAngle:
    """One joint moved: `JointAngle("hip", Side.LEFT, "flexion", 90)`.

    side  left, right or both (bilateral); for midline joints the side lateral flexion and rotation go to
    deg   0 to 180
    """

    joint: str
    side: Side
    motion: str
    deg: float

    def __post_init__(self) -> None:
        if self.joint not in MOTIONS:
            raise PoseError(f"There is no joint {self.joint!r} to pose; there are {', '.join(MOTIONS)}.")
        if self.motion not in MOTIONS[self.joint]:
            raise PoseError(f"The {self.joint} has no {self.motion!r}; it has {', '.join(MOTIONS[self.joint])}.")
        if not 0 <= self.deg <= LARGEST_DEG:
            raise PoseError(f"An angle lies between 0 and {LARGEST_DEG:.0f} degrees, not {self.deg}.")
        sided = self.motion in ("lateral_flexion", "rotation")
        if sided and self.side not in (Side.LEFT, Side.RIGHT):
            raise PoseError(f"{self.joint} {self.motion} goes to the left or to the right, not {self.side}.")
        if self.joint not in _MIDLINE and self.side is Side.MIDLINE:
            raise PoseError(f"The {self.joint} is paired: say left, right or bilateral.")


@dataclass(frozen=True)
class Prop:
    """A thing in the picture: floor, wall, chair, table, ball, towel, strap, step or roller.

    side  for a wall: behind (default), front, left or right; for a strap, towel or step: left or right
    """

    kind: str
    side: str = ""

    KINDS = ("floor", "wall", "chair", "table", "ball", "towel", "strap", "step", "roller")

    def __post_init__(self) -> None:
        if self.kind not in self.KINDS:
            raise PoseError(f"There is no prop {self.kind!r}; there are {', '.join(self.KINDS)}.")


@dataclass(frozen=True)
class Position:
    """Where the body is and how its joints stand.

    base    one of `BASES`; gives every joint a usual angle
    joints  replace the usual angle of that joint and direction of motion
    """

    base: str = "standing"
    joints: tuple[JointAngle, ...] = ()
    props: tuple[Prop, ...] = ()

    def __post_init__(self) -> None:
        if self.base not in BASES:
            raise PoseError(f"There is no base position {self.base!r}; there are {', '.join(BASES)}.")

    @classmethod
    def read(cls, written: "Position | Mapping[str, Any]") -> "Position":
        """From the form of atlas files: `{base, joints: [{joint, side, motion, deg}], props: [wall, {kind, side}]}`."""
        if isinstance(written, Position):
            return written
        extra = set(written) - {"base", "joints", "props"}
        if extra:
            raise PoseError(f"A position has no {', '.join(sorted(extra))}; it has base, joints and props.")
        joints = tuple(_read_joint(row) for row in written.get("joints", ()))
        props = tuple(Prop(p) if isinstance(p, str) else Prop(**p) for p in written.get("props", ()))
        return cls(written.get("base", "standing"), joints, props)

    def mirrored(self) -> "Position":
        """The same position with left and right exchanged."""
        joints = tuple(JointAngle(j.joint, j.side.mirrored, j.motion, j.deg) for j in self.joints)
        swap = {"left": "right", "right": "left"}
        props = tuple(Prop(p.kind, swap.get(p.side, p.side)) for p in self.props)
        return Position(_OTHER_BASE.get(self.base, self.base), joints, props)


def _read_joint(row: JointAngle | Mapping[str, Any]) -> JointAngle:
    if isinstance(row, JointAngle):
        return row
    try:
        side = row.get("side", "bilateral" if row["joint"] not in _MIDLINE else "midline")
        side = {"both": "bilateral"}.get(side, side)
        return JointAngle(row["joint"], Side(side), row["motion"], float(row["deg"]))
    except KeyError as missing:
        raise PoseError(f"A joint angle lacks its {missing.args[0]}.") from None
    except ValueError as problem:
        raise PoseError(str(problem)) from None


def rx(deg: float) -> Floats:
    c, s = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def ry(deg: float) -> Floats:
    c, s = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def rz(deg: float) -> Floats:
    c, s = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def about(axis: Floats, deg: float) -> Floats:
    """Rotation matrix about an axis, right-handed."""
    x, y, z = axis / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(deg)
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


@dataclass(frozen=True)
class _Base:
    """A base position: how the pelvis is turned, and the usual angles of `joint/side` in signed first motions."""

    root: tuple[float, float, float]  # degrees about x, y, z in this order
    usual: Mapping[str, float]


def _both(**angles: float) -> dict[str, float]:
    """`hip_flexion=90` for both sides."""
    return {
        f"{name.partition('_')[0]}/{side}/{name.partition('_')[2]}": v for name, v in angles.items() for side in "LR"
    }


_REST = _both(
    fingers_flexion=9, shoulder_abduction=9, elbow_flexion=8, hip_abduction=3, hip_internal_rotation=-6, knee_flexion=2
)
_SIT = _both(hip_flexion=86, knee_flexion=86, hip_abduction=6, shoulder_flexion=18, elbow_flexion=50)
_LIE = _both(hip_abduction=4, shoulder_abduction=14, elbow_flexion=8, ankle_dorsiflexion=-25)
_KNEEL = _both(knee_flexion=90, ankle_dorsiflexion=-60, hip_abduction=4)
_HANDS = _both(shoulder_flexion=90, shoulder_abduction=2, elbow_flexion=3, wrist_flexion=-80, forearm_supination=-85)


def _lying_on(under: str, over: str) -> _Base:
    """On one side: the limbs above sink to the bed, the arm below lies in front, the head on a pillow's height."""
    sign = -1.0 if under == "L" else 1.0
    return _Base(
        (0, 0, 90 * sign),
        _both(ankle_dorsiflexion=-20, hip_flexion=32, knee_flexion=42, forearm_supination=0)
        | {f"hip/{under}/abduction": -4, f"hip/{over}/abduction": -9, f"shoulder/{under}/flexion": 62}
        | {f"elbow/{under}/flexion": 75, f"shoulder/{over}/flexion": 38, f"elbow/{over}/flexion": 45}
        | {f"shoulder/{over}/horizontal_adduction": 18, f"shoulder/{under}/horizontal_adduction": 8}
        | {"neck//lateral_flexion": -sign * -8.0},
    )


def _half_kneeling(front: str, back: str) -> _Base:
    return _Base(
        (0, 0, 0),
        _REST
        | {f"hip/{front}/flexion": 88, f"knee/{front}/flexion": 88, f"hip/{front}/abduction": 5}
        | {f"hip/{back}/flexion": 0, f"knee/{back}/flexion": 90, f"ankle/{back}/dorsiflexion": -60},
    )


BASES: dict[str, _Base] = {
    "standing": _Base((0, 0, 0), _REST),
    "sitting": _Base((0, 0, 0), _REST | _SIT),
    "supine": _Base((-90, 0, 0), _LIE),
    "prone": _Base((90, 0, 0), _LIE | _both(ankle_dorsiflexion=-55, forearm_supination=-60) | {"neck//flexion": -14}),
    "side_lying_left": _lying_on("L", "R"),
    "side_lying_right": _lying_on("R", "L"),
    "kneeling": _Base((0, 0, 0), _REST | _KNEEL),
    "half_kneeling": _half_kneeling("L", "R"),
    "half_kneeling_left": _half_kneeling("L", "R"),
    "half_kneeling_right": _half_kneeling("R", "L"),
    "quadruped": _Base((88, 0, 0), _KNEEL | _both(hip_flexion=88) | _HANDS | {"neck//flexion": -18}),
    "long_sitting": _Base(
        (-6, 0, 0),
        _REST
        | _both(hip_flexion=84, knee_flexion=3, hip_abduction=5, ankle_dorsiflexion=-6, elbow_flexion=12)
        | _both(shoulder_flexion=26, shoulder_abduction=8, forearm_supination=-50),
    ),
    "squatting": _Base(
        (38, 0, 0),
        _REST
        | _both(hip_flexion=108, knee_flexion=104, hip_abduction=14, shoulder_flexion=95, elbow_flexion=6)
        | {"neck//flexion": -14},
    ),
    "hanging": _Base((0, 0, 0), _REST | _both(shoulder_flexion=176, shoulder_abduction=8, fingers_flexion=70)),
}
"""All base positions. `half_kneeling` has the left foot in front; `_right` has the right one."""

_OTHER_BASE = {
    "side_lying_left": "side_lying_right",
    "side_lying_right": "side_lying_left",
    "half_kneeling": "half_kneeling_right",
    "half_kneeling_left": "half_kneeling_right",
    "half_kneeling_right": "half_kneeling_left",
}
UPRIGHT = ("standing", "sitting", "kneeling", "half_kneeling", "half_kneeling_left", "half_kneeling_right", "squatting")
FLAT_FEET = ("standing", "sitting", "squatting", "half_kneeling", "half_kneeling_left", "half_kneeling_right")


def _angles(position: Position) -> dict[str, float]:
    """`joint/side/motion` -> signed degrees: the base's, replaced where the position says so. Midline has no side."""
    angles = dict(BASES[position.base].usual)
    for joint in position.joints:
        motion = _NEGATIVE.get(joint.motion, joint.motion)
        signed = -joint.deg if joint.motion in _NEGATIVE else joint.deg
        if joint.joint in _MIDLINE:
            if joint.motion in ("lateral_flexion", "rotation") and joint.side is Side.RIGHT:
                signed = -signed
            angles[f"{joint.joint}//{motion}"] = signed
        else:
            for side in joint.side.each:
                angles[f"{joint.joint}/{'L' if side is Side.LEFT else 'R'}/{motion}"] = signed
    return angles


@dataclass(frozen=True, eq=False)
class _Rig:
    bones: tuple[str, ...]
    parents: tuple[int, ...]
    heads: Floats
    index: NDArray[np.uint8]
    weight: Floats


@cache
def _rig() -> _Rig:
    with (data() / "rig.npz").open("rb") as file, np.load(file) as stored:
        weight = stored["weight"].astype(np.float64)
        return _Rig(
            tuple(map(str, stored["bones"])),
            tuple(map(int, stored["parents"])),
            stored["heads"].astype(np.float64),
            stored["index"],
            weight / weight.sum(axis=1, keepdims=True),
        )


def joint_m(bone: str) -> Floats:
    """Head of a bone in chart pose, in metres."""
    rig = _rig()
    return np.asarray(rig.heads[rig.bones.index(bone)])


SPINE = {  # share of each bone in the motion of a part
    "trunk": {"spine05": 0.22, "spine04": 0.22, "spine03": 0.2, "spine02": 0.2, "spine01": 0.16},
    "lumbar": {"spine05": 0.34, "spine04": 0.34, "spine03": 0.32},
    "thoracic": {"spine02": 0.55, "spine01": 0.45},
    "neck": {"neck01": 0.4, "neck02": 0.35, "neck03": 0.25},
    "head": {"neck03": 0.3, "head": 0.7},
}


def _left_turns(get: "Mapping[str, float]") -> dict[str, Floats]:
    """Rotation of each bone of the left arm and leg, in the axes of the chart pose, from angles without a side."""
    turns: dict[str, Floats] = {}
    _left_arm(get, turns)
    _left_leg(get, turns)
    return turns


def _to(start: Floats, end: Floats) -> Floats:
    """Shortest rotation of one direction onto another."""
    start, end = start / np.linalg.norm(start), end / np.linalg.norm(end)
    axis = np.cross(start, end)
    sine = float(np.linalg.norm(axis))
    return about(axis, float(np.degrees(np.arctan2(sine, start @ end)))) if sine > 1e-9 else np.eye(3)


_TOGETHER = {2: -9.0, 3: 0.0, 4: 5.0, 5: 8.0}
"""Degrees that bring the spread fingers of the chart pose side by side."""


def _left_arm(get: Mapping[str, float], turns: dict[str, Floats]) -> None:
    upper = joint_m("lowerarm01.L") - joint_m("upperarm01.L")
    fore = joint_m("wrist.L") - joint_m("lowerarm01.L")
    down = np.array([0.0, -1.0, 0.0])
    lifted = ry(-get["shoulder/horizontal_adduction"]) @ rx(-get["shoulder/flexion"]) @ rz(get["shoulder/abduction"])
    raised = float(np.degrees(np.arccos(np.clip((lifted @ down) @ down, -1, 1))))
    # a third of the lift above 30 degrees comes from the shoulder girdle, most of it in the frontal plane
    girdle = max(0.0, raised - 30) / 3
    sideways = lifted @ down
    frontal = abs(sideways[0]) / max(float(np.hypot(sideways[0], sideways[2])), 1e-6) if raised < 175 else 0.7
    girdle *= 0.55 + 0.45 * frontal
    clavicle = rz(0.5 * girdle + 0.8 * get["scapula/elevation"]) @ ry(-get["scapula/protraction"] * 0.8)
    blade = rz(0.5 * girdle + 0.6 * get["scapula/upward_rotation"]) @ rx(-0.35 * (1 - frontal) * girdle)
    turns["clavicle"], turns["shoulder01"] = clavicle, blade
    turn = -get["shoulder/internal_rotation"]
    turns["upperarm01"] = np.linalg.inv(clavicle @ blade) @ lifted @ _to(upper, down) @ about(-upper, 0.35 * turn)
    turns["upperarm02"] = about(-upper, 0.65 * turn)
    hinge = np.cross(upper, [0.0, 0.0, 1.0])
    rest = np.degrees(np.arccos(upper @ fore / np.linalg.norm(upper) / np.linalg.norm(fore)))
    roll = -(90 - get["forearm/supination"])
    turns["lowerarm01"] = about(hinge, get["elbow/flexion"] - rest) @ about(-fore, 0.25 * roll)
    turns["lowerarm02"] = about(-fore, 0.45 * roll)
    turns["wrist"] = about(-fore, 0.30 * roll) @ about(hinge, get["wrist/flexion"]) @ rz(get["wrist/radial_deviation"])
    for finger in range(2, 6):
        for joint in range(1, 4):
            bent = about(hinge, get["fingers/flexion"] * (0.85 if joint == 3 else 1.0))
            turns[f"finger{finger}-{joint}"] = rz(_TOGETHER[finger]) @ bent if joint == 1 else bent
    thumb = get["thumb/flexion"] + 0.35 * max(0.0, get["fingers/flexion"])
    for joint in range(1, 4):
        turns[f"finger1-{joint}"] = about(np.array([-0.3, -0.2, -1.0]), 0.6 * thumb)


def _left_leg(get: Mapping[str, float], turns: dict[str, Floats]) -> None:
    hip, ankle = joint_m("upperleg01.L"), joint_m("foot.L")
    thigh = joint_m("lowerleg01.L") - hip
    straight = rz(-np.degrees(np.arctan2(ankle[0] - hip[0], hip[1] - ankle[1])))
    moved = ry(-get["hip/horizontal_adduction"]) @ rx(-get["hip/flexion"]) @ rz(get["hip/abduction"])
    turn = -get["hip/internal_rotation"]
    turns["upperleg01"] = moved @ straight @ about(-thigh, 0.45 * turn)
    turns["upperleg02"] = about(-thigh, 0.55 * turn)
    turns["lowerleg01"] = rx(get["knee/flexion"] - 5)
    turns["foot"] = rx(-get["ankle/dorsiflexion"]) @ rz(-get["foot/inversion"])
    turns["toes"] = rx(get["toes/flexion"])


class _Zero(dict[str, float]):
    def __missing__(self, key: str) -> float:
        return 0.0


def _turns(angles: Mapping[str, float]) -> dict[str, Floats]:
    """Rotation of every bone in the axes of the chart pose."""
    known = _Zero(angles)
    turns: dict[str, Floats] = {}
    tilt = known["pelvis//anterior_tilt"]
    for part, shares in SPINE.items():
        bend = known[f"{part}//flexion"] - (tilt if part == "lumbar" else 0.0)
        side, turn = known[f"{part}//lateral_flexion"], known[f"{part}//rotation"]
        for bone, share in shares.items():
            turns[bone] = turns.get(bone, np.eye(3)) @ ry(turn * share) @ rz(-side * share) @ rx(bend * share)
    for side_letter in "LR":
        own = _Zero(
            {
                f"{joint}/{motion}": value
                for (joint, side, motion), value in ((key.split("/"), v) for key, v in angles.items())
                if side == side_letter
            }
        )
        own["hip/flexion"] += tilt
        for bone, own_turn in _left_turns(own).items():
            turns[f"{bone}.{side_letter}"] = own_turn if side_letter == "L" else MIRROR @ own_turn @ MIRROR
    return turns


def _lean(position: Position, angles: dict[str, float]) -> float:
    """How far the pelvis tips forward, and hips and shoulders that follow from it where nobody set them.

    Two bent hips over planted feet bow the trunk instead of lifting the legs; on the knees the shins stay on the floor.
    """
    known = _Zero(angles)
    own = {j.joint for j in position.joints}
    tilt = known["pelvis//anterior_tilt"]
    if position.base == "standing":
        hips = min(known[f"hip/{side}/flexion"] for side in "LR")
        knees = min(known[f"knee/{side}/flexion"] for side in "LR")
        leans = hips > 15 and not any(prop.kind == "wall" and not prop.side for prop in position.props)
        return tilt + (max(0.0, hips - 0.6 * knees) if leans else 0.0)
    if position.base == "kneeling":
        knees = max(known[f"knee/{side}/flexion"] for side in "LR")
        if "hip" not in own:
            angles |= {f"hip/{side}/flexion": knees - 90 for side in "LR"}
            return tilt
        return tilt + max(known[f"hip/{side}/flexion"] for side in "LR") - (knees - 90)
    if position.base == "quadruped":
        curl = sum(known[f"{part}//flexion"] for part in ("trunk", "thoracic", "lumbar"))
        if "hip" not in own:
            angles |= {f"hip/{side}/flexion": known[f"hip/{side}/flexion"] - curl / 2 for side in "LR"}
        stands = "L" if known["knee/L/flexion"] >= known["knee/R/flexion"] else "R"
        lean = known[f"hip/{stands}/flexion"] - (known[f"knee/{stands}/flexion"] - 90)
        if "shoulder" not in own:
            angles |= {f"shoulder/{side}/flexion": lean + curl for side in "LR"}
        return tilt + lean
    return tilt + BASES[position.base].root[0]


def _hanging_arms(position: Position, angles: dict[str, float], lean: float) -> dict[str, float]:
    """Arms that nobody set hang straight down from a trunk that leans."""
    if position.base not in UPRIGHT or position.base == "squatting":
        return angles
    known, result = _Zero(angles), dict(angles)
    forward = (
        lean
        - known["pelvis//anterior_tilt"]
        + sum(known[f"{part}//flexion"] for part in ("trunk", "thoracic", "lumbar"))
    )
    aside = sum(known[f"{part}//lateral_flexion"] for part in ("trunk", "thoracic", "lumbar"))
    set_arms = {side for j in position.joints if j.joint == "shoulder" for side in j.side.each}
    for letter, side, sign in (("L", Side.LEFT, 1), ("R", Side.RIGHT, -1)):
        if side not in set_arms:
            result[f"shoulder/{letter}/flexion"] = known[f"shoulder/{letter}/flexion"] + max(-45.0, forward * 0.95)
            result[f"shoulder/{letter}/abduction"] = max(2.0, known[f"shoulder/{letter}/abduction"] + sign * aside)
    return result


def _level_feet(position: Position, angles: dict[str, float], lean: float) -> dict[str, float]:
    """Ankles that nobody set are bent so that the foot is level, as far as an ankle goes."""
    if position.base not in FLAT_FEET:
        return angles
    known, result = _Zero(angles), dict(angles)
    for side in "LR":
        if f"ankle/{side}/dorsiflexion" not in angles:
            thigh = known[f"hip/{side}/flexion"] + known["pelvis//anterior_tilt"] - lean
            shank = known[f"knee/{side}/flexion"] - thigh
            if abs(shank) <= 48:
                result[f"ankle/{side}/dorsiflexion"] = shank
    return result


@dataclass(frozen=True, eq=False)
class Posed:
    """The mesh in a position.

    points_m  (n, 3), metres; the lowest point is on y = 0
    bones     name -> 3 x 3 turn and head of each bone as it stands
    """

    points_m: Floats
    heads_m: Mapping[str, Floats]
    turns: Mapping[str, Floats]


def posed(position: Position, figure: str = "average") -> Posed:
    """Take a position."""
    angles = _angles(position)
    lean = _lean(position, angles)
    angles = _hanging_arms(position, _level_feet(position, angles, lean), lean)
    _, y, z = BASES[position.base].root
    turn, move, heads = _chain(_turns(angles), rz(z) @ ry(y) @ rx(lean))
    points = _skinned(figure_points(figure), turn, move)
    rest = _settle(position.base, points)
    points, heads, turn = points @ rest.T, heads @ rest.T, rest @ turn
    floor = points[:, 1].min()
    points[:, 1] -= floor
    heads[:, 1] -= floor
    bones = _rig().bones
    return Posed(points, dict(zip(bones, heads, strict=True)), dict(zip(bones, turn, strict=True)))


@cache
def moved_by(*stems: str) -> NDArray[np.int64]:
    """Vertices moved mostly by bones whose names begin so."""
    rig = _rig()
    chosen = [i for i, bone in enumerate(rig.bones) if bone.startswith(stems)]
    return np.nonzero(np.isin(rig.index[:, 0], chosen))[0]


_REST_ON = {  # what lies on the floor toward the head, and toward the feet
    "quadruped": (("wrist", "finger"), ("lowerleg", "foot", "toes")),
    "supine": (("spine01", "spine02", "clavicle", "shoulder", "head"), ("lowerleg", "foot", "toes", "pelvis")),
    "prone": (
        ("lowerarm", "wrist", "finger", "spine", "head"),
        ("lowerleg", "foot", "toes", "pelvis", "upperleg"),
    ),
    "long_sitting": (("pelvis",), ("lowerleg", "foot")),
}


def _settle(base: str, points: Floats) -> Floats:
    """Tip a body that lies or kneels on two places until both touch the floor."""
    if base not in _REST_ON:
        return np.eye(3)
    turn = np.eye(3)
    head_end, foot_end = (moved_by(*stems) for stems in _REST_ON[base])
    for _ in range(4):
        now = points @ turn.T
        one, other = (group[now[group, 1].argmin()] for group in (head_end, foot_end))
        across = now[one, 2] - now[other, 2]
        if abs(across) < 0.1:
            break
        turn = rx(float(np.degrees(np.arctan2(now[one, 1] - now[other, 1], abs(across)))) * np.sign(across)) @ turn
    return turn


def _chain(turns: Mapping[str, Floats], root: Floats) -> tuple[Floats, Floats, Floats]:
    """World turn (b, 3, 3), shift (b, 3) and head (b, 3) of every bone."""
    rig = _rig()
    count = len(rig.bones)
    turn, move, heads = np.zeros((count, 3, 3)), np.zeros((count, 3)), np.zeros((count, 3))
    for i, (bone, parent) in enumerate(zip(rig.bones, rig.parents, strict=True)):
        own = turns.get(bone, np.eye(3))
        if parent < 0:
            turn[i] = root @ own
            heads[i] = rig.heads[i]
        else:
            turn[i] = turn[parent] @ own
            heads[i] = turn[parent] @ rig.heads[i] + move[parent]
        move[i] = heads[i] - turn[i] @ rig.heads[i]
    return turn, move, heads


def _quaternions(turn: Floats) -> Floats:
    """Unit quaternions (b, 4), scalar first, of rotation matrices."""
    from scipy.spatial.transform import Rotation

    xyzw = Rotation.from_matrix(turn).as_quat()
    return np.asarray(np.column_stack([xyzw[:, 3], xyzw[:, :3]]))


def _product(a: Floats, b: Floats) -> Floats:
    """Quaternion product, row by row."""
    aw, ax, ay, az = a.T
    bw, bx, by, bz = b.T
    return np.column_stack(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ]
    )


@cache
def _detail(figure: str, passes: int = 10) -> Floats:
    """What smoothing takes off a figure in chart pose; put back after posing (delta mush)."""
    points = figure_points(figure)
    return points - _mushed(points, passes)


def _mushed(points: Floats, passes: int = 10) -> Floats:
    from tautband.surface.geodesics import smoothing

    step = smoothing()
    for _ in range(passes):
        points = 0.4 * points + 0.6 * (step @ points)
    return points


def _skinned(points: Floats, turn: Floats, move: Floats) -> Floats:
    """Dual quaternion skinning, then the creases smoothed and the detail put back.

    Dual quaternions keep the girth of a twisted limb, which plain blending of matrices would lose.
    """
    rig = _rig()
    real = _quaternions(turn)
    shift = np.column_stack([np.zeros(len(move)), move])
    dual = 0.5 * _product(shift, real)
    chosen = rig.index
    pivot = real[chosen[:, 0]]
    blended_real, blended_dual = np.zeros((len(points), 4)), np.zeros((len(points), 4))
    for k in range(chosen.shape[1]):
        q = real[chosen[:, k]]
        share = np.where((q * pivot).sum(axis=1) < 0, -1.0, 1.0) * rig.weight[:, k]
        blended_real += share[:, None] * q
        blended_dual += share[:, None] * dual[chosen[:, k]]
    length = np.linalg.norm(blended_real, axis=1, keepdims=True)
    blended_real /= length
    blended_dual /= length
    w, v = blended_real[:, :1], blended_real[:, 1:]
    moved = _turned(points, w, v)
    dw, dv = blended_dual[:, :1], blended_dual[:, 1:]
    moved += 2 * (w * dv - dw * v + np.cross(v, dv))
    detail = _detail("average") if points is figure_points("average") else points - _mushed(points)
    return np.asarray(_mushed(moved) + _turned(detail, w, v))


def _turned(points: Floats, w: Floats, v: Floats) -> Floats:
    cross = np.cross(v, points) + w * points
    return np.asarray(points + 2 * np.cross(v, cross))


def joints_of(rows: Iterable[tuple[str, str, str, float]]) -> tuple[JointAngle, ...]:
    """Short form for tables and tests: `("hip", "left", "flexion", 90)`."""
    return tuple(JointAngle(joint, Side(side), motion, deg) for joint, side, motion, deg in rows)
