"""Opening a record's file, plain or closed, without Django."""

import sqlite3
import sys
from pathlib import Path
from typing import Any

from tautband.clinic.vault import VaultNotOpen
from tautband.clinic.vault.key import SALT_BYTES, passphrase, pragma_key

try:
    from sqlcipher3 import dbapi2 as sqlcipher
except ImportError:  # the extra `vault` is not installed: plain files only
    sqlcipher = None  # type: ignore[assignment,unused-ignore]

PLAIN = b"SQLite format 3\x00"
_DRIVERS: tuple[Any, ...] = (sqlite3, sqlcipher) if sqlcipher else (sqlite3,)
ERRORS: tuple[type[Exception], ...] = tuple(driver.Error for driver in _DRIVERS)
DATABASE_ERRORS: tuple[type[Exception], ...] = tuple(driver.DatabaseError for driver in _DRIVERS)
OPERATIONAL_ERRORS: tuple[type[Exception], ...] = tuple(driver.OperationalError for driver in _DRIVERS)
"""What the two drivers raise; those of SQLCipher are no kin of the standard library's."""


_settled: dict[Path, bytes | None] = {}
"""Files that this process serves from, by path: their salt, None when plain."""


def settle(file: Path, salt: bytes | None) -> None:
    """Remember how the file is that this process serves from, so that it is never again opened past its driver.

    To close a file, even one opened only to look at it, takes all locks of the process on it away (POSIX), and with
    them the guard of every connection. For the same reason a file is only ever opened by one of the two drivers.
    """
    _settled[file.absolute()] = salt


def unsettle(file: Path) -> None:
    """Look at the file anew, since it was replaced."""
    _settled.pop(file.absolute(), None)


def is_closed(file: Path) -> bool:
    """Whether a file is there that does not begin as a plain database does: closed, or damaged from its first sign."""
    return salt_of(file) is not None


def salt_of(file: Path) -> bytes | None:
    """The salt of a closed file: its first 16 bytes. None for a plain, empty or missing file."""
    if file.absolute() in _settled:
        return _settled[file.absolute()]
    try:
        with file.open("rb") as handle:
            head = handle.read(SALT_BYTES)
    except FileNotFoundError:
        return None
    return head if len(head) == SALT_BYTES and head != PLAIN else None


def driver() -> Any:
    """The module that opens closed files. Raises VaultNotOpen without the extra `vault`."""
    if sqlcipher is None:
        raise VaultNotOpen(
            'A closed record needs the extra "vault", which is not installed. Install it with: '
            f'"{sys.executable}" -m pip install sqlcipher3-wheels . Nothing was changed.'
        )
    return sqlcipher


def key_of(file: Path) -> str | None:
    """The key of a closed file, tried on it; None for a plain one. Raises VaultNotOpen."""
    salt = salt_of(file)
    if salt is None:
        return None
    module = driver()
    key = pragma_key(passphrase(f"The record {file} is closed."), salt)
    connection = module.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=20)
    try:
        unlock(connection, key)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except module.DatabaseError as error:
        if "not a database" not in str(error):
            raise
        raise VaultNotOpen(
            f"The passphrase does not open {file}. Nothing was changed. If it is the right one, the file is damaged: "
            "keep a copy of it and restore the last good backup."
        ) from None
    finally:
        connection.close()
    return key


def connect(file: Path, *, read_only: bool = False, timeout_s: float = 5, key: str | None = None) -> Any:
    """Open a database, plain or closed; as `sqlite3.connect` does. Raises VaultNotOpen.

    key  for a file that is only made now: the one of `key_of` its source, None for a plain one
    """
    key = key or key_of(file)
    address = f"{file.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    if key is None:
        return sqlite3.connect(address, uri=True, timeout=timeout_s)
    connection = driver().connect(address, uri=True, timeout=timeout_s)
    unlock(connection, key)
    return connection


def unlock(connection: Any, key: str) -> None:
    """Give a connection its key, before anything else is asked of it."""
    connection.execute(f'PRAGMA key = "{key}"')
