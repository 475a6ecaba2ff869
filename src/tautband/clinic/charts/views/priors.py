"""How often we meet it: the practice's own counts beside the priors in use, and the owner's word on each version."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.charts import actions, priors
from tautband.clinic.charts.models import PriorReview
from tautband.clinic.charts.thinking import the_reasoner
from tautband.clinic.people.http import owner_only
from tautband.knowledge import atlas
from tautband.reasoning.counts import fingerprint

CONFLICT, UNPROCESSABLE = 409, 422
SHOWN = 40


@owner_only
@require_http_methods(["GET", "POST"])
def priors_page(request: HttpRequest) -> HttpResponseBase:
    """What was counted, what it suggests, and every version with who decided what and why."""
    return _write(request) if request.method == "POST" else _page(request)


def _write(request: HttpRequest) -> HttpResponseBase:
    try:
        return _asked(request)
    except actions.Decided:
        return _page(request, _("This version was decided on already. Nothing was changed."), CONFLICT)
    except KeyReused as repeat:
        return _page(request, _("%(why)s Load the page again.") % {"why": repeat}, CONFLICT)


def _asked(request: HttpRequest) -> HttpResponseBase:
    member, sent = request.member, request.POST  # type: ignore[attr-defined]
    key = sent.get("key") or None
    if sent.get("act") == "propose":
        model = the_reasoner().model
        rows = priors.rows_to_keep(model, priors.counted())
        if not rows:
            return _page(request, _("Nothing was kept: no muscle has been pressed often enough yet."), UNPROCESSABLE)
        review = actions.propose_priors(by=member, made_for=fingerprint(model), rows=rows, key=key)
        messages.success(
            request, _("Version %(n)d is kept. Nothing changes until you accept it.") % {"n": review.number}
        )
        return redirect("charts:priors")
    number = sent.get("number", "")
    review = get_object_or_404(PriorReview, number=int(number) if number.isdigit() else 0)
    reason = sent.get("reason", "").strip()[:500]
    if not reason:
        return _page(request, _("Say why, in a few words: who comes after you will read it."), UNPROCESSABLE)
    if sent.get("act") == "take_back":
        actions.take_back_priors(by=member, review=review, reason=reason, key=key)
        messages.success(request, _("Version %(n)d is no longer used.") % {"n": review.number})
        return redirect("charts:priors")
    accepted = sent.get("act") == "accept"
    if accepted and not priors.fits(review, the_reasoner().model):
        return _page(request, _("The atlas has changed since this version was made. Make a new one."), CONFLICT)
    actions.decide_priors(by=member, review=review, accepted=accepted, reason=reason, key=key)
    said = _("Version %(n)d is in use from now on.") if accepted else _("Version %(n)d is rejected.")
    messages.success(request, said % {"n": review.number})
    return redirect("charts:priors")


def _page(request: HttpRequest, wrong: str = "", status: int = 200) -> HttpResponse:
    model = the_reasoner().model
    rows = priors.counted()
    used = priors.in_use()
    versions = [_version(review, used) for review in PriorReview.objects.select_related("by", "decided_by", "ended_by")]
    waiting = any(not version["review"].decision for version in versions)
    context = {
        "lines": priors.suggested(model, rows)[:SHOWN],
        "few": [(atlas().name(row.muscle), row) for row in rows if row.pressed < priors.LEAST_PRESSED][:SHOWN],
        "examined": rows[0].examined // 2 if rows else 0,
        "least": priors.LEAST_PRESSED,
        "used": used,
        "outdated": bool(used) and not priors.fits(used, model),
        "versions": versions,
        "waiting": waiting,
        "wrong": wrong,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "charts/priors.html", context, status=status)


def _version(review: PriorReview, used: PriorReview | None) -> dict[str, Any]:
    """A version with its lines by muscle."""
    by_muscle: dict[str, list[dict[str, Any]]] = {}
    for row in review.rows:
        by_muscle.setdefault(row["of"], []).append(row)
    lines = [
        {
            "name": atlas().name(muscle),
            "found": rows[0]["found"],
            "examined": rows[0]["examined"],
            "now": priors.any_of([row["now"] for row in rows]),
            "proposed": priors.any_of([row["proposed"] for row in rows]),
        }
        for muscle, rows in by_muscle.items()
    ]
    return {"review": review, "lines": lines, "used": used is not None and used.pk == review.pk}
