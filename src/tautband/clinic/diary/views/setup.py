"""Setting the diary up: what is offered, who works when, which rooms there are, how it can be booked."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.diary import actions, queries
from tautband.clinic.diary.models import Room, Service, Shift
from tautband.clinic.diary.setup_forms import RoomForm, RulesForm, ServiceForm, ShiftForm
from tautband.clinic.diary.views.public import contact_key
from tautband.clinic.people.actions import NotAllowed
from tautband.clinic.people.http import member_only, owner_only
from tautband.clinic.people.models import Location, Member
from tautband.clinic.people.post import base_url, public_address

UNPROCESSABLE = 422


@member_only
def setup(request: HttpRequest) -> HttpResponse:
    """Everything that is set once. Who is no owner sees it, and changes their own hours."""
    member: Member = request.member  # type: ignore[attr-defined]
    practice = member.practice
    public, base = reverse("diary:public"), base_url(request)
    context = {
        "section": "diary",
        "services": queries.services_for(practice),
        "shifts": Shift.objects.filter(member__practice=practice).select_related("member", "location"),
        "rooms": Room.objects.filter(location__practice=practice, active=True).select_related("location"),
        "places": Location.objects.filter(practice=practice, active=True),
        "rules": queries.rules_of(practice),
        "zone": queries.zone_of(practice),
        "public": base + public,
        "contact": f"{base}{public}?k={contact_key()}",
        "framed": f'<iframe src="{base}{reverse("diary:framed")}" title="{_("Book a visit")}" '
        'width="100%" height="760" loading="lazy"></iframe>',
        "no_address": not practice.demo and not public_address(practice),
    }
    return render(request, "diary/setup.html", context)


def _form_page(request: HttpRequest, form: Any, title: str, text: str = "", **more: Any) -> HttpResponse:
    context = {"form": form, "title": title, "text": text, "section": "diary", **more}
    return render(request, "diary/setup_form.html", context, status=UNPROCESSABLE if form.errors else 200)


def _kept(request: HttpRequest, form: Any, keep: Any) -> bool:
    """Save what a form holds, or say on the form why not."""
    try:
        keep()
    except KeyReused:
        form.add_error(None, _("This form was saved already. Send it again to save once more."))
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
    else:
        messages.success(request, _("Saved."))
        return True
    form.fresh()
    return False


@owner_only
def service(request: HttpRequest, service_id: int | None = None) -> HttpResponse:
    """Add something that can be booked, or change it."""
    member: Member = request.member  # type: ignore[attr-defined]
    one = get_object_or_404(Service, pk=service_id, practice=member.practice_id) if service_id else None
    form = ServiceForm(request.POST or None, by=member, service=one)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"] or None
        if _kept(request, form, lambda: actions.keep_service(by=member, service=one, key=key, **form.values())):
            return redirect("diary:setup")
    title = one.name if one else _("Something that can be booked")
    return _form_page(request, form, title, _("Visits that are booked already keep their length and price."))


@owner_only
def room(request: HttpRequest, room_id: int | None = None) -> HttpResponse:
    """Add a room, or change it."""
    member: Member = request.member  # type: ignore[attr-defined]
    one = get_object_or_404(Room, pk=room_id, location__practice=member.practice_id) if room_id else None
    form = RoomForm(request.POST or None, by=member, room=one)
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "key"}
        key = form.cleaned_data["key"] or None
        if _kept(request, form, lambda: actions.keep_room(by=member, room=one, key=key, **given)):
            return redirect("diary:setup")
    return _form_page(request, form, one.name if one else _("A room"), _("One visit at a time."))


@member_only
def shift(request: HttpRequest, shift_id: int | None = None) -> HttpResponse:
    """Say when somebody works."""
    member: Member = request.member  # type: ignore[attr-defined]
    one = get_object_or_404(Shift, pk=shift_id, member__practice=member.practice_id) if shift_id else None
    form = ShiftForm(request.POST or None, by=member, shift=one)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"] or None
        if _kept(request, form, lambda: actions.keep_shift(by=member, shift=one, key=key, **form.values())):
            return redirect("diary:setup")
    text = _("By the clock on the wall of the place; daylight saving changes nothing. Hours that overlap count once.")
    remove = reverse("diary:remove_shift", args=[one.pk]) if one else ""
    return _form_page(request, form, _("Working hours"), text, remove=remove)


@member_only
@require_POST
def remove_shift(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Take hours away."""
    member: Member = request.member  # type: ignore[attr-defined]
    one = get_object_or_404(Shift, pk=shift_id, member__practice=member.practice_id)
    try:
        actions.remove_shift(by=member, shift=one)
        messages.success(request, _("The hours are gone. Visits that are booked stay."))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("diary:setup")


@owner_only
def rules(request: HttpRequest) -> HttpResponse:
    """How the practice lets itself be booked."""
    member: Member = request.member  # type: ignore[attr-defined]
    now = queries.rules_of(member.practice)
    initial = {name: getattr(now, name) for name in RulesForm.base_fields if name != "key"}
    form = RulesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "key"}
        if _kept(request, form, lambda: actions.keep_rules(by=member, key=form.cleaned_data["key"] or None, **given)):
            return redirect("diary:setup")
    return _form_page(request, form, _("Online booking"), _("What clients meet when they book themselves."))
