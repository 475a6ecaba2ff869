"""The backup that is made every day by itself, and proved.

Its passphrase lies in the data folder, sealed with the sealing key. That gives nothing away: whoever has the folder has
the record itself. The file that leaves the folder is as hard to open as one made by hand.
"""

import logging
import os
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from tautband.clinic.audit.log import System, head_now, record
from tautband.clinic.errands.actions import every
from tautband.clinic.keeping.backup import backup, try_restore, uploads_missing
from tautband.clinic.keeping.place import address
from tautband.clinic.keeping.sealed import checked_passphrase
from tautband.clinic.people.post import post
from tautband.clinic.people.queries import the_practice
from tautband.clinic.sealing.seal import seal, unseal

log = logging.getLogger("tautband.keeping")
ABOUT = "backup passphrase"


def _file() -> Path:
    return Path(settings.HOME) / "backup.passphrase"


def is_on() -> bool:
    """Whether backups are made daily."""
    return _file().is_file()


def turn_on(passphrase: str) -> None:
    """Keep the passphrase, sealed. Raises WeakPassphrase."""
    sealed = seal(checked_passphrase(passphrase).encode(), ABOUT)
    part = _file().with_suffix(".part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:  # noqa: PTH123 - private
        handle.write(sealed)
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(_file())


def turn_off() -> None:
    """Forget the passphrase; backups are made by hand again."""
    _file().unlink(missing_ok=True)


@every("keeping.backup", hours=24, alone=True)
def make(*, slot: str = "") -> None:
    """Back up and prove, if that is asked for. A failure is tried again, and shows as the age of the last backup."""
    if not is_on():
        return
    home = Path(settings.HOME)
    passphrase = unseal(_file().read_bytes(), ABOUT).decode()
    file = backup(home, passphrase, address=address())
    proof = try_restore(file, passphrase, home)
    with transaction.atomic():
        details = {"bytes": file.stat().st_size, "charts": proof.charts, "entries": proof.entries, "by_itself": True}
        details["uploads_missing"] = uploads_missing(home)
        record(verb="backup.made", target=f"backup/{file.name}", by=System(), details=details)


@every("keeping.head_mail", hours=24)
def mail_head(*, slot: str = "") -> None:
    """Mail the day's head to whom the owner named: numbers that only mean something beside the record."""
    practice = the_practice()
    if practice is None or practice.demo or not practice.heads_to:
        return
    now = head_now(Path(settings.HOME) / "heads")
    digest = " ".join(now.digest[place : place + 4] for place in range(0, len(now.digest), 4))
    body = gettext(
        "The end of every chain of our record on %(day)s in one number:\n\n%(digest)s\n\n"
        "Please keep this mail. Nothing in it can be read back; it shows later that nothing was cut off or changed."
    )
    post(
        practice=practice,
        to=practice.heads_to,
        subject=gettext("Seal of the record, %(day)s") % {"day": now.at[:10]},
        body=body % {"day": now.at[:10], "digest": digest},
    )
