"""From a passphrase to the key of a closed file: asked for once, derived once a process, kept in memory only."""

import functools
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from tautband.clinic.vault import VaultNotOpen

SETTING = "TAUTBAND_VAULT"
SALT_BYTES = 16
LEAST_SIGNS = 12
SCRYPT_N, SCRYPT_R = 1 << 17, 8  # 128 MB a guess, as for backups

_told: list[str] = []  # the passphrase somebody gave to this process
_ask: list[Callable[[str], str]] = []


def tell(passphrase: str) -> None:
    """Use this passphrase in this process, before the one of the setting."""
    _told[:] = [passphrase]


def forget() -> None:
    """Forget what was told and derived."""
    _told.clear()
    _derived.cache_clear()


def ask_with(ask: Callable[[str], str]) -> None:
    """How to ask a person when the setting names no file; without this nobody is asked."""
    _ask[:] = [ask]


def is_given() -> bool:
    """Whether a passphrase was told or is named by the setting; nobody is asked."""
    return bool(_told) or bool(os.environ.get(SETTING))


def passphrase(why: str) -> str:
    """The passphrase: told before, from the file `TAUTBAND_VAULT` names, or asked for. Raises VaultNotOpen."""
    if _told:
        return _told[0]
    named = os.environ.get(SETTING)
    if named:
        return _read(Path(named).expanduser())
    if not _ask:
        raise VaultNotOpen(f"{why} Set {SETTING} to a file that holds its passphrase, for instance on a stick.")
    tell(_ask[0](f"{why} Passphrase: "))
    return _told[0]


def checked(passphrase: str) -> str:
    """The passphrase, when it is long enough to close a record with. Raises VaultNotOpen."""
    if len(passphrase) < LEAST_SIGNS:
        raise VaultNotOpen(
            f"Choose a passphrase of at least {LEAST_SIGNS} signs, such as four words. Nothing was done."
        )
    return passphrase


def pragma_key(passphrase: str, salt: bytes) -> str:
    """Key and salt as SQLCipher reads them: 64 and 32 hexadecimal digits, so that it derives nothing itself."""
    return f"x'{_derived(passphrase, salt, SCRYPT_N).hex()}{salt.hex()}'"


@functools.lru_cache(maxsize=8)
def _derived(passphrase: str, salt: bytes, cost: int) -> bytes:
    memory = 2 * 128 * SCRYPT_R * cost
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=cost, r=SCRYPT_R, p=1, dklen=32, maxmem=memory)


def _read(file: Path) -> str:
    try:
        words = file.read_text("utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise VaultNotOpen(
            f"The passphrase file {file}, which {SETTING} names, cannot be read ({reason}). "
            "Put the stick in that holds it, or name another file. Nothing was changed."
        ) from None
    if not words:
        raise VaultNotOpen(f"The passphrase file {file}, which {SETTING} names, is empty. Nothing was changed.")
    return words
