"""The compiled cache: the built atlas on disk, so that a start does not read hundreds of files.

Its key is made of the names, sizes and times of all knowledge files and of the code that reads them. The cache may
always be deleted; where the folder cannot be written the atlas is simply read anew. A cache file of another owner is
never opened, because unpickling runs what is in it.
"""

import gc
import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import platformdirs
import pydantic

CODE = Path(__file__).parent
SUFFIXES = (".yaml", ".yml")


def cache_folder() -> Path:
    """`TAUTBAND_CACHE` where that is set, else the platform's cache folder of the user.

    Not the data folder: what is compiled holds no record, is the same for every practice of this user, and may always
    be thrown away.
    """
    named = os.environ.get("TAUTBAND_CACHE")
    return Path(named).expanduser() if named else Path(platformdirs.user_cache_dir("tautband", appauthor=False))


def key_of(folders: Iterable[Path]) -> str:
    """A hash that changes when any knowledge file, its place, or the reading code changes."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {pydantic.VERSION}".encode())
    for folder in folders:
        digest.update(str(folder).encode())
        _stamp(folder, SUFFIXES, digest)
    _stamp(CODE, (".py", ".yaml", ".txt"), digest)
    _stamp(CODE.parent / "terms", (".py",), digest)
    return digest.hexdigest()[:32]


def _stamp(folder: Path, suffixes: tuple[str, ...], digest: Any) -> None:
    for root, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if name.endswith(suffixes):
                path = Path(root, name)
                stat = path.stat()
                digest.update(f"{path}\0{stat.st_mtime_ns}\0{stat.st_size}\n".encode())


def fetch(name: str, key: str) -> Any | None:
    """Return what was kept under this name and key, or None when there is nothing usable."""
    path = cache_folder() / f"{name}-{key}.pickle"
    try:
        if not _is_ours(path):
            return None
        data = path.read_bytes()
    except OSError:
        return None
    was_on = gc.isenabled()
    gc.disable()
    try:
        return pickle.loads(data)  # noqa: S301 - our own file, see _is_ours
    except (pickle.UnpicklingError, EOFError, AttributeError, ImportError, LookupError, TypeError, ValueError):
        path.unlink(missing_ok=True)
        return None
    finally:
        if was_on:
            gc.enable()


def keep(name: str, key: str, value: Any) -> bool:
    """Keep a value; returns False where the folder cannot be written, which only costs time."""
    folder = cache_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}-")
    except OSError:
        return False
    try:
        with os.fdopen(handle, "wb") as file:
            pickle.dump(value, file, protocol=pickle.HIGHEST_PROTOCOL)
        Path(temporary).replace(folder / f"{name}-{key}.pickle")
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        return False
    _forget_others(folder, name, key)
    return True


def _forget_others(folder: Path, name: str, key: str, leave: int = 3) -> None:
    """Remove all but the newest few, so that overlays of several practices do not push each other out."""
    others = [p for p in folder.glob(f"{name}-*.pickle") if p.stem != f"{name}-{key}"]
    for old in sorted(others, key=lambda p: p.stat().st_mtime, reverse=True)[leave:]:
        old.unlink(missing_ok=True)


def _is_ours(path: Path) -> bool:
    stat = path.stat()
    if not hasattr(os, "getuid"):
        return True
    return stat.st_uid == os.getuid() and not stat.st_mode & 0o022
