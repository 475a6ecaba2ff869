"""A client's passkey: made on the own page, opens that page and no other, until it is taken away."""

import base64
import hashlib
import json
import os
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client as Browser
from django.urls import reverse
from fido2 import cbor
from fido2.cose import ES256

from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.people.clientdoor import SESSION_KEY
from tautband.clinic.people.models import Client, Member
from tautband.clinic.portal.models import Passkey

MINE = reverse("portal:passkeys")
DOOR = reverse("portal:enter_by_passkey")
PRESENT_AND_PROVED = 0x05


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Phone:
    """A device that makes one key and signs with it, as a browser would hand its answers over."""

    def __init__(self) -> None:
        self.key, self.ident, self.handle = ec.generate_private_key(ec.SECP256R1()), os.urandom(16), b""

    def _told(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": "http://localhost"}).encode()

    def _data(self, flags: int, more: bytes = b"") -> bytes:
        return hashlib.sha256(b"localhost").digest() + bytes([flags]) + bytes(4) + more

    def make(self, options: dict[str, Any]) -> str:
        """The answer to a page that wants a key."""
        given = options["creation_options"]["publicKey"]
        self.handle = base64.urlsafe_b64decode(given["user"]["id"] + "==")
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        more = bytes(16) + len(self.ident).to_bytes(2, "big") + self.ident + public
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": self._data(0x40 | PRESENT_AND_PROVED, more)})
        told = self._told("webauthn.create", given["challenge"])
        return self._answer({"clientDataJSON": text(told), "attestationObject": text(attested)})

    def sign(self, options: dict[str, Any], flags: int = PRESENT_AND_PROVED) -> str:
        """The answer to a page that asks who is there."""
        told = self._told("webauthn.get", options["request_options"]["publicKey"]["challenge"])
        data = self._data(flags)
        signature = self.key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": told, "authenticatorData": data, "signature": signature, "userHandle": self.handle}
        return self._answer({name: text(value) for name, value in parts.items()})

    def _answer(self, response: dict[str, str]) -> str:
        ident = text(self.ident)
        return json.dumps({"id": ident, "rawId": ident, "type": "public-key", "response": response})


def browser_of(client: Client | None = None) -> Browser:
    browser = Browser(headers={"host": "localhost"})
    if client is not None:
        session = browser.session
        session[SESSION_KEY] = str(client.pk)
        session.save()
    return browser


def asked(browser: Browser) -> dict[str, Any]:
    answer: dict[str, Any] = browser.get(DOOR, headers={"x-requested-with": "XMLHttpRequest"}).json()
    return answer


@pytest.fixture
def phone(maras_client: Client) -> Phone:
    """Ingrid's phone, which she added on her page."""
    phone, browser = Phone(), browser_of(maras_client)
    credential = phone.make(browser.get(MINE).context["js_data"])
    assert browser.post(MINE, {"name": "My phone", "credential": credential}).status_code == 302
    return phone


def test_it_opens_the_page_until_it_is_taken_away(maras_client: Client, phone: Phone) -> None:
    browser = browser_of()
    assert browser.post(DOOR, {"credential": phone.sign(asked(browser))})["Location"] == reverse("portal:home")
    assert browser.session[SESSION_KEY] == str(maras_client.pk)
    key = Passkey.objects.get()
    assert key.used_at is not None
    browser.post(reverse("portal:remove_passkey", args=[key.pk]))
    late = browser_of()
    assert late.post(DOOR, {"credential": phone.sign(asked(late))}).status_code == 422
    verbs = AuditEvent.objects.filter(chart=maras_client.chart_key).order_by("pk").values_list("verb", flat=True)
    assert [verb for verb in verbs if verb.startswith("door.")] == [
        "door.passkey_added",
        "door.entered",
        "door.passkey_removed",
    ]


def test_an_answer_works_once_and_only_for_its_own_question(phone: Phone) -> None:
    browser, other = browser_of(), browser_of()
    answer = phone.sign(asked(browser))
    asked(other)
    assert other.post(DOOR, {"credential": answer}).status_code == 422
    assert browser.post(DOOR, {"credential": answer}).status_code == 302
    browser.post(reverse("portal:leave"))
    assert browser.post(DOOR, {"credential": answer}).status_code == 422


def test_it_asks_for_the_person_not_only_the_phone(phone: Phone) -> None:
    browser = browser_of()
    assert browser.post(DOOR, {"credential": phone.sign(asked(browser), flags=0x01)}).status_code == 422


@pytest.mark.parametrize("answer", ["", "{}", "[1]", "nonsense", '{"response": {"userHandle": "AAAA"}}', "x" * 30_000])
def test_forged_answers_open_nothing(db: None, answer: str) -> None:
    browser = browser_of()
    asked(browser)
    assert browser.post(DOOR, {"credential": answer}).status_code == 422
    assert SESSION_KEY not in browser.session


def test_the_key_of_one_is_not_the_key_of_another(maras_client: Client, daniels_client: Client, phone: Phone) -> None:
    phone.handle = daniels_client.pk.bytes
    browser = browser_of()
    assert browser.post(DOOR, {"credential": phone.sign(asked(browser))}).status_code == 422
    key = Passkey.objects.get()
    assert browser_of(daniels_client).post(reverse("portal:remove_passkey", args=[key.pk])).status_code == 404
    Client.objects.filter(pk=maras_client.pk).update(archived_at=key.made_at)
    phone.handle = maras_client.pk.bytes
    assert browser.post(DOOR, {"credential": phone.sign(asked(browser))}).status_code == 422


def test_the_care_team_takes_away_the_key_of_a_lost_phone(
    maras_client: Client, phone: Phone, owner: Member, therapist: Member
) -> None:
    url = reverse("portal:remove_passkey_for", args=[maras_client.pk, Passkey.objects.get().pk])
    browser = Browser()
    browser.force_login(therapist.user)
    assert browser.post(url).status_code == 403
    browser.force_login(owner.user)
    assert browser.post(url).status_code == 302
    assert not Passkey.objects.exists()
