"""Pages for when something does not work: what happened, what to do, and nothing lost. Never a stack trace."""

import json
import logging
import secrets
import sys
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_BAD_REFERER
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from tautband.clinic.keeping.backup import last_done

log = logging.getLogger("tautband.errors")
NEVER_SHOWN = ("password", "csrfmiddlewaretoken", "oldpassword")


@dataclass(frozen=True)
class Typed:
    """One field of a form that was sent: its name and what was typed."""

    name: str
    value: str

    @property
    def label(self) -> str:
        """The field's name in words."""
        return self.name.replace("_", " ").replace("-", " ").capitalize()

    @property
    def shown(self) -> bool:
        """True for what a person typed, false for keys and versions."""
        return bool(self.value.strip()) and self.name not in {"key", "version", "next"}


def _page(request: HttpRequest, status: int, template: str, **context: Any) -> HttpResponse:
    body = render_to_string(f"errors/{template}.html", {"status": status, **context}, request)
    return HttpResponse(body, status=status)


def _typed(request: HttpRequest) -> list[Typed]:
    return [
        Typed(name, value)
        for name, values in request.POST.lists()
        for value in values
        if not any(hidden in name for hidden in NEVER_SHOWN)
    ]


@dataclass(frozen=True)
class Chosen:
    """A field of a form in which files were chosen, and how they are called. The server keeps none of them."""

    name: str
    files: list[str]

    @property
    def names(self) -> str:
        """For people."""
        return ", ".join(self.files)

    @property
    def as_json(self) -> str:
        """For the script that puts them in again."""
        return json.dumps(self.files)


def _chosen(request: HttpRequest) -> list[Chosen]:
    return [Chosen(name, [file.name or "" for file in files]) for name, files in request.FILES.lists()]


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the browser sent something we cannot read."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _page(request, 400, "plain", title=_("That could not be read"), text=_("Go back and try once more."))


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: says whose chart it is, and no more."""
    keeper, opens = getattr(exception, "keeper", ""), getattr(exception, "opens", "")
    return _page(request, 403, "forbidden", keeper=keeper, opens=opens, reason="" if keeper else str(exception or ""))


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing is here."""
    return _page(
        request,
        404,
        "plain",
        title=_("There is nothing here"),
        text=_("The address may be mistyped, or what was here has been put away."),
    )


def too_large(request: HttpRequest, most_bytes: int | None = None) -> HttpResponse:
    """413: more than one form may carry."""
    limit = f"{(most_bytes or settings.DATA_UPLOAD_MAX_MEMORY_SIZE) / 1_000_000:.1f} MB"
    return _page(
        request,
        413,
        "plain",
        title=_("That is too much at once"),
        text=_("One page may carry %(limit)s. Nothing was saved. Go back: your text is still in the form. Shorten it.")
        % {"limit": limit},
        back=True,
    )


def wrong_method(request: HttpRequest) -> HttpResponse:
    """405: an address that only takes forms was opened, or the other way round."""
    return _page(
        request,
        405,
        "plain",
        title=_("This page only takes a form"),
        text=_("It cannot be opened by its address. Nothing was changed."),
    )


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. The incident number finds the entry in the log. Trouble of the disk has words of its own."""
    incident = secrets.token_hex(4).upper()
    log.error("Incident %s at %s %s", incident, request.method, request.path, exc_info=True)
    trouble = trouble_of(sys.exc_info()[1])
    if trouble is not None:
        return _storage(request, trouble)
    return _page(request, 500, "server_error", incident=incident, sent=request.method == "POST")


@dataclass(frozen=True)
class Trouble:
    """What is wrong with the place where the record lies, and the way out."""

    status: int
    title: str
    text: str


def trouble_of(error: BaseException | None) -> Trouble | None:
    """What a database or disk said, as words; None for anything else."""
    if not isinstance(error, DatabaseError | OSError):
        return None
    said = str(error).casefold()
    if "disk is full" in said or "no space left" in said or "disk i/o error" in said or "could not extend" in said:
        return Trouble(
            HTTPStatus.INSUFFICIENT_STORAGE,
            _("The disk is full, or it fails"),
            _("What was saved before is safe. Make room on the disk that holds the record, then try again."),
        )
    if "readonly" in said or "read-only" in said:
        return Trouble(
            HTTPStatus.SERVICE_UNAVAILABLE,
            _("The record cannot be written now"),
            _("Its disk or its folder is read-only. What was saved before is safe. Make it writable, then try again."),
        )
    if "malformed" in said or "not a database" in said or "corrupt" in said:
        return Trouble(
            HTTPStatus.SERVICE_UNAVAILABLE,
            _("The record on this disk is damaged"),
            _("Close Tautband and keep a copy of its folder. Then put the last good backup in place. %(where)s")
            % {"where": _last_backup()},
        )
    if "is locked" in said:
        return Trouble(
            HTTPStatus.SERVICE_UNAVAILABLE,
            _("Somebody else is writing for long"),
            _("Nothing is lost. Wait a moment, then try again."),
        )
    return None


def _last_backup() -> str:
    done = last_done(settings.HOME).get("backup")
    if not done:
        return _("No backup was made on this computer.")
    return _("The newest: bin/tautband restore %(file)s") % {"file": done["file"]}


def _storage(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """A page with what was typed, ready to send again; bare words when even that cannot be read from the record."""
    typed = _typed(request) if request.method == "POST" else []
    told = {"title": trouble.title, "text": trouble.text, "typed": typed, "action": request.get_full_path()}
    try:
        return _page(request, trouble.status, "storage", **told)
    except DatabaseError:
        words = f"{trouble.title}. {trouble.text}"
        return HttpResponse(words, status=trouble.status, content_type="text/plain; charset=utf-8")


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of the form guard: the page was open too long, or the request came from elsewhere.

    What was typed is offered again only when the browser says the form came from this very site.
    """
    replay = not any("password" in name for name in request.POST)  # a password is never handed back, so nor is its form
    from_elsewhere = reason.startswith((REASON_BAD_ORIGIN.split("%")[0], REASON_BAD_REFERER.split("%")[0]))
    given_back = replay and not from_elsewhere and _same_origin(request)
    return _page(
        request,
        403,
        "stale_form",
        typed=_typed(request) if given_back else [],
        chosen=_chosen(request) if given_back else [],
        action=request.get_full_path(),
        title=_("This page was open for a long time"),
        text=_("It was not saved yet. Here is what you typed; look it over and send it again."),
    )


def signed_out_meanwhile(request: HttpRequest, door: str = "account_login") -> HttpResponse:
    """A form sent after the session ended: come in by `door` in another tab, then send it again."""
    return _page(
        request,
        403,
        "stale_form",
        typed=_typed(request),
        chosen=_chosen(request),
        action=request.get_full_path(),
        sign_in=door,
        title=_("You were signed out meanwhile"),
        text=_("It was not saved yet. Sign in in a new tab, then come back here and send it again."),
    )


def second_step_first(request: HttpRequest) -> HttpResponse:
    """A form sent on the day from which the practice asks everybody for a second step, by somebody without one."""
    return _page(
        request,
        403,
        "stale_form",
        typed=_typed(request),
        chosen=_chosen(request),
        action=request.get_full_path(),
        sign_in="account_login",
        title=_("A second step is needed first"),
        text=_("It was not saved yet. Set up a passkey or an app in a new tab, then come back and send it again."),
    )


def _same_origin(request: HttpRequest) -> bool:
    own = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin")
    if origin:
        return origin == own
    return request.headers.get("Referer", "").startswith(own + "/")
