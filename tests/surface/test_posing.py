"""The sign of every motion, the mirror, the floor, and pictures that are whole, quick and the same every time."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from tautband.surface import Field, body, zones
from tautband.surface.figures import FIGURES, figure_points
from tautband.surface.linedraw import Camera, Plate
from tautband.surface.pose_pictures import CAMERAS, best_camera, picture_svg
from tautband.surface.posing import BASES, MOTIONS, JointAngle, PoseError, Position, joints_of, posed
from tautband.terms.sides import Side

X, Y, Z = 0, 1, 2


def stand(*rows, base="standing"):
    return posed(Position(base, joints_of(rows)))


def went(bone, axis, *rows, base="standing"):
    """How far a bone's head moved along an axis, in cm, against the base position (before it is set on the floor)."""
    moved, still = stand(*rows, base=base), stand(base=base)
    anchor = "pelvis"
    step = (moved.heads_m[bone] - moved.heads_m[anchor]) - (still.heads_m[bone] - still.heads_m[anchor])
    return float(step[axis]) * 100


# joint, motion, bone that shows it, axis (x left, y up, z forward), and the way it must go for the LEFT side
SIGNS = [
    ("shoulder", "flexion", 60, "wrist.L", Z, +1),
    ("shoulder", "extension", 40, "wrist.L", Z, -1),
    ("shoulder", "abduction", 70, "wrist.L", X, +1),
    ("shoulder", "abduction", 170, "wrist.L", Y, +1),
    ("elbow", "flexion", 90, "wrist.L", Z, +1),
    ("scapula", "elevation", 25, "upperarm01.L", Y, +1),
    ("scapula", "depression", 15, "upperarm01.L", Y, -1),
    ("scapula", "protraction", 20, "upperarm01.L", Z, +1),
    ("scapula", "retraction", 20, "upperarm01.L", Z, -1),
    ("hip", "flexion", 80, "lowerleg01.L", Z, +1),
    ("hip", "extension", 20, "lowerleg01.L", Z, -1),
    ("hip", "abduction", 40, "foot.L", X, +1),
    ("hip", "adduction", 15, "foot.L", X, -1),
    ("hip", "external_rotation", 40, "toes.L", X, +1),
    ("hip", "internal_rotation", 40, "toes.L", X, -1),
    ("knee", "flexion", 90, "foot.L", Z, -1),
    ("ankle", "dorsiflexion", 20, "toes.L", Y, +1),
    ("ankle", "plantarflexion", 40, "toes.L", Y, -1),
]


@pytest.mark.parametrize(("joint", "motion", "deg", "bone", "axis", "way"), SIGNS)
def test_signs_of_the_left_and_their_mirror_on_the_right(joint, motion, deg, bone, axis, way):
    left = went(bone, axis, (joint, "left", motion, deg))
    right = went(bone.replace(".L", ".R"), axis, (joint, "right", motion, deg))
    assert left * way > 1
    assert right == pytest.approx(-left if axis == X else left, abs=1e-6)


@pytest.mark.parametrize(
    ("first", "motion", "deg", "bone", "axis", "way"),
    [
        (("elbow", "left", "flexion", 90), "internal_rotation", 50, "wrist.L", X, -1),
        (("elbow", "left", "flexion", 90), "external_rotation", 50, "wrist.L", X, +1),
        (("shoulder", "left", "flexion", 90), "horizontal_adduction", 30, "wrist.L", X, -1),
        (("shoulder", "left", "flexion", 90), "horizontal_abduction", 60, "wrist.L", X, +1),
    ],
)
def test_signs_of_the_shoulder_with_the_arm_before_the_body(first, motion, deg, bone, axis, way):
    before, after = stand(first), stand(first, ("shoulder", "left", motion, deg))
    assert (after.heads_m[bone][axis] - before.heads_m[bone][axis]) * way > 0.05


def test_palm_turns_with_the_forearm_and_the_wrist():
    bent = ("elbow", "left", "flexion", 90)
    palm = {}
    for motion in ("pronation", "supination"):
        turn = stand(bent, ("forearm", "left", motion, 80)).turns["wrist.L"]
        palm[motion] = turn @ np.array([0, 0, 1.0])
    assert palm["pronation"][Y] < -0.8
    assert palm["supination"][Y] > 0.8
    up = (bent, ("forearm", "left", "supination", 85))
    assert stand(*up, ("wrist", "left", "flexion", 50)).heads_m["finger3-1.L"][Y] > stand(*up).heads_m["finger3-1.L"][Y]


