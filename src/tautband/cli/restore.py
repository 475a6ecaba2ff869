"""`tautband restore FILE`: prove a backup and put it in place; the old folder is kept."""

import argparse
import sys
from pathlib import Path

from tautband.cli.backup import only_embedded, passphrase, passphrase_option
from tautband.cli.main import UserError
from tautband.cli.verify import data_folder


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", help="the backup")
    parser.add_argument("--home", help="data folder (default: TAUTBAND_HOME or the platform's place)")
    parser.add_argument("--prove", action="store_true", help="only prove that it could be restored; replace nothing")
    passphrase_option(parser)


def run(options: argparse.Namespace) -> int:
    """Restore, or only prove; 0 when done. Raises UserError when nothing was replaced."""
    from tautband.clinic.keeping.backup import DATABASE, RestoreFailed, erased_in, restore, to_erase_again, try_restore

    only_embedded()
    file, home = Path(options.file), data_folder(options.home)
    words = passphrase(options)
    try:
        proof, old = (try_restore(file, words, home), None) if options.prove else restore(file, words, home)
    except RestoreFailed as error:
        raise UserError(str(error)) from None
    print(f"Whole: {proof.charts} charts, {proof.entries} entries, {proof.notes} signed notes.", file=sys.stderr)
    if options.prove:
        print("Nothing was replaced.", file=sys.stderr)
        return 0
    print(home)
    again = len(to_erase_again(home))
    if again:
        print(f"{again} records were erased after this backup; they are again at the next start.", file=sys.stderr)
    elif old and erased_in(old / DATABASE) is None:
        print(
            "What was erased after this backup cannot be read from the old folder: go through your certificates of "
            "erasure, and erase those clients again.",
            file=sys.stderr,
        )
    if old:
        print(f"The folder as it was before is kept at {old}", file=sys.stderr)
    return 0
