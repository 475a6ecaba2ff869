"""The quick line: type what was found, see what was understood, undo it in one go."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from tautband.clinic.charts import actions, queries, typed
from tautband.clinic.charts.views.findings import HIGHEST
from tautband.clinic.charts.views.refusals import refusing
from tautband.clinic.charts.views.typed_lines import MOST_UNKNOWN, numbers
from tautband.clinic.people.http import member_only


@member_only
@require_POST
@refusing
def quick(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Record every finding of a typed line; the page then says what was read and what was not."""
    member = request.member  # type: ignore[attr-defined]
    visit = queries.visit_for(member, visit_id)
    line = request.POST.get("line", "").strip()[: typed.LONGEST]
    found, unknown = typed.read_line(line)
    done = actions.record_line(
        by=member,
        visit=visit,
        findings=[_sent(one) for one in found],
        key=request.POST.get("key") or None,
    )
    said: dict[str, Any] = {"typed": ",".join(str(row.pk) for row in done)}
    said |= {"unread": "|".join(unknown[:MOST_UNKNOWN])} if unknown else {}
    return redirect(f"{reverse('charts:encounter', args=[visit.pk])}?{urlencode(said)}#quick")


def _sent(one: typed.Typed) -> dict[str, Any]:
    """A finding with its value left out where it cannot be: the result counts, the slip of the finger does not."""
    beyond = one.value is not None and not 0 <= one.value <= HIGHEST.get(one.unit, 10_000)
    return {
        "finding": one.finding,
        "of": one.of,
        "side": one.side,
        "state": one.state,
        "value": None if beyond else one.value,
        "unit": "" if beyond else one.unit,
    }


@member_only
@require_POST
@refusing
def quick_undo(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Take back all that one typed line recorded."""
    member = request.member  # type: ignore[attr-defined]
    visit = queries.visit_for(member, visit_id)
    actions.take_back_line(by=member, visit=visit, ids=numbers(request.POST.get("typed", "")))
    return redirect(f"{reverse('charts:encounter', args=[visit.pk])}#quick")
