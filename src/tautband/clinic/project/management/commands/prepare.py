"""`prepare`: everything between "installed" and "ready to serve", safe to run at every start."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command

from tautband.clinic.audit.log import head_now, newest_entry_ahead
from tautband.clinic.keeping.actions import erase_what_came_back
from tautband.clinic.keeping.upgrade import copy_if_form_changes


class Command(BaseCommand):
    """Bring the database up to date, make the cache table, collect static files when they changed."""

    help = "Prepare the data folder: database, cache table, static files. Quick when nothing changed."

    def handle(self, *args: object, **options: object) -> None:
        """Run the three steps; progress goes to standard error."""
        kept = copy_if_form_changes()
        if kept:
            self.stderr.write(f"The record is brought to a new form. As it was before, it is kept at {kept}")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        erased = erase_what_came_back(Path(settings.HOME))
        if erased:
            self.stderr.write(f"Erased again, as it had been before the restore: {erased} records of clients.")
        late = newest_entry_ahead()
        if late:
            self.stderr.write(
                f"The clock of this computer shows an earlier time than the newest entry of the record ({late}). "
                "Set the clock right: until then, new entries are dated before older ones."
            )
        head_now(Path(settings.HOME) / "heads")
        self._collect_static()
        self.stderr.write(f"Ready. Data folder: {settings.HOME}")

    def _collect_static(self) -> None:
        """Copy static files only when one of them changed since the last start."""
        stamp = Path(settings.STATIC_ROOT) / ".stamp"
        now = _fingerprint()
        if stamp.is_file() and stamp.read_text() == now:
            return
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(now)


def _fingerprint() -> str:
    """A digest over name, size and time of every static file."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            state = Path(storage.path(path)).stat()
            digest.update(f"{path}|{state.st_size}|{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
