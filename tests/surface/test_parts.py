"""Parts of a referral field: blobs and tubes of the size that was asked for, on the side that was asked for."""

import numpy as np
import pytest

from tautband.surface import (
    Field,
    Part,
    PartError,
    UnknownLandmark,
    body,
    describe,
    field_from_parts,
    landmark_vertex,
    landmarks,
    zones_of,
)
from tautband.terms.sides import Side

SHOULDER = {"kind": "essential", "blob": "shoulder_front", "radius_cm": 4}
ARM = {"kind": "spillover", "tube": ["shoulder_front", "arm_side"], "radius_cm": [4, 3]}


@pytest.mark.parametrize("id", ["paraspinal_t10", "abdomen_upper", "thigh_front", "infraspinous"])
@pytest.mark.parametrize("radius_cm", [3, 5])
def test_a_blob_on_nearly_flat_skin_has_the_area_of_its_disc(id, radius_cm):
    field = field_from_parts([{"kind": "essential", "blob": id, "radius_cm": radius_cm}], Side.LEFT)
    assert field.area_cm2 == pytest.approx(np.pi * radius_cm**2, rel=0.15)


def test_a_tube_has_the_area_of_its_band():
    part = {"kind": "essential", "tube": ["thigh_lateral_upper", "thigh_lateral_lower"], "radius_cm": 3}
    ends = [body().points_m[landmark_vertex(id, Side.LEFT)] for id in part["tube"]]
    length_cm = float(np.linalg.norm(ends[0] - ends[1])) * 100
    field = field_from_parts([part], Side.LEFT)
    assert field.area_cm2 == pytest.approx(6 * length_cm + np.pi * 9, rel=0.15)


@pytest.mark.parametrize("stretch", [0.5, 2.0])
def test_a_stretched_blob_is_an_ellipse_along_the_line_it_is_stretched_on(stretch):
    part = {
        "kind": "essential",
        "blob": "paraspinal_t10",
        "radius_cm": 4,
        "toward": "paraspinal_t7",
        "stretch": stretch,
    }
    field = field_from_parts([part], Side.LEFT)
    assert field.area_cm2 == pytest.approx(np.pi * 16 * stretch, rel=0.25)
    points = body().points_m[field.vertices[field.weights >= 128]]
    centre = body().points_m[landmark_vertex("paraspinal_t10", Side.LEFT)]
    up, across = (np.abs(points - centre).max(axis=0) * 100)[[1, 0]]
    assert up == pytest.approx(4 * stretch, rel=0.25)
    assert across == pytest.approx(4, rel=0.25)


@pytest.mark.parametrize(
    "part",
    [
        {"toward": "paraspinal_t7"},
        {"stretch": 2},
        {"toward": "paraspinal_t7", "stretch": 9},
        {"toward": "paraspinal_t10", "stretch": 2},
    ],
)
def test_a_stretch_that_cannot_be_is_refused(part):
    with pytest.raises(PartError):
        field_from_parts([{"kind": "essential", "blob": "paraspinal_t10", "radius_cm": 3, **part}], Side.LEFT)


def test_weight_tells_essential_from_spillover():
    field = field_from_parts([SHOULDER, ARM], Side.LEFT).dense()
    assert field[landmark_vertex("shoulder_front", Side.LEFT)] >= 250
    assert field[landmark_vertex("arm_side", Side.LEFT)] == pytest.approx(110, abs=12)


def test_right_is_the_mirror_of_left_and_bilateral_is_both():
    left, right = (field_from_parts([SHOULDER, ARM], side) for side in (Side.LEFT, Side.RIGHT))
    assert right == left.mirrored()
    assert field_from_parts([SHOULDER, ARM], Side.BILATERAL) == left | right
    assert (body().points_m[left.vertices, 0] > 0).all()


def test_opposite_part_lies_on_the_other_side():
    field = field_from_parts([{**SHOULDER, "side": "opposite"}], Side.LEFT)
    assert (body().points_m[field.vertices, 0] < 0).all()


def test_midline_part_is_symmetric():
    field = field_from_parts([{"kind": "essential", "blob": "c7", "radius_cm": 3, "side": "midline"}], Side.MIDLINE)
    assert field == field.mirrored()


def test_every_landmark_can_carry_a_small_blob():
    for id, point in landmarks().items():
        side = Side.LEFT if point.paired else Side.MIDLINE
        field = field_from_parts([{"kind": "essential", "blob": id, "radius_cm": 1.2}], side)
        assert 0.5 < field.area_cm2 < 30, id


def test_paint_keeps_to_the_skin_and_does_not_jump_from_arm_to_trunk():
    field = field_from_parts([{"kind": "essential", "blob": "arm_medial", "radius_cm": 4}], Side.LEFT)
    assert not any(z.id.startswith(("zone.chest", "zone.belly", "zone.back")) for z, _ in zones_of(field))


def test_field_in_words_names_side_place_and_area():
    field = field_from_parts([{"kind": "essential", "blob": "thigh_back", "radius_cm": 4}], Side.LEFT)
    text = describe(field)
    assert text.startswith("left posterior middle thigh, ")
    assert "cm²" in text
    assert describe(Field.empty()) == "nothing painted"


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"kind": "core", "blob": "c7", "radius_cm": 3}, "essential or spillover"),
        ({"kind": "essential", "blob": "c7"}, "radius_cm"),
        ({"kind": "essential", "blob": "c7", "tube": ["c7", "t2"], "radius_cm": 3}, "either a blob"),
        ({"kind": "essential", "tube": ["c7"], "radius_cm": 3}, "at least two"),
        ({"kind": "essential", "tube": ["c7", "t2", "t4"], "radius_cm": [3, 2]}, "one radius for each"),
        ({"kind": "essential", "blob": "c7", "radius_cm": 0}, "between 0.3 and 20"),
        ({"kind": "essential", "blob": "c7", "radius_cm": 3, "side": "left"}, "same, opposite, midline"),
        ({"kind": "essential", "blob": "temple", "radius_cm": 3, "side": "midline"}, "paired"),
        ({"kind": "essential", "blob": "c7", "radius_cm": 3, "colour": "red"}, "no colour"),
    ],
)
def test_malformed_parts_say_what_is_wrong(part, reason):
    with pytest.raises(PartError, match=reason):
        Part.read(part)


def test_unknown_landmark_in_a_part_is_named():
    with pytest.raises(UnknownLandmark, match="'temple'"):
        field_from_parts([{"kind": "essential", "blob": "tempel", "radius_cm": 3}], Side.LEFT)


def test_a_part_that_paints_nothing_is_refused():
    with pytest.raises(PartError, match=r"cm2 of visible skin"):
        field_from_parts([{"kind": "essential", "blob": "little_tip", "radius_cm": 0.3}], Side.LEFT)