@pytest.mark.parametrize("part", ["trunk", "lumbar", "thoracic", "neck", "head"])
def test_signs_of_the_spine(part):
    bone = "neck01" if part in ("trunk", "lumbar", "thoracic") else "head"
    if part != "head":
        assert went(bone, Z, (part, "midline", "flexion", 30)) > 0.5
        assert went(bone, Z, (part, "midline", "extension", 30)) < -0.5
        assert went(bone, X, (part, "left", "lateral_flexion", 25)) > 0.5
        assert went(bone, X, (part, "right", "lateral_flexion", 25)) < -0.5
    turn = stand((part, "left", "rotation", 30)).turns["head"]
    assert (turn @ np.array([0, 0, 1.0]))[X] == pytest.approx(np.sin(np.radians(30)), abs=0.02)
    nod = stand((part, "midline", "flexion", 20)).turns["head"]
    assert (nod @ np.array([0, 0, 1.0]))[Y] < -0.3


def test_angles_are_the_angles_that_were_asked_for():
    knee = stand(("knee", "left", "flexion", 90), ("hip", "left", "flexion", 90)).heads_m
    thigh, shank = knee["lowerleg01.L"] - knee["upperleg01.L"], knee["foot.L"] - knee["lowerleg01.L"]
    assert np.degrees(np.arccos(thigh @ shank / np.linalg.norm(thigh) / np.linalg.norm(shank))) == pytest.approx(
        90, abs=4
    )
    arm = stand(("shoulder", "left", "abduction", 90)).heads_m
    assert (arm["lowerarm01.L"] - arm["upperarm01.L"])[Y] == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("base", BASES)
def test_every_base_stands_on_the_floor_and_mirrors(base):
    position = Position(base, joints_of([("neck", "left", "rotation", 30), ("shoulder", "right", "flexion", 70)]))
    one, other = posed(position).points_m, posed(position.mirrored()).points_m
    assert one[:, Y].min() == pytest.approx(0, abs=1e-9)
    assert np.isfinite(one).all()
    assert np.abs(one - other[body().mirror] * [-1, 1, 1]).max() < 2e-3


def limb_girth(points, low, high):
    """Skin of the triangles between two ids' worth of zones, in cm2."""
    t = body().triangles
    a, b, c = (points[t[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2 * 1e4
    wanted = {n for n, z in enumerate(zones()) if z.id.startswith((low, high)) and z.side is Side.LEFT}
    return float(area[np.isin(body().zone_index[t[:, 0]], list(wanted))].sum())


@pytest.mark.parametrize(
    ("rows", "near", "far"),
    [
        ([("hip", "left", "flexion", 110), ("knee", "left", "flexion", 110)], "zone.buttock", "zone.thigh"),
        ([("shoulder", "left", "abduction", 160)], "zone.arm", "zone.shoulder"),
        ([("forearm", "left", "pronation", 80)], "zone.forearm", "zone.wrist"),
        ([("knee", "left", "flexion", 130)], "zone.knee", "zone.leg"),
    ],
)
def test_skin_does_not_collapse_at_a_bent_joint(rows, near, far):
    rest = limb_girth(figure_points("average"), near, far)
    assert 0.85 < limb_girth(stand(*rows).points_m, near, far) / rest < 1.25


def test_feet_of_one_who_stands_are_flat():
    squat = posed(Position("squatting"))
    for letter in "LR":
        sole = squat.turns[f"foot.{letter}"] @ np.array([0, 1.0, 0])
        assert sole[Y] > 0.93


def test_two_bent_hips_bow_the_trunk_and_leave_the_feet():
    bow = stand(("hip", "bilateral", "flexion", 70))
    assert bow.heads_m["foot.L"][Y] < 0.12
    assert bow.heads_m["head"][Z] > bow.heads_m["pelvis"][Z] + 0.3


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"base": "flying"}, "base position"),
        ({"joints": [{"joint": "tail", "motion": "flexion", "deg": 3}]}, "no joint"),
        ({"joints": [{"joint": "knee", "motion": "rotation", "deg": 3}]}, "flexion, extension"),
        ({"joints": [{"joint": "knee", "motion": "flexion", "deg": 300}]}, "between 0"),
        ({"joints": [{"joint": "knee", "motion": "flexion"}]}, "lacks its deg"),
        ({"joints": [{"joint": "neck", "motion": "rotation", "deg": 20}]}, "left or to the right"),
        ({"props": ["piano"]}, "no prop"),
        ({"pose": 1}, "no pose"),
    ],
)
def test_a_wrong_position_is_refused_with_words(wrong, words):
    with pytest.raises(PoseError, match=words):
        Position.read(wrong)
    with pytest.raises(PoseError, match="no view"):
        picture_svg(Position(), "from_mars")


def test_atlas_form_is_read():
    written = {"base": "supine", "joints": [{"joint": "hip", "side": "left", "motion": "flexion", "deg": 70}]}
    assert Position.read(written) == Position("supine", (JointAngle("hip", Side.LEFT, "flexion", 70),))
    both = Position.read({"joints": [{"joint": "knee", "side": "both", "motion": "flexion", "deg": 20}]})
    assert both.joints[0].side is Side.BILATERAL


