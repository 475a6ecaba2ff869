"""Scales of others: every area has skin, sides mirror, disjoint ones are, counts are the published ones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tautband.surface import Field, SurfaceError, body, zones
from tautband.surface.crosswalks import scales, scored
from tautband.terms.sides import Side


@pytest.mark.parametrize("scale", scales().values(), ids=lambda s: s.id)
def test_every_area_has_skin_and_its_mirror(scale):
    names = {(a.name, a.side): {z.id for z in a.zones} for a in scale.areas}
    for (name, side), ids in names.items():
        assert ids, f"{scale.id}: {name} matches no zone"
        if side is Side.LEFT:
            assert names[name, Side.RIGHT] == ids
    assert all((scale.source, scale.read, scale.grade in "ABCD"))


@pytest.mark.parametrize("scale", [s for s in scales().values() if s.disjoint], ids=lambda s: s.id)
def test_disjoint_areas_share_no_zone_of_a_side(scale):
    for side in (Side.LEFT, Side.RIGHT, Side.MIDLINE):
        owners = {}
        for area in scale.areas:
            for zone in area.zones:
                if zone.side is side and (side is not Side.MIDLINE or area.side is not Side.RIGHT):
                    assert zone.id not in owners, f"{zone} lies in {owners.get(zone.id)} and {area}"
                    owners[zone.id] = str(area)


def test_published_counts():
    assert len(scales()["widespread_pain_index"].areas) == 19
    assert len(scales()["michigan_like"].areas) == 35
    roots = {a.name for a in scales()["dermatomes"].areas}
    wanted = {"C2", "S5", *(f"C{n}" for n in range(3, 9)), *(f"T{n}" for n in range(1, 13))}
    assert wanted | {f"L{n}" for n in range(1, 6)} | {f"S{n}" for n in range(1, 6)} == roots


def test_a_body_map_covers_the_body():
    everything = {str(z) for z in zones()}
    for name in ("michigan_like", "choir_like"):
        covered = {str(z) for a in scales()[name].areas for z in a.zones}
        assert covered == everything, f"{name} misses {sorted(everything - covered)}"


def test_the_whole_body_scores_the_whole_scale_and_nothing_scores_nothing():
    import numpy as np

    everything = Field.from_dense(np.where(body().visible, 255, 0))
    assert scored(everything, "widespread_pain_index").count == 19
    assert scored(Field.empty(), "widespread_pain_index").count == 0


def test_a_dot_does_not_count_and_hands_are_no_area_of_the_index():
    calf = Field.from_zones(["zone.leg.middle_posterior/left"])
    dot = Field(calf.vertices[:1], calf.weights[:1])
    assert scored(dot, "widespread_pain_index").count == 0
    assert [str(a) for a in scored(calf, "widespread_pain_index").counted] == ["lower_leg/left"]
    assert scored(Field.from_zones(["zone.hand.thenar/left"]), "widespread_pain_index").count == 0


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(zones()), max_size=10, unique_by=str))
def test_mirrored_drawings_score_mirrored_areas(chosen):
    field = Field.from_zones(chosen)
    for name in scales():
        one = {(a.name, a.side.mirrored) for a, _ in scored(field, name).painted}
        assert one == {(a.name, a.side) for a, _ in scored(field.mirrored(), name).painted}


def test_known_places_lie_in_their_known_roots_and_nerves():
    for place, root in (
        ("hand.thumb_palmar", "C6"),
        ("hand.little_palmar", "C8"),
        ("foot.lateral", "S1"),
        ("belly.navel_inner", "T10"),
    ):
        assert root in {a.name for a in scored(Field.from_zones([f"zone.{place}/left"]), "dermatomes").counted}
    thumb = scored(Field.from_zones(["zone.hand.thenar/right"]), "nerve_territories").counted
    assert [str(a) for a in thumb] == ["median/right"]


def test_an_unknown_scale_is_refused_with_the_names():
    with pytest.raises(SurfaceError, match="dermatomes"):
        scored(Field.empty(), "stars")
