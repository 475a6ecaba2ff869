"""Run the whole test suite as `bin/test` does; arguments go to pytest.

Without arguments there are three runs: everything but the browser journeys, then the journeys (a browser driver keeps
an event loop in its process, and Django refuses its database there, so the two do not share one), and beside them, on
a real PostgreSQL, the tests of what writes; they are told afterwards. Each has more workers than two cores, since much
of the time is waiting.

`bin/test --postgres` runs all tests of the clinic on PostgreSQL, `bin/test --postgres PATH ...` those. Tests of the
SQLite file itself are marked `embedded`, and left out there.

On a developer's machine browser journeys without a Chromium are deselected and counted; where CI is set that is a
failure. Prints results on stdout.
"""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
WHOLE_FILES = ("-q", "--dist", "loadfile", "--no-loadscope-reorder")
USUAL = (*WHOLE_FILES, "-n", "3")
JOURNEYS = "tests/journeys"
ON_POSTGRESQL = "--postgres"
WRITING = [
    *(f"tests/clinic/{room}" for room in ("audit", "errands", "sealing", "attachments", "treatments")),
    *(f"tests/clinic/{file}.py" for file in ("people/test_actions", "people/test_together", "charts/test_actions")),
]


def main() -> int:
    given = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="tautband-tests-") as home:
        # Never the data folder of whoever runs the tests.
        environment = {**os.environ, "TAUTBAND_HOME": home}
        if given[:1] == [ON_POSTGRESQL]:
            return on_postgresql(given[1:] or [*USUAL, "tests/clinic"], environment)
        if given:
            return run(given, environment)
        environment |= {"TAUTBAND_TEST_HOMES": f"{home}/made"}
        first = run([*USUAL, f"--ignore={JOURNEYS}"], environment)
        with ThreadPoolExecutor(1) as beside, tempfile.TemporaryFile("w+") as told:
            other = beside.submit(on_postgresql, [*WHOLE_FILES, "-n", "1", *WRITING], environment, told)
            journeys = run([*USUAL, JOURNEYS], environment)
            other.exception()
            told.seek(0)
            print("The same on PostgreSQL:", told.read(), sep="\n", flush=True)
            return max(first, journeys, other.result())


def on_postgresql(arguments: list[str], environment: dict[str, str], told: IO[str] | None = None) -> int:
    """One run with the record in a fresh PostgreSQL; what it prints goes to `told` if that is given."""
    sys.path.insert(0, str(ROOT / "tests" / "support"))
    from postgres import fresh_postgresql

    with fresh_postgresql() as address:
        return run(arguments, {**environment, "TAUTBAND_DATABASE": address}, told)


def run(arguments: list[str], environment: dict[str, str], told: IO[str] | None = None) -> int:
    """One pytest run; 130 and the like are passed on as they are."""
    command = [sys.executable, "-m", "pytest", *arguments]
    return abs(subprocess.run(command, cwd=ROOT, env=environment, stdout=told, stderr=told).returncode)


if __name__ == "__main__":
    sys.exit(main())
