"""Landmarks sit where an anatomist expects them: in order, at known heights, inside the right zones."""

import json

import numpy as np
import pytest
import yaml

from tautband.surface import SurfaceError, UnknownLandmark, body, landmark_vertex, landmarks, zone_of_vertex
from tautband.surface.mesh import data
from tautband.terms.sides import Side


def at(id: str, side: Side = Side.LEFT) -> np.ndarray:
    return body().points_m[landmark_vertex(id, side)]


def test_described_and_frozen_landmarks_are_the_same():
    described = yaml.safe_load((data() / "landmarks.yaml").read_text(encoding="utf-8"))
    frozen = json.loads((data() / "landmarks.json").read_text(encoding="utf-8"))["landmarks"]
    assert list(described) == list(frozen) == list(landmarks())
    assert len(frozen) >= 190
    assert all(entry["recipe"] for entry in described.values())


def test_every_landmark_is_visible_skin_and_right_is_the_mirror_of_left():
    b = body()
    for point in landmarks().values():
        for vertex in point.vertices.values():
            assert b.visible[vertex], point.id
        if point.paired:
            assert b.mirror[point.vertices[Side.LEFT]] == point.vertices[Side.RIGHT], point.id
            assert b.points_m[point.vertices[Side.LEFT], 0] > 0, f"{point.id} is not on the left"
        else:
            assert b.mirror[point.vertices[Side.MIDLINE]] == point.vertices[Side.MIDLINE], point.id


def test_no_two_landmarks_share_a_vertex():
    vertices = [v for point in landmarks().values() for v in point.vertices.values()]
    assert len(vertices) == len(set(vertices))


ORDERS = [  # from top to bottom
    ("vertex", "occiput_upper", "inion", "c2", "c4", "c7", "t2", "t4", "t7", "t10", "t12", "l1", "l3", "l5",
     "s2", "coccyx"),
    ("vertex", "forehead_mid", "glabella", "nose_tip", "upper_lip_mid", "chin", "throat", "jugular_notch",
     "sternum_mid", "xiphoid", "epigastrium", "umbilicus", "hypogastrium", "pubis", "perineum"),
    ("acromion", "shoulder_side", "deltoid_insertion", "arm_side", "lateral_epicondyle", "forearm_radial_upper",
     "forearm_radial", "wrist_radial", "thumb_tip", "index_tip"),
    ("iliac_crest", "trochanter", "thigh_lateral_upper", "thigh_lateral", "thigh_lateral_lower", "knee_lateral",
     "fibular_head", "leg_lateral", "leg_lateral_lower", "lateral_malleolus"),
    ("buttock_upper", "buttock_mid", "ischial_tuberosity", "buttock_lower", "thigh_back_upper", "thigh_back",
     "thigh_back_lower", "knee_back", "calf", "calf_lower", "achilles", "heel", "heel_plantar"),
    ("hip_front", "thigh_front_upper", "thigh_front", "thigh_front_lower", "patella", "tibial_tuberosity", "shin_upper",
     "shin", "shin_lower", "ankle_front", "foot_dorsum"),
]  # fmt: skip


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: f"{order[0]}-{order[-1]}")
def test_landmarks_follow_each_other_down_the_body(order):
    heights = [at(id)[1] for id in order]
    assert heights == sorted(heights, reverse=True)


HEIGHTS = {  # share of stature: usual adult proportions (anthropometric tables), with room for the average figure
    "c7": (0.84, 0.86), "acromion": (0.81, 0.84), "jugular_notch": (0.805, 0.825), "umbilicus": (0.59, 0.62),
    "iliac_crest": (0.58, 0.62), "asis": (0.55, 0.585), "trochanter": (0.49, 0.54), "patella": (0.27, 0.30),
    "tibial_tuberosity": (0.24, 0.27), "lateral_malleolus": (0.035, 0.05), "lateral_epicondyle": (0.62, 0.68),
    "wrist_radial": (0.49, 0.55), "chin": (0.86, 0.89), "nipple": (0.71, 0.75),
}  # fmt: skip


@pytest.mark.parametrize("id", HEIGHTS)
def test_height_over_stature_is_human(id):
    low, high = HEIGHTS[id]
    assert low <= at(id)[1] / 1.72 <= high


