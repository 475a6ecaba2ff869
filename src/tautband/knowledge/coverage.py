"""What the atlas holds, by kind and region, and how much of it rests on something read. Shows what is thin."""

from collections import defaultdict
from typing import Any

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.records import FieldPart, Record
from tautband.knowledge.walk import facts_of, is_read
from tautband.terms.ids import kind_of


def coverage(atlas: Atlas) -> list[dict[str, Any]]:
    """Return one row per kind and region: things, facts, how many read, drawn field parts, how many read."""
    rows: dict[tuple[str, str], dict[str, int]] = defaultdict(
        lambda: {"things": 0, "points": 0, "facts": 0, "read": 0, "field_parts": 0, "field_parts_read": 0}
    )
    for id, record in atlas.records.items():
        row = rows[kind_of(id), _region(record)]
        row["things"] += 1
        row["points"] += len(getattr(record, "trigger_points", ()))
        for _, fact in facts_of(record):
            read = is_read(record, fact)
            row["facts"] += 1
            row["read"] += read
            if isinstance(fact, FieldPart):
                row["field_parts"] += 1
                row["field_parts_read"] += read
    return [{"kind": kind, "region": region, **row} for (kind, region), row in sorted(rows.items())]


def coverage_table(atlas: Atlas) -> str:
    """The coverage as a table for people, with a total per kind."""
    rows = coverage(atlas)
    lines = [
        f"{'kind':<11} {'region':<13} {'things':>6} {'points':>6} {'facts':>6} {'read':>6} {'unread':>6}   fields read"
    ]
    for kind in dict.fromkeys(row["kind"] for row in rows):
        group = [row for row in rows if row["kind"] == kind]
        lines += [_line(row) for row in group]
        if len(group) > 1:
            lines.append(_line({"kind": kind, "region": "all", **_sum(group)}))
    if rows:
        lines.append(_line({"kind": "all", "region": "all", **_sum(rows)}))
    lines.append(f"{len(atlas.sources)} sources, {len(atlas.areas)} named areas, {len(atlas.retired)} retired ids.")
    return "\n".join(lines)


def _region(record: Record) -> str:
    return str(
        getattr(record, "method", "") or getattr(record, "region", "") or getattr(record, "sort", "") or "general"
    )


def _sum(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {key: sum(row[key] for row in rows) for key in rows[0] if key not in ("kind", "region")}


def _line(row: dict[str, Any]) -> str:
    fields = f"{row['field_parts_read']} of {row['field_parts']}" if row["field_parts"] else ""
    unread = row["facts"] - row["read"]
    numbers = f"{row['things']:>6} {row['points'] or '':>6} {row['facts']:>6} {row['read']:>6} {unread:>6}"
    return f"{row['kind']:<11} {row['region']:<13} {numbers}   {fields}".rstrip()
