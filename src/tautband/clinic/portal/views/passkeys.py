"""Signing in with this phone: a client's passkeys, made and taken away on their own page, asked for at the door."""

from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tautband.clinic.people import clientdoor
from tautband.clinic.people.clientdoor import client_only
from tautband.clinic.people.http import member_only
from tautband.clinic.people.queries import chart_for
from tautband.clinic.portal import actions, passkeys
from tautband.clinic.portal.forms import AskForm, PasskeyForm
from tautband.clinic.portal.models import Passkey

UNPROCESSABLE, TOO_MANY = 422, 429


@client_only
@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """The client's passkeys, and one more."""
    client = request.client_person
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            key = passkeys.made(form.cleaned_data["credential"])
            actions.add_passkey(by=client, public=key, name=form.cleaned_data["name"])
        except passkeys.NoPasskey:
            form.add_error(None, _("The device made no passkey. Try again; the mailed link works as before."))
        except actions.TooManyKeys:
            form.add_error(None, _("You have as many passkeys as can be kept. Take one away first."))
        else:
            messages.success(request, _("Next time, open your page with this device."))
            return redirect("portal:passkeys")
    context = {
        "keys": list(client.passkeys.all()),
        "form": form,
        "js_data": {"creation_options": passkeys.begin_making(client)},
    }
    return render(request, "portal/passkeys.html", context, status=UNPROCESSABLE if form.errors else 200)


@client_only
@require_POST
def remove(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    """Take one away; it opens nothing any more."""
    found = get_object_or_404(Passkey, pk=passkey_id, client=request.client_person)
    actions.remove_passkey(by=request.client_person, passkey=found)
    messages.success(request, _("Taken away. The mailed link works as before."))
    return redirect("portal:passkeys")


@member_only
@require_POST
def remove_for(request: HttpRequest, client_id: UUID, passkey_id: UUID) -> HttpResponse:
    """The care team takes one away, of a phone that was lost."""
    client = chart_for(request.member, client_id)
    found = get_object_or_404(Passkey, pk=passkey_id, client=client)
    actions.remove_passkey(by=request.member, passkey=found)
    messages.success(request, _("Taken away. That device no longer opens the page."))
    return redirect("portal:team", client.pk)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Come in by a passkey: the browser asks for the options, then sends the answer."""
    if request.method == "GET":
        if request.headers.get("X-Requested-With") != "XMLHttpRequest":
            return redirect(clientdoor.DOOR)
        return JsonResponse({"request_options": passkeys.begin_asking()})
    if not ratelimit.consume(request, action="client_answer"):
        return render(request, "portal/door.html", {"form": AskForm(), "too_many": True}, status=TOO_MANY)
    try:
        found = passkeys.whose(request.POST.get("credential", ""))
    except passkeys.NoPasskey:
        context = {"form": AskForm(), "no_passkey": True}
        return render(request, "portal/door.html", context, status=UNPROCESSABLE)
    actions.enter_by_passkey(passkey=found)
    clientdoor.enter(request, found.client)
    return redirect("portal:home")
