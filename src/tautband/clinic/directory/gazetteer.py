"""Where a place is, without asking anybody: places of 5,000 people and more (GeoNames, CC BY 4.0), in the package."""

import lzma
import math
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

EARTH_KM = 6371.0


@dataclass(frozen=True)
class Place:
    """One place; latitude and longitude in degrees, right to about a kilometre."""

    name: str
    country: str
    lat_deg: float
    lon_deg: float
    people: int

    def __str__(self) -> str:
        """The name with its country, as a search field reads it back."""
        return f"{self.name}, {self.country}"


NO_WORD = {sign: " " for sign in range(128) if not chr(sign).isalnum()}


def fold(text: str) -> str:
    """Small letters without accents, so that Zürich, ZURICH and zurich are one."""
    if text.isascii():  # most names, in a tenth of the time
        return " ".join(text.lower().translate(NO_WORD).split())
    small = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFKD", text).casefold()
    )  # raised letters hide capitals
    plain = small.replace("ø", "o").replace("æ", "ae").replace("ł", "l")
    return " ".join(
        "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign)).split()
    )


@cache
def _index() -> tuple[list[tuple[str, int]], list[str]]:
    """Every folded name with the number of its line, in order; and the lines."""
    packed = files("tautband.clinic.directory").joinpath("data", "places.tsv.xz").read_bytes()
    lines = lzma.decompress(packed).decode().split("\n")
    names = []
    for number, line in enumerate(lines):
        name, other, _rest = line.split("\t", 2)
        names += [(fold(each), number) for each in (name, *filter(None, other.split("|")))]
    return sorted(names), lines


def _place(line: str) -> Place:
    name, _other, country, lat, lon, thousands = line.split("\t")
    return Place(name, country, int(lat) / 100, int(lon) / 100, int(thousands) * 1000)


def find(words: str, most: int = 6) -> list[Place]:
    """Places of this name, the exact ones first, then those that begin so; the largest first within each.

    "Lyon, FR" asks for that country alone.
    """
    name, _comma, country = words.partition(",")
    wanted, country = fold(name), country.strip().upper()
    if len(wanted) < 2:
        return []
    names, lines = _index()
    exact: dict[int, None] = {}
    begins: dict[int, None] = {}
    for at in range(bisect_left(names, (wanted, -1)), len(names)):
        key, number = names[at]
        if not key.startswith(wanted):
            break
        if not country or _place(lines[number]).country == country:
            (exact if key == wanted else begins)[number] = None
    order = [*sorted(exact), *sorted(number for number in begins if number not in exact)]
    return [_place(lines[number]) for number in order[:most]]


def distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great-circle distance of two points given in degrees."""
    a, b = math.radians(lat_a), math.radians(lat_b)
    half_lat, half_lon = (b - a) / 2, math.radians(lon_b - lon_a) / 2
    h = math.sin(half_lat) ** 2 + math.cos(a) * math.cos(b) * math.sin(half_lon) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))
