"""Ink survives the way to the disk and back, tells its zones, and follows zones that were changed by hand."""

import json
import zlib
from base64 import urlsafe_b64decode
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.findings import BadFinding, Layer, Mark
from tautband.findings.ink import Coat, Ink, Says, as_row, decode, encode, pack, unpack
from tautband.surface import Field, body, landmark_vertex, zone, zones
from tautband.surface.geodesics import distances_m
from tautband.terms.sides import Side

ACHE = Says(Layer.PAIN, 6.0, ("ache",), "deep", True)
SHARP = Says(Layer.PAIN, 8.0, ("sharp", "burning"), "surface")
NUMB = Says(Layer.NUMB)
SHOULDER = Mark("zone.shoulder.front", Side.RIGHT, Layer.PAIN, 6.0, ("ache",), True, "deep")


def dab(vertex: int, radius_m: float) -> Field:
    """What one touch of the brush leaves, in fifteen steps of weight as the painter makes them."""
    distance, _ = distances_m([vertex], radius_m * 1.25)
    weight = np.clip((1.25 - distance / radius_m) / 0.5, 0, 1)
    return Field.from_dense(np.where(np.isfinite(weight), np.rint(weight * 15) * 17, 0))


def coats(*pairs: tuple[Says, Field]) -> Ink:
    return Ink(tuple(Coat(says, field) for says, field in pairs))


def keys(marks: tuple[Mark, ...]) -> set[tuple[Layer, str, Side]]:
    return {(m.layer, m.place, m.side) for m in marks}


SAYS = st.builds(
    Says,
    st.sampled_from(list(Layer)),
    st.none() | st.integers(0, 100).map(lambda tenth: tenth / 10),
    st.lists(st.sampled_from(["ache", "sharp", "burning", "électrique"]), unique=True, max_size=3).map(tuple),
    st.sampled_from(["", "surface", "deep"]),
    st.booleans(),
    st.booleans(),
)


@st.composite
def inks(draw: st.DrawFn) -> Ink:
    """Any ink: a few statements over any vertices, at most one a layer at each."""
    says = draw(st.lists(SAYS, unique=True, max_size=5))
    ids = draw(st.lists(st.integers(0, body().vertex_count - 1), unique=True, max_size=60))
    found = []
    for number, each in enumerate(says):
        own = sorted(ids[number :: len(says)])
        if own:
            weights = draw(st.lists(st.integers(1, 255), min_size=len(own), max_size=len(own)))
            found.append(Coat(each, Field(np.array(own, np.int32), np.array(weights))))
    return Ink(tuple(found))


@given(inks())
@settings(max_examples=60, deadline=None)
def test_the_way_to_the_disk_and_back_is_exact(ink: Ink):
    assert unpack(pack(ink)) == ink
    assert decode(encode(ink)) == ink
    assert bool(pack(ink)) == bool(ink)


def test_a_drawing_of_five_thousand_vertices_is_small():
    names = ("shoulder_front", "thigh_lateral_lower", "calf", "l3", "c7")
    fields, taken = [], Field.empty()
    for name in names:
        side = Side.MIDLINE if name in ("l3", "c7") else Side.RIGHT
        painted = dab(landmark_vertex(name, side), 0.17).without(taken)
        taken, fields = taken | painted, [*fields, painted]
    ink = coats(*((Says(Layer.PAIN, float(n), ("ache",)), field) for n, field in enumerate(fields)))
    assert ink.vertex_count >= 5_000
    assert len(pack(ink)) * 5_000 / ink.vertex_count <= 8_192


def test_no_ink_is_no_bytes_and_no_marks():
    assert pack(Ink()) == b""
    assert unpack(b"") == Ink()
    assert Ink().marks() == ()
    assert decode(encode(Ink())) == Ink()


def test_a_dab_marks_the_zone_it_lies_in_with_what_was_said():
    vertex = landmark_vertex("shoulder_front", Side.RIGHT)
    (mark,) = coats((ACHE, dab(vertex, 0.008))).marks()
    assert (mark.place, mark.side) == (zone_of(vertex).id, Side.RIGHT)
    assert (mark.intensity, mark.quality, mark.began_here, mark.depth) == (6.0, ("ache",), True, "deep")


def zone_of(vertex: int):
    return zones()[int(body().zone_index[vertex])]


def test_most_of_the_ink_of_a_zone_gives_its_number_and_all_of_it_its_qualities():
    place = zone("zone.arm.proximal_lateral/right")
    whole = Field.from_zones([place])
    few = Field(whole.vertices[:6], whole.weights[:6])
    (mark,) = coats((ACHE, whole.without(few)), (SHARP, few)).marks()
    assert mark.intensity == 6.0
    assert mark.quality == ("ache", "sharp", "burning")


@given(st.lists(st.tuples(st.sampled_from(zones()), SAYS), unique_by=lambda p: (p[0], p[1].layer), max_size=8))
@settings(max_examples=40, deadline=None)
def test_a_zone_mark_is_the_vertices_of_its_zone(pairs):
    marks = [says.mark(place.id, place.side) for place, says in pairs]
    ink = Ink().following(marks)
    assert sorted(map(repr, ink.marks())) == sorted(map(repr, marks))
    for layer in Layer:
        painted = {place for place, says in pairs if says.layer is layer}
        assert ink.field(layer) == Field.from_zones(painted)


