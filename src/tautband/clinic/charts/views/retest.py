"""Testing again what was found last time, and saying that the pain is where it was."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tautband.clinic.charts import actions, queries, retesting
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.thinking import answer_for
from tautband.clinic.charts.views.refusals import refusing
from tautband.clinic.people.http import member_only


@member_only
@refusing
def retest(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """The signs of the last visit; a POST records all that is graded by hand as it was then."""
    member = request.member  # type: ignore[attr-defined]
    visit = queries.visit_for(member, visit_id)
    if request.method == "POST":
        answer, earlier = answer_for(visit), retesting.before(visit)
        wanted = retesting.to_copy(retesting.to_retest(visit, answer.alerts), earlier) if earlier else []
        actions.record_line(by=member, visit=visit, findings=wanted, key=request.POST.get("key") or None)
        words = ngettext("%(n)d result as last time.", "%(n)d results as last time.", len(wanted)) % {"n": len(wanted)}
        messages.success(request, words)
        return redirect("charts:retest", visit.pk)
    return render(request, "charts/retest.html", retest_context(request, visit))


def retest_context(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    """All rows, and how many "all as last time" would record."""
    answer, earlier = answer_for(visit), retesting.before(visit)
    rows = retesting.to_retest(visit, answer.alerts)
    copies = len(retesting.to_copy(rows, earlier)) if earlier else 0
    return visit_page(request, visit, "examine", answer=answer, rows=rows, before=earlier, copies=copies)


def retest_row(request: HttpRequest, visit: Visit, last: str) -> HttpResponse:
    """The row that was tapped, and the alerts it may have raised."""
    context = retest_context(request, visit)
    row = next((row for row in context["rows"] if str(row.last.pk) == last), None)
    return render(request, "charts/_retest_swap.html", {**context, "row": row})


@member_only
@require_POST
@refusing
def repeat_drawing(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """The pain is where it was: last time's drawing as today's first version, which can be changed."""
    member = request.member  # type: ignore[attr-defined]
    visit = queries.visit_for(member, visit_id)
    earlier = retesting.drawing_to_repeat(visit)
    if earlier is None:
        messages.info(request, _("There is a drawing already, or none before."))
        return redirect("charts:story", visit.pk)
    actions.repeat_drawing(by=member, visit=visit, earlier=earlier, key=request.POST.get("key") or None)
    messages.success(request, _("Drawn as at visit %(number)d. Change what is different.") % {"number": earlier.number})
    return redirect("charts:story", visit.pk)