@pytest.mark.parametrize(
    ("front", "back"),
    [("shoulder_front", "shoulder_back"), ("arm_front", "arm_back"), ("elbow_front", "olecranon"),
     ("wrist_volar", "wrist_dorsal"), ("thigh_front", "thigh_back"), ("patella", "knee_back"), ("shin", "calf"),
     ("palm", "hand_dorsal"), ("asis", "psis"), ("umbilicus", "l3"), ("great_toe", "heel")],
)  # fmt: skip
def test_front_is_in_front_of_back(front, back):
    assert at(front)[2] > at(back)[2] + 0.02


@pytest.mark.parametrize(
    ("outer", "inner"),
    [("lateral_epicondyle", "medial_epicondyle"), ("wrist_radial", "wrist_ulnar"), ("thumb_tip", "little_tip"),
     ("knee_lateral", "knee_medial"), ("lateral_malleolus", "medial_malleolus"), ("little_toe", "great_toe"),
     ("acromion", "ac_joint"), ("ac_joint", "clavicle_mid"), ("clavicle_mid", "sc_joint"), ("ball_fifth", "ball_first"),
     ("scapula_lateral", "scapula_medial"), ("scapula_medial", "interscapular"), ("mastoid", "occiput")],
)  # fmt: skip
def test_outer_is_outside_inner_in_anatomical_position(outer, inner):
    assert at(outer)[0] > at(inner)[0]


ZONES = {
    "temple": "head.temple", "eye": "head.eye", "eyebrow": "head.eyebrow", "forehead": "head.forehead",
    "ear": "head.ear", "cheek": "head.cheek", "mastoid": "head.jaw_angle head.behind_ear neck.side_upper",
    "zygoma": "head.cheekbone",
    "occiput": "head.occiput", "jaw_angle": "head.jaw_angle", "suboccipital": "neck.suboccipital", "chin": "head.chin",
    "neck_back_lower": "neck.back_lower", "scm_lower": "neck.front_lower", "shoulder_front": "shoulder.front",
    "shoulder_back": "shoulder.back", "axilla": "shoulder.armpit", "supraspinous": "scapula.supraspinous",
    "scapula_medial": "scapula.upper_medial", "paraspinal_l3": "back.l2_l3", "l5": "back.l4_l5_mid",
    "coccyx": "pelvis.coccyx", "umbilicus": "belly.navel_mid", "nipple": "chest.lower_outer", "flank": "belly.side",
    "groin": "pelvis.groin", "arm_front": "arm.middle_anterior", "lateral_epicondyle": "elbow.lateral",
    "olecranon": "elbow.posterior", "forearm_volar": "forearm.middle_volar", "wrist_dorsal": "wrist.dorsal",
    "thenar": "hand.thenar", "hypothenar": "hand.hypothenar", "thumb_tip": "hand.thumb_palmar",
    "little_tip": "hand.little_palmar", "index_mid": "hand.index_dorsal", "trochanter": "hip.side_lower",
    "buttock_mid": "buttock.upper_inner buttock.lower_inner buttock.upper_outer buttock.lower_outer",
    "thigh_back": "thigh.middle_posterior",
    "thigh_lateral": "thigh.middle_lateral", "patella": "knee.anterior", "knee_back": "knee.posterior",
    "calf": "leg.proximal_posterior leg.middle_posterior", "achilles": "ankle.posterior", "arch": "foot.arch",
    "lateral_malleolus": "ankle.lateral", "heel_plantar": "foot.heel_sole", "great_toe": "foot.toe_1_dorsal",
    "ball_first": "foot.ball_medial", "foot_lateral": "foot.lateral",
}  # fmt: skip


@pytest.mark.parametrize("id", ZONES)
def test_landmark_lies_in_the_zone_of_its_name(id):
    """Landmarks come from rays and zones from rules: two roads to the same place."""
    side = Side.LEFT if landmarks()[id].paired else Side.MIDLINE
    zone = zone_of_vertex(landmark_vertex(id, side))
    assert zone.id.removeprefix("zone.") in ZONES[id].split()
    assert zone.side in (side, Side.MIDLINE)


def test_unknown_landmark_names_the_nearest_spelling():
    with pytest.raises(UnknownLandmark, match="'shoulder_front'"):
        landmark_vertex("sholder_front", Side.LEFT)


def test_paired_landmark_without_a_side_is_refused():
    with pytest.raises(SurfaceError, match="paired"):
        landmark_vertex("temple", Side.BILATERAL)


def test_midline_landmark_is_the_same_from_both_sides():
    assert landmark_vertex("c7", Side.LEFT) == landmark_vertex("c7", Side.RIGHT) == landmark_vertex("c7", Side.MIDLINE)
