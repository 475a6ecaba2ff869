"""The restore drill: is a backup, put in place on an empty computer, the same record, and is every bad one refused?

    python benchmarks/restore.py [--flips 40] [--encounters 20000]

Makes the demo practice, backs it up, restores it into a new folder, and compares: every row, every photo, every key.
Then tries what must be refused with nothing replaced: a wrong passphrase, a cut file, and single changed bits at
random places. Then the backup is restored into PostgreSQL, backed up there and restored as a file again: the same rows?
With `--encounters` that is done with a large practice too. Last it closes the record with a passphrase and measures
what that costs. The last line is JSON; exit code 1 when anything differs or anything bad is taken.
"""

import argparse
import contextlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from itertools import zip_longest
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
sys.path.insert(0, str(Path(__file__).parent))
from load import MODEL, fill
from postgres import fresh_postgresql

from tautband.clinic.keeping import sealed
from tautband.clinic.keeping.backup import BESIDE, RestoreFailed, backup, restore, try_restore
from tautband.clinic.keeping.portable import LEFT_OUT
from tautband.clinic.vault import key
from tautband.clinic.vault.files import connect, is_closed
from tautband.clinic.vault.turning import close

PASSPHRASE = "seven herons over the weir"
WRITES = 300
VISITS = 20  # of each client of the large practice
COPY = """
import sys
from pathlib import Path
from tautband.clinic.keeping.portable import write_file
write_file(sys.argv[1], Path(sys.argv[2]) / "copy.sqlite3", Path(sys.argv[2]))
status = Path("/proc/self/status")  # of this process alone; what getrusage says begins with the parent's
lines = status.read_text().splitlines() if status.exists() else []
print(next((line.split()[1] for line in lines if line.startswith("VmHWM")), 0))
"""


def contents(home: Path) -> dict[str, bytes]:
    """Every row, and every file that is kept beside the rows."""
    database = sqlite3.connect(home / "tautband.sqlite3")
    found = {"rows": "\n".join(database.iterdump()).encode()}
    database.close()
    for name in BESIDE:
        place = home / name
        files = [place] if place.is_file() else sorted(place.rglob("*")) if place.is_dir() else []
        found |= {file.relative_to(home).as_posix(): file.read_bytes() for file in files if file.is_file()}
    return found


def closed_costs(home: Path, work: Path) -> dict[str, bool | float]:
    """Close the record, and compare reading every row and single committed writes with the plain one."""
    file = home / "tautband.sqlite3"
    plain_read_s, plain_write_ms = timed(file)
    began = time.monotonic()
    close(home, PASSPHRASE)
    close_s = time.monotonic() - began
    key.tell(PASSPHRASE)
    began = time.monotonic()
    key.pragma_key(PASSPHRASE, bytes(16))
    key_s = time.monotonic() - began
    read_s, write_ms = timed(file)
    restored, _ = restore(backup(home, PASSPHRASE, work / "closed"), PASSPHRASE, work / "closed-new")
    whole = is_closed(work / "closed-new" / "tautband.sqlite3") and not restored.trouble
    return {
        "closed_whole": whole,
        "close_s": round(close_s, 2),
        "key_once_s": round(key_s, 2),
        "read_all_s": round(plain_read_s, 3),
        "closed_read_all_s": round(read_s, 3),
        "write_ms": round(plain_write_ms, 2),
        "closed_write_ms": round(write_ms, 2),
    }


