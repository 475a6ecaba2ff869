"""The client's door: asking for a link, answering its question, leaving; and how the practice hands a link out."""

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tautband.clinic.diary import actions as diary
from tautband.clinic.diary.mails import appointment_of_first, may_introduce
from tautband.clinic.diary.models import Appointment
from tautband.clinic.doors.views import code
from tautband.clinic.people import clientdoor, queries
from tautband.clinic.people.http import member_only
from tautband.clinic.people.post import base_url, leaves_this_computer
from tautband.clinic.portal import actions, mailing
from tautband.clinic.portal.forms import AskForm, BirthdayForm
from tautband.clinic.portal.models import SignInLink
from tautband.clinic.portal.queries import client_of_old_link

GONE, UNPROCESSABLE, TOO_MANY = 410, 422, 429


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whether or not anybody has the address."""
    if request.client_person:
        return redirect("portal:home")
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        if not ratelimit.consume(request, action="client_link", key=address.casefold()):
            return _door(request, form, TOO_MANY, too_many=True)
        mailing.ask_for_link(address=address, base=base_url(request))
        return render(request, "portal/sent.html", {"address": address, "minutes": actions.LINK_MIN})
    return _door(request, form, UNPROCESSABLE if form.errors else 200)


def _door(request: HttpRequest, form: AskForm, status: int, **more: Any) -> HttpResponse:
    return render(request, "portal/door.html", {"form": form, **more}, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Answer the question. Looking does not use the link up (mail programs look too); the right answer does."""
    form = BirthdayForm(request.POST or None)
    if request.method == "GET":
        return _question(request, form, 200) if _works(token) else _ended(request, token)
    if not ratelimit.consume(request, action="client_answer"):
        return _question(request, form, TOO_MANY, wrong=_("Too many tries. Wait an hour, or ring us."))
    if not form.is_valid():
        return _question(request, form, UNPROCESSABLE)
    entry, client = actions.enter(token=token, birth_date=form.cleaned_data["birth_date"])
    if client is not None:
        clientdoor.enter(request, client)
        return redirect("portal:home")
    if entry is actions.Entry.ENDED:
        return _ended(request, token)
    wrong = {
        actions.Entry.WRONG: _("That is not the date of birth we have. Try again; if it stays wrong, ring us."),
        actions.Entry.CLOSED: _("Too many wrong answers today. Ring us, or try again tomorrow."),
    }[entry]
    return _question(request, form, UNPROCESSABLE, wrong=wrong)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def first(request: HttpRequest, token: str) -> HttpResponse:
    """By the mail of a first booking: the date of birth, then the questions. A known address gets the usual link."""
    one = appointment_of_first(token)
    if one is None or (one.client is None and not may_introduce(one)):
        return _first(request, BirthdayForm(), GONE, ended=True)
    form = BirthdayForm(request.POST or None)
    if one.client is not None or diary.known_at(one):
        return _known(request, one)
    if request.method == "GET":
        return _first(request, form, 200, one=one)
    if not ratelimit.consume(request, action="client_answer"):
        return _first(request, form, TOO_MANY, one=one, wrong=_("Too many tries. Wait an hour, or ring us."))
    if not form.is_valid():
        return _first(request, form, UNPROCESSABLE, one=one)
    try:
        client = diary.introduce(appointment=one, birth_date=form.cleaned_data["birth_date"])
    except diary.AlreadyKnown:
        return _known(request, one)
    clientdoor.enter(request, client)
    return redirect("portal:home")


def _first(request: HttpRequest, form: BirthdayForm, status: int, **more: Any) -> HttpResponse:
    return render(request, "portal/first.html", {"form": form, **more}, status=status)


def _known(request: HttpRequest, one: Appointment) -> HttpResponse:
    """The ordinary door, with the address filled in. Looking sends nothing, since mail programs look too."""
    if request.client_person:
        return redirect("portal:home")
    if request.method == "GET":
        return _door(request, AskForm(initial={"email": one.email}), 200)
    if not ratelimit.consume(request, action="client_link", key=one.email.casefold()):
        return _door(request, AskForm(), TOO_MANY, too_many=True)
    mailing.ask_for_link(address=one.email, base=base_url(request))
    return render(request, "portal/sent.html", {"address": one.email, "minutes": actions.LINK_MIN})


def _works(token: str) -> bool:
    from django.utils import timezone

    found = SignInLink.objects.filter(digest=actions.digest(token), client__archived_at__isnull=True).first()
    return found is not None and found.works_at(timezone.now(), actions.MOST_WRONG)


def _question(request: HttpRequest, form: BirthdayForm, status: int, **more: Any) -> HttpResponse:
    return render(request, "portal/question.html", {"form": form, **more}, status=status)


def _ended(request: HttpRequest, token: str) -> HttpResponse:
    return render(request, "portal/ended.html", {"token": token, "minutes": actions.LINK_MIN}, status=GONE)


@login_not_required
@never_cache
@require_POST
def again(request: HttpRequest, token: str) -> HttpResponse:
    """From a link that has ended: a new one to the address on file. Says the same when there is nobody."""
    if ratelimit.consume(request, action="client_link", key=actions.digest(token)):
        client = client_of_old_link(actions.digest(token))
        if client is not None:
            mailing.send_link(client=client, base=base_url(request))
        return render(request, "portal/sent.html", {"minutes": actions.LINK_MIN})
    return _door(request, AskForm(), TOO_MANY, too_many=True)


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Leave; nothing of the client stays in this browser's session."""
    if getattr(request, "client_person", None) is not None:
        clientdoor.leave(request)
        messages.success(request, _("You have left your page."))
    return redirect(clientdoor.DOOR)


# --- The practice hands out a link --------------------------------------------------------------------------------


@member_only
@require_POST
def invite(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Mail a link to the address on file."""
    client = queries.client_for(request.member, client_id)
    if not client.email or client.birth_date is None:
        messages.error(request, _("Write down e-mail and date of birth first; the link needs both."))
    else:
        mailing.send_link(client=client, base=base_url(request), by=request.member)
        sent = (
            _("A link is on its way to %(address)s.")
            if leaves_this_computer()
            else _(
                "The mail to %(address)s is a file in the data folder: no mail server is named, so it does not leave."
            )
        )
        messages.success(request, sent % {"address": client.email})
    return redirect("people:client", client.pk)


@member_only
@never_cache
@require_http_methods(["GET", "POST"])
def show_code(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """A code for the phone of the person in the room. Care team only: it opens what the chart holds for them."""
    client = queries.chart_for(request.member, client_id)
    context: dict[str, Any] = {"client": client, "minutes": actions.LINK_MIN}
    if request.method == "POST" and client.birth_date is not None:
        token = actions.make_link(client=client, by=request.member, how="shown")
        url = base_url(request) + reverse("portal:link", args=[token])
        context |= {"code": code(url), "url": url}
    return render(request, "portal/code.html", context)
