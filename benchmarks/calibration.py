"""Is what the reasoner says as likely as it turns out to be? Simulated clients, a table, and a picture.

    python benchmarks/calibration.py [--clients 300] [--plot docs/methods/calibration.svg]

Clients are drawn from the network itself, so this checks the engine and the reading of a picture, not the numbers.
Prints one table for all sources and one a kind, and one JSON line last. Exits non-zero when a band lies more than four
standard errors off, or the mean distance of said and true is above .05.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from reasoning import ECE_AT_MOST, Z_AT_MOST, judged, show
from tautband.reasoning.calibration import expected_calibration_error, plot, reliability
from tautband.reasoning.loading import reasoner
from tautband.reasoning.simulate import simulate

KINDS = ("trp", "entrapment", "root", "joint", "tissue", "flag")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=300, help="simulated clients")
    parser.add_argument("--plot", type=Path, help="write the picture here")
    options = parser.parse_args()
    engine = reasoner()
    start = time.process_time()
    visits = [judged(engine, simulate(engine.model, seed)) for seed in range(options.clients)]
    bands = reliability(visits)
    show("All sources", bands)
    kinds = {}
    for kind in KINDS:
        own = np.array([h.kind == kind for h in engine.model.hypotheses.every])
        kinds[kind] = reliability([(said[own], true[own]) for said, true in visits])
        show(kind, kinds[kind])
    if options.plot:
        options.plot.write_text(plot(bands, f"Said and true chances of {options.clients} simulated clients"), "utf-8")
    ece, worst = expected_calibration_error(bands), max(abs(band.z) for band in bands)
    result = {
        "benchmark": "calibration",
        "clients": options.clients,
        "statements": sum(band.n for band in bands),
        "ece": round(ece, 4),
        "worst_z": round(worst, 2),
        "worst_z_of_a_kind": {kind: round(max(abs(b.z) for b in rows), 2) for kind, rows in kinds.items()},
        "processor_s": round(time.process_time() - start, 1),
        "met": ece <= ECE_AT_MOST and worst <= Z_AT_MOST,
    }
    print(json.dumps(result))
    return 0 if result["met"] else 1


if __name__ == "__main__":
    sys.exit(main())
