"""The restore drill: is a backup, put in place on an empty computer, the same record, and is every bad one refused?

    python benchmarks/restore.py [--flips 40]

Makes the demo practice, backs it up, restores it into a new folder, and compares: every row, every photo, every key.
Then tries what must be refused with nothing replaced: a wrong passphrase, a cut file, and single changed bits at
random places. Last it closes the record with a passphrase and measures what that costs. The last line is JSON; exit
code 1 when anything differs or anything bad is taken.
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
from pathlib import Path

from tautband.clinic.keeping import sealed
from tautband.clinic.keeping.backup import BESIDE, RestoreFailed, backup, restore, try_restore
from tautband.clinic.vault import key
from tautband.clinic.vault.files import connect, is_closed
from tautband.clinic.vault.turning import close

PASSPHRASE = "seven herons over the weir"
WRITES = 300


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
        vault = closed_costs(home, Path(work))
    passed = not differing and not wrong_taken and not proof.trouble and unchanged and vault["closed_whole"]
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
        **vault,
    }
    print(json.dumps(verdict))
    return 0 if passed else 1


def flipped(data: bytes, place: int, bit: int) -> bytes:
    """The same with one bit changed."""
    return data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1 :]


if __name__ == "__main__":
    sys.exit(main())
