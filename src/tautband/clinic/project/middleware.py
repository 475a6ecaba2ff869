"""What every request passes: privacy headers, a size limit that explains itself, and sign-in by default."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from http import HTTPStatus
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone

from tautband.clinic.people.queries import the_practice
from tautband.clinic.project import errors

ZONE_COOKIE = "tautband_zone"
PERMISSIONS = "camera=(), geolocation=(), payment=(), usb=(), microphone=(self), screen-wake-lock=(self)"


class PrivateByDefault:
    """Pages may be kept by the browser that shows them, but must be asked for again before they are shown again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers unless the view chose its own."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class LocalTime:
    """Shows times as the clock in the room does: the zone the browser names, else that of this computer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within that zone."""
        with timezone.override(zone_named(request.COOKIES.get(ZONE_COOKIE, ""))):
            return self.get_response(request)


def zone_named(name: str) -> tzinfo | None:
    """The time zone of that name; this computer's own when there is none such."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return datetime.now(UTC).astimezone().tzinfo


class PageForEveryRefusal:
    """Gives an empty 405 the page of the house; other refusals have theirs from the error handlers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Keep the `Allow` header, add the page."""
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        page = errors.wrong_method(request)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page


class SizeLimit:
    """Refuses a form that is too large before anything reads it, with a page that says what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the announced length only; what one file may have is the matter of its room."""
        with_files = (request.content_type or "").startswith("multipart/")
        most = settings.UPLOAD_MAX_BYTES if with_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if _length(request) > most:
            return errors.too_large(request, most)
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isdecimal() else 0


def _signed_out_part(request: HttpRequest) -> HttpResponse:
    """To htmx: a write gets a 401, which the page explains without losing itself; a look leads to the sign-in page."""
    headers = {} if request.method == "POST" else {"HX-Redirect": resolve_url(settings.LOGIN_URL)}
    return HttpResponse(status=401, headers=headers)


class SignInRequired(LoginRequiredMiddleware):
    """Deny by default. Before the first visit everything leads there; a form sent after sign-out keeps its text."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Visitors go to the first visit, the sign-in page, or the page that keeps what they typed."""
        if the_practice() is None:
            return redirect("people:first_visit")
        if request.headers.get("HX-Request"):
            return _signed_out_part(request)
        if request.method == "POST":
            return errors.signed_out_meanwhile(request)
        return super().handle_no_permission(request, view_func)
