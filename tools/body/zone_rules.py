"""Which chart zone each vertex belongs to, by rule, in centimetres of the 172 cm chart body.

Everything is decided on the left half (x >= 0) and mirrored. Borders are anatomical where one is known on this
body (landmarks of docs/methods/surface.md) and otherwise equal parts of a segment.
"""

import numpy as np
from numpy.typing import NDArray
from tools.body.mesh import Floats, Mesh, normals

Mask = NDArray[np.bool_]
Labels = NDArray[np.object_]

ASPECTS = ("lateral", "anterior", "medial", "posterior")
FOREARM_ASPECTS = ("radial", "volar", "ulnar", "dorsal")
BACK_LEVELS_CM = [  # lower border of each level, from the spinous process heights
    (143.4, "c7_t1"), (139.6, "t2_t3"), (135.6, "t4_t5"), (130.4, "t6_t7"), (125.0, "t8_t9"),
    (119.6, "t10_t11"), (112.8, "t12_l1"), (105.6, "l2_l3"), (98.6, "l4_l5"),
]  # fmt: skip
FRONT_LEVELS_CM = [
    (135.5, "chest.upper"), (129.3, "chest.mid"), (122.3, "chest.lower"), (116.0, "chest.base"),
    (109.4, "belly.upper"), (102.6, "belly.navel"), (95.6, "belly.lower"), (80.0, "belly.suprapubic"),
]  # fmt: skip
SIDE_LEVELS_CM = [
    (124.0, "chest.side_upper"), (117.0, "chest.side_mid"), (110.0, "chest.side_lower"), (102.0, "belly.side"),
]  # fmt: skip