def test_every_joint_can_be_drawn_into_points():
    for joint, motions in MOTIONS.items():
        for motion in motions[-1:]:
            side = Side.LEFT if motion in ("lateral_flexion", "rotation") or joint not in ("pelvis",) else Side.MIDLINE
            angle = JointAngle(joint, side, motion, 20)
            assert np.isfinite(posed(Position("standing", (angle,))).points_m).all()


def test_a_picture_is_well_formed_deterministic_and_uses_classes_only():
    position = Position.read({"base": "supine", "props": ["table", {"kind": "strap", "side": "left"}]})
    field = Field.from_zones(["zone.thigh.middle_posterior/left"])
    svg = picture_svg(position, "left", {"felt": field}, "Hamstring stretch")
    root = ET.fromstring(svg)
    assert root.get("aria-label") == "Hamstring stretch"
    classes = {e.get("class") for e in root.iter() if e.get("class")}
    assert {"sil", "ln", "ol", "prop", "field felt"} <= classes
    assert all(e.get("style") is None and e.get("fill") is None for e in root.iter())
    import tautband.surface.pose_pictures as pictures

    pictures._picture.cache_clear()
    assert picture_svg(position, "left", {"felt": field}, "Hamstring stretch") == svg


@pytest.mark.parametrize("view", CAMERAS)
def test_camera_keeps_left_and_right(view):
    camera = CAMERAS[view]
    assert np.linalg.det(camera.axes) == pytest.approx(1)
    xy, _ = camera.project(np.array([[0.2, 1.0, 0.0], [-0.2, 1.0, 0.0]]))
    if "back" in view:
        assert xy[0, 0] < xy[1, 0]
    elif view.startswith(("front", "above")):
        assert xy[0, 0] > xy[1, 0]  # the body's left is on the reader's right


def test_best_view_shows_the_plane_of_the_movement():
    assert abs(best_camera(Position("standing", joints_of([("hip", "left", "flexion", 60)]))).azimuth_deg) > 50
    assert abs(best_camera(Position("standing", joints_of([("shoulder", "left", "abduction", 90)]))).azimuth_deg) < 20
    assert best_camera(Position("standing", joints_of([("knee", "left", "flexion", 60)]))).azimuth_deg > 0


def test_nearest_skin_is_the_one_that_is_drawn():
    """The z-buffer against a brute force ray: at the middle of a picture the seen triangle is the nearest one."""
    plate = Plate(figure_points("average"), Camera(0))
    row, column = plate.height // 2, int(plate.pixel[body().zone_index == 0][:, 0].mean()) + 37
    t = body().triangles[body().visible[body().triangles].all(axis=1)]
    a, b, c = (plate.pixel[t[:, k]] for k in range(3))
    area = (b[:, 1] - c[:, 1]) * (a[:, 0] - c[:, 0]) + (c[:, 0] - b[:, 0]) * (a[:, 1] - c[:, 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        u = ((b[:, 1] - c[:, 1]) * (column - c[:, 0]) + (c[:, 0] - b[:, 0]) * (row - c[:, 1])) / area
        v = ((c[:, 1] - a[:, 1]) * (column - c[:, 0]) + (a[:, 0] - c[:, 0]) * (row - c[:, 1])) / area
        hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (area < 0)
    depth = plate.depth[t].mean(axis=1)
    assert hit.any()
    assert plate.seen[row, column] == np.nonzero(hit)[0][depth[hit].argmax()]


@pytest.mark.parametrize("name", FIGURES)
def test_figures_share_ids_and_symmetry(name):
    points = figure_points(name)
    assert points.shape == body().points_m.shape
    assert np.array_equal(points[body().mirror], points * [-1, 1, 1])
    assert np.ptp(points[:, 1]) == pytest.approx(1.72, abs=0.012)
    a, b, c = (points[body().triangles[:, k]] for k in range(3))
    assert (a * np.cross(b, c)).sum() > 0  # faces look outward


def test_builds_differ_as_their_names_say():
    def volume(name):
        a, b, c = (figure_points(name)[body().triangles[:, k]] for k in range(3))
        return float((a * np.cross(b, c)).sum() / 6)

    assert volume("slim") < volume("average") < volume("broad")


@pytest.mark.parametrize(
    ("part", "motion"), [("trunk", "flexion"), ("trunk", "extension"), ("pelvis", "anterior_tilt")]
)
def test_unset_arms_hang_and_feet_stay_flat(part, motion):
    body_now = stand((part, "midline", motion, 30))
    arm = body_now.heads_m["lowerarm01.L"] - body_now.heads_m["upperarm01.L"]
    assert abs(arm[Z]) < 0.09
    assert (body_now.turns["foot.L"] @ np.array([0, 1.0, 0]))[Y] > 0.97
