"""Whether a record is whole: the file or the server's database, every chain, every signed note. No Django."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tautband.clinic.audit.chain import Verdict
from tautband.clinic.audit.files import charts, damage, entries, opened, verify_file, verify_open
from tautband.clinic.audit.heads import Head, head_of
from tautband.clinic.audit.served import Served, damage_served

DATABASE = "tautband.sqlite3"


@dataclass(frozen=True)
class Proof:
    """What a check of one database found. `trouble` is empty when it is whole."""

    charts: int
    entries: int
    notes: int
    head: Head
    trouble: tuple[str, ...] = field(default=())


def prove(file: Path) -> Proof:
    """Check a database file. Raises NotARecord when it cannot be read at all."""
    with opened(file) as connection:
        there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'treatments_signednote'").fetchone()
        return _proof(connection, damage(connection), verify_file(connection), has_notes=bool(there))


def prove_served(served: Served) -> Proof:
    """Check a record in PostgreSQL, inside the caller's transaction."""
    there = served.one("SELECT to_regclass('treatments_signednote')")
    return _proof(served, damage_served(served), verify_open(served), has_notes=there is not None)


def _proof(connection: Any, trouble: list[str], verdicts: list[Verdict], *, has_notes: bool) -> Proof:
    trouble = trouble + [f"{v.chart}, entry {v.broken_at}: {v.reason}" for v in verdicts if not v.intact]
    notes, wrong = _notes(connection) if has_notes else (0, [])
    head = head_of(entries(connection, chart) for chart in charts(connection))
    return Proof(len(verdicts), sum(v.checked for v in verdicts), notes, head, (*trouble, *wrong))


def _notes(connection: Any) -> tuple[int, list[str]]:
    """Signed notes against their own hash and the one in the chain."""
    signed = connection.execute("SELECT details FROM audit_auditevent WHERE verb = 'note.signed'")
    chained = {json.loads(details).get("hash") for (details,) in signed}
    count, wrong = 0, []
    for key, content, kept in connection.execute("SELECT id, content, hash FROM treatments_signednote ORDER BY id"):
        count += 1
        if hashlib.sha256(content.encode()).hexdigest() != kept or kept not in chained:
            wrong.append(f"note {key} is not what was signed")
    return count, wrong
