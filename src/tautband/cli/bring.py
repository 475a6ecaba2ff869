"""`tautband import FILE`: bring an export of another Tautband in, all of it or nothing, never twice."""

import argparse
import sys
from pathlib import Path
from typing import Any

from tautband.cli.main import UserError
from tautband.cli.worker import set_up


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", help="the archive (.zip)")
    parser.add_argument("--home", help="data folder (default: TAUTBAND_HOME or the platform's place)")
    parser.add_argument("--look", action="store_true", help="only say what it holds; change nothing")
    parser.add_argument("--by", metavar="LOGIN", help="who brings it in (default: the owner, where there is one)")
    parser.add_argument(
        "--as", dest="authors", action="append", default=[], metavar="NAME=LOGIN", help="an author's account here"
    )
    parser.add_argument("--leave", action="store_true", help="leave clients that differ here as they are here")
    parser.add_argument("--doubtful-too", action="store_true", help="also who is perhaps here already")


def run(options: argparse.Namespace) -> int:
    """Import, or only look; 0 when done. Raises UserError when nothing was brought in."""
    set_up(options.home)
    from tautband.clinic.keeping.importing import NotImported, bring_in, look

    file = Path(options.file)
    by = _member(options.by)
    try:
        seen = look(file, by.practice)
        for client in seen.clients:
            print(f"{client.state:8} {client.name}{'  like one here' if client.like else ''}")
        if options.look:
            return 0
        chosen = {name: _member(login) for name, _, login in (words.partition("=") for words in options.authors)}
        authors = {author.id: chosen.get(author.name, author.here) for author in seen.authors}
        done = bring_in(file, by=by, authors=authors, leave=options.leave, doubtful_too=options.doubtful_too)
    except NotImported as error:
        raise UserError(str(error)) from None
    print(f"{done.clients} clients brought in, {done.rows} rows, {done.left} left as they are here.", file=sys.stderr)
    return 0


def _member(login: str | None) -> Any:
    from django.db.models import Q

    from tautband.clinic.people.models import Member, Role

    if login is None:
        owners = list(Member.objects.filter(role=Role.OWNER, active=True)[:2])
        if len(owners) != 1:
            raise UserError("Say who brings it in: --by LOGIN.")
        return owners[0]
    found = Member.objects.filter(Q(user__username__iexact=login) | Q(user__email__iexact=login), active=True).first()
    if found is None:
        raise UserError(f"Nobody signs in as {login} here.")
    return found
