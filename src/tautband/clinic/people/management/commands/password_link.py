"""`password_link NAME`: a one-time link to choose a new password, for an owner who is locked out."""

from argparse import ArgumentParser

from django.core.management import BaseCommand, CommandError
from django.db.models import Q

from tautband.clinic.people.links import password_path
from tautband.clinic.people.models import User


class Command(BaseCommand):
    """Print a set-password link for one account."""

    help = "Print a one-time link (good for three days) with which somebody chooses a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The sign-in name."""
        parser.add_argument("login", help="e-mail or user name")

    def handle(self, *args: object, **options: object) -> None:
        """Find the account and print the path of its link."""
        login = str(options["login"])
        user = User.objects.filter(Q(username__iexact=login) | Q(email__iexact=login)).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {login}.")
        self.stdout.write(f"Open this path on the workbench's address: {password_path(user)}")
