"""A second examination, blind to the first, and what a therapist's own double examinations say."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tautband.clinic.charts import actions, queries, rows
from tautband.clinic.charts import agreement as pairs
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.views.refusals import UNPROCESSABLE, refusing
from tautband.clinic.people.http import member_only
from tautband.knowledge import atlas


@member_only
def agreement(request: HttpRequest) -> HttpResponseBase:
    """This therapist's own record, sign by sign."""
    return render(request, "charts/agreement.html", {"table": pairs.table_of(request.member)})  # type: ignore[attr-defined]


@member_only
@refusing
def second_look(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """What a colleague examined at this visit, without what was found; record one's own results."""
    visit = queries.visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    return _keep(request, visit) if request.method == "POST" else _page(request, visit)


def _keep(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    member, sent = request.member, request.POST  # type: ignore[attr-defined]
    open_ones = pairs.to_look_again(member, visit)
    looks = [(row, state) for row in open_ones if (state := sent.get(f"sign-{row.pk}", ""))]
    if not looks:
        return _page(request, visit, _("Nothing was kept yet: mark what you found, at least for one sign."))
    if sent.get("blind") != "yes":
        return _page(request, visit, _("Nothing was kept yet: confirm that you have not seen what was found."))
    actions.record_second_looks(by=member, looks=looks, key=sent.get("key") or None)
    kept = ngettext("%(n)d sign kept.", "%(n)d signs kept.", len(looks)) % {"n": len(looks)}
    messages.success(request, kept)
    return redirect("charts:agreement")


def _page(request: HttpRequest, visit: Visit, wrong: str = "") -> HttpResponseBase:
    member = request.member  # type: ignore[attr-defined]
    signs = [
        {
            "row": row,
            "name": rows.name_of(atlas(), row.finding, row.of),
            "chosen": request.POST.get(f"sign-{row.pk}", ""),
        }
        for row in pairs.to_look_again(member, visit)
    ]
    context = {"visit": visit, "client": visit.client, "signs": signs, "wrong": wrong}
    return render(request, "charts/second_look.html", context, status=UNPROCESSABLE if wrong else 200)
