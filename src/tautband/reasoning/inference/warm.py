"""Build the compiled kernels at set-up, so that the first answer is quick:

    python -m tautband.reasoning.inference.warm

Also stores the byte code of every module the engine loads (numba alone has hundreds). Some installers and settings
leave that out, and then each start compiles them anew: 1.7 s instead of .7 s to the first answer.
"""

import py_compile
import sys
import time
from pathlib import Path

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


def store_byte_code() -> int:
    """Store byte code for loaded modules that have none yet; return how many. Read-only folders are left alone."""
    stored = 0
    for module in list(sys.modules.values()):
        spec = getattr(module, "__spec__", None)
        if spec is None or spec.origin is None or spec.cached is None or Path(spec.cached).exists():
            continue
        try:
            stored += py_compile.compile(spec.origin, cfile=spec.cached, quiet=2) is not None
        except OSError:
            return stored
    return stored


if __name__ == "__main__":
    seconds = warm()
    print(f"inference {name()} ready in {seconds:.1f} s; byte code of {store_byte_code()} modules", file=sys.stderr)
