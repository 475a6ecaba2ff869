"""The lock: after a quarter of an hour without a touch, a screen left on a table shows nothing until its owner is back.

The session stays, so nothing typed is lost and work goes on where it was. The demo never locks.
"""

import logging
import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from tautband.clinic.people.models import Practice

log = logging.getLogger("tautband.lock")
IDLE_S = 15 * 60
NOTE_EVERY_S = 60  # how often the last touch is written down
SEEN, LOCKED = "last_touch", "locked"
HANDED = "handed_to"  # the client who holds this tablet; the member's session waits behind the lock
HANDED_PAGES = "intake:my"
"""The pages that a tablet in a client's hands may still show begin with this."""
OPEN = frozenset({"people:lock", "people:lock_state", "people:switch", "account_logout", "theme", "health"})
"""What a locked screen may still ask for."""


def idle_s(practice: Practice | None) -> int:
    """After how many seconds without a touch a screen of this practice locks."""
    return practice.lock_after_min * 60 if practice else IDLE_S


def is_locked(request: HttpRequest) -> bool:
    """True when this session is locked, or has been left alone for too long. The demo never is."""
    member = getattr(request, "member", None)
    if member is None:
        return False
    if request.session.get(HANDED):
        return True
    if member.practice.demo:
        return False
    last = request.session.get(SEEN)
    return bool(request.session.get(LOCKED)) or (last is not None and time.time() - last > idle_s(member.practice))


def lock(request: HttpRequest) -> None:
    """Lock this session."""
    request.session[LOCKED] = True


def hand_over(request: HttpRequest, client_key: str) -> None:
    """Give the tablet to a client: their pages open, everything else is locked until the member is back."""
    lock(request)
    request.session[HANDED] = client_key


def unlock(request: HttpRequest) -> None:
    """Open it again and begin to count anew; a tablet that was handed over is back."""
    request.session.pop(HANDED, None)
    request.session.pop(LOCKED, None)
    request.session[SEEN] = time.time()


class LockWhenIdle:
    """Shows the lock instead of any page, and keeps what was typed in a form that comes too late."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; the decision is made once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, arguments: object, options: object
    ) -> HttpResponse | None:
        """The lock, or nothing. A page that only asks whether it is locked is no touch."""
        if getattr(request, "member", None) is None:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if is_locked(request):
            lock(request)
            in_hands = bool(request.session.get(HANDED)) and name.startswith(HANDED_PAGES)
            return None if name in OPEN or in_hands else _shut(request)
        now = time.time()
        if name != "people:lock_state" and now - request.session.get(SEEN, 0) > NOTE_EVERY_S:
            try:
                with transaction.atomic():
                    UserSession.objects.create_from_request(
                        request
                    )  # the list of browsers says when each was last seen
                    request.session[SEEN] = now
                    request.session.save()
            except DatabaseError:
                request.session.modified = False  # a full disk must not shut the pages that can still be read
                log.exception("The last touch of %s could not be written down.", name)
        return None


def _shut(request: HttpRequest) -> HttpResponse:
    from tautband.clinic.project import errors

    to_lock = f"{reverse('people:lock')}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        headers = {} if request.method == "POST" else {"HX-Redirect": reverse("people:lock")}
        return HttpResponse(status=401, headers=headers)
    return errors.signed_out_meanwhile(request) if request.method == "POST" else redirect(to_lock)
