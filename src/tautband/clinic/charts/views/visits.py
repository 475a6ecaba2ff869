"""Start and end a visit."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.charts import actions, queries, thinking
from tautband.clinic.charts.views.refusals import refusing
from tautband.clinic.people.http import member_only
from tautband.clinic.people.queries import chart_for


@member_only
@require_POST
def start_visit(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Start the next visit; while one is open, that one is gone on with."""
    member = request.member  # type: ignore[attr-defined]
    client = chart_for(member, client_id)
    thinking.warm()
    already = client.visits.filter(closed_at=None).first()
    visit = already or actions.open_visit(by=member, client=client, key=request.POST.get("key") or None)
    return redirect("charts:story", visit.pk)


@member_only
@require_POST
@refusing
def close_visit(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """End the visit."""
    member = request.member  # type: ignore[attr-defined]
    visit = queries.visit_for(member, visit_id)
    actions.close_visit(by=member, visit=visit)
    messages.success(request, _("Visit %(number)d is closed.") % {"number": visit.number})
    return redirect("people:client", visit.client_id)
