"""`tautband verify`: walk every chart's chain and say which entry fails first; write and compare heads."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from tautband.cli.main import UserError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--home", help="data folder (default: TAUTBAND_HOME or the platform's place)")
    parser.add_argument("--file", help="a database file to check instead, such as one out of a backup")
    parser.add_argument(
        "--head", nargs="?", const="-", metavar="FILE", help="write the head of every chain, to keep outside or print"
    )
    parser.add_argument("--against", metavar="HEAD", help="compare with a head that was kept outside")
    parser.add_argument("--digest", help="the digest that was noted for that head, at least its first 12 signs")
    parser.add_argument("--json", action="store_true", help="for machines")


def run(options: argparse.Namespace) -> int:
    """Print a verdict; 0 when whole, 1 when something fails. Raises UserError when there is nothing to check."""
    from tautband.clinic.audit.heads import write_whole

    verdicts, trouble, now = _look(options, _head_to_compare(options))
    broken = [verdict for verdict in verdicts if not verdict.intact]
    _say(options, verdicts, broken, trouble, now.digest)
    if options.head and not broken and not trouble:
        if options.head == "-":
            print(now.as_text(), end="")
        else:
            write_whole(Path(options.head), now.as_text())
        print(f"Digest to note on paper: {in_groups(now.digest)}", file=sys.stderr)
    return 1 if broken or trouble else 0


def _look(options: argparse.Namespace, head: Any) -> tuple[list[Any], list[str], Any]:
    """Verdicts, damage and the head of the record that is meant: a file, or what TAUTBAND_DATABASE names."""
    from tautband.clinic.audit.files import NotARecord, damage, opened, verify_file, verify_open
    from tautband.clinic.audit.served import damage_served, opened_server
    from tautband.clinic.vault import VaultNotOpen

    file, address = database_file(options), os.environ.get("TAUTBAND_DATABASE")
    try:
        if address and not options.file:
            with opened_server(address) as served:
                return _against(served, verify_open(served), head, damage_served(served))
        with opened(file) as connection:
            trouble = damage(connection)
            return _against(connection, verify_file(connection), head, trouble)
    except NotARecord as error:
        raise UserError(f"{error} {last_good(file)}") from None
    except VaultNotOpen as error:
        raise UserError(f"{error} {if_never_closed(file)}") from None


def _against(connection: Any, verdicts: list[Any], head: Any, trouble: list[str]) -> tuple[list[Any], list[str], Any]:
    from tautband.clinic.audit.files import charts, entries
    from tautband.clinic.audit.heads import compare, head_of

    if head:
        names = sorted({*charts(connection), *head.ends})
        verdicts += [compare(head, chart, entries(connection, chart)) for chart in names]
    return verdicts, trouble, head_of(entries(connection, chart) for chart in charts(connection))


def database_file(options: argparse.Namespace) -> Path:
    """The database file that is meant. Nothing is created."""
    if options.file:
        return Path(options.file)
    return data_folder(options.home) / "tautband.sqlite3"


def data_folder(chosen: str | None) -> Path:
    """The data folder by option, environment or platform, without making it."""
    import platformdirs

    place = chosen or os.environ.get("TAUTBAND_HOME") or platformdirs.user_data_dir("tautband", appauthor=False)
    return Path(place).expanduser().absolute()


def last_good(database: Path) -> str:
    """Where the newest backup beside this database is, in a sentence."""
    backups = sorted((database.parent / "backups").glob("*.tautband"), key=lambda file: file.stat().st_mtime)
    if not backups:
        return "No backup lies beside it."
    return f"The newest backup is {backups[-1]}: tautband restore {backups[-1]}"


def if_never_closed(database: Path) -> str:
    """The other meaning of a file that does not begin as a plain record does, in a sentence."""
    return f"If this record was never closed, it is damaged. {last_good(database)}"


def in_groups(digest: str) -> str:
    """A digest in groups of four, as people copy it."""
    return " ".join(digest[place : place + 4] for place in range(0, len(digest), 4))


def _head_to_compare(options: argparse.Namespace) -> Any:
    from tautband.clinic.audit.heads import NotAHead, read_head

    if not options.against:
        if options.digest:
            raise UserError("--digest needs the head it belongs to: --against HEAD.")
        return None
    try:
        head = read_head(Path(options.against).read_text("utf-8"))
    except (NotAHead, OSError, UnicodeDecodeError) as error:
        raise UserError(f"{options.against}: {error}") from None
    noted = "".join((options.digest or "").split()).lower()
    if noted and (len(noted) < 12 or not head.digest.startswith(noted)):
        raise UserError(f"{options.against} is not the head whose digest was noted. It was replaced, or mistaken.")
    return head


def _say(options: argparse.Namespace, verdicts: Any, broken: Any, trouble: list[str], digest: str) -> None:
    found = [{"chart": v.chart, "entry": v.broken_at, "reason": v.reason} for v in broken]
    entries = sum(verdict.checked for verdict in {v.chart: v for v in reversed(verdicts)}.values())
    if options.json:
        whole = not broken and not trouble
        verdict = {"whole": whole, "charts": len({v.chart for v in verdicts}), "entries": entries}
        print(json.dumps({**verdict, "broken": found, "damage": trouble, "digest": digest}, indent=1))
        return
    for what in trouble:
        print(f"The database: {what}.")
    for one in found:
        print(f"{one['chart']}, entry {one['entry']}: {one['reason']}.")
    if not found and not trouble:
        print(f"The record is whole: {len({v.chart for v in verdicts})} charts, {entries} entries.", file=sys.stderr)
