"""Do 200 who book one time at once make exactly one visit? With SQLite, or the server in `TAUTBAND_DATABASE`.

python benchmarks/booking_race.py [--at-once 200] [--threads 16]
"""

import argparse
import json
import os
import sys
import tempfile
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import perf_counter


def main() -> int:
    """Race, count, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--at-once", type=int, default=200)
    parser.add_argument("--threads", type=int, default=16)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tautband-race-") as home:
        os.environ |= {"TAUTBAND_HOME": home, "DJANGO_SETTINGS_MODULE": "tautband.clinic.project.settings"}
        result = race(options.at_once, options.threads)
    print(json.dumps(result))
    return int(result["booked"] != 1 or result["visits"] != 1 or result["others"] != 0)


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
