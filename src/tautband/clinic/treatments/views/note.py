"""The note page: draft, edit, sign, correct."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.queries import visit_for
from tautband.clinic.charts.thinking import answer_for
from tautband.clinic.people.http import member_only
from tautband.clinic.people.queries import may_cosign
from tautband.clinic.treatments import actions
from tautband.clinic.treatments.compare import drafted_anew
from tautband.clinic.treatments.drafting import SECTIONS
from tautband.clinic.treatments.forms import CorrectionForm, NoteForm
from tautband.clinic.treatments.models import CoSignature, NoteVersion, SignedNote
from tautband.clinic.treatments.page import OpenNote, open_context, open_note, side_by_side, signed_context
from tautband.clinic.treatments.phrases import by_code, expanded, filled, known_of, phrases_of
from tautband.clinic.treatments.queries import may_write_note, signed_note_of
from tautband.clinic.treatments.targets import used_key

CONFLICT, UNPROCESSABLE = 409, 422


@member_only
def note(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """The note of a visit: the draft, or the signed document. A POST keeps a version."""
    visit = visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    signed = signed_note_of(visit)
    if signed is not None:
        return _after_signing(request, signed) if request.method == "POST" else _document(request, signed)
    if request.method == "POST":
        return _save(request, visit)
    return _page(request, open_note(visit, answer_for(visit)))


def _page(request: HttpRequest, shown: OpenNote, status: int = 200, **more: Any) -> HttpResponse:
    """The draft: the whole page, or with htmx the parts that a save moves."""
    member = request.member  # type: ignore[attr-defined]
    context = {**open_context(shown, member), "form": _form_of(shown), **more}
    if _is_part(request):
        context["saved_at"] = timezone.now()
        return render(request, "treatments/_note_saved.html", {**context, "visit": shown.visit}, status=status)
    return render(request, "treatments/note.html", visit_page(request, shown.visit, "note", **context), status=status)


def _form_of(shown: OpenNote) -> NoteForm:
    drafted = {key: list(shown.drafted.get(key, ())) for key in SECTIONS}
    return NoteForm(initial={"seen": shown.number, "said": shown.said, "drafted": drafted, **shown.texts})


def _is_part(request: HttpRequest) -> bool:
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def _sent(request: HttpRequest, visit: Visit) -> NoteForm:
    """The form as it was sent. Without script typed codes are written out here and a picked phrase added."""
    if _is_part(request):
        return NoteForm(request.POST)
    member, sent = request.member, request.POST.copy()  # type: ignore[attr-defined]
    held, known = by_code(phrases_of(member)), known_of(visit, member)
    section, _dot, code = sent.get("phrase", "").partition(".")
    for key in SECTIONS:
        text = expanded(sent.get(key, ""), held, known)
        if key == section and code in held:
            text = "\n".join(filter(None, [text.rstrip(), filled(held[code].text, known)]))
        sent[key] = text
    return NoteForm(sent)


def _save(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    form = _sent(request, visit)
    refused = _not_kept(request, visit, form)
    if refused is not None:
        return refused
    if _is_part(request):
        return _page(request, open_note(visit, answer_for(visit)))
    messages.success(request, _("Saved."))
    return redirect("treatments:note", visit.pk)


def _not_kept(request: HttpRequest, visit: Visit, form: NoteForm) -> HttpResponse | None:
    """Keep what was typed as a version; None when it is kept, else the page that says why it is not."""
    member = request.member  # type: ignore[attr-defined]
    answer = answer_for(visit)
    if not form.is_valid():
        typed = {key: form.data.get(key, "") for key in SECTIONS}
        return _page(request, open_note(visit, answer, typed), UNPROCESSABLE, errors=form.errors)
    newest = visit.notes.first()
    if newest is not None and _says_the_same(form, newest):
        return None  # nothing was changed, or the answer to an earlier save was lost on the way
    try:
        actions.save_note(
            by=member,
            visit=visit,
            said=form.cleaned_data["said"],
            sections=form.sections(),
            drafted=form.cleaned_data["drafted"],
            seen=_seen(form, newest, visit),
            key=None if used_key(form.cleaned_data["key"], visit) else form.cleaned_data["key"] or None,
        )
    except actions.NotTheAuthor as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except (actions.ChangedMeanwhile, KeyReused):
        return _conflict(request, visit, form)
    return None


def _says_the_same(form: NoteForm, newest: NoteVersion) -> bool:
    return form.sections() == newest.sections and form.cleaned_data["said"] == newest.said


def _seen(form: NoteForm, newest: NoteVersion | None, visit: Visit) -> int:
    """The version this was made from. A save whose answer was lost used our key: what it kept is ours, no conflict."""
    seen: int = form.cleaned_data["seen"]
    lost = newest is not None and newest.number == seen + 1 and used_key(form.cleaned_data["key"], visit)
    return seen + 1 if lost else seen


def _conflict(request: HttpRequest, visit: Visit, form: NoteForm) -> HttpResponse:
    """Somebody, or another tab, saved meanwhile: both texts side by side, mine still in the fields."""
    newest = visit.notes.select_related("by").first()
    if newest is None:
        raise Http404("No such note.")
    mine = form.sections()
    shown = open_note(visit, answer_for(visit), mine)
    return _page(request, shown, CONFLICT, conflict=side_by_side(mine, newest), newest=newest)


@member_only
@require_POST
def draft_anew(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Draft the note from what the record holds now; your own words stay, earlier versions too."""
    visit = visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    signed = signed_note_of(visit)
    if signed is not None:
        return _after_signing(request, signed)
    shown = open_note(visit, answer_for(visit))
    form = _sent(request, visit)
    if form.is_valid():
        refused = _not_kept(request, visit, form)  # what stands in the fields first, so that nothing is lost
        if refused is not None:
            return refused
        shown = open_note(visit, answer_for(visit))
    try:
        actions.save_note(
            by=request.member,  # type: ignore[attr-defined]
            visit=visit,
            said=shown.draft.said,
            sections=drafted_anew(shown.texts, shown.drafted, shown.draft),
            drafted=shown.draft.lines(),
            seen=shown.number,
            how="drafted",
        )
    except actions.NotTheAuthor as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except actions.ChangedMeanwhile:
        messages.error(request, _("The note was changed in another window. Nothing was drafted; here it is."))
        return redirect("treatments:note", visit.pk)
    messages.success(request, _("Drafted anew. Your own words were kept; earlier versions are below."))
    return redirect("treatments:note", visit.pk)


