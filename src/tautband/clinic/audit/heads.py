"""Heads: the last seal of every chain at one moment, kept outside, so that cutting off newest entries shows.

A head is a small JSON document without any name in it. Its digest, 64 signs, fits on a sheet of paper: whoever holds
the digest can later tell whether the head file is the one that was noted, and with it whether the record still holds
everything it held then.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tautband.clinic.audit.chain import GENESIS, Entry, Verdict, canonical

FORM = "tautband head 1"
CLOCKS_DIFFER = timedelta(minutes=5)


class NotAHead(ValueError):
    """The file is no head, or was changed after it was written; the message says which."""


@dataclass(frozen=True)
class Head:
    """The end of every chain. `at` is ISO 8601 in UTC; `ends` maps a chart to (number, seal) of its last entry."""

    at: str
    ends: Mapping[str, tuple[int, str]]

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over time and ends."""
        return hashlib.sha256(canonical(self._plain()).encode()).hexdigest()

    def _plain(self) -> dict[str, object]:
        return {"form": FORM, "at": self.at, "ends": {chart: list(end) for chart, end in sorted(self.ends.items())}}

    def as_text(self) -> str:
        """The document to keep: readable JSON with its own digest."""
        return json.dumps({**self._plain(), "digest": self.digest}, indent=1, sort_keys=True) + "\n"


def head_of(chains: Iterable[Iterable[Entry]], at: datetime | None = None) -> Head:
    """The head of these chains, each from its first entry to its last; `at` is now unless given."""
    ends: dict[str, tuple[int, str]] = {}
    for chain in chains:
        for entry in chain:
            ends[entry.chart] = (entry.number, entry.seal)
    return Head((at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"), ends)


def read_head(text: str) -> Head:
    """Read a head document. Raises NotAHead when it is none, or was changed."""
    try:
        plain = json.loads(text)
        head = Head(str(plain["at"]), {chart: (int(n), str(seal)) for chart, (n, seal) in plain["ends"].items()})
        datetime.fromisoformat(head.at)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAHead("This file is not a head of a Tautband record.") from error
    if plain.get("form") != FORM or plain.get("digest") != head.digest:
        raise NotAHead("This head was changed after it was written: its digest does not fit.")
    return head


def compare(head: Head, chart: str, entries: Iterable[Entry]) -> Verdict:
    """Whether a chain still holds what the head says it held, and nothing newer claims to be older.

    Finds a cut-off end, a rewritten chain, and an entry that was added later but dated before the head.
    """
    number, seal = head.ends.get(chart, (0, GENESIS))
    latest = datetime.fromisoformat(head.at) - CLOCKS_DIFFER
    checked = 0
    for entry in entries:
        if entry.number == number and entry.seal != seal:
            return Verdict(chart, checked, number, "is not the entry the head names: the chain was written anew")
        if entry.number > number and _when(entry, latest) < latest:
            return Verdict(chart, checked, entry.number, "came after the head but is dated before it")
        checked = max(checked, entry.number)
    if checked < number:
        return Verdict(chart, checked, checked + 1, f"is gone: the head names {number} entries, {checked} are left")
    return Verdict(chart, checked)


def _when(entry: Entry, fallback: datetime) -> datetime:
    try:
        return datetime.fromisoformat(entry.at)
    except ValueError:
        return fallback  # an unreadable time is the chain check's to find


def keep_daily(folder: Path, head: Head) -> Path:
    """Write today's head into a folder unless one is there; the newest of a day is not overwritten by a later one."""
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"head-{head.at[:10]}.json"
    if not file.exists():
        write_whole(file, head.as_text())
    return file


def write_whole(file: Path, text: str) -> None:
    """Write a small text file whole or not at all, on the disk when this returns."""
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
