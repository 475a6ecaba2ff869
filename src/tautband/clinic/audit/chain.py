"""The hash chain itself: pure functions over plain values, no database, so it can be checked by anyone."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One event as it was sealed. `at` is ISO 8601 in UTC with microseconds; `details` is canonical JSON."""

    chart: str
    number: int
    verb: str
    target: str
    by: str
    by_name: str
    at: str
    details: str
    key: str
    digest: str
    previous: str
    seal: str


@dataclass(frozen=True)
class Verdict:
    """What a check of one chart's chain found. `broken_at` is the number of the first entry that fails."""

    chart: str
    checked: int
    broken_at: int | None = None
    reason: str = ""

    @property
    def intact(self) -> bool:
        """True when every entry fits the one before it."""
        return self.broken_at is None


def canonical(value: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spare spaces: the same value always gives the same bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def seal(entry: Entry) -> str:
    """SHA-256 (hex) over everything in the entry except its own seal, the previous seal included."""
    fields = {name: value for name, value in vars(entry).items() if name != "seal"}
    return hashlib.sha256(canonical(fields).encode()).hexdigest()


def check(chart: str, entries: Iterable[Entry]) -> Verdict:
    """Walk a chain from its first entry and stop at the first that does not fit.

    Finds a changed, missing, inserted or reordered entry. It cannot see that the newest entries were cut off: compare
    the last seal with one noted elsewhere for that.
    """
    previous, checked = GENESIS, 0
    for expected, entry in enumerate(entries, start=1):
        trouble = _trouble(entry, chart, expected, previous)
        if trouble:
            return Verdict(chart, checked, entry.number, trouble)
        previous, checked = entry.seal, checked + 1
    return Verdict(chart, checked)


def _trouble(entry: Entry, chart: str, expected: int, previous: str) -> str:
    if entry.chart != chart:
        return f"belongs to chart {entry.chart}"
    if entry.number != expected:
        return f"entry {expected} is missing"
    if entry.previous != previous:
        return "does not follow the entry before it"
    if entry.seal != seal(entry):
        return "was changed after it was written"
    return ""
