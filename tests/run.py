"""Run the whole test suite as `bin/test` does; arguments go to pytest.

Without arguments there are two runs, both on two workers: everything but the browser journeys, then the journeys. A
browser driver keeps an event loop in its process, and Django refuses its database there, so the two do not share one.

On a developer's machine browser journeys without a Chromium are deselected and counted; where CI is set that is a
failure. Prints results on stdout.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
USUAL = ("-q", "-n", "2", "--dist", "loadfile")
JOURNEYS = "tests/journeys"


def main() -> int:
    runs = [sys.argv[1:]] if sys.argv[1:] else [[*USUAL, f"--ignore={JOURNEYS}"], [*USUAL, JOURNEYS]]
    with tempfile.TemporaryDirectory(prefix="tautband-tests-") as home:
        # Never the data folder of whoever runs the tests.
        environment = {**os.environ, "TAUTBAND_HOME": home}
        return max(run(arguments, environment) for arguments in runs)


def run(arguments: list[str], environment: dict[str, str]) -> int:
    """One pytest run; 130 and the like are passed on as they are."""
    command = [sys.executable, "-m", "pytest", *arguments]
    return abs(subprocess.run(command, cwd=ROOT, env=environment).returncode)


if __name__ == "__main__":
    sys.exit(main())
