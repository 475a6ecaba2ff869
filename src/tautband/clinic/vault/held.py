"""Who holds a data folder: one server at a time, by a lock the system frees when the process ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tautband.clinic.vault import VaultNotOpen

FILE = "serve.lock"


def lock(file: Any) -> None:
    """Lock an open file, without waiting; the system lets go of it when the process ends. Raises OSError."""
    if os.name == "nt":
        import msvcrt

        file.seek(1000)  # the number of the process stays readable
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        file.seek(0)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def nobody_else(home: Path) -> Iterator[None]:
    """Hold a data folder meanwhile, so that no server starts on it. Raises VaultNotOpen while one is open."""
    with (home / FILE).open("a+") as file:
        try:
            lock(file)
        except OSError:
            raise VaultNotOpen(
                f"Tautband is open on {home}. Close it (Ctrl-C in its window), then try again. Nothing was changed."
            ) from None
        yield
