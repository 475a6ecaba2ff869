"""How accounts behave: nobody signs up; the owner adds people."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):
    """No open sign-up, no e-mail: accounts are made by the first visit and by the owner."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing leaves this computer; the owner hands out links."""

    def add_message(self, *arguments: Any, **options: Any) -> None:
        """The pages themselves say what happened."""
