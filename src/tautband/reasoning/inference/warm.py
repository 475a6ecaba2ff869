"""Build the compiled kernels at set-up, so that the first answer is quick:

python -m tautband.reasoning.inference.warm
"""

import sys
import time

from tautband.reasoning.inference import NetworkBuilder, gibbs, query
from tautband.reasoning.inference.backend import name


def warm() -> float:
    """Compile or load every kernel and answer one small question; return the seconds it took."""
    start = time.perf_counter()
    builder = NetworkBuilder("warm-up")
    builder.cause("a", 0.1)
    builder.cause("b", 0.1, {"a": 0.3})
    builder.finding("f", 0.05, {"a": 0.5, "b": 0.6})
    network = builder.build()
    query(network, {"f": 1})
    gibbs(network, {"f": 1}, sweeps=10, seed=1)
    return time.perf_counter() - start


if __name__ == "__main__":
    seconds = warm()
    print(f"inference {name()} ready in {seconds:.1f} s", file=sys.stderr)
