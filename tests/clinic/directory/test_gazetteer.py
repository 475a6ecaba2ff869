"""Places found without asking anybody, and how far they are."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tautband.clinic.directory.gazetteer import distance_km, find, fold

DEG = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("words", "name", "country"),
    [
        ("bergen, no", "Bergen", "NO"),
        ("ZURICH", "Zürich", "CH"),
        ("münchen", "Munich", "DE"),
        ("tromso", "Tromsø", "NO"),
        ("Paris", "Paris", "FR"),
        ("Paris, US", "Paris", "US"),
    ],
)
def test_a_town_is_found_however_it_is_typed(words: str, name: str, country: str) -> None:
    found = find(words)[0]
    assert (found.name, found.country) == (name, country)


@pytest.mark.parametrize("words", ["", "x", ",", "qqqqzz", "\x00", "'; drop table"])
def test_no_town_is_no_mishap(words: str) -> None:
    assert find(words) == []


@pytest.mark.parametrize(
    ("here", "there", "km"),
    # Published great-circle distances between the airports of these cities, to which the towns lie within 40 km.
    [("Oslo, NO", "Bergen, NO", 305), ("London, GB", "Paris, FR", 344), ("Sydney, AU", "London, GB", 16_990)],
)
def test_distances_are_those_of_the_globe(here: str, there: str, km: float) -> None:
    a, b = find(here)[0], find(there)[0]
    assert distance_km(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg) == pytest.approx(km, abs=45)


@given(DEG, DEG)
def test_distance_is_symmetric_and_never_more_than_half_the_globe(
    a: tuple[float, float], b: tuple[float, float]
) -> None:
    there, back = distance_km(*a, *b), distance_km(*b, *a)
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= 20_016


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_the_packed_places_are_small_and_say_whose_they_are() -> None:
    folder = files("tautband.clinic.directory") / "data"
    assert len((folder / "places.tsv.xz").read_bytes()) < 1_500_000
    assert "CC BY 4.0" in (folder / "LICENCE.md").read_text()
