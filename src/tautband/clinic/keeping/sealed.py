"""A sealed file: anything written through it is encrypted in pieces, and cut, swapped or changed pieces are refused.

Layout: one line of JSON (form, scrypt parameters, salt, nonce), then pieces of AES-256-GCM: length (4 bytes), text,
tag. The nonce of a piece is the file's 7 random bytes, the piece's number (4 bytes) and one byte that is 1 for the
last piece only; the first line is bound to every piece. So no piece can be left out, moved, or taken for the end.
"""

import io
import json
import os
import secrets
import struct
from base64 import b64decode, b64encode
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

FORM = "tautband sealed 1"
PIECE = 1 << 20  # bytes
SCRYPT_N, SCRYPT_R, SCRYPT_P = 1 << 17, 8, 1  # 128 MB and about half a second for each guess
LARGEST_N = 1 << 20
LEAST_PASSPHRASE = 12
_TAG = 16


class CannotOpen(ValueError):
    """The passphrase is wrong, or the file is cut, changed or none of ours; the message says which as far as known."""


class WeakPassphrase(ValueError):
    """The passphrase is too short to protect a record."""


def checked_passphrase(passphrase: str) -> str:
    """Return a passphrase long enough. Raises WeakPassphrase."""
    if len(passphrase.strip()) < LEAST_PASSPHRASE:
        raise WeakPassphrase(f"A passphrase needs at least {LEAST_PASSPHRASE} signs; a sentence is easy to remember.")
    return passphrase


def _key(passphrase: str, salt: bytes, n: int, r: int, p: int) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=n, r=r, p=p).derive(passphrase.encode("utf-8")))


class SealedWriter(io.RawIOBase):
    """Encrypts what is written to it. `close` writes the last piece; without it the file stays unreadable."""

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        super().__init__()
        salt, self._nonce = secrets.token_bytes(16), secrets.token_bytes(7)
        head = {"form": FORM, "n": SCRYPT_N, "r": SCRYPT_R, "p": SCRYPT_P}
        head |= {"salt": b64encode(salt).decode(), "nonce": b64encode(self._nonce).decode()}
        self._head = json.dumps(head, sort_keys=True).encode() + b"\n"
        self._cipher = _key(checked_passphrase(passphrase), salt, SCRYPT_N, SCRYPT_R, SCRYPT_P)
        self._target, self._waiting, self._number = target, bytearray(), 0
        target.write(self._head)

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Take bytes; whole pieces go out at once."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def finish(self) -> None:
        """Write the last piece and wait for the disk."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()
        self._target.flush()
        os.fsync(self._target.fileno())

    def _put(self, text: bytes, *, last: bool) -> None:
        nonce = self._nonce + struct.pack(">IB", self._number, last)
        sealed = self._cipher.encrypt(nonce, text, self._head)
        self._target.write(struct.pack(">I", len(sealed)) + sealed)
        self._number += 1


class SealedReader(io.RawIOBase):
    """Decrypts a sealed file. Raises CannotOpen for a wrong passphrase and for any change to the file."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        super().__init__()
        self._source, self._number, self._ended = source, 0, False
        self._head = source.readline(2000)
        try:
            head = json.loads(self._head)
            salt, self._nonce = b64decode(head["salt"]), b64decode(head["nonce"])
            n, r, p = int(head["n"]), int(head["r"]), int(head["p"])
        except (ValueError, KeyError, TypeError) as error:
            raise CannotOpen("This file is no backup of Tautband.") from error
        if head.get("form") != FORM or not (2 <= n <= LARGEST_N and r == SCRYPT_R and p == SCRYPT_P):
            raise CannotOpen("This backup was made by another version of Tautband, or its first line was changed.")
        try:
            self._cipher = _key(passphrase, salt, n, r, p)
        except ValueError as error:
            raise CannotOpen("The first line of this backup was changed.") from error
        self._ready = memoryview(b"")
        self._next()

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Fill a buffer with decrypted bytes; 0 at the end, which is reached only after the last piece proved true."""
        while not self._ready and not self._ended:
            self._next()
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _next(self) -> None:
        size = self._source.read(4)
        sealed = self._source.read(struct.unpack(">I", size)[0]) if len(size) == 4 else b""
        if len(sealed) < _TAG or len(sealed) > PIECE + _TAG:
            raise CannotOpen("This backup is cut off or damaged. Use another one.")
        for last in (False, True):
            nonce = self._nonce + struct.pack(">IB", self._number, last)
            try:
                self._ready = memoryview(self._cipher.decrypt(nonce, sealed, self._head))
            except InvalidTag:
                continue
            self._ended, self._number = last, self._number + 1
            if last and self._source.read(1):
                raise CannotOpen("Something was added to the end of this backup. Use another one.")
            return
        if self._number == 0:
            raise CannotOpen("The passphrase does not open this backup (or its beginning is damaged).")
        raise CannotOpen("This backup was changed or damaged after it was made. Use another one.")
