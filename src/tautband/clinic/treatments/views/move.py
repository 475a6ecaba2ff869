"""A visit that was written in the wrong chart: choose the right one, say why, or take it back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.queries import visit_for
from tautband.clinic.people.http import member_only
from tautband.clinic.treatments import actions, moving
from tautband.clinic.treatments.forms import MoveForm
from tautband.clinic.treatments.models import VisitMove

CONFLICT, UNPROCESSABLE = 409, 422
MOST = 12


@member_only
def move(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Choose the right chart and move the visit there."""
    member = request.member  # type: ignore[attr-defined]
    visit = visit_for(member, visit_id)
    if not moving.may_move(member, visit):
        raise PermissionDenied(_("Whose note it is moves a visit, or the owner of the practice."))
    sent = request.POST if request.method == "POST" else None
    form = MoveForm(sent)
    form.fields["to"].queryset = moving.charts_to_move_to(member, visit, "")  # type: ignore[attr-defined]
    if sent is None or not form.is_valid():
        return _page(request, visit, form, UNPROCESSABLE if form.is_bound else 200)
    given = form.cleaned_data
    try:
        moved = actions.move_visit(
            by=member, visit=visit, to=given["to"], reason=given["reason"], key=given["key"] or None
        )
    except KeyReused:
        form.fresh()
        form.add_error(None, _("This form was sent before with other content. Look at both charts first."))
        return _page(request, visit, form, CONFLICT)
    messages.success(request, _("Moved. Both charts say so."))
    return redirect("treatments:note", moved.visit_id)


def _page(request: HttpRequest, visit: Visit, form: MoveForm, status: int = 200) -> HttpResponse:
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    found = list(moving.charts_to_move_to(request.member, visit, words)[: MOST + 1])  # type: ignore[attr-defined]
    chosen = form["to"].value()
    context = {
        "form": form,
        "words": words,
        "people": [(person, str(person.pk) == str(chosen)) for person in found[:MOST]],
        "more": len(found) > MOST,
        "sealed": moving.is_sealed(visit),
    }
    return render(request, "treatments/move.html", visit_page(request, visit, "note", **context), status=status)


@member_only
@require_POST
def undo_move(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Take a move back while nothing was sealed since."""
    member = request.member  # type: ignore[attr-defined]
    visit = visit_for(member, visit_id)
    last = get_object_or_404(VisitMove.objects.filter(visit=visit, way=VisitMove.Way.IN, undone_at=None)[:1])
    try:
        actions.undo_move(by=member, move=last)
    except actions.MayNotMove as refusal:
        words = _("This cannot be taken back any more. If it is in the wrong chart, move it again and say why.")
        raise PermissionDenied(words) from refusal
    messages.success(request, _("Taken back. The visit is where it was; both charts keep the trace."))
    return redirect("treatments:note", visit.pk)