class Half:
    """The left half in cm with the coordinates the rules speak of."""

    def __init__(self, mesh: Mesh) -> None:
        left = mesh.points.copy()
        mirrored = mesh.points[:, 0] < 0
        left[mirrored] *= [-1, 1, 1]
        normal = normals(mesh.points, mesh.triangles)
        normal[mirrored] *= [-1, 1, 1]
        self.x, self.y, self.z = (left * 100).T
        self.points = left * 100
        self.nx, self.ny, self.nz = normal.T
        self.normal = normal
        self.joints = {name: joint * 100 for name, joint in mesh.joints.items()}
        weights = mesh.bone_weights
        self.weight = {bone: np.where(mirrored, weights[_swap(bone)], w) for bone, w in weights.items()}

    def joint(self, name: str) -> Floats:
        return self.joints[f"l-{name}"]

    def share(self, *starts: str) -> Floats:
        """Summed skinning weight of the left bones whose names begin so."""
        return sum(
            (w for bone, w in self.weight.items() if bone.endswith(".L") and bone.startswith(starts)),
            np.zeros(len(self.x)),
        )

    def along(self, start: str, end: str) -> tuple[Floats, Floats]:
        """Distance along the axis in cm, and angle about it: 0 lateral, 90 front, 180 medial, 270 back."""
        a, b = self.joint(start), self.joint(end)
        axis = (b - a) / np.linalg.norm(b - a)
        offset = self.points - a
        distance = offset @ axis
        lateral = np.array([1.0, 0, 0]) - axis[0] * axis
        lateral /= np.linalg.norm(lateral)
        forward = np.cross(lateral, axis)
        forward *= np.sign(forward[2])
        return distance, np.degrees(np.arctan2(offset @ forward, offset @ lateral)) % 360

    def aspect(self, angle: Floats, words: tuple[str, ...] = ASPECTS, turn_deg: float = 0.0) -> Labels:
        return np.array(words, object)[(((angle - turn_deg + 45) % 360) // 90).astype(int)]


def _swap(bone: str) -> str:
    if bone.endswith((".L", ".R")):
        return bone[:-1] + ("R" if bone.endswith("L") else "L")
    return bone


def _level(y: Floats, levels: list[tuple[float, str]]) -> Labels:
    """Name of the level each height lies in; below the last border the last name."""
    borders = np.array([border for border, _ in levels])
    index = np.minimum((y[:, None] < borders).sum(axis=1), len(levels) - 1)
    return np.array([name for _, name in levels], object)[index]


def rule_labels(mesh: Mesh) -> Labels:
    """Zone name (without `zone.`) of every vertex; the same name on both sides."""
    h = Half(mesh)
    label = np.full(len(h.x), "", object)
    _trunk(h, label)
    _pelvis(h, label)
    _shoulder(h, label)
    _neck(h, label)
    _head(h, label)
    _leg(h, label)
    _foot(h, label)
    _arm(h, label)
    _hand(h, label)
    return label


def _put(label: Labels, where: Mask, name: str | Labels) -> None:
    label[where] = name if isinstance(name, str) else np.asarray(name)[where]


def _trunk(h: Half, label: Labels) -> None:
    centre = np.interp(h.y, [88, 97, 105, 120, 136, 145], [-7, -5.7, -4, -4, -6, -8])
    half_width = np.interp(h.y, [83, 90, 97, 103, 110, 115, 120, 126], [18.5, 17, 15.4, 14.4, 12.9, 13.2, 14, 15])
    back = h.z < centre
    level = _level(h.y, BACK_LEVELS_CM)
    mid = h.x < 2.0
    lateral = h.x > 6.2
    _put(label, back, "back." + level)
    _put(label, back & mid, "back." + level + "_mid")
    _put(label, back & lateral & (h.y < 130.4), "back." + level + "_lateral")
    scapula = back & (h.x > 5.8) & (h.y >= 130.4)
    _put(label, scapula, "scapula.lower_medial")
    _put(label, scapula & (h.x > 10.4), "scapula.lower_lateral")
    _put(label, scapula & (h.y > 135.8), "scapula.upper_medial")
    _put(label, scapula & (h.y > 135.8) & (h.x > 10.4), "scapula.upper_lateral")
    _put(label, scapula & (h.y > 139.8), "scapula.supraspinous")
    front = ~back
    level = _level(h.y, FRONT_LEVELS_CM)
    _put(label, front, level + "_inner")
    _put(label, front & (h.x > 7.6), level + "_outer")
    _put(label, front & (h.y < 95.6), "belly.suprapubic")
    _put(label, front & (h.x < 2.2), level + "_mid")
    side = (h.x > 0.86 * half_width) & (h.y < 131) & (np.abs(h.z - centre) < 6.5)
    _put(label, side, _level(h.y, SIDE_LEVELS_CM))


def _pelvis(h: Half, label: Labels) -> None:
    centre = np.interp(h.y, [78, 88, 97, 101], [-6.5, -7, -5.7, -5])
    back = (h.z < centre) & (h.y < 98.6)
    inner = h.x < 8.6
    _put(label, back & inner, "buttock.upper_inner")
    _put(label, back & ~inner, "buttock.upper_outer")
    _put(label, back & inner & (h.y < 90.6), "buttock.lower_inner")
    _put(label, back & ~inner & (h.y < 90.6), "buttock.lower_outer")
    sacral = np.interp(h.y, [88, 98.6], [2.6, 5.6])
    _put(label, back & (h.y > 88.5) & (h.x < sacral), "pelvis.sacrum_side")
    _put(label, back & (h.x < 2.0), "pelvis.sacrum_mid")
    _put(label, back & (h.x < 2.0) & (h.y < 91.5), "pelvis.coccyx")
    side = (h.x > 12.6) & (h.y < 101.5) & (np.abs(h.z - centre) < 5.6)
    _put(label, side, "hip.side_upper")
    _put(label, side & (h.y < 91.5), "hip.side_lower")
    front = (h.z >= centre) & ~side
    ligament = 88.0 + (h.x - 2.5) * (98.2 - 88.0) / (11.8 - 2.5)  # pubic tubercle to anterior iliac spine
    below = h.y - ligament
    _put(label, front & (below < 1.4), "pelvis.groin")
    _put(label, front & (below < -2.6), "hip.front")
    _put(label, front & (h.x < 3.4) & (h.y < 90.5), "pelvis.pubic")
    _put(label, (h.y > 79.5) & (h.y < 84.5) & (h.x < 3.2) & (h.ny < -0.45) & (h.z < 0.5), "pelvis.perineum")


def _shoulder(h: Half, label: Labels) -> None:
    top = (h.y > 138.5) & (h.x > 5.0)
    ridge = np.interp(h.x, [6.4, 10, 14, 16], [147.6, 146.0, 144.4, 143.8])
    _put(label, top & (h.x > 5.6) & (h.y > ridge - 2.6) & (h.x <= 14.2), "shoulder.top_inner")
    _put(label, top & (h.x > 3.2) & (h.x <= 14.2) & (h.y > 141.2) & (h.z > -7.6) & (h.nz > -0.05), "shoulder.hollow")
    cap = (h.x > 14.2) & (h.y > 130.4)
    _put(label, cap, "shoulder.side")
    _put(label, cap & (h.nz > 0.6), "shoulder.front")
    _put(label, cap & (h.nz < -0.55), "shoulder.back")
    _put(label, cap & (h.ny > 0.66), "shoulder.top_outer")
    near_pit = np.linalg.norm(h.points - [15.4, 130.0, -7.0], axis=1) < 4.3
    inward = (h.ny < -0.2) | (np.abs(h.nz) < 0.55)
    _put(label, near_pit & inward, "shoulder.armpit")


def _neck(h: Half, label: Labels) -> None:
    base = np.interp(h.z, [-13, -9, -5, -2], [146.6, 146.0, 142.6, 140.6])
    neck = (h.x < np.interp(h.y, [142, 147.5, 150], [5.8, 7.2, 9.0])) & (h.y > base)
    centre = np.interp(h.y, [141, 156], [-6.8, -5.0])
    angle = np.degrees(np.arctan2(h.x, h.z - centre))  # 0 front, 180 back
    upper = h.y > np.interp(h.z, [-11, -5, -1], [150.6, 149.4, 145.6])
    for name, part in (("front", angle < 62), ("side", (angle >= 62) & (angle < 118)), ("back", angle >= 118)):
        _put(label, neck & part & upper, f"neck.{name}_upper")
        _put(label, neck & part & ~upper, f"neck.{name}_lower")
    throat = neck & (h.x < 1.7) & (angle < 90)
    _put(label, throat, "neck.throat_lower")
    _put(label, throat & (h.y > 146), "neck.throat_upper")
    _put(label, neck & (h.y > 149.4) & (h.z > -2.0) & (h.ny < -0.35), "neck.jaw_under")
    _put(label, neck & (h.y > 148.2) & (h.z > -1.2) & (h.ny < -0.35) & (h.x < 2.2), "head.under_jaw")
    spine = neck & (h.x < 1.5) & (angle > 90)
    _put(label, spine, "neck.back_mid_lower")
    _put(label, spine & upper, "neck.back_mid_upper")
    _put(label, neck & (angle > 105) & (h.x >= 1.5) & (h.y > 153.6), "neck.suboccipital")


def _head(h: Half, label: Labels) -> None:
    jaw_line = np.interp(h.z, [-12, -6, -3, -1, 2, 5], [156.6, 156.0, 154.2, 151.8, 150.0, 149.4])
    head = (h.y > jaw_line) & (h.x < 10) & ~((h.ny < -0.6) & (h.y < 151.5))
    x, y, z = h.x, h.y, h.z
    _put(label, head, "head.cheek")
    _put(label, head & (z < -8.0), "head.occiput")
    _put(label, head & (y > 162.2) & (z <= -6.4), "head.side_back")
    _put(label, head & (y > 162.2) & (z > -6.4) & (z <= -1.4), "head.above_ear")
    _put(label, head & (y > 160.4) & (z > -1.4), "head.temple")
    _put(label, head & (y <= 162.2) & (z > -8.0) & (z <= -4.6), "head.behind_ear")
    _put(label, head & (y <= 162.2) & (y > 157.2) & (z > -4.6) & (z <= -0.6), "head.jaw_joint")
    _put(label, head & (y <= 157.2) & (z > -5.5) & (z <= 0.8), "head.jaw_angle")
    face = head & (z > -0.6)
    _put(label, face & (y <= 160.4) & (y > 156.8), "head.cheekbone")
    _put(label, face & (y <= 153.4) & (z > 0.8), "head.jaw")
    frontal = head & (z > 0.6 + 0.12 * (y - 160))
    forehead_edge = 5.6
    _put(label, frontal & (y > 163.4) & (x < forehead_edge + 0.6), "head.forehead")
    _put(label, frontal & (y <= 163.4) & (y > 161.9) & (x < forehead_edge), "head.eyebrow")
    _put(label, head & (z > 2.4) & (y <= 161.9) & (y > 159.4) & (x < 5.2), "head.eye")
    crown = head & (y > 168.2)
    _put(label, crown & (z > -3.6), "head.crown_front")
    _put(label, crown & (z <= -3.6), "head.crown_back")
    _put(label, crown & (x < 1.6) & (z > -3.6), "head.crown_front_mid")
    _put(label, crown & (x < 1.6) & (z <= -3.6), "head.crown_back_mid")
    _put(label, head & (z < -8.0) & (x < 1.6) & (y <= 168.2), "head.occiput_mid")
    _put(label, frontal & (x < 1.5) & (y > 161.4) & (y <= 168.2), "head.forehead_mid")
    nose = (z > 4.4) & (x < np.interp(y, [156.5, 158.5, 161.4], [2.1, 1.9, 1.2])) & (y <= 161.4) & (y > 156.4)
    _put(label, head & nose, "head.nose")
    _put(label, head & (z > 3.2) & (x < 3.0) & (y <= 156.4) & (y > 152.4), "head.mouth")
    _put(label, head & (z > 2.0) & (x < 2.4) & (y <= 152.4), "head.chin")
    sticks_out = x > np.interp(y, [155.8, 158, 160, 162.2], [6.5, 7.0, 7.35, 7.55])
    ear = head & sticks_out & (y < 162.2) & (z < -1.8) & (z > -6.6)
    _put(label, ear, "head.ear")


def _leg(h: Half, label: Labels) -> None:
    thigh, angle = h.along("upper-leg", "knee")
    aspect = h.aspect(angle)
    fold = np.interp(h.z, [-14, -6, 2], [82.2, 82.0, 83.6])  # gluteal fold behind, just below the groin in front
    limb = (h.y < fold) & (h.share("upperleg", "lowerleg", "foot", "toe") > 0.5)
    third = np.array(["proximal", "middle", "distal"], object)[np.clip(((thigh - 7.4) // 9.8).astype(int), 0, 2)]
    _put(label, limb, "thigh." + third + "_" + aspect)
    _put(label, (label == "hip.front") & (h.x < 6.4), "pelvis.inner_thigh_top")
    _put(label, limb & (h.y < 53.6), "knee." + aspect)
    shank, angle = h.along("knee", "ankle")
    aspect = h.aspect(angle)
    third = np.array(["proximal", "middle", "distal"], object)[np.clip(((shank - 4.4) // 10.6).astype(int), 0, 2)]
    _put(label, limb & (h.y < 44.8), "leg." + third + "_" + aspect)
    _put(label, limb & (h.y < 12.4), "ankle." + aspect)


def _foot(h: Half, label: Labels) -> None:
    foot = h.y < np.clip(8.8 + 0.9 * (h.z + 2), 5.4, 12.4)
    middle = np.interp(h.z, [-12, 0, 8], [18.6, 19.4, 19.4])
    outer = h.x > middle
    _put(label, foot & ~outer, "foot.dorsum_medial")
    _put(label, foot & outer, "foot.dorsum_lateral")
    _put(label, foot & (h.nx < -0.62) & (h.z < 6), "foot.medial")
    _put(label, foot & (h.nx > 0.62) & (h.z < 5), "foot.lateral")
    _put(label, foot & (h.y < 5.6) & (h.z < -8.6), "foot.heel_back")
    sole = foot & (h.ny < -0.5)
    _put(label, sole & ~outer, "foot.arch")
    _put(label, sole & outer, "foot.sole_lateral")
    _put(label, sole & (h.z < -4.6), "foot.heel_sole")
    _put(label, sole & (h.z > 3.6) & ~outer, "foot.ball_medial")
    _put(label, sole & (h.z > 3.6 - 0.25 * (h.x - 19.4)) & outer, "foot.ball_lateral")
    toes = [h.share(f"toe{number}-") for number in range(1, 6)]
    for number, weight in enumerate(toes, start=1):
        toe = foot & (weight > 0.6)
        _put(label, toe, f"foot.toe_{number}" if number > 1 else "foot.toe_1_dorsal")
        if number == 1:
            _put(label, toe & (h.ny < -0.15), "foot.toe_1_plantar")


def _arm(h: Half, label: Labels) -> None:
    arm, angle = h.along("shoulder", "elbow")
    aspect = h.aspect(angle)
    limb = h.share("upperarm", "lowerarm", "wrist", "metacarpal", "finger") > 0.5
    below_cap = limb & (arm > 5.2) & (label != "shoulder.armpit")
    third = np.array(["proximal", "middle", "distal"], object)[np.clip(((arm - 5.2) // 5.5).astype(int), 0, 2)]
    _put(label, below_cap, "arm." + third + "_" + aspect)
    _put(label, below_cap & (arm > 21.8), "elbow." + aspect)
    forearm, angle = h.along("elbow", "hand")
    aspect = h.aspect(angle, FOREARM_ASPECTS)
    third = np.array(["proximal", "middle", "distal"], object)[np.clip(((forearm - 3.2) // 6.5).astype(int), 0, 2)]
    lower = below_cap & (forearm > 3.2) & (h.y < 116)
    _put(label, lower, "forearm." + third + "_" + aspect)
    _put(label, lower & (forearm > 22.6), "wrist." + aspect)


def _hand(h: Half, label: Labels) -> None:
    along, _ = h.along("hand", "finger-3-1")
    forearm, _ = h.along("elbow", "hand")
    length = float(np.linalg.norm(h.joint("hand") - h.joint("elbow")))
    hand = (h.share("wrist", "metacarpal", "finger") > 0.5) & (forearm > length + 1.6) & (h.y < 91)
    palmar = h.nz > 0.05
    axis = h.joint("finger-3-1") - h.joint("hand")
    ulnar_line = h.joint("hand")[0] + (h.y - h.joint("hand")[1]) * axis[0] / axis[1]
    radial = h.x > ulnar_line - 0.1
    _put(label, hand & palmar & radial, "hand.palm_radial")
    _put(label, hand & palmar & ~radial, "hand.palm_ulnar")
    _put(label, hand & palmar & ~radial & (along < 5.4), "hand.hypothenar")
    thumb_side = h.x > ulnar_line + 1.0 + 0.12 * (along - 4)
    _put(label, hand & palmar & thumb_side & (along < 6.2), "hand.thenar")
    _put(label, hand & ~palmar & radial, "hand.dorsum_radial")
    _put(label, hand & ~palmar & ~radial, "hand.dorsum_ulnar")
    _put(label, hand & ~palmar & (h.x > ulnar_line + 2.2) & (along < 5.4), "hand.dorsum_thumb")
    for number, word in ((1, "thumb"), (2, "index"), (3, "middle"), (4, "ring"), (5, "little")):
        bones = (f"finger{number}-",) if number > 1 else ("finger1-2", "finger1-3")
        finger = h.share(*bones) > 0.55
        start, end = h.joint(f"finger-{number}-2"), h.joint(f"finger-{number}-4")
        axis = (end - start) / np.linalg.norm(end - start)
        facing = np.array([0.0, 0.0, 1.0]) if number > 1 else np.array([-0.35, 0.0, 1.0])
        facing = facing - (facing @ axis) * axis
        _put(label, finger, f"hand.{word}_dorsal")
        _put(label, finger & (h.normal @ facing > 0.05), f"hand.{word}_palmar")


LIPS_CM = 154.2
"""Where the closed lips meet."""


def late_labels(mesh: Mesh, visible: Mask) -> dict[str, Mask]:
    """Small zones that are cut out of finished ones: nail beds, and the teeth behind the closed lips.

    The teeth of the closed mouth are never seen; they have their own chart, and ids here so that they can be marked.
    """
    h = Half(mesh)
    found = {}
    for number, word in ((1, "thumb"), (2, "index"), (3, "middle"), (4, "ring"), (5, "little")):
        facing = np.array([0.0, 0.0, 1.0]) if number > 1 else np.array([-0.35, 0.0, 1.0])
        finger = h.share(f"finger{number}-3") > 0.5
        found[f"hand.{word}_nail"] = finger & _nail(h, f"finger-{number}", facing, 0.42)
    toe = (h.share("toe1-2") > 0.5) & _nail(h, "toe-1", np.array([0.0, -1.0, 0.0]), 0.3, ("2", "3"))
    found["foot.toe_1_nail"] = toe
    inside = ~visible & (h.z > 3.4) & (h.y > 150.6) & (h.y < 159) & (h.x > 0.05) & (h.x < 4.2) & ~_socket(h)
    found["head.teeth_upper"] = inside & (h.y >= LIPS_CM)
    found["head.teeth_lower"] = inside & (h.y < LIPS_CM)
    return {name: mask & (visible | name.startswith("head.teeth")) for name, mask in found.items()}


def _nail(h: Half, digit: str, palmar: Floats, from_share: float, ends: tuple[str, str] = ("3", "4")) -> Mask:
    """The back of the last bone from this share of its length to its tip."""
    start, end = (h.joint(f"{digit}-{number}") for number in ends)
    axis = (end - start) / np.linalg.norm(end - start)
    palmar = palmar - (palmar @ axis) * axis
    palmar /= np.linalg.norm(palmar)
    along = (h.points - start) @ axis / float(np.linalg.norm(end - start))
    return (along > from_share) & (h.normal @ palmar < -0.7)


def _socket(h: Half) -> Mask:
    """Behind the lids."""
    return h.y > 158.9
