"""The command line: one module per command, imported only when its command is used.

To add a command, write a module with `arguments(parser)` and `run(options) -> int` and name it in `COMMANDS`.
Results go to stdout, messages to stderr. Exit codes: 0 done, 1 done and something is wrong, 2 wrong use.
"""

import argparse
import getpass
import importlib
import os
import sys
from collections.abc import Sequence

import tautband
from tautband.clinic.vault import VaultNotOpen
from tautband.clinic.vault.key import ask_with

COMMANDS: dict[str, tuple[str, str]] = {
    "rank": ("tautband.cli.rank", "rank what could explain the cases of a file"),
    "priors": ("tautband.cli.priors", "propose a clinic's own priors from counts, review and accept them"),
    "serve": ("tautband.cli.serve", "open the workbench in the browser"),
    "fact": ("tautband.cli.fact", "show what the atlas knows of a muscle, nerve, test ... with its sources"),
    "field": ("tautband.cli.field", "measure and draw where a muscle refers to, or the skin of a nerve or root"),
    "drawing": ("tautband.cli.drawing", "measure, score, compare and convert exported pain drawings"),
    "check": ("tautband.cli.check", "check the knowledge files and say how to repair them"),
    "verify": ("tautband.cli.verify", "prove that nothing in the record was changed, deleted or cut off"),
    "backup": ("tautband.cli.backup", "write one encrypted file with the whole practice, and prove it"),
    "restore": ("tautband.cli.restore", "put a backup in place after proving it; the old folder is kept"),
    "export": ("tautband.cli.export", "write a client, a therapist's charts or the practice as a readable archive"),
    "import": ("tautband.cli.bring", "bring an export of another Tautband in, all of it or nothing"),
    "worker": ("tautband.cli.worker", "run what is due later: reminders, check-ins, the daily backup"),
    "keys": ("tautband.cli.keys", "show and renew the keys of what lies sealed in the record"),
    "vault": ("tautband.cli.vault", "encrypt the whole record with a passphrase, or make it plain again"),
    "atlas": ("tautband.cli.atlas", "export the facts in a neutral form, or the forms of the files as JSON Schemas"),
}


class UserError(Exception):
    """The command cannot do what was asked; the message says what to do instead."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser()
    chosen = next((word for word in words if not word.startswith("-")), "")
    if chosen not in COMMANDS:
        parser.parse_args(words)
        parser.print_help(sys.stderr)
        return 2
    module = importlib.import_module(COMMANDS[chosen][0])
    summary = COMMANDS[chosen][1]
    command = argparse.ArgumentParser(prog=f"tautband {chosen}", description=f"{summary[0].upper()}{summary[1:]}.")
    module.arguments(command)
    options = command.parse_args(words[words.index(chosen) + 1 :])
    if sys.stdin is not None and sys.stdin.isatty():
        ask_with(getpass.getpass)
    try:
        return int(module.run(options))
    except (UserError, VaultNotOpen) as error:
        print(f"tautband {chosen}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader (head, less) has gone. Standard output is pointed away so that closing it stays silent.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {name:<{width}}  {summary}" for name, (_, summary) in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="tautband",
        description="Tautband, the open clinical workbench for neuromuscular therapy.",
        epilog=f"commands:\n{listing}\n\n`tautband COMMAND --help` shows the options of a command.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"tautband {tautband.__version__}")
    parser.add_argument("command", nargs="?", choices=tuple(COMMANDS), metavar="COMMAND", help="what to do")
    return parser
