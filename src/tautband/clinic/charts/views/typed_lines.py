"""What the last typed line became, for the encounter."""

from typing import Any

from tautband.clinic.charts import rows, typed
from tautband.clinic.charts.models import Visit
from tautband.knowledge import atlas

MOST_UNKNOWN = 12


def numbers(text: str) -> list[int]:
    """Row numbers of a list in an address; anything else is passed over."""
    return [int(part) for part in text.split(",")[:50] if part.isdecimal()]


def typed_context(visit: Visit, asked: Any) -> dict[str, Any]:
    """What the last typed line became: rows still current, and the words nothing was found for."""
    ids = numbers(asked.get("typed", ""))
    found = list(visit.findings.filter(pk__in=ids, ended_at=None)) if ids else []
    known = atlas()
    return {
        "typed": [rows.Recorded(row, rows.name_of(known, row.finding, row.of), rows.result_word(row)) for row in found],
        "typed_ids": ",".join(str(row.pk) for row in found),
        "unread": [words[:80] for words in asked.get("unread", "").split("|")[:MOST_UNKNOWN] if words.strip()],
        "longest_line": typed.LONGEST,
    }
