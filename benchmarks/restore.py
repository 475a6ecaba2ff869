"""The restore drill: is a backup, put in place on an empty computer, the same record, and is every bad one refused?

    python benchmarks/restore.py [--flips 40]

Makes the demo practice, backs it up, restores it into a new folder, and compares: every row, every photo, every key.
Then tries what must be refused with nothing replaced: a wrong passphrase, a cut file, and single changed bits at random
places. The last line is JSON; exit code 1 when anything differs or anything bad is taken.
"""

import argparse
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

PASSPHRASE = "seven herons over the weir"


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
    passed = not differing and not wrong_taken and not proof.trouble and unchanged
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
    }
    print(json.dumps(verdict))
    return 0 if passed else 1


def flipped(data: bytes, place: int, bit: int) -> bytes:
    """The same with one bit changed."""
    return data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1 :]


if __name__ == "__main__":
    sys.exit(main())
