"""Pairing a tablet: a code on the computer's screen signs the tablet in once, as the person who showed it.

The token is signed, lives five minutes and is used up by its first use; the cache that remembers unused ones is in the
database, so it holds across processes.
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.cache import cache

from tautband.clinic.people.models import Member

SALT = "tautband.pairing"
LIFETIME_S = 300


@dataclass(frozen=True)
class Lan:
    """Where the tablet finds the workbench: its secure address, the trust page, this computer's fingerprint."""

    url: str
    trust_url: str
    fingerprint: str


def lan() -> Lan | None:
    """The open door to the room's network; None when the workbench was started without `--lan`."""
    parts = settings.LAN.split("\n") if settings.LAN else []
    return Lan(*parts) if len(parts) == 3 else None


def new_token(member: Member) -> str:
    """A token that signs one tablet in as this member."""
    nonce = secrets.token_urlsafe(16)
    cache.set(f"pairing:{nonce}", member.pk, LIFETIME_S)
    return signing.dumps([member.pk, nonce], salt=SALT, compress=True)


def member_of(token: str, *, use: bool) -> Member | None:
    """Who this token signs in, or None when it has ended. `use` uses it up."""
    try:
        pk, nonce = signing.loads(token, salt=SALT, max_age=LIFETIME_S)
    except signing.BadSignature:
        return None
    key = f"pairing:{nonce}"
    if cache.get(key) != pk or (use and not cache.delete(key)):
        return None
    return Member.objects.filter(pk=pk, active=True).select_related("user", "practice").first()
