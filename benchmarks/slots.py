"""How long the free times of a year take for 20 therapists: at most 100 ms, without anything remembered.

python benchmarks/slots.py
"""

import json
import sys
from datetime import UTC, date, datetime, time, timedelta
from time import process_time

from tautband.clinic.diary import engine

BAR_MS = 100.0
THERAPISTS, ROOMS, VISITS_A_YEAR = 20, 6, 1100


def main() -> int:
    """Measure five times; the median counts."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    window = engine.Window(start, start + timedelta(days=365))
    shift = {"rule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "first": date(2025, 1, 6), "breaks": ((time(12), time(13)),)}
    zone = "Europe/Oslo"
    shifts = [
        [engine.Shift(zone, time(8 + n % 2), time(13), **shift), engine.Shift(zone, time(12), time(17), **shift)]
        for n in range(THERAPISTS)
    ]
    begins = int(start.timestamp())
    taken = [
        engine.as_spans([(at := begins + (k * 475 + n * 35) // 5 * 300, at + 75 * 60) for k in range(VISITS_A_YEAR)])
        for n in range(THERAPISTS)
    ]
    runs, count = [], 0
    for _run in range(5):
        engine.days_of.cache_clear()
        engine.instant.cache_clear()
        engine._clock_of.cache_clear()
        began = process_time()
        need = engine.Need(60, after=15)
        rooms = engine.room_fit([engine.free_cells(taken[n], window) for n in range(ROOMS)], need)
        count = 0
        for n in range(THERAPISTS):
            cells = engine.open_cells(shifts[n], taken[n], window)
            count += len(engine.starts(cells, need, window, not_before=start, rooms=rooms))
        runs.append((process_time() - began) * 1000)
    took = sorted(runs)[2]
    print(
        json.dumps({"slots_ms": round(took, 1), "bar_ms": BAR_MS, "slots": count, "runs_ms": [round(r) for r in runs]})
    )
    return int(took > BAR_MS)


if __name__ == "__main__":
    sys.exit(main())
