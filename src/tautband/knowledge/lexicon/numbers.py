"""Numbers with their units: `40 deg`, `6/10`, `1.32 kg/cm2`, `248 kPa`, `2 years`."""

import re
from dataclasses import dataclass

_UNITS = {
    "deg": r"deg(?:ree)?s?|\u00b0(?!\s*c\b)",
    "kg/cm2": r"kg\s*/\s*cm(?:2|\u00b2)",
    "N/cm2": r"n\s*/\s*cm(?:2|\u00b2)",
    "kPa": r"kpa",
    "kg": r"kg|kilograms?",
    "cm": r"cm|centimet(?:er|re)s?",
    "mmHg": r"mm\s*hg",
    "mm": r"mm|millimet(?:er|re)s?",
    "%": r"%|per ?cent",
    "degC": r"\u00b0?\s*c\b|celsius",
    "/min": r"bpm|/\s*min(?:ute)?|beats per minute",
    "s": r"s|secs?|seconds?",
    "min": r"mins?|minutes?",
    "h": r"h|hrs?|hours?",
    "d": r"d|days?",
    "wk": r"wks?|weeks?",
    "mo": r"months?",
    "y": r"y|yrs?|years?",
}
_UNIT = re.compile(
    "|".join(f"(?P<u{n}>{pattern})(?![a-z0-9])" for n, pattern in enumerate(_UNITS.values())), re.IGNORECASE
)
_NAMES = tuple(_UNITS)
_NUMBER = re.compile(r"(?<![\w.,/-])(\d+(?:[.,]\d+)?)(?:\s*/\s*(10|5)\b(?!\s*\d))?")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text; `unit` is empty where none is written."""

    value: float
    unit: str
    start: int
    end: int


def numbers_in(text: str) -> tuple[Number, ...]:
    """Return every number that stands alone or with a unit, in order of the text."""
    found = []
    for match in _NUMBER.finditer(text):
        value = float(match.group(1).replace(",", "."))
        if match.group(2):
            found.append(Number(value, f"/{match.group(2)}", match.start(), match.end()))
            continue
        gap = re.match(r"[\s-]*", text[match.end() :])
        at = match.end() + (gap.end() if gap else 0)
        unit = _UNIT.match(text, at)
        if unit is None:
            found.append(Number(value, "", match.start(), match.end()))
        else:
            name = _NAMES[int(str(unit.lastgroup)[1:])]
            found.append(Number(value, name, match.start(), unit.end()))
    return tuple(found)
