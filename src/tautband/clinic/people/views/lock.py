"""The lock's page: who is it, and a password."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tautband.clinic.people import lock as locks
from tautband.clinic.people.http import member_only

WRONG, TOO_MANY, SHUT = 422, 429, 423


@member_only
@never_cache
def lock(request: HttpRequest) -> HttpResponse:
    """Lock now, or unlock with the password of whoever is signed in."""
    target = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    if request.method == "POST" and "now" in request.POST:
        locks.lock(request)
        return _page(request, target)
    if not locks.is_locked(request):
        return redirect(target)
    if request.method != "POST":
        return _page(request, target)
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        return _page(request, target, _("Too many wrong tries. Wait a minute, then try again."), TOO_MANY)
    if not request.user.check_password(request.POST.get("password", "")):
        return _page(request, target, _("That is not your password."), WRONG)
    locks.unlock(request)
    return redirect(target)


def _page(request: HttpRequest, target: str, wrong: str = "", status: int = 200) -> HttpResponse:
    return render(request, "people/lock.html", {"next": target, "wrong": wrong}, status=status)


@member_only
@never_cache
def lock_state(request: HttpRequest) -> HttpResponse:
    """204 while open, 423 while locked; asking is no touch."""
    return HttpResponse(status=SHUT if locks.is_locked(request) else 204)
