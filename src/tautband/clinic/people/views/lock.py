"""The lock's page: who is it, and a password, a PIN or a passkey."""

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tautband.clinic.people import lock as locks
from tautband.clinic.people.http import member_only
from tautband.clinic.people.views.second_step import target_of
from tautband.clinic.people.views.switch import parked_in

WRONG, TOO_MANY, SHUT = 422, 429, 423


class Refused(Exception):
    """Locked still: what to say, and with which status."""

    def __init__(self, words: str, status: int = WRONG) -> None:
        super().__init__(words)
        self.words, self.status = words, status


@member_only
@never_cache
def lock(request: HttpRequest) -> HttpResponse:
    """Lock now, or unlock with what only the person who is signed in has or knows."""
    target = target_of(request)
    if request.method == "POST" and "now" in request.POST:
        locks.lock(request)
        return _page(request, target)
    if not locks.is_locked(request):
        return redirect(target)
    if request.method != "POST":
        return _page(request, target)
    try:
        _prove(request)
    except Refused as refusal:
        return _page(request, target, refusal)
    locks.unlock(request)
    return redirect(target)


def _prove(request: HttpRequest) -> None:
    """Raise Refused unless the password, the PIN or the passkey fits."""
    if "pin" in request.POST:
        return _pin(request)
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise Refused(_("Too many wrong tries. Wait a minute, then try again."), TOO_MANY)
    if "credential" in request.POST:
        if not ReauthenticateWebAuthnForm(data=request.POST, user=request.user).is_valid():
            raise Refused(_("The passkey did not answer. Try again, or use your password."))
    elif not request.user.check_password(request.POST.get("password", "")):
        raise Refused(_("That is not your password."))
    ratelimit.clear(request, action="unlock_pin", user=request.user)
    return None


def _pin(request: HttpRequest) -> None:
    if not ratelimit.consume(request, action="unlock_pin", user=request.user):
        raise Refused(_("Too many wrong tries. Use your password this time."), TOO_MANY)
    if not request.member.pin_hash or not check_password(request.POST["pin"], request.member.pin_hash):
        raise Refused(_("That is not your PIN."))
    ratelimit.clear(request, action="unlock_pin", user=request.user)


def _page(request: HttpRequest, target: str, refusal: Refused | None = None) -> HttpResponse:
    has_passkey = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN).exists()
    context = {
        "next": target,
        "others": parked_in(request),
        "wrong": refusal.words if refusal else "",
        "pin_first": bool(request.member.pin_hash) and not (refusal and refusal.status == TOO_MANY),
        "js_data": {"request_options": begin_authentication(request.user)} if has_passkey else None,
    }
    return render(request, "people/lock.html", context, status=refusal.status if refusal else 200)


@member_only
@never_cache
def lock_state(request: HttpRequest) -> HttpResponse:
    """204 while open, 423 while locked; asking is no touch."""
    return HttpResponse(status=SHUT if locks.is_locked(request) else 204)