def timed(file: Path) -> tuple[float, float]:
    """Seconds to read every row of every table from a fresh connection, and milliseconds of one committed write."""
    with contextlib.closing(connect(file)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        began = time.monotonic()
        for name in tables:
            database.execute(f'SELECT * FROM "{name}"').fetchall()
        read_s = time.monotonic() - began
        database.execute("PRAGMA journal_mode=WAL").fetchone()
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE benchmark_only (words TEXT)")
        began = time.monotonic()
        for _ in range(WRITES):
            database.execute("INSERT INTO benchmark_only VALUES (?)", ("w" * 1500,))
            database.commit()
        write_ms = (time.monotonic() - began) / WRITES * 1000
        database.execute("DROP TABLE benchmark_only")
        database.commit()
    return read_s, write_ms


def on_a_server(home: Path, work: Path) -> dict[str, Any]:
    """From the file into PostgreSQL and back: seconds, MB, and in how many tables a row is not the same."""
    work.mkdir()
    with fresh_postgresql() as address:
        file = backup(home, PASSPHRASE, work / "stick")
        began = time.monotonic()
        restore(file, PASSPHRASE, work / "served", address=address)
        into_s, began = time.monotonic() - began, time.monotonic()
        first = backup(work / "served", PASSPHRASE, address=address)
        first_s, began = time.monotonic() - began, time.monotonic()
        backup(work / "served", PASSPHRASE, address=address)
        backup_s = time.monotonic() - began
        command = [sys.executable, "-c", COPY, address, str(work / "served")]
        copied = subprocess.run(command, check=True, capture_output=True, text=True)
    restore(first, PASSPHRASE, work / "back")
    return {
        "database_mb": round((home / "tautband.sqlite3").stat().st_size / 1e6, 1),
        "backup_mb": round(first.stat().st_size / 1e6, 1),
        "into_server_s": round(into_s, 1),
        "first_backup_s": round(first_s, 1),  # the empty form is made, and kept
        "backup_s": round(backup_s, 1),
        "memory_mb": round(int(copied.stdout) / 1000),
        "differing": differing_tables(home / "tautband.sqlite3", work / "back" / "tautband.sqlite3"),
    }


def differing_tables(one: Path, other: Path) -> list[str]:
    """Tables with a row that is not the same in both files; JSON counts by its meaning."""
    with contextlib.closing(sqlite3.connect(one)) as a, contextlib.closing(sqlite3.connect(other)) as b:
        found = []
        for (name,) in a.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"):
            if name in LEFT_OUT:
                continue
            everything = f'SELECT * FROM "{name}" ORDER BY 1'
            if not all(map(alike, zip_longest(a.execute(everything), b.execute(everything)))):
                found.append(name)
        return found


def alike(rows: tuple[Any, Any]) -> bool:
    """Whether two rows say the same."""
    one, other = rows
    if one is None or other is None:
        return False
    return all(a == b or meaning(a) == meaning(b) for a, b in zip(one, other, strict=True))


def meaning(value: Any) -> Any:
    """JSON as Python has it; everything else as it is."""
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def large(home: Path, encounters: int) -> None:
    """Make a practice with so many encounters."""
    home.mkdir()
    environment = {**os.environ, "TAUTBAND_HOME": str(home)}
    subprocess.run([sys.executable, "-c", MODEL], env=environment, check=True, capture_output=True)
    fill(home / "tautband.sqlite3", encounters // VISITS, VISITS)


def refused(file: Path, passphrase: str, near: Path) -> bool:
    """Whether a restore of this file is refused."""
    try:
        try_restore(file, passphrase, near)
    except RestoreFailed:
        return True
    return False


def main() -> int:
    """Run and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flips", type=int, default=40)
    parser.add_argument("--encounters", type=int, default=0, help="also a practice of this size through PostgreSQL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tautband-restore-") as work:
        home, new = Path(work) / "home", Path(work) / "new"
        home.mkdir()
        for words in (("prepare",), ("load_demo",)):
            command = [sys.executable, "-m", "tautband.clinic.project", *words]
            subprocess.run(command, env={**os.environ, "TAUTBAND_HOME": str(home)}, check=True, capture_output=True)
        began = time.monotonic()
        file = backup(home, PASSPHRASE, Path(work) / "stick")
        backup_s, began = time.monotonic() - began, time.monotonic()
        proof, _old = restore(file, PASSPHRASE, new)
        restore_s = time.monotonic() - began
        before, after = contents(home), contents(new)
        differing = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        wrong_taken = int(not refused(file, "seven herons over the wier", new))
        sealed.LARGEST_N = sealed.SCRYPT_N  # the dearest key a changed first line may ask for
        whole, chance = file.read_bytes(), random.Random(5)
        for number in range(options.flips):
            place = chance.randrange(len(whole))
            bad = whole[:place] if number % 8 == 0 else flipped(whole, place, chance.randrange(8))
            file.write_bytes(bad)
            wrong_taken += not refused(file, PASSPHRASE, new)
        unchanged = contents(new) == after
        served = {"demo": on_a_server(home, Path(work) / "demo")}
        if options.encounters:
            large(Path(work) / "large", options.encounters)
            served[f"{options.encounters} encounters"] = on_a_server(Path(work) / "large", Path(work) / "large-moved")
        vault = closed_costs(home, Path(work))
    whole_there = not any(found["differing"] for found in served.values())
    passed = not differing and not wrong_taken and not proof.trouble and unchanged and vault["closed_whole"]
    passed = passed and whole_there
    verdict = {
        "benchmark": "restore",
        "passed": passed,
        "files": len(before),
        "charts": proof.charts,
        "entries": proof.entries,
        "notes": proof.notes,
        "differing": differing,
        "bad_ones_taken": wrong_taken,
        "bad_ones_tried": options.flips + 1,
        "backup_s": round(backup_s, 2),
        "restore_s": round(restore_s, 2),
        "postgresql": served,
        **vault,
    }
    print(json.dumps(verdict))
    return 0 if passed else 1


def flipped(data: bytes, place: int, bit: int) -> bytes:
    """The same with one bit changed."""
    return data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1 :]


if __name__ == "__main__":
    sys.exit(main())
