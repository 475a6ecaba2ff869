"""How quickly the atlas is there: warm load, search while typing, and reading one phrase. Prints one JSON line last.

Run with the project's Python. Exits non-zero when a bar is missed.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from tautband.knowledge import load
from tautband.knowledge.lexicon import Lexicon
from tautband.knowledge.search import search

BARS = {"warm_load_ms": 300.0, "search_p95_ms": 20.0, "phrase_p95_ms": 20.0}
LOADS = 5
QUERIES = (
    "infra",
    "pain down the arm",
    "thumb numb",
    "headache behind the eye",
    "glutus medius",
    "raise the arm",
    "c6",
)
PHRASES = (
    "worse at night and when lying on that side",
    "no fever, weight loss or night sweats",
    "L SLR pos 40 deg, worse sitting",
    "numbness of the ring and little finger on the right after typing",
    "pain at the inner border of the left shoulder blade, eased by heat",
)


def milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1e3


def warm_load_ms() -> float:
    """Median over fresh processes, imports left out."""
    code = (
        "import time; from tautband.knowledge import load; t = time.perf_counter(); load();"
        "print((time.perf_counter() - t) * 1e3)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(LOADS)
    ]
    return statistics.median(float(run.stdout) for run in runs)


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def main() -> int:
    atlas = load()
    measured = {"warm_load_ms": warm_load_ms()}
    search(atlas, "warm up")
    measured["search_p95_ms"] = p95([milliseconds(lambda q=q: search(atlas, q)) for q in QUERIES for _ in range(10)])
    lexicon = Lexicon.of(atlas)
    lexicon.read("warm up")
    # A trailing number makes every phrase new, so that nothing is answered from memory.
    texts = [f"{phrase} {number}" for phrase in PHRASES for number in range(20)]
    measured["phrase_p95_ms"] = p95([milliseconds(lambda t=t: lexicon.read(t, "history")) for t in texts])
    missed = [name for name, bar in BARS.items() if measured[name] > bar]
    rounded = {name: round(value, 2) for name, value in measured.items()}
    print(json.dumps({"benchmark": "atlas", "things": len(atlas), **rounded, "bars": BARS, "missed": missed}))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
