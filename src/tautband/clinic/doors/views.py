"""The tablet page: a code to scan, the fingerprint to compare, and the sign-in on the tablet."""

import segno
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tautband.clinic.audit.log import record
from tautband.clinic.doors.pairing import lan, member_of, new_token
from tautband.clinic.people.http import member_only

GONE = 410


def tablet_card(request: HttpRequest, **_given: object) -> dict[str, object]:
    """What the card in Settings shows."""
    return {"lan": lan()}


@member_only
@never_cache
def tablet(request: HttpRequest) -> HttpResponse:
    """Two codes: trust this computer, then sign in as me."""
    door = lan()
    context: dict[str, object] = {"lan": door}
    if door:
        pair_url = door.url.rstrip("/") + reverse("doors:pair", args=[new_token(request.member)])
        context |= {"trust_code": code(door.trust_url), "pair_code": code(pair_url), "pair_url": pair_url}
    return render(request, "doors/tablet.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, token: str) -> HttpResponse:
    """On the tablet: one button signs in. Looking at the page does not use the token up, pressing does."""
    member = member_of(token, use=request.method == "POST")
    if member is None:
        return render(request, "doors/pair.html", {"member": None}, status=GONE)
    if request.method == "POST":
        login(request, member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        with transaction.atomic():
            record(verb="tablet.paired", target=f"member/{member.pk}", by=member)
        return redirect("people:today")
    return render(request, "doors/pair.html", {"member": member})


pair.login_required = False  # type: ignore[attr-defined]


def code(text: str) -> str:
    """A QR code as inline SVG, drawn in the page's own colours."""
    drawn = segno.make(text, micro=False, error="m").svg_inline(
        scale=5, border=4, dark="#15262B", light="#FFFFFF", omitsize=True, svgclass="qr", lineclass=None
    )
    return mark_safe(drawn)  # noqa: S308 - made here from a URL, no user text
