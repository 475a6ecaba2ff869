"""Letters on the screen and on paper, and the note on paper."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.charts.hour import visit_page
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.queries import visit_for
from tautband.clinic.charts.thinking import answer_for
from tautband.clinic.letters import actions, content, printing
from tautband.clinic.letters.drafting import Body, draft_letter
from tautband.clinic.letters.forms import LetterForm, SendingForm
from tautband.clinic.letters.models import Letter
from tautband.clinic.letters.queries import letter_for
from tautband.clinic.people.http import member_only

CONFLICT, UNPROCESSABLE = 409, 422


def _missing_words(missing: list[str]) -> list[str]:
    words = {
        "to_name": _("Say whom the letter is for."),
        "question": _("Say what you ask of the reader."),
        "agreed": _("Tell the client what the letter says, and tick that they agree."),
    }
    return [words[key] for key in missing]


def _as_pdf(made: bytes, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{slugify(name) or "letter"}.pdf"'
    return response


@member_only
def note_pdf(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The note as a tagged PDF: signed, or the draft that says it is one."""
    visit = visit_for(request.member, visit_id)  # type: ignore[attr-defined]
    return _as_pdf(printing.note_pdf(visit), f"note {visit.number} {visit.client.name}")


@member_only
@require_POST
def begin(request: HttpRequest, visit_id: UUID) -> HttpResponseBase:
    """Draft a letter from the record of a visit, and open it. Sent twice, there is one."""
    member = request.member  # type: ignore[attr-defined]
    visit = visit_for(member, visit_id)
    key = request.POST.get("key", "")[:64] or None
    try:
        letter = actions.begin_letter(by=member, visit=visit, body=_drafted(visit, key), key=key)
    except KeyReused as used:
        letter = Letter.objects.get(pk=used.event.target.removeprefix("letter/"))
    return redirect("letters:letter", visit.pk, letter.pk)


def _drafted(visit: Visit, key: str | None) -> dict[str, Any]:
    return draft_letter(visit, answer_for(visit)).as_json()


@member_only
def letter(request: HttpRequest, visit_id: UUID, number: int) -> HttpResponseBase:
    """The letter: edited while it is a draft, read when it is signed. A POST keeps a version, or signs it."""
    found = letter_for(request.member, visit_id, number)  # type: ignore[attr-defined]
    if hasattr(found, "signed"):
        return _signed(request, found)
    if request.method == "POST":
        return _save(request, found)
    return _open(request, found)


def _newest(found: Letter) -> tuple[int, Body]:
    version = found.versions.first()
    return (version.number, Body.read(version.body)) if version else (0, Body())


def _open(
    request: HttpRequest, found: Letter, form: LetterForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    number, body = _newest(found)
    if form is None:
        initial = {**body.as_json(), "found": list(range(len(body.found))), "seen": number}
        form = LetterForm(initial=initial, body=body)
    context = {"letter": found, "form": form, "body": body, **more}
    page = visit_page(request, found.visit, "note", **context)
    return render(request, "letters/letter.html", page, status=status)


def _save(request: HttpRequest, found: Letter) -> HttpResponseBase:
    member = request.member  # type: ignore[attr-defined]
    number, body = _newest(found)
    form = LetterForm(request.POST, body=body)
    if not form.is_valid():
        return _open(request, found, form, UNPROCESSABLE)
    given = form.letter(body)
    try:
        if given != body:
            actions.save_letter(
                by=member,
                letter=found,
                body=given.as_json(),
                seen=form.cleaned_data["seen"],
                key=form.cleaned_data["key"] or None,
            )
            number += 1
        if "sign" not in request.POST:
            messages.success(request, _("Saved."))
            return redirect("letters:letter", found.visit_id, found.pk)
        actions.sign_letter(by=member, letter=found, seen=number, client_agrees=request.POST.get("agreed") == "1")
    except actions.NotReady as refusal:
        return _open(request, found, None, UNPROCESSABLE, missing=_missing_words(refusal.missing))
    except (actions.ChangedMeanwhile, KeyReused):
        form.fresh()
        return _open(request, found, form, CONFLICT, conflict=body)
    except actions.MayNotSign as refusal:
        raise PermissionDenied(_("Your role records; a therapist signs.")) from refusal
    except actions.AlreadySigned:
        pass  # signed in another window: the page shows it
    return redirect("letters:letter", found.visit_id, found.pk)


def _signed(request: HttpRequest, found: Letter, form: SendingForm | None = None, status: int = 200) -> HttpResponse:
    signed = found.signed
    told = content.document(signed)
    context = {
        "letter": found,
        "signed": signed,
        "told": told["letter"],
        "seal": content.seal_of(signed),
        "sendings": signed.sendings.select_related("by"),
        "sending_form": form or SendingForm(),
    }
    return render(request, "letters/signed.html", visit_page(request, found.visit, "note", **context), status=status)


@member_only
@require_POST
def send(request: HttpRequest, visit_id: UUID, number: int) -> HttpResponseBase:
    """Write down how a signed letter left."""
    member = request.member  # type: ignore[attr-defined]
    found = letter_for(member, visit_id, number)
    if not hasattr(found, "signed"):
        messages.error(request, _("Sign the letter first."))
        return redirect("letters:letter", visit_id, number)
    form = SendingForm(request.POST)
    if not form.is_valid():
        return _signed(request, found, form, UNPROCESSABLE)
    given = form.cleaned_data
    try:
        actions.note_sending(by=member, letter=found.signed, how=given["how"], key=given["key"] or None)
    except KeyReused:
        messages.info(request, _("This was written down before."))
    return redirect("letters:letter", visit_id, number)


@member_only
def letter_pdf(request: HttpRequest, visit_id: UUID, number: int) -> HttpResponse:
    """The letter as a tagged PDF."""
    found = letter_for(request.member, visit_id, number)  # type: ignore[attr-defined]
    return _as_pdf(printing.letter_pdf(found), f"letter {found.visit.client.name}")
