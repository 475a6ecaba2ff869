"""Taps: record a result, take it back, undo the last one."""

import math
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.charts import actions, queries
from tautband.clinic.charts.models import RecordedFinding, Visit
from tautband.clinic.charts.views.encounter import encounter_context
from tautband.clinic.charts.views.exams import card_context
from tautband.clinic.charts.views.refusals import refusing
from tautband.clinic.charts.views.retest import retest_row
from tautband.clinic.charts.views.story import question_context
from tautband.clinic.people.http import member_only
from tautband.clinic.people.once import one_page
from tautband.findings import BadFinding

HIGHEST = {"deg": 360, "mmHg": 350, "cm": 300, "mm": 3000, "s": 3600, "kg": 500, "N": 2000, "kPa": 2000, "%": 100}
"""The most a value can be in a unit; more is a slip of the finger."""


@member_only
@require_POST
@refusing
def record(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Record what was tapped. An empty result makes it "not asked" again."""
    member = request.member  # type: ignore[attr-defined]
    visit = queries.visit_for(member, visit_id)
    sent = request.POST
    about = {"finding": sent.get("finding", ""), "of": sent.get("of", ""), "side": sent.get("side", "")}
    key = sent.get("key") or None
    if not sent.get("result"):
        actions.take_back_finding(by=member, visit=visit, key=key, **about)
    else:
        unit = sent.get("unit", "")[:20]
        value = value_of(sent.get("value", ""), unit)
        actions.record_finding(
            by=member,
            visit=visit,
            key=key,
            state=sent["result"],
            value=value,
            unit=unit if value is not None else "",
            provoking=sent.get("provoking", ""),
            note=sent.get("note", "").strip()[: RecordedFinding._meta.get_field("note").max_length],
            **about,
        )
    return _answer(request, visit)


def value_of(text: str, unit: str) -> float | None:
    """Read a measured value; empty is none. Raises BadFinding with what would be right."""
    if not text.strip():
        return None
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        raise BadFinding(_("“%(text)s” is no number. Write it like 52 or 52.5.") % {"text": text[:20]}) from None
    highest = HIGHEST.get(unit, 10_000)
    if not math.isfinite(value) or not 0 <= value <= highest:
        words = _("A value in %(unit)s lies between 0 and %(highest)d. Look at it again: %(text)s.")
        raise BadFinding(words % {"unit": unit or _("this unit"), "highest": highest, "text": text[:20]})
    return value


@member_only
@require_POST
@refusing
def undo(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Take back the last result."""
    member = request.member  # type: ignore[attr-defined]
    visit = queries.visit_for(member, visit_id)
    actions.undo_last_finding(by=member, visit=visit, key=request.POST.get("key") or None)
    return _answer(request, visit)


def _answer(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The parts of the page the tap came from, or that page."""
    sent, origin = request.POST, request.POST.get("from", "")
    if request.htmx:  # type: ignore[attr-defined]
        if origin == "exams":
            return render(request, "charts/_exam_swap.html", card_context(request, visit, sent.get("show", "")))
        if origin == "retest":
            return retest_row(request, visit, sent.get("last", ""))
        if origin == "story":
            return render(request, "charts/_question_swap.html", question_context(request, visit, sent["finding"]))
        with one_page(keeps=True):  # all is written: what the parts ask for is asked once
            return render(request, "charts/_live.html", encounter_context(request, visit, sent))
    page: dict[str, Any] = {"exams": "charts:exams", "story": "charts:story", "retest": "charts:retest"}
    kept = {name: sent[name] for name in ("chosen", "view", "widen", "show", "q") if sent.get(name)}
    url = reverse(page.get(origin, "charts:encounter"), args=[visit.pk])
    return redirect(f"{url}?{urlencode(kept)}" if kept else url)
