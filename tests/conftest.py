"""Browser journeys: marked by their folder, left out and counted where there is no Chromium, never silently in CI."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A machine that also does other work is slow, not wrong. In CI hypothesis has a profile of its own that says the same.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if not os.environ.get("CI"):
    settings.load_profile("patient")

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge")
MACS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
LEFT_OUT = pytest.StashKey[int]()


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark journeys; without a Chromium leave them out and count them, except in CI, where they fail.

    Where the record is in PostgreSQL, tests of the SQLite file are left out.
    """
    if os.environ.get("TAUTBAND_DATABASE"):
        about_the_file = [item for item in items if item.get_closest_marker("embedded")]
        config.hook.pytest_deselected(items=about_the_file)
        items[:] = [item for item in items if item not in about_the_file]
    journeys = [item for item in items if "journeys" in item.path.parts]
    for item in journeys:
        item.add_marker("browser")
    if journeys and find_chromium() is None and not os.environ.get("CI"):
        config.hook.pytest_deselected(items=journeys)
        items[:] = [item for item in items if item not in journeys]
        config.stash[LEFT_OUT] = len(journeys)


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
