"""`tautband restore FILE`: prove a backup and put it in place; the old folder is kept.

With TAUTBAND_DATABASE set, the record goes into that empty PostgreSQL database, and keys and uploads into the folder.
"""

import argparse
import os
import sys
from pathlib import Path

from tautband.cli.backup import passphrase, passphrase_option
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

    file, home, address = Path(options.file), data_folder(options.home), os.environ.get("TAUTBAND_DATABASE", "")
    words = passphrase(options)
    try:
        if options.prove:
            proof, old = try_restore(file, words, home), None
        else:
            proof, old = restore(file, words, home, address=address)
    except RestoreFailed as error:
        raise UserError(str(error)) from None
    print(f"Whole: {proof.charts} charts, {proof.entries} entries, {proof.notes} signed notes.", file=sys.stderr)
    if options.prove:
        print("Nothing was replaced.", file=sys.stderr)
        return 0
    print(home)
    if address:
        print("The record is in PostgreSQL, compared row by row; keys and uploads are in this folder.", file=sys.stderr)
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
