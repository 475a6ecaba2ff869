"""Data folders that take seconds to make: made by the first test process that asks, for all of one run."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACE = "TAUTBAND_TEST_HOMES"
"""Where the run keeps them, so that its parts share them; without it each part has its own."""


def project(home: Path, *words: str) -> None:
    """Run a management command on a data folder."""
    environment = {**os.environ, "TAUTBAND_HOME": str(home)}
    environment.pop("TAUTBAND_DATABASE", None)
    command = [sys.executable, "-m", "tautband.clinic.project", *words]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=180, cwd=ROOT)


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder of this name, made by the first worker that asks; `.making` beside it says that it is being made."""
    home = _place(tmp_path_factory) / name
    if home.exists():
        return home
    making = home.with_suffix(".making")
    try:
        making.mkdir(parents=True)
    except FileExistsError:
        return _waited_for(home)
    make(making)
    making.rename(home)
    return home


def _place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if PLACE in os.environ:
        return Path(os.environ[PLACE])
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def _waited_for(home: Path) -> Path:
    until = time.monotonic() + 300
    while not home.exists():
        assert time.monotonic() < until, f"{home.name} was never finished; see the other worker's error."
        time.sleep(0.2)
    return home
