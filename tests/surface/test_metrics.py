"""Areas add up, places are named, and a change is only called one when published repeatability allows it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.surface import Field, body, landmark_vertex, zones
from tautband.surface.difference import (
    Verdict,
    client_and_therapist,
    compare,
    compare_layers,
    drawing_errors,
    error_for,
)
from tautband.surface.geodesics import distances_m
from tautband.surface.metrics import (
    body_cm2,
    centre_zone,
    covered_jaccard,
    extents,
    in_words,
    in_zones,
    intensity,
    layers_in_words,
    moved_cm,
    patches,
)
from tautband.terms.sides import Side


def disc(landmark: str, side: Side, radius_cm: float, weight: int = 153) -> Field:
    """Everything within a distance along the skin of a landmark."""
    near, _ = distances_m([landmark_vertex(landmark, side)], radius_cm / 100)
    return Field.from_dense(np.where(np.isfinite(near), weight, 0))


some_zones = st.lists(st.sampled_from(zones()), max_size=8, unique_by=str)


def painted(chosen, weight=200):
    return Field.from_zones(chosen, weight)


@settings(max_examples=25, deadline=None)
@given(some_zones)
def test_zones_add_up_to_the_whole(chosen):
    field = painted(chosen)
    rows = in_zones(field)
    assert sum(row.area_cm2 for row in rows) == pytest.approx(field.covered_cm2)
    assert {str(row.zone) for row in rows} == {str(z) for z in chosen}
    assert all(row.share == pytest.approx(1, abs=0.02) for row in rows)


@settings(max_examples=25, deadline=None)
@given(some_zones, some_zones)
def test_the_five_parts_are_the_union_and_share_no_skin(first, second):
    before, after = painted(first, 100), painted(second, 220)
    difference = compare(before, after)
    parts = difference.parts.values()
    count = sum((part.dense() > 0).astype(int) for part in parts)
    assert ((count == 1) == ((before.dense() > 0) | (after.dense() > 0))).all()
    assert count.max() <= 1
    assert sum(part.covered_cm2 for part in parts) == pytest.approx((before | after).covered_cm2)
    back = compare(after, before)
    assert back.new == difference.gone
    assert back.gone == difference.new
    assert back.jaccard == difference.jaccard
    assert back.change_cm2 == -difference.change_cm2


def test_the_whole_body_is_all_of_it():
    everything = Field.from_dense(np.where(body().visible, 255, 0))
    assert extents({"pain": everything, "numb": everything})["all"].share == pytest.approx(1)
    assert everything.covered_cm2 == pytest.approx(body_cm2())


def test_skin_in_two_layers_counts_once_together():
    one = disc("calf", Side.LEFT, 4)
    found = extents({"pain": one, "numb": one})
    assert found["all"].area_cm2 == pytest.approx(found["pain"].area_cm2)


def test_two_places_are_two_patches_with_their_own_middle():
    field = disc("calf", Side.LEFT, 4, 153) | disc("thigh_back", Side.RIGHT, 6, 204)
    found = patches(field)
    assert [p.zone.id.split(".")[1] for p in found] == ["thigh", "leg"]
    assert [p.zone.side for p in found] == [Side.RIGHT, Side.LEFT]
    assert [round(p.intensity) for p in found] == [8, 6]
    assert found[0].area_cm2 + found[1].area_cm2 == pytest.approx(field.covered_cm2)


def test_words_say_place_area_quality_and_number():
    words = in_words(disc("thigh_back", Side.LEFT, 4, 153), ["burning"])
    assert words.startswith("left posterior middle thigh")
    assert words.endswith("burning, 6/10")
    assert " cm², " in words
    assert in_words(Field.empty()) == "nothing painted" == layers_in_words({"pain": Field.empty()})


def test_a_mirrored_drawing_mirrors_its_words_and_keeps_its_numbers():
    field = disc("calf", Side.LEFT, 5)
    assert in_words(field.mirrored()) == in_words(field).replace("left", "right")
    assert intensity(field.mirrored()) == pytest.approx(intensity(field))


def test_the_middle_moves_with_the_drawing():
    calf, thigh = disc("calf", Side.LEFT, 4), disc("thigh_back", Side.LEFT, 4)
    assert moved_cm(calf, calf) == 0
    assert 30 < moved_cm(calf, thigh) < 60
    assert moved_cm(calf, Field.empty()) is None
    assert centre_zone(calf).id.startswith("zone.leg.")
    assert centre_zone(Field.empty()) is None


def test_the_stored_error_is_the_published_one():
    published = next(e for e in drawing_errors() if e.name == "neck_and_low_back")
    mean = (5888 + 6261) / 2
    assert published.half_width_share == pytest.approx((1960 + 2710) / 2 / mean, abs=0.001)
    assert all(e.source and e.link and e.read and e.grade for e in drawing_errors())


@pytest.mark.parametrize(
    ("radius", "verdict"),
    [(8.0, Verdict.NOISE), (8.6, Verdict.NOISE), (9.4, Verdict.NOT_PROVEN), (12.5, Verdict.CHANGED)],
)
def test_extent_on_the_back_is_judged_by_the_published_limits(radius, verdict):
    difference = compare(disc("l3", Side.MIDLINE, 8), disc("l3", Side.MIDLINE, radius))
    assert difference.extent is verdict
    assert difference.limit_cm2 == pytest.approx(0.384 * (difference.before_cm2 + difference.after_cm2) / 2)


def test_another_place_is_a_change_although_the_extent_is_not():
    difference = compare(disc("l3", Side.MIDLINE, 6), disc("t4", Side.MIDLINE, 6))
    assert difference.place is Verdict.CHANGED
    assert difference.jaccard == 0


def test_no_error_on_file_gives_no_verdict():
    leg = disc("calf", Side.LEFT, 4), disc("calf", Side.LEFT, 9)
    assert compare(*leg).extent is Verdict.NONE is compare(*leg).place
    back = disc("l3", Side.MIDLINE, 4), disc("l3", Side.MIDLINE, 9)
    assert compare(*back, layer="numb").extent is Verdict.NONE
    empty = compare(Field.empty(), Field.empty())
    assert empty.extent is Verdict.NONE
    assert empty.jaccard == 1
    assert error_for(Field.empty(), "pain") is None


def test_shoulder_has_an_error_of_place_but_none_of_extent():
    arm = disc("arm_side", Side.LEFT, 4)
    difference = compare(arm, arm)
    assert difference.error.name == "shoulder"
    assert (difference.extent, difference.place) == (Verdict.NONE, Verdict.NOISE)


def test_intensity_must_move_two_points_to_count():
    calm, strong = disc("l3", Side.MIDLINE, 5, 102), disc("l3", Side.MIDLINE, 5, 178)
    assert compare(calm, strong).stronger.covered_cm2 == pytest.approx(calm.covered_cm2)
    assert not len(compare(calm, disc("l3", Side.MIDLINE, 5, 140)).stronger)
    assert compare(strong, calm).weaker.covered_cm2 == pytest.approx(calm.covered_cm2)


def test_layers_are_compared_each_with_its_own():
    found = compare_layers({"pain": disc("l3", Side.MIDLINE, 5)}, {"numb": disc("calf", Side.LEFT, 5)})
    assert set(found) == {"pain", "numb"}
    assert not len(found["numb"].gone)


def test_client_and_therapist_split_the_skin_between_them():
    client, therapist = disc("l3", Side.MIDLINE, 7), disc("l5", Side.MIDLINE, 5)
    found = client_and_therapist(client, therapist)
    total = found.both.covered_cm2 + found.only_client.covered_cm2 + found.only_therapist.covered_cm2
    assert total == pytest.approx((client | therapist).covered_cm2)
    assert found.jaccard == covered_jaccard(client, therapist)
