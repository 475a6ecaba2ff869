"""One tablet, several colleagues: each signs in once, then comes back with a PIN.

Whoever switches leaves a locked session behind. A signed cookie, which scripts cannot read, remembers whose sessions
are parked in this browser; a PIN opens only one's own, and only while it lives: it ends with the working day of that
session, when the password changes, or when it is ended from the list of browsers.
"""

import time
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import check_password
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tautband.clinic.people import lock as locks
from tautband.clinic.people.models import Member

COOKIE, SALT = "tautband_parked", "tautband.parked"
MOST = 6
WRONG, TOO_MANY = 422, 429


@dataclass(frozen=True)
class Parked:
    """A colleague whose locked session waits in this browser."""

    member: Member
    key: str


@login_not_required
@never_cache
def switch(request: HttpRequest) -> HttpResponse:
    """Choose who you are; POST `leave` parks the one who is here, POST `who` and `pin` comes back."""
    waiting = parked_in(request)
    if request.method == "POST" and "who" in request.POST:
        return _come_back(request, waiting)
    if request.method == "POST" and getattr(request, "member", None) is not None:
        return _leave(request, waiting)
    return _page(request, waiting)


def _page(
    request: HttpRequest, waiting: list[Parked], wrong: str = "", who: str = "", status: int = 200
) -> HttpResponse:
    if not waiting and not wrong:
        return redirect("account_login")
    context = {"waiting": waiting, "wrong": wrong, "who": who}
    return render(request, "people/switch.html", context, status=status)


def parked_in(request: HttpRequest) -> list[Parked]:
    """Those whose sessions are parked in this browser and still live; not the one who is here now."""
    try:
        pairs = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return []
    here = getattr(request, "member", None)
    found = []
    for member_id, key in pairs[:MOST]:
        member = Member.objects.select_related("user", "practice").filter(pk=member_id, active=True).first()
        if member is not None and member != here and _lives(_store(key), member):
            found.append(Parked(member, key))
    return found


def _store(key: str | None = None) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def _lives(session: Any, member: Member) -> bool:
    """Whether a session still is this person's, and nothing ended it."""
    return (
        session.get(SESSION_KEY) == str(member.user_id)
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), member.user.get_session_auth_hash())
    )


def _leave(request: HttpRequest, waiting: list[Parked]) -> HttpResponse:
    """Lock and park whoever is here. Without a PIN nobody could come back, so that is a sign-out as ever."""
    member: Member = request.member  # type: ignore[attr-defined]
    stay = _park(request, member)
    request.session = _store()
    rotate_token(request)
    response = redirect("people:switch" if waiting or stay else "account_login")
    return _remember(response, [*waiting, *stay])


def _park(request: HttpRequest, member: Member) -> list[Parked]:
    if not member.pin_hash:
        request.session.flush()
        return []
    locks.lock(request)
    request.session.save()
    return [Parked(member, str(request.session.session_key))]


def _come_back(request: HttpRequest, waiting: list[Parked]) -> HttpResponse:
    who = request.POST["who"]
    chosen = next((one for one in waiting if str(one.member.pk) == who), None)
    if chosen is None:
        return _page(request, waiting, _("This sign-in has ended. Sign in anew."), who, WRONG)
    user = chosen.member.user
    if not ratelimit.consume(request, action="unlock_pin", user=user):
        return _page(request, waiting, _("Too many wrong tries. Sign in with your password."), who, TOO_MANY)
    if not chosen.member.pin_hash or not check_password(request.POST.get("pin", ""), chosen.member.pin_hash):
        return _page(request, waiting, _("That is not your PIN."), who, WRONG)
    ratelimit.clear(request, action="unlock_pin", user=user)
    here: Member | None = getattr(request, "member", None)
    stay = _park(request, here) if here is not None else []
    session = _store(chosen.key)
    session.pop(locks.LOCKED, None)
    session[locks.SEEN] = time.time()
    request.session = session
    rotate_token(request)
    others = [one for one in waiting if one is not chosen]
    return _remember(redirect("people:today"), [*others, *stay])


def _remember(response: HttpResponse, waiting: list[Parked]) -> HttpResponse:
    if not waiting:
        response.delete_cookie(COOKIE, samesite="Lax")
        return response
    value = signing.dumps([[one.member.pk, one.key] for one in waiting[-MOST:]], salt=SALT)
    response.set_cookie(COOKIE, value, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    return response
