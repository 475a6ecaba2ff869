"""The ring of sealing keys: a small file outside the database.

`sealing.keys` in the data folder (or where `TAUTBAND_SEALING_KEYS` says) holds every key that was ever used and names
the one that seals now. Whoever has the database without this file cannot read what is sealed; whoever loses the file
cannot either. `backup` takes it along, inside the encrypted backup.

No Django here, so that backup and command line can use it.
"""

import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FILE = "sealing.keys"
FORM = "tautband sealing keys 1"
KEY_BYTES = 32


class KeysNotUsable(RuntimeError):
    """The key file is missing, damaged or lacks a key; the message says what to do."""


@dataclass(frozen=True)
class Ring:
    """Keys by name, 32 bytes each; `current` names the one that seals."""

    current: str
    keys: Mapping[str, bytes]

    def key(self, name: str) -> bytes:
        """The key of that name. Raises KeysNotUsable."""
        try:
            return self.keys[name]
        except KeyError:
            raise KeysNotUsable(
                f"The key {name!r} that sealed this is not in {FILE}. Put back the {FILE} that belongs to this record; "
                "it is in every backup."
            ) from None


def read_ring(file: Path) -> Ring:
    """The ring in a file. Raises KeysNotUsable."""
    try:
        plain = json.loads(file.read_text(encoding="ascii"))
        keys = {str(name): b64decode(key, validate=True) for name, key in plain["keys"].items()}
        ring = Ring(str(plain["current"]), keys)
    except FileNotFoundError:
        raise KeysNotUsable(f"{file} is not there. Put it back from a backup: sealed texts need it.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeysNotUsable(f"{file} is damaged. Put it back from a backup: sealed texts need it.") from error
    if plain.get("form") != FORM or ring.current not in keys or any(len(key) != KEY_BYTES for key in keys.values()):
        raise KeysNotUsable(f"{file} is damaged. Put it back from a backup: sealed texts need it.")
    return ring


def make_ring(file: Path) -> Ring:
    """The ring of a file, made with one fresh key when there is none yet; two makers at once agree on one."""
    if not file.exists():
        name = _fresh_name()
        part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
        _write(part, Ring(name, {name: secrets.token_bytes(KEY_BYTES)}))
        try:
            os.link(part, file)  # fails when somebody else was quicker, unlike a rename
        except FileExistsError:
            pass  # theirs is read below
        finally:
            part.unlink(missing_ok=True)
    return read_ring(file)


def rotate(file: Path) -> Ring:
    """Add a fresh key that seals from now on. Earlier keys stay, since earlier texts and backups need them."""
    old = make_ring(file)
    name = _fresh_name()
    fresh = Ring(name, {**old.keys, name: secrets.token_bytes(KEY_BYTES)})
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        _write(part, fresh)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return fresh


def add_keys(file: Path, others: Mapping[str, bytes]) -> Ring:
    """Take keys of another ring along, so that what they sealed can be opened here; the current key stays."""
    old = make_ring(file)
    if not set(others) - set(old.keys):
        return old
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        _write(part, Ring(old.current, {**others, **old.keys}))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return read_ring(file)


def _fresh_name() -> str:
    return f"{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(3)}"


def _write(file: Path, ring: Ring) -> None:
    keys = {name: b64encode(key).decode() for name, key in sorted(ring.keys.items())}
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as handle:  # noqa: PTH123 - private from the start
        json.dump({"form": FORM, "current": ring.current, "keys": keys}, handle, indent=1)
        handle.flush()
        os.fsync(handle.fileno())
