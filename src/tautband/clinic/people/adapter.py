"""How accounts behave: nobody signs up; the owner adds people."""

import secrets
from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tautband.clinic.people.queries import the_practice
from tautband.clinic.people.seal import seal, unseal


class ClosedAccountAdapter(DefaultAccountAdapter):
    """No open sign-up, no e-mail: accounts are made by the first visit and by the owner."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("That name and password do not belong together."),
        "email_password_mismatch": _("That e-mail and password do not belong together."),
        "invalid_login": _("That name and password do not belong together."),
        "too_many_login_attempts": _("Too many wrong tries. Wait five minutes, then try again."),
        "incorrect_password": _("That is not your password now."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing leaves this computer; the owner hands out links."""

    def add_message(self, *arguments: Any, **options: Any) -> None:
        """The pages themselves say what happened."""


class SecondStepAdapter(DefaultMFAAdapter):
    """Passkeys and codes: named after the practice, sealed in the database, drawn without a foreign picture."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code is not right now. Codes change every half minute: type the newest."),
    }

    def get_totp_issuer(self) -> str:
        """The practice's name, so that the app's list makes sense."""
        practice = the_practice()
        return f"{practice.name} (Tautband)" if practice else "Tautband"

    def build_totp_svg(self, url: str) -> str:
        """A QR code as inline SVG, since the content policy allows no data addresses."""
        return str(
            segno.make(url, micro=False, error="m").svg_inline(
                scale=4, border=2, dark="#15262B", light="#FFFFFF", omitsize=True, svgclass="qr", lineclass=None
            )
        )

    def encrypt(self, text: str) -> str:
        """Sealed with the key of this installation."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; a fresh one that fits no code when `secret.key` was replaced."""
        return unseal(encrypted_text) or secrets.token_hex(10).upper().translate(str.maketrans("0189", "ABCD"))

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """A name to start from."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("This device") if number == 1 else gettext("Key %(number)d") % {"number": number}

    def _get_site_name(self) -> str:
        practice = the_practice()
        return practice.name if practice else "Tautband"
