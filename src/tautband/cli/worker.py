"""`tautband worker`: a process of its own that runs errands. `serve` runs one beside itself; a clinic may run more."""

import argparse
import os
import signal
import sys
from pathlib import Path

from tautband.cli.main import UserError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--home", help="data folder (default: TAUTBAND_HOME or the platform's place)")
    parser.add_argument("--once", action="store_true", help="run what is due now, then end")


def run(options: argparse.Namespace) -> int:
    """Work until interrupted; 0 when ended as asked."""
    set_up(options.home)
    from django.db import DatabaseError

    from tautband.clinic.errands.actions import run_due
    from tautband.clinic.errands.worker import Worker

    if options.once:
        try:
            print(run_due())
        except DatabaseError as error:
            raise UserError(f"The record cannot be reached or is not prepared: {error}. Start `serve` once.") from None
        return 0
    worker = Worker()
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    signal.signal(signal.SIGINT, lambda *_: worker.stop())
    print("The worker is up; Ctrl-C ends it after the errand under way.", file=sys.stderr)
    worker.run()
    return 0


def set_up(home: str | None) -> None:
    """Make Django ready on a data folder. Raises UserError."""
    if home:
        os.environ["TAUTBAND_HOME"] = str(Path(home).expanduser().absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tautband.clinic.project.settings")
    import django

    try:
        django.setup()
    except RuntimeError as error:
        raise UserError(str(error)) from None
