"""What all tests share: data folders made once, a database that is a copy of one, and which tests run where.

prepared   a data folder with database and static files and nobody in it; copy it, never write in it
practised  the same with the demo practice

Browser journeys are marked by their folder, left out and counted where there is no Chromium, never silently in CI.
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from homes import ROOT, made_once, project
from hypothesis import HealthCheck, settings

# A machine that also does other work is slow, not wrong. In CI hypothesis has a profile of its own that says the same.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if not os.environ.get("CI"):
    settings.load_profile("patient")

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge")
MACS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
LEFT_OUT = pytest.StashKey[int]()
FIRST = (
    "clinic/people/test_together.py",
    "clinic/project",
    "doors",
    "clinic/keeping",
    "house",
    "cli",
    "journeys/test_painter.py",
    "journeys/test_encounter.py",
    "journeys/test_treat.py",
    "journeys/test_note.py",
    "journeys/test_own_page.py",
)
"""Folders and files whose tests start processes and wait: begun first, since a whole file goes to one worker."""


def find_chromium() -> str | None:
    """The Chromium to drive: `TAUTBAND_CHROMIUM`, else the first of the usual names on this machine."""
    chosen = os.environ.get("TAUTBAND_CHROMIUM")
    if chosen:
        return chosen
    found: Iterator[str | None] = (shutil.which(name) for name in NAMES)
    return next(filter(None, found), None) or next((path for path in MACS if Path(path).exists()), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the Chromium. Fails, with what to do, where there is none."""
    found = find_chromium()
    if found is None:
        pytest.fail("No Chromium found. Install one (Debian: apt-get install chromium) or set TAUTBAND_CHROMIUM.")
    return found


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with database and static files and nobody in it: made once for all workers."""
    return made_once(tmp_path_factory, "prepared", lambda home: project(home, "prepare"))


@pytest.fixture(scope="session")
def practised(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the demo practice, which takes as long as many a journey: made once, to be copied."""

    def make(home: Path) -> None:
        shutil.copytree(prepared, home, dirs_exist_ok=True)
        project(home, "load_demo")
        # Atlas and fields are kept for all who serve a copy; each would take seconds of its own.
        warm = [sys.executable, "-c", "from tautband.reasoning.loading import reasoner; reasoner()"]
        environment = {**os.environ, "TAUTBAND_HOME": str(home)}
        subprocess.run(warm, env=environment, check=True, capture_output=True, timeout=240, cwd=ROOT)

    return made_once(tmp_path_factory, "practised", make)


if not os.environ.get("TAUTBAND_DATABASE"):

    @pytest.fixture(scope="session")
    def django_db_setup(django_test_environment: None, django_db_blocker: Any, prepared: Path) -> None:
        """The database in memory: a copy of the prepared one, since migrations take ten seconds in every worker."""
        from django.conf import settings
        from django.db import connection

        with django_db_blocker.unblock():
            connection.close()
            name = connection.creation._get_test_db_name()
            settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
            connection.ensure_connection()
            with contextlib.closing(sqlite3.connect(prepared / "tautband.sqlite3")) as made:
                made.backup(connection.connection)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark journeys; without a Chromium leave them out and count them, except in CI, where they fail.

    Where the record is in PostgreSQL, tests of the SQLite file are left out.
    """
    if os.environ.get("TAUTBAND_DATABASE"):
        about_the_file = [item for item in items if item.get_closest_marker("embedded")]
        config.hook.pytest_deselected(items=about_the_file)
        items[:] = [item for item in items if item not in about_the_file]
    items.sort(key=_place_in_line)
    journeys = [item for item in items if "journeys" in item.path.parts]
    for item in journeys:
        item.add_marker("browser")
    if journeys and find_chromium() is None and not os.environ.get("CI"):
        config.hook.pytest_deselected(items=journeys)
        items[:] = [item for item in items if item not in journeys]
        config.stash[LEFT_OUT] = len(journeys)


def _place_in_line(item: pytest.Item) -> int:
    """Which comes first; the rest stays in its order."""
    place = item.path.relative_to(HERE).as_posix()
    return next((n for n, first in enumerate(FIRST) if place.startswith(first)), len(FIRST))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under xdist, tell the controller how many journeys this worker left out."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["journeys_left_out"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Under xdist, remember what a worker left out; each collects everything, so the largest counts."""
    told = getattr(node, "workeroutput", {}).get("journeys_left_out", 0)
    node.config.stash[LEFT_OUT] = max(told, node.config.stash.get(LEFT_OUT, 0))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say how many journeys did not run."""
    left_out = config.stash.get(LEFT_OUT, 0)
    if left_out:
        terminalreporter.write_line(
            f"{left_out} browser journeys were left out: no Chromium found (set TAUTBAND_CHROMIUM or install one).",
            yellow=True,
        )
