"""Who looked and who changed what: for the owner of all charts, for a care team of its own."""

import csv
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tautband.clinic.audit.log import PRACTICE
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.audit.queries import people_in, traces
from tautband.clinic.people import queries, slots
from tautband.clinic.people.forms import TraceForm
from tautband.clinic.people.http import member_only, owner_only
from tautband.clinic.people.models import Client

PAGE_SIZE = 50
IN_A_FILE = 100_000  # lines at most in one CSV file


@owner_only
@require_GET
def all_traces(request: HttpRequest) -> HttpResponse:
    """The whole practice, newest first."""
    return _page(request, None, {"client": None})


@member_only
@require_GET
def chart_traces(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """One chart, for its care team: the client may be shown it."""
    client = queries.chart_for(request.member, client_id)
    return _page(request, [client.chart_key], {"client": client})


def _page(request: HttpRequest, charts: list[str] | None, context: dict[str, Any]) -> HttpResponse:
    form = TraceForm(request.GET, people=people_in(charts))
    chosen = form.cleaned_data if form.is_valid() else {}
    events = traces(charts, **{name: chosen.get(name) for name in ("by", "kind", "since", "until")})
    if request.GET.get("form") == "csv":
        return _file(events[:IN_A_FILE])
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))
    words = request.GET.copy()
    words.pop("page", None)
    rows = in_words(page.object_list)
    narrowed = any(chosen.values())
    context |= {"form": form, "page": page, "rows": rows, "narrowed": narrowed, "query": words.urlencode()}
    return render(request, "people/traces.html", context)


def in_words(events: Iterable[AuditEvent]) -> list[dict[str, Any]]:
    """Events as rows to read: when, who, what, about whom, and why if somebody had to say."""
    events = list(events)
    names = _names({event.chart for event in events})
    rows = []
    for event in events:
        details = json.loads(event.details)
        page = event.target.removeprefix("page/") if event.target.startswith("page/") else ""
        rows.append(
            {
                "at": event.at,
                "by": event.by_name,
                "what": slots.verb_in_words(event.verb),
                "where": slots.page_in_words(page) if page else "",
                "about": names.get(event.chart, _("a removed client") if event.chart != PRACTICE else ""),
                "with": details.get("name", ""),
                "reason": details.get("reason", ""),
                "number": event.number,
            }
        )
    return rows


def _names(charts: set[str]) -> dict[str, str]:
    keys = [chart.removeprefix("client/") for chart in charts if chart.startswith("client/")]
    return {client.chart_key: client.name for client in Client.objects.filter(pk__in=keys)}


def _file(events: Iterable[AuditEvent]) -> HttpResponse:
    name = f"tautband-traces-{timezone.localdate():%Y-%m-%d}.csv"
    response = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    table = csv.writer(response)
    table.writerow([_("When"), _("Who"), _("What"), _("Where"), _("About"), _("With"), _("Reason"), _("Entry")])
    for row in in_words(events):
        cells = [row["by"], row["what"], row["where"], row["about"], row["with"], row["reason"]]
        at = timezone.localtime(row["at"]).isoformat(timespec="seconds")
        table.writerow([at, *map(_harmless, cells), row["number"]])
    return response


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet shows and never computes."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
