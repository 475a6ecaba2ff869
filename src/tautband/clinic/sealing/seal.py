"""Sealing bytes: AES-256-GCM, with what they belong to as associated data.

Layout of sealed bytes: `TB1`, one byte length of the key's name, the name, 12 bytes nonce, text and tag. Because the
owner is bound in, a sealed value copied to another record does not open there.
"""

import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from tautband.clinic.sealing.keys import Ring, make_ring

MARK = b"TB1"
NONCE = 12


class CannotUnseal(ValueError):
    """The bytes are damaged, were changed, or belong to another record."""


def keys_file() -> Path:
    """Where the keys are kept."""
    return Path(settings.SEALING_KEYS)


def ring() -> Ring:
    """The keys as they are now; made at the first use. Raises KeysNotUsable."""
    file = keys_file()
    stamp = file.stat().st_mtime_ns if file.exists() else 0
    return _ring(file, stamp)


@lru_cache(maxsize=4)
def _ring(file: Path, stamp: int) -> Ring:
    return make_ring(file)


def seal(data: bytes, about: str) -> bytes:
    """Seal bytes that belong to `about`, such as 'intake_answer.text/<id>'."""
    keys = ring()
    name, nonce = keys.current.encode(), secrets.token_bytes(NONCE)
    head = MARK + bytes([len(name)]) + name
    return head + nonce + AESGCM(keys.key(keys.current)).encrypt(nonce, data, head + about.encode())


def unseal(sealed: bytes, about: str) -> bytes:
    """Open what `seal` made for the same owner. Raises CannotUnseal, or KeysNotUsable when its key is gone."""
    head, nonce, rest = _parts(sealed)
    try:
        return AESGCM(ring().key(key_name(sealed))).decrypt(nonce, rest, head + about.encode())
    except InvalidTag as error:
        raise CannotUnseal(f"What is sealed for {about} was changed, damaged or moved from another record.") from error


def key_name(sealed: bytes) -> str:
    """The name of the key that sealed these bytes. Raises CannotUnseal."""
    return _parts(sealed)[0][len(MARK) + 1 :].decode("ascii", "replace")


def _parts(sealed: bytes) -> tuple[bytes, bytes, bytes]:
    start = len(MARK) + 1
    if len(sealed) <= start or not sealed.startswith(MARK):
        raise CannotUnseal("These bytes were not sealed here.")
    end = start + sealed[len(MARK)]
    return sealed[:end], sealed[end : end + NONCE], sealed[end + NONCE :]
