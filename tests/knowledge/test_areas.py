"""Named areas cover the skin, stand for zones that exist, and contain what lies in them."""

from functools import cache

import pytest

from tautband.knowledge import Atlas, UnknownId, load, packaged_folder
from tautband.knowledge.areas import areas_of, reasoning_zones, surface_zones, within, zones_in


@cache
def packaged() -> Atlas:
    return load([packaged_folder()])


def test_every_zone_lies_in_a_named_area() -> None:
    covered = {z for id in packaged().areas if id != "area.all_over" for z in zones_in(id, packaged())}
    assert covered == set(surface_zones())


def test_every_area_stands_for_zones() -> None:
    assert [id for id in packaged().areas if not zones_in(id, packaged())] == []


def test_a_zone_is_within_exactly_the_areas_that_hold_it() -> None:
    atlas = packaged()
    for zone in ("zone.forearm.middle_radial", "zone.foot.arch", "zone.head.temple"):
        holding = {id for id in atlas.areas if zone in zones_in(id, atlas)}
        assert {id for id in atlas.areas if within(zone, id, atlas)} == holding
        assert set(areas_of(zone, atlas)) == holding


@pytest.mark.parametrize(
    ("place", "area", "is_within"),
    [
        ("area.thumb", "area.hand", True),
        ("area.hand", "area.thumb", False),
        ("area.calf", "area.lower_limb", True),
        ("area.lower_limb", "area.calf", False),
        ("area.neck", "area.neck", True),
        ("area.knee", "area.elbow", False),
        ("area.forearm_radial", "area.forearm", True),
    ],
)
def test_larger_areas_hold_smaller_ones(place: str, area: str, is_within: bool) -> None:
    assert within(place, area, packaged()) is is_within


def test_reasoning_zones_of_the_surface_are_places_too() -> None:
    for reasoning, zones in reasoning_zones().items():
        assert zones_in(reasoning, packaged()) == frozenset(zones)
        assert all(within(zone, reasoning, packaged()) for zone in zones)


def test_an_unknown_area_is_refused() -> None:
    with pytest.raises(UnknownId, match=r"atlas/areas"):
        zones_in("area.atlantis", packaged())
