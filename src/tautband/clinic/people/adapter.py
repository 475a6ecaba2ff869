"""How accounts behave: nobody signs up; the owner adds people."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


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
