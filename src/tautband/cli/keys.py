"""`tautband keys`: the names of the sealing keys, and a new one when somebody may have seen them."""

import argparse
import sys

from tautband.cli.main import UserError
from tautband.cli.worker import set_up


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "what", nargs="?", choices=("show", "renew"), default="show", help="show names; renew: seal anew"
    )
    parser.add_argument("--home", help="data folder (default: TAUTBAND_HOME or the platform's place)")


def run(options: argparse.Namespace) -> int:
    """Print the names of the keys, the current one first; never a key itself."""
    set_up(options.home)
    from tautband.clinic.sealing.keys import KeysNotUsable, rotate
    from tautband.clinic.sealing.renew import seal_everything_anew
    from tautband.clinic.sealing.seal import keys_file, ring

    try:
        if options.what == "renew":
            fresh = rotate(keys_file())
            count = seal_everything_anew()
            print(f"{count} records and files are sealed with the new key.", file=sys.stderr)
            print("Earlier keys stay in the file: older backups need them. Make a backup now.", file=sys.stderr)
            print(fresh.current)
            return 0
        keys = ring()
    except KeysNotUsable as error:
        raise UserError(str(error)) from None
    print("\n".join([keys.current, *sorted(set(keys.keys) - {keys.current}, reverse=True)]))
    return 0
