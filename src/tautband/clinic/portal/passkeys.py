"""Passkeys of clients: the finger, face or PIN of their phone, beside the mailed link.

The same machinery as for the practice's own people (`allauth.mfa`), with keys of their own: a client is no user, and a
key of one never opens the door of the other. A key is made by a client who is in already, and asks for the person (user
verification), so it stands for the link and its second question together.
"""

import base64
import hashlib
import json
import uuid
from typing import Any

from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tautband.clinic.people.models import Client
from tautband.clinic.portal.models import Passkey

LONGEST = 20_000  # letters of an answer


class NoPasskey(ValueError):
    """The device's answer proves nothing: forged, too old, or of a key that was taken away."""


def digest_of(credential_id: bytes) -> str:
    """How a key is found again."""
    return hashlib.sha256(credential_id).hexdigest()


def _known(client: Client) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(base64.b64decode(one.public)) for one in client.passkeys.all()]


def begin_making(client: Client) -> dict[str, Any]:
    """What the browser needs to make a key; the challenge waits in the session."""
    options, state = auth.get_server().register_begin(
        user=PublicKeyCredentialUserEntity(id=client.pk.bytes, name=client.name, display_name=client.name),
        credentials=_known(client),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
        extensions=auth.EXTENSIONS,
    )
    auth.set_state(state)
    return dict(options)


def made(answer: str) -> AttestedCredentialData:
    """The public half of the key a device made. Raises NoPasskey."""
    told = _read(answer)
    try:
        auth.parse_registration_response(told)
        found = auth.complete_registration(told).credential_data
    except (ValidationError, ValueError, TypeError, KeyError) as refusal:
        raise NoPasskey("The device made no key for this page.") from refusal
    if found is None:
        raise NoPasskey("The device made no key for this page.")
    return found


def public_half(key: AttestedCredentialData) -> str:
    """As it is kept."""
    return base64.b64encode(bytes(key)).decode()


def begin_asking() -> dict[str, Any]:
    """What the browser needs to ask for a key; the same for everybody, so that it betrays nobody."""
    return auth.begin_authentication()


def whose(answer: str) -> Passkey:
    """The key that answered, of a client who comes now. Raises NoPasskey."""
    told = _read(answer)
    try:
        auth.parse_authentication_response(told)
        handle = uuid.UUID(bytes=websafe_decode(told["response"]["userHandle"]))
        client = Client.objects.filter(pk=handle, archived_at__isnull=True).first()
        state = auth.get_state()
        if client is None or not state:
            raise NoPasskey("Nobody here has this key.")
        proved = auth.get_server().authenticate_complete(state, _known(client), told)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as refusal:
        raise NoPasskey("Nobody here has this key.") from refusal
    auth.clear_state()
    found = client.passkeys.select_related("client").filter(digest=digest_of(proved.credential_id)).first()
    if found is None:
        raise NoPasskey("Nobody here has this key.")
    return found


def _read(answer: str) -> dict[str, Any]:
    try:
        told = json.loads(answer) if len(answer) <= LONGEST else None
    except ValueError:
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("response"), dict):
        raise NoPasskey("The device gave no answer.")
    return told
