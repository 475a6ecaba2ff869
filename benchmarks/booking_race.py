"""Do 200 who book one time at once make exactly one visit? With SQLite and then with a PostgreSQL from a wheel.

python benchmarks/booking_race.py [--at-once 200] [--threads 16] [--only sqlite|postgresql]

`--only given` races on the server in `TAUTBAND_DATABASE`.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Race on each database, count, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--at-once", type=int, default=200)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--only", choices=("sqlite", "postgresql", "given"))
    options = parser.parse_args()
    if options.only != "given":
        return both(options)
    with tempfile.TemporaryDirectory(prefix="tautband-race-") as home:
        os.environ |= {"TAUTBAND_HOME": home, "DJANGO_SETTINGS_MODULE": "tautband.clinic.project.settings"}
        result = race(options.at_once, options.threads)
    print(json.dumps(result))
    return int(result["booked"] != 1 or result["visits"] != 1 or result["others"] != 0)


def both(options: argparse.Namespace) -> int:
    """One process for each database, as settings are read once."""
    sys.path.insert(0, str(ROOT / "tests"))
    from support.postgres import fresh_postgresql

    results, failed = {}, 0
    for name, server in (("sqlite", nullcontext("")), ("postgresql", fresh_postgresql())):
        if options.only in (None, name):
            with server as address:
                command = [sys.executable, __file__, "--only", "given"]
                command += ["--at-once", str(options.at_once), "--threads", str(options.threads)]
                environment = {**os.environ, "TAUTBAND_DATABASE": address}
                done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
            results[name] = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
            failed |= done.returncode
    print(json.dumps(results))
    return failed


def race(at_once: int, threads: int) -> dict[str, object]:
    """Let them start together."""
    import django
    from django.core.management import call_command
    from django.db import connection, connections

    django.setup()
    call_command("migrate", verbosity=0)
    from tautband.clinic.diary import actions
    from tautband.clinic.diary.models import Appointment
    from tautband.clinic.people.actions import open_practice

    owner = open_practice(practice_name="Race", owner_name="Mara", login="mara", password=None)
    service = actions.keep_service(by=owner, name="Treatment", minutes=60, after_min=15)
    start = (datetime.now(UTC) + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    gate = threading.Barrier(threads)

    def one(number: int) -> str:
        if number < threads:
            gate.wait()
        try:
            actions.book(by=owner, service=service, member=owner, start=start, name=f"Guest {number}")
        except actions.SlotTaken:
            return "taken"
        except Exception as error:
            return type(error).__name__
        else:
            return "booked"
        finally:
            connections.close_all()

    began = perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        counts = Counter(pool.map(one, range(at_once)))
    return {
        "database": connection.vendor,
        "at_once": at_once,
        "booked": counts.pop("booked", 0),
        "taken": counts.pop("taken", 0),
        "others": sum(counts.values()),
        "visits": Appointment.objects.count(),
        "seconds": round(perf_counter() - began, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
