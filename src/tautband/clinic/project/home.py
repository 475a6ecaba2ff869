"""The one folder that holds everything a practice owns: database, secret key, logs, collected static files."""

import os
import secrets
from pathlib import Path

import platformdirs

KEY_BYTES = 48


class HomeNotUsable(RuntimeError):
    """The data folder cannot be made or written; the message says what to do."""


def home_folder() -> Path:
    """Return the data folder (`TAUTBAND_HOME`, else the platform's own place), made private if it is new.

    Raises HomeNotUsable when it cannot be made or is not writable.
    """
    folder = Path(os.environ.get("TAUTBAND_HOME") or platformdirs.user_data_dir("tautband", appauthor=False))
    folder = folder.expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise HomeNotUsable(_advice(folder, f"could not be made ({error.strerror})")) from error
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise HomeNotUsable(_advice(folder, "cannot be written to"))
    return folder


def secret_key(folder: Path) -> str:
    """Return the key that signs sessions, created once with mode 600 and kept in `secret.key`.

    Raises HomeNotUsable when the file is there but empty or cut short.
    """
    file = folder / "secret.key"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _existing_key(file)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_urlsafe(KEY_BYTES))
        handle.flush()
        os.fsync(handle.fileno())
    return _existing_key(file)


def _existing_key(file: Path) -> str:
    key = file.read_text(encoding="ascii").strip()
    if len(key) < KEY_BYTES:
        raise HomeNotUsable(
            f"{file} is damaged: the key in it is too short. Move it away and start again; "
            "everyone then signs in anew, and no record is lost."
        )
    return key


def _advice(folder: Path, trouble: str) -> str:
    return f"The data folder {folder} {trouble}. Set TAUTBAND_HOME to a folder you may write to."
