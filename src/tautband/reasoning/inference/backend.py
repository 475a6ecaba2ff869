"""Choose the engine room once: compiled kernels, or NumPy when numba is missing or TAUTBAND_NO_NUMBA=1."""

import os
import tempfile
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType


def _give_cache_a_home() -> None:
    """Point numba at a writable folder when the package folder is not (read-only installs).

    An explicit NUMBA_CACHE_DIR always wins. Falls back to the user's cache folder, then to a temporary one.
    """
    if os.environ.get("NUMBA_CACHE_DIR"):
        return
    if _writable(Path(__file__).parent / "__pycache__"):
        return
    from platformdirs import user_cache_path

    for home in (user_cache_path("tautband") / "kernels", Path(tempfile.gettempdir()) / "tautband-kernels"):
        if _writable(home):
            os.environ["NUMBA_CACHE_DIR"] = str(home)
            return


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@cache
def choose() -> ModuleType:
    """Return the module that holds the inner loops; `choose.cache_clear()` asks again."""
    if os.environ.get("TAUTBAND_NO_NUMBA") != "1":
        try:
            _give_cache_a_home()
            return import_module("tautband.reasoning.inference.kernels")
        except ImportError:
            pass
    return import_module("tautband.reasoning.inference.fallback")


def name() -> str:
    """`kernels` or `fallback`."""
    return choose().__name__.rpartition(".")[2]
