"""Whether a data folder is whole: the file, every chain, every signed note. No Django."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tautband.clinic.audit.files import charts, damage, entries, opened, verify_file
from tautband.clinic.audit.heads import Head, head_of

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
        trouble = damage(connection)
        verdicts = verify_file(connection)
        trouble += [f"{v.chart}, entry {v.broken_at}: {v.reason}" for v in verdicts if not v.intact]
        notes, wrong = _notes(connection)
        head = head_of(entries(connection, chart) for chart in charts(connection))
    return Proof(len(verdicts), sum(v.checked for v in verdicts), notes, head, (*trouble, *wrong))


def _notes(connection: Any) -> tuple[int, list[str]]:
    """Signed notes against their own hash and the one in the chain."""
    there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'treatments_signednote'").fetchone()
    if not there:
        return 0, []
    rows = connection.execute("SELECT id, content, hash FROM treatments_signednote").fetchall()
    signed = connection.execute("SELECT details FROM audit_auditevent WHERE verb = 'note.signed'")
    chained = {json.loads(details).get("hash") for (details,) in signed}
    wrong = []
    for key, content, kept in rows:
        if hashlib.sha256(content.encode()).hexdigest() != kept or kept not in chained:
            wrong.append(f"note {key} is not what was signed")
    return len(rows), wrong
