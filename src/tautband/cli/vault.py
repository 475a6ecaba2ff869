"""`tautband vault`: encrypt the whole record with a passphrase, make it plain again, or say how it is."""

import argparse
import getpass
import os
import sys

from tautband.cli.main import UserError
from tautband.cli.verify import data_folder


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "what",
        choices=("close", "open", "status"),
        help="close: encrypt the whole file; open: make it plain again; status: which it is",
    )
    parser.add_argument("--home", help="data folder (default: TAUTBAND_HOME or the platform's place)")


def run(options: argparse.Namespace) -> int:
    """Turn the record, or print `closed`, `open` or `none`. Nothing is changed when it cannot be turned."""
    from tautband.clinic.vault.files import is_closed
    from tautband.clinic.vault.turning import DATABASE, close, open_up, plain_copies

    if os.environ.get("TAUTBAND_DATABASE"):
        raise UserError(
            "This practice keeps its record in PostgreSQL, and only a file is closed. Encrypt the server's disk."
        )
    home = data_folder(options.home)
    file = home / DATABASE
    if options.what == "status":
        print("closed" if is_closed(file) else "open" if file.is_file() else "none")
        return 0
    if options.what == "open":
        rows = open_up(home)
        print("open")
        print(f"The record is plain again: {rows} rows compared. Whoever has the disk can read it.", file=sys.stderr)
        print("Unset TAUTBAND_VAULT before you start.", file=sys.stderr)
        return 0
    if is_closed(file):
        raise UserError(f"The record in {home} is closed already. Nothing was changed.")
    rows = close(home, _new_passphrase())
    print("closed")
    print(f"The record is encrypted: {rows} rows compared. Without the passphrase nobody can open it.", file=sys.stderr)
    print("Write the passphrase down and keep it elsewhere; backups of this record need it too.", file=sys.stderr)
    print("The disk may still hold traces of the plain file until it has written over them.", file=sys.stderr)
    for left in plain_copies(home):
        print(f"Not encrypted is still {left}: delete it when you need it no more.", file=sys.stderr)
    return 0


def _new_passphrase() -> str:
    from tautband.clinic.vault import key

    if key.is_given():
        return key.passphrase("")
    if not sys.stdin.isatty():
        raise UserError("Nobody is here to ask for a passphrase: set TAUTBAND_VAULT to a file that holds it.")
    words = key.checked(getpass.getpass("Passphrase for the record: "))
    if getpass.getpass("Once more: ") != words:
        raise UserError("The two passphrases differ. Nothing was done.")
    return words
