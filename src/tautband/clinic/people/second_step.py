"""A second step at sign-in, asked for gently.

Whoever has none is asked once at each sign-in and may say "not now". From a day the owner sets, work goes on only with
one. The demo is never asked, nor is the very first evening: the day a practice is founded belongs to the first client.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from tautband.clinic.audit.log import record
from tautband.clinic.people.models import Member

STATE = "second_step"
HAS, ASKED = "has", "asked"
FIRST_EVENING = timedelta(hours=24)
COUNTS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
OPEN_PREFIXES = ("mfa_", "account_", "usersessions_")
OPEN = frozenset(
    {"people:second_step", "people:lock", "people:lock_state", "people:switch", "people:pin", "theme", "health"}
)


def has_second_step(member: Member) -> bool:
    """True when this member signs in with a passkey or a code."""
    return Authenticator.objects.filter(user_id=member.user_id, type__in=COUNTS).exists()


def must_have_one(member: Member) -> bool:
    """True when the owner's day has come."""
    day = member.practice.second_step_from
    return day is not None and not member.practice.demo and timezone.localdate() >= day


class AskForSecondStep:
    """Leads from Today to the question, once a sign-in; from the owner's day on, from every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; the decision is made once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, arguments: object, options: object
    ) -> HttpResponse | None:
        """The question, or nothing."""
        member: Member | None = getattr(request, "member", None)
        if member is None or member.practice.demo or request.session.get(STATE) == HAS:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN or name.startswith(OPEN_PREFIXES):
            return None
        forced = must_have_one(member)
        if not forced and (name != "people:today" or request.session.get(STATE) == ASKED or _first_evening(member)):
            return None
        if has_second_step(member):
            request.session[STATE] = HAS
            return None
        return _ask(request)


def _first_evening(member: Member) -> bool:
    return datetime.now(UTC) - member.practice.created_at < FIRST_EVENING


def _ask(request: HttpRequest) -> HttpResponse:
    from tautband.clinic.project import errors

    page = reverse("people:second_step")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={} if request.method == "POST" else {"HX-Redirect": page})
    if request.method == "POST":
        return errors.second_step_first(request)
    return redirect(f"{page}?{urlencode({'next': request.get_full_path()})}")


# --- Traces -------------------------------------------------------------------------------------------------------


def _trace(user_id: int, verb: str, kind: str) -> None:
    member = Member.objects.filter(user_id=user_id).first()
    if member is not None:
        with transaction.atomic():
            record(verb=verb, target=f"member/{member.pk}", by=member, details={"kind": kind})


def on_added(sender: object, request: HttpRequest, user: object, authenticator: Authenticator, **more: object) -> None:
    """Trace that somebody set up a passkey, an app, or recovery codes."""
    _trace(authenticator.user_id, "member.second_step_added", authenticator.type)


def on_removed(
    sender: object, request: HttpRequest, user: object, authenticator: Authenticator, **more: object
) -> None:
    """Trace that somebody took one away; the question comes again."""
    request.session.pop(STATE, None)
    _trace(authenticator.user_id, "member.second_step_removed", authenticator.type)


def on_reset(sender: object, request: HttpRequest, user: object, authenticator: Authenticator, **more: object) -> None:
    """Trace new recovery codes."""
    _trace(authenticator.user_id, "member.recovery_codes_made", authenticator.type)


def on_signed_in(sender: object, request: HttpRequest, user: object, **more: object) -> None:
    """Trace a sign-in."""
    member = Member.objects.filter(user_id=getattr(user, "pk", None)).first()
    if member is not None:
        with transaction.atomic():
            record(verb="member.signed_in", target=f"member/{member.pk}", by=member)
