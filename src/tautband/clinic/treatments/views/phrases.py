"""The ready sentences of a therapist and of the practice: see, add, change, remove."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.people.http import member_only
from tautband.clinic.people.models import Member
from tautband.clinic.treatments import actions
from tautband.clinic.treatments.forms import PhraseForm
from tautband.clinic.treatments.models import Phrase
from tautband.clinic.treatments.phrases import FILLED, phrases_of
from tautband.clinic.treatments.queries import may_change_shared

CONFLICT, UNPROCESSABLE = 409, 422


def _member(request: HttpRequest) -> Member:
    member: Member = request.member  # type: ignore[attr-defined]
    if not member.is_clinical:
        raise PermissionDenied(_("Phrases are for those who write notes."))
    return member


@member_only
def phrases(request: HttpRequest) -> HttpResponseBase:
    """All that one can use, and a form for one more."""
    member = _member(request)
    given = request.POST if request.method == "POST" else None
    form = PhraseForm(given, may_share=may_change_shared(member), prefix=None)
    if given is not None and form.is_valid() and _kept(request, form, None):
        return redirect("treatments:phrases")
    return _list(request, form, UNPROCESSABLE if form.is_bound else 200)


def _list(request: HttpRequest, form: PhraseForm, status: int = 200, **more: Any) -> HttpResponse:
    member = _member(request)
    words = request.GET.get("q", "").replace("\x00", "").strip().lower()[:40]
    rows = [row for row in phrases_of(member) if not words or words in f"{row.code} {row.text}".lower()]
    context = {
        "form": form,
        "words": words,
        "mine": [row for row in rows if row.member_id],
        "shared": [row for row in rows if not row.member_id],
        "may_share": may_change_shared(member),
        "filled": FILLED.items(),
        **more,
    }
    return render(request, "treatments/phrases.html", context, status=status)


def _kept(request: HttpRequest, form: PhraseForm, instead_of: Phrase | None) -> bool:
    """Keep it; False when the form now says why not."""
    given = form.cleaned_data
    try:
        actions.save_phrase(
            by=_member(request),
            code=given["code"],
            text=given["text"],
            section=given["section"],
            shared=given.get("shared", False),
            instead_of=instead_of,
            key=given["key"] or None,
        )
    except actions.CodeTaken as taken:
        form.add_error("code", _("You have a phrase .%(code)s already. Choose another code.") % {"code": taken.code})
        return False
    except KeyReused:
        form.fresh()
        form.add_error(None, _("This form was saved before with other text. Press the button again to add this too."))
        return False
    except actions.ChangedMeanwhile:
        form.fresh()
        form.add_error(None, _("This phrase was changed or removed in another window. Yours is still in the fields."))
        return False
    except actions.MayNotChangePhrase as refusal:
        raise PermissionDenied(_("The owner changes the phrases of the practice.")) from refusal
    messages.success(request, _("Kept. In a note, type .%(code)s") % {"code": given["code"]})
    return True


def _own(request: HttpRequest, number: int) -> Phrase:
    """A standing phrase this member may change."""
    member = _member(request)
    phrase = get_object_or_404(phrases_of(member), pk=number)
    if phrase.member_id is None and not may_change_shared(member):
        raise PermissionDenied(_("The owner changes the phrases of the practice."))
    return phrase


@member_only
def phrase(request: HttpRequest, number: int) -> HttpResponseBase:
    """Change one phrase; notes that used it stay as they are."""
    found = _own(request, number)
    given = request.POST if request.method == "POST" else None
    initial = {"code": found.code, "text": found.text, "section": found.section, "shared": found.member_id is None}
    form = PhraseForm(given, may_share=may_change_shared(_member(request)), initial=initial)
    if given is not None and form.is_valid() and _kept(request, form, found):
        return redirect("treatments:phrases")
    context = {"form": form, "phrase": found, "filled": FILLED.items()}
    return render(request, "treatments/phrase.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@member_only
@require_POST
def remove_phrase(request: HttpRequest, number: int) -> HttpResponseBase:
    """Take a phrase out of the list."""
    found = _own(request, number)
    actions.remove_phrase(by=_member(request), phrase=found)
    messages.success(request, _("Removed: .%(code)s. Notes that used it stay as they are.") % {"code": found.code})
    return redirect("treatments:phrases")
