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
    "lateral_malleolus": "ankle.lateral", "heel_plantar": "foot.heel_sole",
    "great_toe": "foot.toe_1_dorsal foot.toe_1_nail", "ball_first": "foot.ball_medial", "foot_lateral": "foot.lateral",
    "pulse_temporal": "head.jaw_joint", "pulse_carotid": "neck.front_upper", "pulse_brachial": "elbow.anterior",
    "pulse_radial": "wrist.volar", "pulse_femoral": "pelvis.groin hip.front", "pulse_popliteal": "knee.posterior",
    "pulse_tibial": "ankle.medial ankle.posterior", "pulse_foot": "foot.dorsum_medial",
}  # fmt: skip


@pytest.mark.parametrize("id", ZONES)
def test_landmark_lies_in_the_zone_of_its_name(id):
    """Landmarks come from rays and zones from rules: two roads to the same place."""
    side = Side.LEFT if landmarks()[id].paired else Side.MIDLINE
    zone = zone_of_vertex(landmark_vertex(id, side))
    assert zone.id.removeprefix("zone.") in ZONES[id].split()
    assert zone.side in (side, Side.MIDLINE)


PULSES = {  # cm between a pulse and what an examiner feels for first: nearest and farthest
    ("pulse_temporal", "ear"): (0.8, 3.5), ("pulse_temporal", "tmj"): (0.8, 3.0),
    ("pulse_carotid", "throat"): (1.5, 4.5),
    ("pulse_brachial", "elbow_front"): (0.8, 3.0), ("pulse_brachial", "medial_epicondyle"): (1.5, 5.5),
    ("pulse_radial", "wrist_radial"): (0.8, 4.5), ("pulse_radial", "wrist_volar"): (0.8, 4.0),
    ("pulse_popliteal", "knee_back"): (0.5, 3.5), ("pulse_tibial", "medial_malleolus"): (1.0, 4.0),
    ("pulse_tibial", "achilles"): (1.5, 6.5), ("pulse_foot", "ankle_front"): (2.0, 8.0),
}  # fmt: skip


@pytest.mark.parametrize("pair", PULSES, ids="-".join)
def test_a_pulse_is_as_far_from_its_bone_as_a_finger_finds_it(pair):
    low, high = PULSES[pair]
    assert low <= float(np.linalg.norm(at(pair[0]) - at(pair[1]))) * 100 <= high


def test_the_femoral_pulse_lies_halfway_between_iliac_spine_and_symphysis():
    spine, middle, pulse = at("asis"), at("pubis", Side.MIDLINE), at("pulse_femoral")
    assert (pulse[0] - middle[0]) / (spine[0] - middle[0]) == pytest.approx(0.5, abs=0.1)
    assert middle[1] - 0.01 < pulse[1] < spine[1]


def test_pulses_lie_on_the_side_their_name_says():
    assert at("pulse_brachial")[0] < at("elbow_front")[0], "medial of the biceps tendon"
    assert at("pulse_radial")[0] > at("wrist_volar")[0], "on the thumb side"
    assert at("pulse_tibial")[2] < at("medial_malleolus")[2], "behind the malleolus"
    assert at("pulse_carotid")[2] > at("neck_side")[2], "in front of the side of the neck"
    order = ("pulse_temporal", "pulse_carotid", "pulse_brachial", "pulse_radial", "pulse_popliteal", "pulse_tibial")
    heights = [at(id)[1] for id in order]
    assert heights == sorted(heights, reverse=True)


def test_unknown_landmark_names_the_nearest_spelling():
    with pytest.raises(UnknownLandmark, match="'shoulder_front'"):
        landmark_vertex("sholder_front", Side.LEFT)


def test_paired_landmark_without_a_side_is_refused():
    with pytest.raises(SurfaceError, match="paired"):
        landmark_vertex("temple", Side.BILATERAL)


def test_midline_landmark_is_the_same_from_both_sides():
    assert landmark_vertex("c7", Side.LEFT) == landmark_vertex("c7", Side.RIGHT) == landmark_vertex("c7", Side.MIDLINE)
