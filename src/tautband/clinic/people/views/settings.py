"""Settings: the practice, who works in it, the demo."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.audit.log import verify_all
from tautband.clinic.people import actions, queries
from tautband.clinic.people.forms import AccessForm, LocationForm, MemberForm, PracticeForm, TherapistForm
from tautband.clinic.people.http import member_only, owner_only
from tautband.clinic.people.links import password_path
from tautband.clinic.people.models import Location, Member, Role
from tautband.clinic.people.second_step import has_second_step

UNPROCESSABLE = 422


def _page(request: HttpRequest, status: int = 200, **changed: Any) -> HttpResponse:
    practice = request.practice
    context = {
        "members": queries.members_of(practice),
        "practice_form": PracticeForm(initial={"name": practice.name, "emergency_number": practice.emergency_number}),
        "therapist_form": TherapistForm(),
        **changed,
    }
    return render(request, "people/settings.html", context, status=status)


@member_only
def settings_page(request: HttpRequest) -> HttpResponse:
    """Everything that is set once. Therapists see it without the owner's parts."""
    return _page(request)


@owner_only
def check_record(request: HttpRequest) -> HttpResponse:
    """Walk every chain of the audit log and say whether it is whole; a broken one names its first bad entry."""
    verdicts = verify_all()
    broken = [verdict for verdict in verdicts if not verdict.intact]
    entries = sum(verdict.checked for verdict in verdicts)
    return render(
        request,
        "people/record.html",
        {"broken": broken, "charts": len(verdicts), "entries": entries, "at": timezone.now()},
    )


@owner_only
@require_POST
def change_practice(request: HttpRequest) -> HttpResponse:
    """Name and emergency number."""
    form = PracticeForm(request.POST)
    if not form.is_valid():
        return _page(request, UNPROCESSABLE, practice_form=form)
    try:
        actions.change_practice(by=request.member, **form.cleaned_data)
    except KeyReused:
        form.fresh()
        return _page(request, 409, practice_form=form)
    messages.success(request, _("Saved."))
    return redirect("people:settings")


@owner_only
@require_POST
def add_therapist(request: HttpRequest) -> HttpResponse:
    """Add a colleague and show the link for their password, once."""
    form = TherapistForm(request.POST)
    if not form.is_valid():
        return _page(request, UNPROCESSABLE, therapist_form=form)
    try:
        values = {**form.cleaned_data, "role": form.cleaned_data["role"] or Role.THERAPIST}
        member = actions.add_member(by=request.member, **values)
    except KeyReused:
        form.fresh()
        return _page(request, 409, therapist_form=form)
    return _with_link(request, member)


@owner_only
@require_POST
def password_link(request: HttpRequest, member_id: int) -> HttpResponse:
    """A new set-password link for a colleague who lost theirs."""
    member = get_object_or_404(Member, pk=member_id, practice=request.practice)
    actions.record_password_link(by=request.member, member=member)
    return _with_link(request, member)


def _with_link(request: HttpRequest, member: Member) -> HttpResponse:
    link = request.build_absolute_uri(password_path(member.user))
    return _page(request, link=link, link_for=member)


@owner_only
@require_POST
def member_active(request: HttpRequest, member_id: int) -> HttpResponse:
    """Close a colleague's account, or open it again."""
    member = get_object_or_404(Member, pk=member_id, practice=request.practice)
    try:
        actions.set_member_active(by=request.member, member=member, active=request.POST.get("active") == "1")
    except actions.NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("people:settings")


@owner_only
def member_page(request: HttpRequest, member_id: int) -> HttpResponse:
    """One colleague: name, role, supervisor, and what helps them in."""
    member = get_object_or_404(Member.objects.select_related("user"), pk=member_id, practice=request.practice)
    initial = {"display_name": member.display_name, "role": member.role, "supervisor": member.supervisor_id}
    form = MemberForm(request.POST or None, member=member, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_member(by=request.member, member=member, **form.cleaned_data)
        except KeyReused:
            form.fresh()
        except actions.NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("people:settings")
    kept = member.care.filter(keeper=True).count()
    context = {"form": form, "colleague": member, "second_step": has_second_step(member), "kept": kept}
    return render(request, "people/member.html", context, status=UNPROCESSABLE if form.errors else 200)


@owner_only
@require_POST
def reset_second_step(request: HttpRequest, member_id: int) -> HttpResponse:
    """A colleague lost phone and recovery codes; their password stays."""
    member = get_object_or_404(Member, pk=member_id, practice=request.practice)
    actions.reset_second_step(by=request.member, member=member)
    messages.success(
        request, _("%(name)s signs in with the password alone until they set up another.") % {"name": member}
    )
    return redirect("people:member", member.pk)


@owner_only
def access(request: HttpRequest) -> HttpResponse:
    """Second step, lock, who sees what, and how the practice writes."""
    practice = request.practice
    names = [name for name in AccessForm.base_fields if name != "key"]
    initial = {name: getattr(practice, name) for name in names} | {"languages": " ".join(practice.languages)}
    form = AccessForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_practice(by=request.member, **form.cleaned_data)
        except KeyReused:
            form.fresh()
        else:
            messages.success(request, _("Saved."))
            return redirect("people:settings")
    without = [
        colleague for colleague in queries.members_of(practice).filter(active=True) if not has_second_step(colleague)
    ]
    context = {"form": form, "without": without}
    return render(request, "people/access.html", context, status=UNPROCESSABLE if form.errors else 200)


@owner_only
def locations(request: HttpRequest) -> HttpResponse:
    """Where the practice works."""
    return render(request, "people/locations.html", {"places": queries.locations_of(request.practice, closed=True)})


@owner_only
def location(request: HttpRequest, location_id: int | None = None) -> HttpResponse:
    """Add a place, or change one."""
    place = get_object_or_404(Location, pk=location_id, practice=request.practice) if location_id else None
    names = [name for name in LocationForm.base_fields if name != "key"]
    form = LocationForm(request.POST or None, initial={name: getattr(place, name) for name in names} if place else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_location(by=request.member, location=place, **form.cleaned_data)
        except KeyReused:
            form.fresh()
        except ValidationError:
            form.add_error("name", _("There is a place of that name. Choose another."))
        else:
            return redirect("people:locations")
    context = {"form": form, "place": place}
    return render(request, "people/location.html", context, status=UNPROCESSABLE if form.errors else 200)
