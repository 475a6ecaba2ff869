"""Work inside the body: the therapist's licence, and the client's separate signature at a visit."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.charts.actions import VisitClosed
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.queries import visit_for
from tautband.clinic.people.forms import new_key
from tautband.clinic.people.http import member_only
from tautband.clinic.people.models import SIGNING_ROLES
from tautband.clinic.treatments import actions
from tautband.clinic.treatments.forms import InsideForm, LicenceForm
from tautband.clinic.treatments.inside import PLACES, consent_words, licence_of, standings

CONFLICT, UNPROCESSABLE = 409, 422


@member_only
def licence(request: HttpRequest) -> HttpResponseBase:
    """One's own licence: see, state, take back."""
    member = request.member  # type: ignore[attr-defined]
    now = licence_of(member)
    if request.method != "POST":
        start = {name: getattr(now, name) for name in ("issuer", "number", "places", "expires_on")} if now else {}
        return _licence_page(request, LicenceForm(initial=start))
    if member.role not in SIGNING_ROLES:
        return _licence_page(request, LicenceForm(), UNPROCESSABLE)
    if "take_back" in request.POST:
        key = request.POST.get("key") or None
        actions.state_licence(by=member, issuer="", number="", places=(), expires_on=timezone.localdate(), key=key)
        messages.success(request, _("Taken back. Work inside the body is closed."))
        return redirect("treatments:licence")
    form = LicenceForm(request.POST)
    if not form.is_valid():
        return _licence_page(request, form, UNPROCESSABLE)
    given = {name: form.cleaned_data[name] for name in ("issuer", "number", "places", "expires_on")}
    try:
        actions.state_licence(by=member, key=form.cleaned_data["key"] or None, **given)
    except KeyReused:
        return _licence_page(request, form, CONFLICT)
    messages.success(request, _("Your licence is recorded, as you state it."))
    return redirect("treatments:licence")


def _licence_page(request: HttpRequest, form: LicenceForm, status: int = 200) -> HttpResponse:
    member = request.member  # type: ignore[attr-defined]
    context = {"form": form, "licence": licence_of(member), "may_state": member.role in SIGNING_ROLES}
    return render(request, "treatments/licence.html", {**context, "new_key": new_key()}, status=status)


@member_only
def inside(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """What stands of work inside the body at a visit; the client signs here."""
    visit = visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    if request.method != "POST":
        return _inside_page(request, visit)
    form = InsideForm(request.POST)
    if not form.is_valid():
        return _inside_page(request, visit, UNPROCESSABLE, form=form)
    given = {name: form.cleaned_data[name] for name in ("place", "signed", "chaperone")}
    words, key = consent_words(given["place"]), form.cleaned_data["key"] or None
    try:
        actions.sign_inside(by=request.member, visit=visit, words=words, key=key, **given)  # type: ignore[attr-defined]
    except VisitClosed:
        return _inside_page(request, visit, CONFLICT, trouble=_("This visit is closed. Open a new one to treat."))
    except KeyReused:
        return _inside_page(request, visit, CONFLICT, trouble=_("This page is too old. Load it again."))
    messages.success(request, _("Signed. It can be taken back here at any time."))
    return redirect("treatments:inside", visit.pk)


@member_only
@require_POST
def take_back_inside(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """The client takes it back, without a reason."""
    visit = visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    place = request.POST.get("place", "")
    if place not in PLACES:
        return _inside_page(request, visit, UNPROCESSABLE, trouble=_("This page is too old. Load it again."))
    try:
        actions.take_back_inside(by=request.member, visit=visit, place=place, key=request.POST.get("key") or None)  # type: ignore[attr-defined]
    except KeyReused:
        return _inside_page(request, visit, CONFLICT, trouble=_("This page is too old. Load it again."))
    messages.success(request, _("Taken back. It is closed from now on, in a running session too."))
    return redirect("treatments:inside", visit.pk)


def _inside_page(
    request: HttpRequest, visit: Visit, status: int = 200, form: InsideForm | None = None, **more: Any
) -> HttpResponse:
    member = request.member  # type: ignore[attr-defined]
    wrong = form.data.get("place") if form is not None else ""
    rows = [
        (
            each,
            form
            if form is not None and each.place == wrong
            else InsideForm(initial={"place": each.place}, auto_id=f"{each.place}_%s"),
        )
        for each in standings(visit, visit.by)
    ]
    context = {"rows": rows, "is_mine": member == visit.by, "new_key": new_key(), **more}
    return render(request, "treatments/inside.html", visit_page(request, visit, "plan", **context), status=status)
