"""The one door to the atlas: `load` for any folders, `atlas` for the packaged one, once per process."""

import os
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.cache import fetch, keep, key_of
from tautband.knowledge.indexing import build
from tautband.knowledge.reading import read_folder


def packaged_folder() -> Path:
    """The atlas that ships with the product."""
    return Path(str(resources.files("tautband.atlas")))


def usual_folders() -> tuple[Path, ...]:
    """The packaged atlas, then the practice's own: `TAUTBAND_HOME/atlas` and folders named in `TAUTBAND_ATLAS`."""
    folders = [packaged_folder()]
    home = os.environ.get("TAUTBAND_HOME")
    if home and (Path(home).expanduser() / "atlas").is_dir():
        folders.append(Path(home).expanduser() / "atlas")
    folders += [Path(part).expanduser() for part in os.environ.get("TAUTBAND_ATLAS", "").split(os.pathsep) if part]
    return tuple(folders)


def load(folders: Iterable[Path | str] | None = None, use_cache: bool = True) -> Atlas:
    """Read, check the form of, and index one or several atlas folders; later folders replace things of earlier ones.

    A broken file is named in `atlas.problems` and the rest is loaded all the same. With `use_cache` the built atlas is
    taken from the user's cache folder when no file changed.
    """
    paths = tuple(Path(f).absolute() for f in folders) if folders is not None else usual_folders()
    if not use_cache:
        return build(read_folder(path) for path in paths)
    key = key_of(paths)
    kept = fetch("atlas", key)
    if isinstance(kept, Atlas):
        return kept
    built = build(read_folder(path) for path in paths)
    keep("atlas", key, built)
    return built


@cache
def atlas() -> Atlas:
    """The atlas of this process: packaged facts with the practice's overlay. `atlas.cache_clear()` reads anew."""
    return load()
