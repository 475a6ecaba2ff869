"""`tautband export`: a client, the charts of a therapist, or the whole practice as one readable archive."""

import argparse
import os
import sys
import uuid
from pathlib import Path
from typing import Any

from tautband.cli.main import UserError
from tautband.cli.verify import data_folder


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--client", metavar="ID", help="one client; the id stands in the address of their page")
    whose.add_argument("--therapist", metavar="LOGIN", help="the charts somebody keeps, by sign-in name")
    whose.add_argument("--practice", action="store_true", help="everything")
    parser.add_argument("--to", metavar="FILE", required=True, help="the archive to write (.zip)")
    parser.add_argument("--home", help="data folder (default: TAUTBAND_HOME or the platform's place)")


def run(options: argparse.Namespace) -> int:
    """Write the archive whole or not at all, and print its path."""
    target = Path(options.to)
    if target.exists():
        raise UserError(f"{target} is there already. Choose another name.")
    home = data_folder(options.home)
    if not (home / "tautband.sqlite3").is_file() and not os.environ.get("TAUTBAND_DATABASE"):
        raise UserError(f"There is no record in {home}.")
    os.environ["TAUTBAND_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tautband.clinic.project.settings")
    import django

    django.setup()
    from tautband.clinic.audit.log import System
    from tautband.clinic.keeping.export import export

    scope, clients = _chosen(options)
    part = target.with_name(f".{target.name}.part")
    try:
        with open(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:  # noqa: PTH123 - private
            count = export(scope=scope, clients=clients, by=System(), to=file)
        part.rename(target)
    except OSError as error:
        raise UserError(f"Nothing was exported: {error}.") from None
    finally:
        part.unlink(missing_ok=True)
    print(target)
    print(f"{count} clients. Not encrypted: whoever has the file can read it.", file=sys.stderr)
    return 0


def _chosen(options: argparse.Namespace) -> tuple[str, list[Any]]:
    from django.db.models import Q

    from tautband.clinic.people.models import Client

    if options.practice:
        return "practice", list(Client.objects.order_by("pk"))
    if options.client:
        try:
            found = list(Client.objects.filter(pk=uuid.UUID(options.client)))
        except ValueError:
            found = []
        if not found:
            raise UserError(f"There is no client {options.client}.")
        return "client", found
    login = Q(team__member__user__username__iexact=options.therapist)
    login |= Q(team__member__user__email__iexact=options.therapist)
    kept = list(Client.objects.filter(login, team__keeper=True).order_by("pk"))
    if not kept:
        raise UserError(f"{options.therapist} keeps no chart here.")
    return "therapist", kept
