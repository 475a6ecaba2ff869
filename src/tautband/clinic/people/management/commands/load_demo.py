"""`load_demo`: the demo practice from the command line."""

from django.core.management import BaseCommand, CommandError

from tautband.clinic.people.actions import AlreadySetUp
from tautband.clinic.people.demo import create_demo_practice


class Command(BaseCommand):
    """Create the demo practice in an empty installation."""

    help = "Create a demo practice with six invented clients. Only works before the first visit."

    def handle(self, *args: object, **options: object) -> None:
        """Create it, or say why not."""
        try:
            owner = create_demo_practice()
        except AlreadySetUp:
            raise CommandError(
                "There is a practice here already. Use an empty folder: TAUTBAND_HOME=/some/empty/folder"
            ) from None
        self.stdout.write(f"{owner.practice.name}: open the workbench and choose 'Open the demo practice'.")
