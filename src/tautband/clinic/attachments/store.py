"""Sealed files on the disk: `media/attachments/<ab>/<id>.sealed`, and `<id>.small.sealed` for the small picture.

A file is on the disk before its row is, so no row is ever without its file; a file without a row is swept later.
"""

import os
import time
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tautband.clinic.attachments.models import Attachment
from tautband.clinic.errands.actions import every
from tautband.clinic.sealing.seal import key_name, seal, unseal

LEFT_S = 24 * 3600


class FileGone(OSError):
    """The sealed file is not where its row says; the message names it."""


def folder() -> Path:
    """Where they lie."""
    return Path(settings.MEDIA_ROOT) / "attachments"


def path_of(key: UUID, part: str = "") -> Path:
    """The file of an attachment; `part` is empty or "small"."""
    return folder() / str(key)[:2] / f"{key}{'.' + part if part else ''}.sealed"


def _about(key: UUID, part: str) -> str:
    return f"attachment/{key}/{part or 'whole'}"


def write(key: UUID, data: bytes, part: str = "") -> None:
    """Seal and keep bytes: whole or not at all, on the disk when this returns."""
    file = path_of(key, part)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _put(file, seal(data, _about(key, part)))


def _put(file: Path, sealed: bytes) -> None:
    beside = file.with_name(f".{file.name}.part")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:  # noqa: PTH123 - private
            handle.write(sealed)
            handle.flush()
            os.fsync(handle.fileno())
        beside.replace(file)
        if os.name == "posix":
            descriptor = os.open(file.parent, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
    finally:
        beside.unlink(missing_ok=True)


def read(key: UUID, part: str = "") -> bytes:
    """The bytes again. Raises FileGone, CannotUnseal, KeysNotUsable."""
    file = path_of(key, part)
    try:
        sealed = file.read_bytes()
    except FileNotFoundError as error:
        raise FileGone(
            f"{file.name} is not in the media folder. It is in the backups made since it was added."
        ) from error
    return unseal(sealed, _about(key, part))


def erase(key: UUID) -> None:
    """Delete the files of an attachment from this disk."""
    for part in ("", "small"):
        path_of(key, part).unlink(missing_ok=True)


def seal_anew(current: str) -> int:
    """Seal with the current key what another one sealed; how many files."""
    count = 0
    for file in sorted(folder().glob("*/*.sealed")):
        name, _, part = file.name.removesuffix(".sealed").partition(".")
        if key_name(file.read_bytes()) != current:
            write(UUID(name), read(UUID(name), part), part)
            count += 1
    return count


@every("attachments.sweep", hours=24)
def sweep(*, slot: str = "") -> None:
    """Delete files that an upload cut off in the middle left behind a day ago or earlier."""
    for file in folder().glob("*/*.sealed"):
        key = file.name.partition(".")[0]
        old = time.time() - file.stat().st_mtime > LEFT_S
        if old and not Attachment.objects.filter(pk=key).exists():
            file.unlink()
