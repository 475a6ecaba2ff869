"""Puts the practice, the member and the client on every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from tautband.clinic.people.clientdoor import client_of
from tautband.clinic.people.models import Member
from tautband.clinic.people.queries import the_practice


class KnowTheMember:
    """Sets `request.member` and `request.client_person` (None for visitors) and, on first use, `request.practice`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look up who is signed in."""
        request.member = member_of(request)  # type: ignore[attr-defined]
        request.practice = (  # type: ignore[attr-defined]
            request.member.practice if request.member else SimpleLazyObject(the_practice)  # type: ignore[attr-defined]
        )
        request.client_person = client_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def member_of(request: HttpRequest) -> Member | None:
    """The active member who is signed in, None otherwise."""
    if not request.user.is_authenticated:
        return None
    return Member.objects.select_related("practice", "user").filter(user_id=request.user.pk, active=True).first()
