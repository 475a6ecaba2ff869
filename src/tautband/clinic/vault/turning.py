"""Turning a plain record into a closed one and back: a new file is written, compared, and only then put in place."""

import contextlib
import os
import secrets
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tautband.clinic.vault import VaultNotOpen
from tautband.clinic.vault.files import ERRORS, PLAIN, connect, driver, key_of, unlock, unsettle
from tautband.clinic.vault.held import nobody_else
from tautband.clinic.vault.key import SALT_BYTES, checked, pragma_key

DATABASE = "tautband.sqlite3"
PART = f".{DATABASE}.turning"


def fresh_salt() -> bytes:
    """16 random bytes that are not the first ones of a plain database."""
    salt = PLAIN
    while salt == PLAIN:
        salt = secrets.token_bytes(SALT_BYTES)
    return salt


def close(home: Path, passphrase: str) -> int:
    """Encrypt the record of a data folder; how many rows were compared. Raises VaultNotOpen with nothing changed."""
    driver()
    return _turn(home, pragma_key(checked(passphrase), fresh_salt()), closed=False)


def open_up(home: Path) -> int:
    """Make a closed record plain again; how many rows were compared. Raises VaultNotOpen with nothing changed."""
    return _turn(home, None, closed=True)


def plain_copies(home: Path) -> list[Path]:
    """Copies from before an upgrade that are not encrypted."""
    found = sorted((home / "backups").glob("before-upgrade-*.sqlite3"))
    return [file for file in found if file.read_bytes()[: len(PLAIN)] == PLAIN]


def _turn(home: Path, key: str | None, *, closed: bool) -> int:
    file, part = home / DATABASE, home / PART
    if not file.is_file():
        raise VaultNotOpen(f"There is no record in {home}.")
    with nobody_else(home):
        old = key_of(file)
        if (old is not None) != closed:
            raise VaultNotOpen(f"The record in {home} is {'closed' if old else 'open'} already. Nothing was changed.")
        _remove(part)
        try:
            with contextlib.closing(_alone(file, old, home)) as source:
                _export(source, part, key)
                rows = _compare(source, part, key)
                _to_disk(part)
                if os.name != "nt":  # there an open file cannot be replaced
                    part.replace(file)
            if os.name == "nt":
                part.replace(file)
            unsettle(file)
            with contextlib.suppress(OSError):  # it is in place already; some disks know no such word for a folder
                _to_disk(home)
        except (OSError, *ERRORS) as error:
            raise VaultNotOpen(f"The record in {home} was not turned: {error}. It is as it was.") from error
        finally:
            _remove(part)
    return rows


def _alone(file: Path, key: str | None, home: Path) -> Any:
    """A connection of SQLCipher's driver that has the file for itself, with nothing left in a write-ahead log."""
    connection = driver().connect(str(file), timeout=0.5, isolation_level=None)
    try:
        if key:
            unlock(connection, key)
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        connection.execute("PRAGMA main.locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except ERRORS as error:
        connection.close()
        if "locked" not in str(error):
            raise
        raise VaultNotOpen(
            f"Another program has the record in {home} open, such as a worker. End it, then try again. "
            "Nothing was changed."
        ) from None
    return connection


def _export(source: Any, part: Path, key: str | None) -> None:
    part.touch(mode=0o600)
    source.execute("ATTACH DATABASE ? AS fresh KEY ?", (str(part), key or ""))
    # A file that nobody reads yet needs no journal; it is brought to the disk as a whole before it is put in place.
    source.execute("PRAGMA fresh.journal_mode=OFF").fetchone()
    source.execute("PRAGMA fresh.synchronous=OFF")
    source.execute("SELECT sqlcipher_export('fresh')").fetchone()
    for number in ("user_version", "application_id"):
        (value,) = source.execute(f"PRAGMA main.{number}").fetchone()
        source.execute(f"PRAGMA fresh.{number} = {value}")
    source.execute("DETACH DATABASE fresh")


def _compare(source: Any, part: Path, key: str | None) -> int:
    """Compare every row of every table, and the form; how many rows. Raises VaultNotOpen at the first difference."""
    form = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    with contextlib.closing(connect(part, read_only=True, key=key)) as fresh:
        whole = [row[0] for row in fresh.execute("PRAGMA integrity_check")] == ["ok"]
        forms = source.execute(form).fetchall()
        rows = 0
        if not whole or fresh.execute(form).fetchall() != forms:
            raise VaultNotOpen("The new file is not whole. The record is as it was.")
        for name in [name for kind, name, _, _ in forms if kind == "table"]:
            quoted = '"' + name.replace('"', '""') + '"'
            everything = f"SELECT * FROM {quoted}"  # noqa: S608 - a table's own name, quoted
            for one, other in zip_longest(source.execute(everything), fresh.execute(everything)):
                if one != other:
                    raise VaultNotOpen(f"The new file differs in {name}. The record is as it was.")
                rows += 1
    return rows


def _remove(part: Path) -> None:
    for left in (part, part.with_name(f"{part.name}-journal"), part.with_name(f"{part.name}-wal")):
        left.unlink(missing_ok=True)


def _to_disk(place: Path) -> None:
    """Make a file or a rename last through a power cut."""
    descriptor = os.open(place, os.O_RDWR if place.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
