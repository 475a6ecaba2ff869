"""One alert: what was found, what to do, what to say, and the answer with its reason."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tautband.clinic.charts import actions, queries
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.models import AlertAnswer
from tautband.clinic.charts.thinking import answer_for
from tautband.clinic.charts.views.refusals import UNPROCESSABLE, refusing
from tautband.clinic.people.http import member_only
from tautband.knowledge import atlas

MOST_REASON = 1000  # characters, the length of the column


@member_only
@refusing
def alert(request: HttpRequest, visit_id: UUID, flag: str) -> HttpResponseBase:
    """Read an alert, and answer it. It can be answered, never swiped away."""
    member = request.member  # type: ignore[attr-defined]
    visit = queries.visit_for(member, visit_id)
    answer = answer_for(visit)
    found = next((a for a in answer.alerts if a.flag == flag), None)
    earlier = queries.answers_of(visit).get(flag)
    if found is None and earlier is None:
        raise Http404("No such alert at this visit.")
    wrong: dict[str, str] = {}
    if request.method == "POST" and found is not None:
        decision, reason = request.POST.get("decision", ""), request.POST.get("reason", "").strip()
        wrong = _what_is_wrong(decision, reason)
        if not wrong:
            actions.answer_alert(
                by=member,
                visit=visit,
                flag=flag,
                urgency=found.urgency.value,
                decision=decision,
                reason=reason,
                key=request.POST.get("key") or None,
            )
            return redirect("charts:encounter", visit.pk)
    known = atlas()
    context = visit_page(
        request,
        visit,
        "suspects",
        answer=answer,
        alert=found,
        flag_name=found.name if found else known.name(flag) if flag in known else flag,
        earlier=earlier,
        owed=[(id, known.name(id)) for id in found.ask if id in known] if found else [],
        sources=[(k, known.sources[k]) for k in found.citations if k in known.sources] if found else [],
        decisions=AlertAnswer.Decision.choices,
        sent=request.POST,
        wrong=wrong,
    )
    part = request.htmx and request.method == "GET"  # type: ignore[attr-defined]
    return render(
        request,
        "charts/_alert_sheet.html" if part else "charts/alert.html",
        context,
        status=UNPROCESSABLE if wrong else 200,
    )


def _what_is_wrong(decision: str, reason: str) -> dict[str, str]:
    """The message of each field of an answer that cannot be kept; empty when it can."""
    wrong: dict[str, str] = {}
    if decision not in AlertAnswer.Decision.values:
        wrong["decision"] = _("Choose what follows from it.")
    if not reason:
        wrong["reason"] = _("Say why, in your words. It stays in the record.")
    elif len(reason) > MOST_REASON:
        wrong["reason"] = _("At most %(most)d characters; these are %(n)d.") % {"most": MOST_REASON, "n": len(reason)}
    return wrong
