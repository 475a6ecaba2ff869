"""Fields keep what was painted, to the byte, and obey the laws of sets and areas."""

import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.surface import FULL, Field, FieldError, FieldStack, body, zones
from tautband.surface.fields import _BODY

UNHURRIED = settings(deadline=None)  # the first example loads the surface
VISIBLE = np.nonzero(body().visible)[0].tolist()


@st.composite
def fields(draw) -> Field:
    painted = draw(st.dictionaries(st.sampled_from(VISIBLE), st.integers(1, FULL), max_size=60))
    vertices = sorted(painted)
    return Field(np.array(vertices, np.int32), np.array([painted[v] for v in vertices], np.uint8))


@UNHURRIED
@given(fields())
def test_bytes_give_the_same_field_back(field):
    assert Field.from_bytes(field.to_bytes()) == field
    assert Field.from_dense(field.dense()) == field


@UNHURRIED
@given(fields())
def test_mirroring_twice_changes_nothing_and_keeps_the_area(field):
    assert field.mirrored().mirrored() == field
    assert field.mirrored().area_cm2 == pytest.approx(field.area_cm2)


@UNHURRIED
@given(fields(), fields())
def test_union_and_overlap_obey_inclusion_and_exclusion(one, two):
    assert one.union(two) == two | one
    together = (one | two).area_cm2
    assert together + one.overlap_cm2(two) == pytest.approx(one.area_cm2 + two.area_cm2)
    assert 0 <= one.jaccard(two) <= 1 + 1e-9
    assert one.jaccard(two) == pytest.approx(two.jaccard(one))
    assert one.overlap_cm2(two) <= min(one.area_cm2, two.area_cm2) + 1e-9


@UNHURRIED
@given(fields())
def test_a_field_is_all_itself(field):
    assert field | field == field
    assert field.jaccard(field) == pytest.approx(1.0 if len(field) else 0.0)
    assert len(field.without(field)) == 0
    assert field.area_cm2 <= field.covered_cm2 + 1e-9


@UNHURRIED
@given(fields())
def test_shares_over_all_zones_make_one(field):
    assert field.share_in(*zones()) == pytest.approx(1.0 if len(field) else 0.0)


@UNHURRIED
@given(st.lists(fields(), max_size=5), fields())
def test_stack_agrees_with_one_field_at_a_time(many, drawing):
    stack = FieldStack(many)
    assert stack.overlap_cm2(drawing) == pytest.approx([f.overlap_cm2(drawing) for f in many], abs=1e-4)
    assert stack.jaccard(drawing) == pytest.approx([f.jaccard(drawing) for f in many], abs=1e-4)


def test_area_counts_vertices_by_weight():
    vertex = VISIBLE[100]
    field = Field(np.array([vertex], np.int32), np.array([51], np.uint8))
    assert field.area_cm2 == pytest.approx(body().vertex_area_cm2[vertex] * 51 / 255)
    assert field.covered_cm2 == pytest.approx(body().vertex_area_cm2[vertex])


def test_a_whole_zone_has_the_area_of_the_zone():
    zone = next(z for z in zones() if z.id == "zone.arm.middle_lateral")
    assert Field.from_zones([zone]).area_cm2 == pytest.approx(zone.area_cm2, abs=0.1)
    assert Field.from_zones({str(zone): 51}).area_cm2 == pytest.approx(zone.area_cm2 / 5, abs=0.1)
    assert Field.from_zones([zone]).share_in(zone) == 1


SAMPLE = Field.from_zones(["zone.head.temple/left", "zone.neck.side_upper/left"])


def test_stored_form_is_small():
    assert len(SAMPLE.to_bytes()) < 3 * len(SAMPLE)


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        (b"", "not a stored field"),
        (b"PNG....", "not a stored field"),
        (SAMPLE.to_bytes().replace(b"body-1", b"body-9"), "body-9"),
        (SAMPLE.to_bytes()[:14], "cut short"),
        (SAMPLE.to_bytes()[:-6], "damaged"),
        (SAMPLE.to_bytes()[:-20] + b"x" * 20, "damaged"),
    ],
)
def test_bytes_that_are_no_field_of_this_surface_are_refused(stored, reason):
    with pytest.raises(FieldError, match=reason):
        Field.from_bytes(stored)


def forged(vertices: list[int], weights: list[int]) -> bytes:
    payload = np.diff(vertices, prepend=0).astype("<u2").tobytes() + bytes(weights)
    return b"TBF1\x06body-1" + _BODY.pack(len(vertices), zlib.crc32(payload)) + zlib.compress(payload)


def test_ids_outside_the_surface_are_refused_with_the_range():
    with pytest.raises(FieldError, match="outside body-1"):
        Field.from_bytes(forged([5, body().vertex_count], [9, 9]))


def test_zero_weight_and_repeated_ids_are_refused():
    with pytest.raises(FieldError, match="1 to 255"):
        Field.from_bytes(forged([5, 6], [9, 0]))
    with pytest.raises(FieldError, match="ascend"):
        Field.from_bytes(forged([5, 5], [9, 9]))


def test_a_bomb_is_not_unpacked():
    huge = b"TBF1\x06body-1" + _BODY.pack(10, 0) + zlib.compress(bytes(50_000_000), 9)
    with pytest.raises(FieldError, match="damaged"):
        Field.from_bytes(huge)
    with pytest.raises(FieldError, match="names 4000000000 vertices"):
        Field.from_bytes(b"TBF1\x06body-1" + _BODY.pack(4_000_000_000, 0))


@pytest.mark.parametrize(
    ("vertices", "weights", "reason"),
    [([1, 2], [5], "one weight"), ([2, 1], [5, 5], "ascend"), ([-1], [5], "outside"), ([1], [300], "1 to 255")],
)
def test_malformed_fields_are_refused(vertices, weights, reason):
    with pytest.raises(FieldError, match=reason):
        Field(np.array(vertices), np.array(weights))


def test_dense_weights_out_of_range_are_refused():
    with pytest.raises(FieldError, match="0 to 255"):
        Field.from_dense(np.full(body().vertex_count, 256.0))
    with pytest.raises(FieldError, match="one number"):
        Field.from_dense(np.zeros(3))
    with pytest.raises(FieldError, match="1 to 255"):
        Field.from_zones(["zone.head.temple/left"], weight=0)


def test_hidden_skin_is_never_painted():
    everything = Field.from_dense(np.full(body().vertex_count, FULL))
    assert body().paintable[everything.vertices].all()
    assert len(everything) == body().paintable.sum()


def test_fields_are_values():
    again = Field(SAMPLE.vertices, SAMPLE.weights)
    assert {SAMPLE, again} == {SAMPLE}
    with pytest.raises(ValueError, match="read-only"):
        SAMPLE.weights[0] = 1
    assert len(Field.empty()) == 0
