"""How it goes: all lines of one client, a new reading, one line with its readings."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.measures import actions, choosing, queries, words
from tautband.clinic.measures.forms import ReadingForm
from tautband.clinic.measures.models import Reading
from tautband.clinic.people.http import member_only
from tautband.clinic.people.models import Client
from tautband.clinic.people.queries import chart_for
from tautband.knowledge.records import Instrument

UNPROCESSABLE, CONFLICT = 422, 409


@member_only
def measures(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Every line of readings with its error and its verdict."""
    client = chart_for(request.member, client_id)  # type: ignore[attr-defined]
    lines = [words.line_of(series) for series in queries.series_of(client)]
    context = {"client": client, "lines": lines, "summary": words.summary_of(lines)}
    return render(request, "measures/measures.html", context)


@member_only
def choose(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Choose what to measure: what this client was measured by before, then by region, or by name."""
    client = chart_for(request.member, client_id)  # type: ignore[attr-defined]
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    context = {"client": client, "q": asked, "groups": choosing.groups(client, asked)}
    return render(request, "measures/choose.html", context)


@member_only
def new(request: HttpRequest, client_id: UUID, name: str) -> HttpResponseBase:
    """Enter a reading."""
    client = chart_for(request.member, client_id)  # type: ignore[attr-defined]
    instrument = _instrument(name)
    last = queries.last_answers(client, instrument.id)
    form = ReadingForm(request.POST if request.method == "POST" else None, instrument=instrument, last=last)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            return _keep(request, client, instrument, form)
        status = UNPROCESSABLE
    context = {"client": client, "instrument": instrument, "form": form}
    return render(request, "measures/new.html", context, status=status)


def _keep(request: HttpRequest, client: Client, instrument: Instrument, form: ReadingForm) -> HttpResponseBase:
    member = request.member  # type: ignore[attr-defined]
    visit = client.visits.filter(closed_at=None).first()
    try:
        actions.keep_reading(
            by=member,
            client=client,
            instrument=instrument.id,
            value=form.value,
            of=form.of,
            answers=form.answers,
            unusual=form.unusual,
            visit=visit,
            key=form.cleaned_data["key"] or None,
        )
    except KeyReused:
        form.fresh()
        form.add_error(None, _("This form was saved before with other answers. Send it again to keep these too."))
        context = {"client": client, "instrument": instrument, "form": form}
        return render(request, "measures/new.html", context, status=CONFLICT)
    messages.success(request, _("%(name)s is kept.") % {"name": instrument.name.en})
    return redirect("measures:measures", client.pk)


@member_only
def line(request: HttpRequest, client_id: UUID, name: str) -> HttpResponse:
    """One line: its readings, each of which can be taken back."""
    client = chart_for(request.member, client_id)  # type: ignore[attr-defined]
    instrument = _instrument(name)
    of = request.GET.get("of", "")[:120]
    found = [s for s in queries.series_of(client) if s.instrument.id == instrument.id and s.of == of]
    rows = queries.readings_of(client, instrument.id, of)
    if not found and not rows:
        raise Http404("No such line.")
    context = {
        "client": client,
        "instrument": instrument,
        "of": of,
        "line": words.line_of(found[0]) if found else None,
        "rows": rows,
    }
    return render(request, "measures/line.html", context)


@member_only
@require_POST
def take_back(request: HttpRequest, client_id: UUID, number: int) -> HttpResponseBase:
    """Say that a reading does not count, and why."""
    member = request.member  # type: ignore[attr-defined]
    client = chart_for(member, client_id)
    reading = get_object_or_404(Reading, pk=number, client=client)
    why = request.POST.get("why", "").replace("\x00", "").strip()[:200]
    if not why:
        messages.error(request, _("Say why this reading does not count."))
    else:
        try:
            actions.take_back(by=member, reading=reading, why=why, key=request.POST.get("key", "")[:64] or None)
            messages.success(request, _("Taken back. It stays in the record, struck out."))
        except (actions.AlreadyTakenBack, KeyReused):
            messages.info(request, _("This reading was taken back before."))
    return redirect("measures:measures", client.pk)


def _instrument(name: str) -> Instrument:
    found = queries.instrument(f"instrument.{name}")
    if found is None:
        raise Http404("No such measure.")
    return found
