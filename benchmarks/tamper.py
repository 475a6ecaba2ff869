"""Change, delete, reorder, insert, back-date and cut off entries of the log on a copy: everything must be found.

A throw-away practice is filled, its head is taken as if it were printed, and more is written. Then, once for each
attempt, a copy of the database is changed past its triggers, as somebody with the disk in hand would, and
`tautband verify`'s own functions look at the copy: with the chains alone and with the head from outside.

Two sorts of attempts: clumsy ones that leave the seals as they were (the chain alone finds them), and skilled ones
that compute every later seal anew (only the head from outside finds those, if they reach back before it). What comes
after the last head and is skilfully rewritten is not found; it is counted as `beyond` and said in the threat model.

    python benchmarks/tamper.py [--attempts 300] [--seed 7]
"""

import argparse
import json
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import web

GUARDS = "DROP TRIGGER IF EXISTS audit_no_update; DROP TRIGGER IF EXISTS audit_no_delete;"
CLUMSY = ("change", "delete", "reorder", "back-date", "insert", "rename", "cut off")
SKILLED = ("skilled change", "skilled delete", "skilled back-date", "skilled insert", "new entry dated before the head")


def main() -> int:
    """Tamper, look, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    started = time.monotonic()
    home = web.begin()
    head = filled(home)
    chance = random.Random(options.seed)
    found: Counter[str] = Counter()
    missed: list[str] = []
    kinds = [*CLUMSY, *SKILLED]
    clean = tampering_found(home / "tautband.sqlite3", head)
    for attempt in range(options.attempts):
        kind = kinds[attempt % len(kinds)]
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.sqlite3"
            shutil.copy(home / "tautband.sqlite3", copy)
            what = tamper(copy, kind, head, chance)
            by = tampering_found(copy, head)
        if by:
            found[kind] += 1
        else:
            missed.append(f"{kind}: {what}")
    passed = not missed and not clean
    result = {
        "benchmark": "tamper",
        "attempts": options.attempts,
        "found": dict(sorted(found.items())),
        "missed": missed[:20],
        "false_alarm": clean,
        "seconds": round(time.monotonic() - started, 1),
        "passed": passed,
    }
    print(json.dumps(result))
    return 0 if passed else 1


def filled(home: Path) -> "object":
    """Take the head of what the demo wrote, then write more; return the head."""
    from django.db import connection, transaction

    from tautband.clinic.audit.log import head_now, record
    from tautband.clinic.people.models import Client, Member

    owner = Member.objects.get(role="owner")
    clients = list(Client.objects.all())
    for number in range(40):
        with transaction.atomic():
            client = clients[number % len(clients)]
            record(verb="bench.before", target=client.chart_key, chart=client.chart_key, by=owner)
    head = head_now()
    for number in range(30):
        with transaction.atomic():
            client = clients[number % len(clients)]
            record(verb="bench.after", target=client.chart_key, chart=client.chart_key, by=owner)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return head


def tampering_found(file: Path, head: object) -> str:
    """What finds it: the guards, the chain, or the head from outside; empty when nothing does."""
    from tautband.clinic.audit import chain, files, heads

    with files.opened(file) as connection:
        charts = set(files.charts(connection)) | set(head.ends)
        for chart in sorted(charts):
            entries = list(files.entries(connection, chart))
            if not chain.check(chart, entries).intact:
                return "chain"
            if not heads.compare(head, chart, entries).intact:
                return "head"
    return ""


def tamper(file: Path, kind: str, head: object, chance: random.Random) -> str:
    """Do one thing that must not pass unseen; return what, in words. The guards are put back, so as not to be it."""
    database = sqlite3.connect(file)
    guards = [row[0] for row in database.execute("SELECT sql FROM sqlite_master WHERE name LIKE 'audit_no_%'")]
    database.executescript(GUARDS)
    chart, last = chance.choice([(chart, end[0]) for chart, end in sorted(head.ends.items()) if end[0] > 2])
    number = chance.randint(1, last)
    touch(database, kind, chart, number, head, chance)
    database.commit()
    for guard in guards:
        database.execute(guard)
    database.commit()
    database.close()
    return f"{chart} entry {number}"


def touch(
    database: sqlite3.Connection, kind: str, chart: str, number: int, head: object, chance: random.Random
) -> None:
    """Change the table itself."""
    where = "WHERE chart = ? AND number = ?"
    one = (chart, number)
    table = "audit_auditevent"
    plain = kind.removeprefix("skilled ")
    if kind == "cut off":
        database.execute(f"DELETE FROM {table} WHERE chart = ? AND number >= ?", one)
        return
    if plain == "change":
        column = chance.choice(["verb", "target", "details"])
        database.execute(f"UPDATE {table} SET {column} = {column} || 'x' {where}", one)
    elif plain == "rename":
        database.execute(f"UPDATE {table} SET by_name = 'Somebody Else', \"by\" = 'user/999' {where}", one)
    elif plain == "back-date":
        (at,) = database.execute(f"SELECT at FROM {table} {where}", one).fetchone()
        earlier = datetime.fromisoformat(at) - timedelta(days=chance.randint(1, 400))
        database.execute(f"UPDATE {table} SET at = ? {where}", (str(earlier), *one))
    elif plain == "delete":
        database.execute(f"DELETE FROM {table} {where}", one)
        if kind != plain:
            for (key,) in database.execute(
                f"SELECT id FROM {table} WHERE chart = ? AND number > ? ORDER BY number", one
            ).fetchall():
                database.execute(f"UPDATE {table} SET number = number - 1 WHERE id = ?", (key,))
    elif plain == "reorder":
        other = number + 1 if number == 1 else number - 1
        database.execute(f"UPDATE {table} SET number = 1000000 {where}", one)
        database.execute(f"UPDATE {table} SET number = ? {where}", (number, chart, other))
        database.execute(f"UPDATE {table} SET number = ? {where}", (other, chart, 1000000))
    elif plain == "insert":
        for (key,) in database.execute(
            f"SELECT id FROM {table} WHERE chart = ? AND number >= ? ORDER BY number DESC", one
        ).fetchall():
            database.execute(f"UPDATE {table} SET number = number + 1 WHERE id = ?", (key,))
        add(database, chart, number, head)
    elif plain == "new entry dated before the head":
        (end,) = database.execute(f"SELECT MAX(number) FROM {table} WHERE chart = ?", (chart,)).fetchone()
        add(database, chart, end + 1, head)
    if kind in SKILLED:
        seal_anew(database, chart)


def add(database: sqlite3.Connection, chart: str, number: int, head: object) -> None:
    """An entry that claims to be a day older than the head."""
    at = datetime.fromisoformat(head.at).replace(tzinfo=None) - timedelta(days=1)
    database.execute(
        'INSERT INTO audit_auditevent (chart, number, verb, target, "by", by_name, at, details, request_digest, '
        "previous_hash, hash) VALUES (?, ?, 'note.signed', 'note/x', 'user/1', 'Daniel', ?, '{}', '', ?, ?)",
        (chart, number, str(at), "0" * 64, "0" * 64),
    )


def seal_anew(database: sqlite3.Connection, chart: str) -> None:
    """Compute every seal of a chain anew, as somebody who knows how would."""
    from tautband.clinic.audit import chain, files

    previous = chain.GENESIS
    for entry in list(files.entries(database, chart)):
        fresh = replace(entry, previous=previous, seal="")
        previous = chain.seal(fresh)
        database.execute(
            "UPDATE audit_auditevent SET previous_hash = ?, hash = ? WHERE chart = ? AND number = ?",
            (fresh.previous, previous, chart, entry.number),
        )


if __name__ == "__main__":
    sys.exit(main())
