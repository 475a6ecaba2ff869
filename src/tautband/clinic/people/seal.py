"""Small secrets in the database, sealed with a key made from this installation's own (`secret.key`).

Whoever has the database file alone, such as from an old disk, cannot read them. Whoever has the data folder can.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12
MARK = "s1:"


def _cipher() -> AESGCM:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tautband sign-in secrets 1")
    return AESGCM(kdf.derive(settings.SECRET_KEY.encode()))


def seal(text: str) -> str:
    """The text as nobody can read it without `secret.key`."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return MARK + base64.urlsafe_b64encode(nonce + _cipher().encrypt(nonce, text.encode(), None)).decode()


def unseal(sealed: str) -> str | None:
    """The text again; None when `secret.key` is another one now, or the text was changed."""
    try:
        raw = base64.urlsafe_b64decode(sealed.removeprefix(MARK))
        return _cipher().decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], None).decode()
    except (InvalidTag, ValueError):
        return None
