"""What a screen may send: events checked one by one, so that a bad one never holds up the others."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tautband.clinic.charts.mounting import document_of
from tautband.clinic.treat.run import DETAILS, Event
from tautband.findings import BadFinding

KINDS = frozenset(
    {
        *("took", "opened", "side", "began", "paused", "resumed", "beat", "number", "done", "stopped", "skipped"),
        *("logged", "retested", "tested", "typed", "added", "reordered", "gap", "clock", "undone", "finished"),
    }
)
"""took: this screen drives · opened, side, began, paused, resumed, beat, done, stopped, skipped: the run of a step ·
number: what the client said · logged, retested, tested: what came of it · typed: a whole dose from the list ·
added, reordered: the order · gap, clock: the screen was away, the time of day jumped · undone: takes one back"""

RESPONSES = ("eased", "same", "worse")
REFERRALS = ("familiar", "other", "none")
TWITCHES = ("yes", "no")
LONGEST_MS = 24 * 60 * 60 * 1000
MOST_WORDS = 400
MOST_MARKS, MOST_INK = 200, 200_000
"""Of one drawing of what pressing brought: marked zones, and signs of its ink."""

MOST_AT_ONCE = 500
_KEY = re.compile(r"[0-9A-Za-z_.-]{8,40}")


class BadEvent(ValueError):
    """An event that cannot be; the message says why."""


def read(row: Any) -> tuple[Event, datetime | None]:
    """One event as it was sent, and the time of day on that screen. Raises BadEvent."""
    if not isinstance(row, Mapping):
        raise BadEvent("An event is a table of fields.")
    key, device, kind = (str(row.get(name, "")) for name in ("key", "device", "kind"))
    if not _KEY.fullmatch(key) or not _KEY.fullmatch(device):
        raise BadEvent("An event has a key and the name of its screen.")
    if kind not in KINDS:
        raise BadEvent(f"There is no event {kind[:20]!r}.")
    seq, t_ms = row.get("seq"), row.get("t_ms")
    if not _whole(seq, 1, 2**31 - 1) or not _whole(t_ms, 0, LONGEST_MS):
        raise BadEvent("An event has a number in its row and a time of the session.")
    data = row.get("data")
    data = {} if data is None else data
    if not isinstance(data, Mapping):
        raise BadEvent("What belongs to an event is a table of fields.")
    return Event(key, device, int(seq), int(t_ms), kind, _clean(kind, data)), _wall(row.get("wall"))  # type: ignore[arg-type]


def _clean(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Only fields that belong there, each within its bounds."""
    made: dict[str, Any] = {}
    for name, value in data.items():
        check = _FIELDS.get(name)
        if check is None:
            raise BadEvent(f"An event has no field {str(name)[:20]!r}.")
        if value is not None and not check(value):
            raise BadEvent(f"{name}: this cannot be.")
        if value is not None:
            made[str(name)] = value
    missing = {"opened": "step", "number": "value", "beat": "to", "side": "side", "undone": "key"}.get(kind)
    if missing and missing not in made:
        raise BadEvent(f"{kind}: {missing} is missing.")
    return made


def _wall(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _number(low: float, high: float) -> Any:
    return lambda value: isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high


def _words(most: int) -> Any:
    return lambda value: isinstance(value, str) and len(value) <= most and "\x00" not in value


def _one_of(*allowed: str) -> Any:
    return lambda value: value in ("", *allowed)


def _places(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 80 and all(_words(80)(one) for one in value)


def _drawing(value: Any) -> bool:
    """A drawing as the sheet hands it back."""
    if not isinstance(value, Mapping) or set(value) - {"marks", "ink", "places"}:
        return False
    marks, ink = value.get("marks", []), value.get("ink", "")
    if not _words(MOST_WORDS)(value.get("places", "")):
        return False
    if not isinstance(marks, list) or len(marks) > MOST_MARKS or not isinstance(ink, str) or len(ink) > MOST_INK:
        return False
    try:
        document_of(value)
    except (BadFinding, ValueError, TypeError, KeyError, AttributeError):
        return False
    return True


def _retest(value: Any) -> bool:
    return isinstance(value, Mapping) and all(n in ("value", "state", "before", "exam") for n in value)


_FIELDS: dict[str, Any] = {
    "step": _words(40),
    "go": _words(40),
    "key": _words(40),
    "instead_of": _words(40),
    "side": _one_of("left", "right", "midline", "bilateral"),
    "to": lambda value: _whole(value, 0, 999) or _whole(value, 0, LONGEST_MS),
    "from": lambda value: _whole(value, 0, LONGEST_MS),
    "counted": lambda value: isinstance(value, bool),
    "value": _number(-1000, 10_000),
    "before": _number(-1000, 10_000),
    "state": _one_of("present", "absent", "unknown", "cannot"),
    "exam": _words(120),
    "seconds": _number(0, 7200),
    "numbers": lambda value: isinstance(value, list) and len(value) <= 40 and all(_number(0, 10)(n) for n in value),
    "skipped": lambda value: isinstance(value, bool),
    "retest": _retest,
    "order": _places,
    "jump_ms": lambda value: isinstance(value, int) and abs(value) < 10**12,
    "heard": _words(80),
    "pressure_kg_cm2": _number(0, 20),
    "response": _one_of(*RESPONSES),
    "referral": _one_of(*REFERRALS),
    "twitch": _one_of(*TWITCHES),
    "felt": _places,
    "drawn": _drawing,
    "why": _words(MOST_WORDS),
    "words": _words(MOST_WORDS),
}
if not set(DETAILS) <= set(_FIELDS):
    raise RuntimeError("Every detail of a dose needs its check.")
