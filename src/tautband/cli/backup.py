"""`tautband backup`: one encrypted file with the whole practice, proved by restoring it."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from tautband.cli.main import UserError
from tautband.cli.verify import data_folder


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--to", metavar="FOLDER", help="where to write it (default: backups in the data folder)")
    parser.add_argument("--home", help="data folder (default: TAUTBAND_HOME or the platform's place)")
    passphrase_option(parser)
    parser.add_argument("--unproved", action="store_true", help="do not try to restore it at once")


def run(options: argparse.Namespace) -> int:
    """Write a backup, prove it, print its path."""
    from tautband.clinic.keeping.backup import BackupFailed, RestoreFailed, backup, try_restore, uploads_missing
    from tautband.clinic.keeping.sealed import WeakPassphrase

    address = os.environ.get("TAUTBAND_DATABASE", "")
    home = data_folder(options.home)
    words = passphrase(options, twice=True)
    try:
        file = backup(home, words, Path(options.to) if options.to else None, address=address)
        proof = None if options.unproved else try_restore(file, words, home)
    except (BackupFailed, RestoreFailed, WeakPassphrase) as error:
        raise UserError(str(error)) from None
    print(file)
    if proof:
        print(
            f"Restored and proved: {proof.charts} charts, {proof.entries} entries, {proof.notes} signed notes.",
            file=sys.stderr,
        )
    missing = uploads_missing(home)
    if missing:
        print(
            f"{missing} uploads are not in {home / 'media'}, so they are not in this backup. When several servers "
            "share the record, let them share that folder too; else look for them in earlier backups.",
            file=sys.stderr,
        )
    print("Keep it on another disk, and the passphrase elsewhere: without it nobody can open this.", file=sys.stderr)
    return 0


def passphrase_option(parser: argparse.ArgumentParser) -> None:
    """The passphrase is asked for or read from a file; on a command line others could see it."""
    parser.add_argument("--passphrase-file", metavar="FILE", help="read the passphrase from the first line of a file")


def passphrase(options: argparse.Namespace, *, twice: bool = False) -> str:
    """The passphrase, from the file or from the keyboard. Raises UserError."""
    if options.passphrase_file:
        try:
            return Path(options.passphrase_file).read_text("utf-8").partition("\n")[0].rstrip("\r")
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"The passphrase file cannot be read: {error}.") from None
    if not sys.stdin.isatty():
        raise UserError("Nobody is here to ask for the passphrase: use --passphrase-file FILE.")
    words = getpass.getpass("Passphrase: ")
    if twice and getpass.getpass("Once more: ") != words:
        raise UserError("The two passphrases differ. Nothing was done.")
    return words