def test_ink_goes_on_where_the_chart_stopped_and_keeps_its_shape():
    painted = coats((ACHE, dab(landmark_vertex("shoulder_front", Side.RIGHT), 0.05)))
    assert painted.following(painted.marks()) == painted, "nothing changed, nothing moved"
    far = Mark("zone.foot.heel_sole", Side.LEFT, Layer.NUMB)
    more = painted.following([*painted.marks(), far])
    assert more.field(Layer.PAIN) == painted.field(Layer.PAIN)
    assert keys(more.marks()) == keys(painted.marks()) | {(Layer.NUMB, "zone.foot.heel_sole", Side.LEFT)}
    stronger = painted.following([Says(Layer.PAIN, 9.0).mark(m.place, m.side) for m in painted.marks()])
    marked = [zone(f"{m.place}/{m.side}") for m in painted.marks()]
    inside = Field.from_zones(marked)
    before, after = painted.field(Layer.PAIN), stronger.field(Layer.PAIN)
    assert after.intersection(inside) == before.intersection(inside), "a new number keeps the painted shape"
    assert {m.intensity for m in stronger.marks()} == {9.0}


@pytest.mark.parametrize("radius_m", [0.02, 0.05, 0.09])
def test_clearing_any_zone_leaves_exactly_the_other_zones(radius_m: float):
    painted = coats((ACHE, dab(landmark_vertex("c7", Side.MIDLINE), radius_m)))
    marks = painted.marks()
    for gone in marks:
        rest = tuple(m for m in marks if m is not gone)
        assert keys(painted.following(rest).marks()) == keys(rest)
    assert not painted.following([])


def test_two_inks_together_lose_nothing():
    a = coats((ACHE, dab(landmark_vertex("shoulder_front", Side.RIGHT), 0.04)))
    b = coats(
        (SHARP, dab(landmark_vertex("c7", Side.MIDLINE), 0.06)), (NUMB, dab(landmark_vertex("heel", Side.LEFT), 0.03))
    )
    both = a.over(b)
    assert np.isin(a.field(Layer.PAIN).vertices, both.field(Layer.PAIN).vertices).all()
    assert np.isin(b.field(Layer.PAIN).vertices, both.field(Layer.PAIN).vertices).all()
    assert both.field(Layer.NUMB) == b.field(Layer.NUMB)


def test_impossible_ink_is_refused_with_the_reason():
    good = encode(coats((ACHE, dab(landmark_vertex("c7", Side.MIDLINE), 0.02))))
    head = b"TBD1\x06body-1"
    coat = bytes([0, 60, 0, 0, 0])
    for bytes_, reason in (
        (b"", "cut off"),
        (good[:-3], "cut off"),
        (good + b"x", "behind the end"),
        (b"PNG!" + good, "no drawing"),
        (encode(Ink(), "body-2"), "body-2"),
        (head + b"\x01" + coat + b"\x01\xff\xff\xff\x7f\xff", "names point"),
        (head + b"\x01" + coat + b"\x02\x05\x00\xff\xff", "ascend"),
        (head + b"\x01" + coat + b"\x01\x05\x00", "Weights"),
        (head + b"\x01" + bytes([9, 60, 0, 0, 0]) + b"\x00", "does not know"),
        (head + b"\x02" + 2 * (coat + b"\x01\x05\xff"), "painted twice"),
        (head + b"\xff\xff\xff\xff\xff\x01", "too large"),
        (head + b"\x90\x4e", "at most"),
    ):
        with pytest.raises(BadFinding, match=reason):
            decode(bytes_)


def test_a_damaged_store_says_so_and_no_bomb_goes_off():
    stored = pack(coats((ACHE, dab(landmark_vertex("c7", Side.MIDLINE), 0.02))))
    for broken in (stored[:2], stored[:-4], b"\xff\xff\xff\xff" + zlib.compress(bytes(9_000_000))):
        with pytest.raises(BadFinding, match=r"damaged|no drawing"):
            unpack(broken)


def test_the_examples_that_the_painter_reads_too_hold_here():
    examples = json.loads(Path(__file__).with_name("ink_examples.json").read_text())
    for example in examples:
        ink = decode(urlsafe_b64decode(example["ink"]))
        assert [as_row(mark) for mark in ink.marks()] == example["marks"]
        followed = ink.following(Mark(**_named(row)) for row in example["followed"])
        assert followed == decode(urlsafe_b64decode(example["after"]))
        assert sorted(map(str, map(as_row, followed.marks()))) == sorted(map(str, example["followed"]))


def _named(row: dict) -> dict:
    """A stored row as the arguments of a mark."""
    return {
        "place": row["zone"],
        "side": Side(row["side"]),
        "layer": Layer(row["layer"]),
        "intensity": row["intensity"],
        "quality": tuple(row["quality"]),
        "began_here": row["began_here"],
        "depth": row.get("depth", ""),
        "moves_here": row.get("moves_here", False),
    }
