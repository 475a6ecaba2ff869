"""Case reports on the screen and on paper."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.episodes.models import Episode
from tautband.clinic.letters import actions, care, content, printing
from tautband.clinic.letters.forms import ReportForm
from tautband.clinic.letters.models import Report, ReportVersion
from tautband.clinic.letters.queries import report_for
from tautband.clinic.people.http import member_only
from tautband.clinic.people.queries import chart_for

CONFLICT, UNPROCESSABLE = 409, 422


@member_only
@require_POST
def begin(request: HttpRequest, client_id: UUID) -> HttpResponseBase:
    """Draft a case report of a problem from its record, and open it. Sent twice, there is one."""
    member = request.member  # type: ignore[attr-defined]
    client = chart_for(member, client_id)
    number = request.POST.get("episode", "")
    episode = get_object_or_404(Episode, client=client, pk=int(number) if number.isdecimal() else 0)
    key = request.POST.get("key", "")[:64] or None
    try:
        report = actions.begin_report(by=member, episode=episode, sections=care.draft_report(episode), key=key)
    except KeyReused as used:
        report = Report.objects.get(pk=used.event.target.removeprefix("report/"))
    return redirect("letters:report", client.pk, report.pk)


@member_only
def report(request: HttpRequest, client_id: UUID, number: int) -> HttpResponseBase:
    """The report: edited while it is a draft, read when it is signed. A POST keeps a version, or signs it."""
    found = report_for(request.member, client_id, number)  # type: ignore[attr-defined]
    if hasattr(found, "signed"):
        return _signed(request, found)
    return _save(request, found) if request.method == "POST" else _open(request, found)


def _newest(found: Report) -> ReportVersion:
    version = found.versions.first()
    assert version is not None, "a report begins with its first version"
    return version


def _open(
    request: HttpRequest, found: Report, form: ReportForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    version, client = _newest(found), found.episode.client
    form = form or ReportForm(initial={**version.sections, "seen": version.number})
    context = {
        "client": client,
        "report": found,
        "form": form,
        "moved_on": care.moved_on(version.drafted, care.draft_report(found.episode)),
        "empty": care.empty_items(version.sections),
        "names": care.name_stands_in(client.name, version.sections),
        **more,
    }
    return render(request, "letters/report.html", context, status=status)


def _save(request: HttpRequest, found: Report) -> HttpResponseBase:
    member, version = request.member, _newest(found)  # type: ignore[attr-defined]
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _open(request, found, form, UNPROCESSABLE)
    given, seen, number = form.sections(), form.cleaned_data["seen"], version.number
    try:
        if given != version.sections:
            drafted, key = version.drafted, form.cleaned_data["key"] or None
            actions.save_report(by=member, report=found, sections=given, drafted=drafted, seen=seen, key=key)
            number += 1
        if "sign" not in request.POST:
            messages.success(request, _("Saved."))
            return redirect("letters:report", found.episode.client_id, found.pk)
        publishing = request.POST.get("publishing") == "1"
        actions.sign_report(by=member, report=found, seen=number, publishing=publishing)
    except actions.NotReady as refusal:
        return _open(request, found, None, UNPROCESSABLE, missing=refusal.missing)
    except (actions.ChangedMeanwhile, KeyReused):
        form.fresh()
        return _open(request, found, form, CONFLICT, conflict=version)
    except actions.MayNotSign as refusal:
        raise PermissionDenied(_("Your role records; a therapist signs.")) from refusal
    except actions.AlreadySigned:
        pass  # signed in another window: the page shows it
    return redirect("letters:report", found.episode.client_id, found.pk)


@member_only
@require_POST
def draft_anew(request: HttpRequest, client_id: UUID, number: int) -> HttpResponseBase:
    """Draft the report from what the record holds now; your own lines stay, earlier versions too."""
    found = report_for(request.member, client_id, number)  # type: ignore[attr-defined]
    version, fresh = _newest(found), care.draft_report(found.episode)
    try:
        actions.save_report(
            by=request.member,  # type: ignore[attr-defined]
            report=found,
            sections=care.drafted_anew(version.sections, version.drafted, fresh),
            drafted=fresh,
            seen=version.number,
        )
        messages.success(request, _("Drafted anew. Your own words were kept."))
    except (actions.AlreadySigned, actions.ChangedMeanwhile):
        messages.error(request, _("The report was changed in another window. Nothing was drafted; here it is."))
    return redirect("letters:report", client_id, number)


def _signed(request: HttpRequest, found: Report) -> HttpResponse:
    signed = found.signed
    sections = content.document(signed)["sections"]
    rows = [{"title": name, "text": sections[key]} for key, (name, _help) in care.ITEMS.items() if key != "title"]
    context = {
        "client": found.episode.client,
        "report": found,
        "signed": signed,
        "heading": sections["title"],
        "rows": rows,
        "seal": content.report_seal(signed),
    }
    return render(request, "letters/signed_report.html", context)


@member_only
def report_pdf(request: HttpRequest, client_id: UUID, number: int) -> HttpResponse:
    """The report as a tagged PDF."""
    found = report_for(request.member, client_id, number)  # type: ignore[attr-defined]
    response = HttpResponse(printing.report_pdf(found), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="case-report.pdf"'
    return response


@member_only
def summary_pdf(request: HttpRequest, client_id: UUID, number: int) -> HttpResponse:
    """What an episode came to, on paper."""
    client = chart_for(request.member, client_id)  # type: ignore[attr-defined]
    episode = get_object_or_404(Episode.objects.select_related("client__practice", "by"), client=client, pk=number)
    response = HttpResponse(printing.summary_pdf(episode), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="summary.pdf"'
    return response