@member_only
@require_POST
def sign(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Keep what stands in the fields, then sign it."""
    member = request.member  # type: ignore[attr-defined]
    visit = visit_for(member, visit_id)
    if signed_note_of(visit) is not None:
        return redirect("treatments:note", visit.pk)  # sent twice, or signed in another window: here it is
    if not may_write_note(member, visit):
        raise PermissionDenied(str(actions.NotTheAuthor(visit.by.display_name)))
    if not member.may_sign:
        raise PermissionDenied(_("Somebody who treats signs this note. It is kept as a draft."))
    form = _sent(request, visit)
    refused = _not_kept(request, visit, form)
    if refused is not None:
        return refused
    newest = visit.notes.first()
    try:
        actions.sign_note(by=member, visit=visit, seen=newest.number if newest else 0)
    except actions.NotReady:
        shown = open_note(visit, answer_for(visit))
        return _page(request, shown, UNPROCESSABLE, not_ready=True)
    except actions.ChangedMeanwhile:
        return _conflict(request, visit, form)
    except actions.AlreadySigned:
        pass
    return redirect("treatments:note", visit.pk)


# --- Signed -------------------------------------------------------------------------------------------------------


def _document(request: HttpRequest, signed: SignedNote, status: int = 200, **more: Any) -> HttpResponse:
    visit = signed.visit
    member = request.member  # type: ignore[attr-defined]
    given = CoSignature.objects.filter(note=signed, by=member).exists()
    may = not given and may_cosign(member, signed.by)
    context = {**signed_context(signed), "correction_form": CorrectionForm(), "may_cosign": may, **more}
    return render(request, "treatments/signed.html", visit_page(request, visit, "note", **context), status=status)


def _after_signing(request: HttpRequest, signed: SignedNote) -> HttpResponse:
    """A form that comes after signing changes nothing; what was typed is kept on the page, ready for a correction."""
    form = NoteForm(request.POST)
    form.is_valid()
    content = json.loads(signed.content)
    typed = []
    for key in SECTIONS:
        there = {row["text"] for row in content["sections"][key]}
        typed += [line for line in form.data.get(key, "").splitlines() if line.strip() and line.strip() not in there]
    if _is_part(request):
        response = render(request, "treatments/_signed_meanwhile.html", {"visit": signed.visit}, status=CONFLICT)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#conflict", "innerHTML"
        return response
    correction = CorrectionForm(initial={"text": "\n".join(typed)})
    return _document(request, signed, CONFLICT, correction_form=correction, too_late=True, typed=bool(typed))


@member_only
@require_POST
def correct(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Add a dated correction below a signed note."""
    visit = visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    signed = signed_note_of(visit)
    if signed is None:
        messages.error(request, _("This note is not signed yet; change it directly."))
        return redirect("treatments:note", visit.pk)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _document(request, signed, UNPROCESSABLE, correction_form=form)
    try:
        actions.add_correction(
            by=request.member,  # type: ignore[attr-defined]
            note=signed,
            text=form.cleaned_data["text"],
            key=form.cleaned_data["key"] or None,
        )
    except KeyReused:
        form.fresh()
        return _document(request, signed, CONFLICT, correction_form=form, saved_before=True)
    messages.success(request, _("The correction stands below the note."))
    return redirect("treatments:note", visit.pk)


@member_only
@require_POST
def cosign(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Put a second signature under a signed note."""
    member = request.member  # type: ignore[attr-defined]
    signed = signed_note_of(visit_for(member, visit_id))
    if signed is None:
        messages.error(request, _("This note is not signed yet."))
        return redirect("treatments:note", visit_id)
    try:
        actions.cosign_note(by=member, note=signed)
    except actions.MayNotCosign as refusal:
        raise PermissionDenied(_("Only the supervisor of whoever signed, or the owner, co-signs.")) from refusal
    messages.success(request, _("Your signature stands below the note."))
    return redirect("treatments:note", visit_id)


@member_only
def note_version(request: HttpRequest, visit_id: UUID, number: int) -> HttpResponse:
    """An earlier version of the note, to read."""
    visit = visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    version = get_object_or_404(NoteVersion.objects.select_related("by"), visit=visit, number=number)
    sections = [{"title": title, "text": version.sections[key]} for key, title in _titles().items()]
    context = {"version": version, "sections": sections}
    return render(request, "treatments/version.html", visit_page(request, visit, "note", **context))


def _titles() -> dict[str, str]:
    return {"subjective": _("Said"), "objective": _("Found"), "assessment": _("Thought"), "plan": _("Plan")}
