"""The care team's side: answering messages, releasing documents, answering wishes."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tautband.clinic.attachments.queries import attachments_of
from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.letters.queries import letters_of
from tautband.clinic.people.http import member_only
from tautband.clinic.people.post import base_url
from tautband.clinic.people.queries import chart_for
from tautband.clinic.portal import actions, mailing, queries
from tautband.clinic.portal.forms import AnswerForm, MessageForm

UNPROCESSABLE, CONFLICT = 422, 409


@member_only
@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Messages, wishes, and what the client may read."""
    client = chart_for(request.member, client_id)
    form = MessageForm(request.POST or None)
    form.fields["text"].label = _("Answer")
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                message = actions.write_message(by=request.member, client=client, **form.cleaned_data)
            except KeyReused:
                form.fresh()
                form.add_error("text", _("An earlier version of this was sent already. Send it again to add this one."))
                status = CONFLICT
            else:
                mailing.tell_of_news(client=client, base=base_url(request), about=f"message/{message.pk}")
                messages.success(request, _("Sent. The mail says only that there is something to read."))
                return redirect("portal:team", client.pk)
    actions.saw_messages(by=request.member, client=client)
    released = list(queries.releases_of(client))
    taken = {("letter", r.letter_id) if r.letter_id else ("attachment", r.attachment_id) for r in released}
    context = {
        "client": client,
        "form": form,
        "thread": list(queries.messages_of(client)),
        "wishes": [(wish, AnswerForm(auto_id=f"{wish.pk}_%s")) for wish in client.wishes.select_related("answered_by")],
        "released": released,
        "keys": list(client.passkeys.all()),
        "letters": [x for x in letters_of(client) if hasattr(x, "signed") and ("letter", x.pk) not in taken],
        "attachments": [x for x in attachments_of(client) if ("attachment", x.pk) not in taken],
    }
    return render(request, "portal/team.html", context, status=status)


@member_only
@require_POST
def release(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Let the client read a letter or a document, or take it back."""
    client = chart_for(request.member, client_id)
    if "back" in request.POST:
        found = client.releases.filter(pk=_number(request.POST["back"])).first()
        if found is None:
            raise Http404("No such release.")
        actions.take_back(by=request.member, release=found)
        messages.success(request, _("The client no longer sees it."))
        return redirect("portal:team", client.pk)
    letter = letters_of(client).filter(pk=_number(request.POST.get("letter", ""))).first()
    attachment = next((x for x in attachments_of(client) if str(x.pk) == request.POST.get("attachment")), None)
    if (letter is None or not hasattr(letter, "signed")) and attachment is None:
        raise Http404("No such document.")
    made = actions.release(by=request.member, client=client, letter=letter, attachment=None if letter else attachment)
    mailing.tell_of_news(client=client, base=base_url(request), about=f"release/{made.pk}")
    messages.success(request, _("The client can read it on their page now."))
    return redirect("portal:team", client.pk)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


@member_only
@require_POST
def answer(request: HttpRequest, client_id: UUID, wish_id: UUID) -> HttpResponse:
    """Answer a wish about what we hold."""
    client = chart_for(request.member, client_id)
    wish = queries.wish_of(client, wish_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what was done, or why not. Nothing was saved."))
        return redirect("portal:team", client.pk)
    try:
        actions.answer(by=request.member, wish=wish, **form.cleaned_data)
    except KeyReused:
        messages.error(request, _("This was answered already, in other words. Look below."))
    else:
        mailing.tell_of_news(client=client, base=base_url(request), about=f"wish/{wish.pk}/{wish.answered_at:%H%M%S%f}")
        messages.success(request, _("Answered. The client reads it under what we hold about them."))
    return redirect("portal:team", client.pk)
