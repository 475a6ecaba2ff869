"""Run the whole test suite as `bin/test` does; arguments go to pytest.

On a developer's machine browser journeys without a Chromium are deselected and counted; where CI is set that is a
failure. Prints results on stdout.
"""

import os
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    os.chdir(ROOT)
    arguments = sys.argv[1:] or ["-q", "-n", "2", "--dist", "loadfile"]
    with tempfile.TemporaryDirectory(prefix="tautband-tests-") as home:
        os.environ["TAUTBAND_HOME"] = home  # never the data folder of whoever runs the tests
        return int(pytest.main(arguments))


if __name__ == "__main__":
    sys.exit(main())
