"""Where the records are kept: a SQLite file in the data folder, or PostgreSQL by one setting."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tautband.clinic.project.home import HomeNotUsable
from tautband.clinic.vault.files import driver, is_closed, key_of, salt_of, settle
from tautband.clinic.vault.key import is_given

# FULL waits for the disk at every commit, so nothing acknowledged is lost at a power cut; IMMEDIATE takes the write
# lock at once, so a transaction never fails half-way; recursive_triggers lets the audit triggers see REPLACE;
# secure_delete writes zeros over what is erased.
SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "recursive_triggers": "ON",
    "secure_delete": "ON",
}


def sqlite(file: Path) -> dict[str, Any]:
    """Settings of the embedded database. Raises VaultNotOpen when it is closed and cannot be opened.

    Raises HomeNotUsable when a passphrase is given and the record is plain: somebody believes it to be encrypted.
    """
    closed = is_closed(file)
    if closed:
        key_of(file)
        settle(file, salt_of(file))
    elif is_given() and file.is_file() and file.stat().st_size:
        raise HomeNotUsable(
            f"TAUTBAND_VAULT is set, but the record {file} is not encrypted. Close it with `tautband vault close`, "
            "or unset TAUTBAND_VAULT. Nothing was changed."
        )
    elif is_given():
        driver()  # a new record is closed from its first sign
    else:
        settle(file, None)
    return {
        "ENGINE": "tautband.clinic.vault.backend" if closed or is_given() else "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "".join(f"PRAGMA {name}={value};" for name, value in SQLITE_PRAGMAS.items()),
        },
    }


def postgresql(address: str) -> dict[str, Any]:
    """Settings from `postgresql://user:password@host:port/name?option=value`.

    Raises HomeNotUsable when the address is of another form; the password is never repeated in a message.
    """
    parts = urlsplit(address)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise HomeNotUsable("TAUTBAND_DATABASE must look like postgresql://user:password@host:5432/name")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
