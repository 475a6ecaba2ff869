"""Small helpers that views of every room share."""

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from tautband.clinic.people.models import Member

View = Callable[..., HttpResponseBase]


def path_of_ours(request: HttpRequest, target: str) -> str:
    """Where somebody wanted to go, if that is a path of this site; else Today. A bare word is no path."""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe and target.startswith("/") else "/"


def member_only(view: View) -> View:
    """Only people of the practice pass: a signed-in account whose membership was closed does not."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if getattr(request, "member", None) is None:
            raise PermissionDenied(_("This account is not part of the practice."))
        return view(request, *args, **options)

    return guarded


def on_this_computer(request: HttpRequest) -> bool:
    """True when the browser runs on the computer that serves, and nobody passed the request on for another one."""
    passed_on = any(header in request.headers for header in ("Forwarded", "X-Forwarded-For", "X-Real-Ip"))
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback and not passed_on
    except ValueError:
        return False


def this_computer_only(view: View) -> View:
    """Only a browser on this computer passes: what needs no password must not be open to the room's network."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if not on_this_computer(request):
            raise PermissionDenied(
                _("This opens on the computer itself only. Open it there, then show a code: Settings, Use a tablet.")
            )
        return view(request, *args, **options)

    return guarded


def owner_only(view: View) -> View:
    """Only owners pass."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        member: Member | None = getattr(request, "member", None)
        if member is None or not member.is_owner:
            raise PermissionDenied(_("Only the owner of the practice can do this."))
        return view(request, *args, **options)

    return guarded
