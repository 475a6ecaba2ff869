"""The photos and documents of a chart: list, add, look, save, name, put away."""

from pathlib import PurePath
from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from tautband.clinic.attachments import actions, queries, store
from tautband.clinic.attachments.forms import AttachForm, NameForm
from tautband.clinic.attachments.models import ENDINGS, Attachment
from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.people import reads
from tautband.clinic.people.http import member_only
from tautband.clinic.people.queries import chart_for
from tautband.clinic.sealing.keys import KeysNotUsable
from tautband.clinic.sealing.seal import CannotUnseal

UNPROCESSABLE, CONFLICT, TOO_MANY = 422, 409, 429
# Whatever a picture or a document might hold, a browser runs none of it and lets no page take it in.
ALONE = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


@member_only
def attachments(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """All of a chart's photos and documents, and the form to add some."""
    client = chart_for(request.member, client_id)  # type: ignore[attr-defined]
    if request.method == "POST":
        return _added(request, client)
    return _page(request, client, AttachForm())


def _page(request: HttpRequest, client: Any, form: AttachForm, status: int = 200) -> HttpResponse:
    context = {
        "client": client,
        "form": form,
        "attachments": list(queries.attachments_of(client)),
        "away": list(queries.attachments_of(client, away=True)),
    }
    return render(request, "attachments/attachments.html", context, status=status)


def _added(request: HttpRequest, client: Any) -> HttpResponse:
    if not ratelimit.consume(request, action="upload", user=request.user):
        messages.error(request, _("That was a lot in a short time. Wait ten minutes, then choose them again."))
        return _page(request, client, AttachForm(), TOO_MANY)
    form = AttachForm(request.POST, {"files": request.FILES.getlist("files")})  # type: ignore[arg-type]
    if not form.is_valid():
        return _page(request, client, form, UNPROCESSABLE)
    key, given = form.cleaned_data["key"], form.cleaned_data["title"]
    try:
        for number, (name, taken) in enumerate(form.cleaned_data["files"]):
            actions.attach(
                by=request.member,  # type: ignore[attr-defined]
                client=client,
                taken=taken,
                title=given or PurePath(name).stem.replace("_", " "),
                key=f"{key[:56]}-{number}" if key else None,
            )
    except KeyReused:
        form.fresh()
        form.add_error(None, _("This form was already used for other files. Choose them again."))
        return _page(request, client, form, CONFLICT)
    count = len(form.cleaned_data["files"])
    messages.success(request, ngettext("One is kept.", "%(count)d are kept.", count) % {"count": count})
    return redirect("attachments:attachments", client.pk)


@member_only
def attachment(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """One photo or document with its title, and what can be done with it."""
    found = queries.attachment_for(request.member, attachment_id)  # type: ignore[attr-defined]
    form = NameForm(request.POST or None, initial={"title": found.title})
    if request.method == "POST" and form.is_valid():
        actions.name(
            by=request.member,  # type: ignore[attr-defined]
            attachment=found,
            title=form.cleaned_data["title"],
            key=form.cleaned_data["key"],
        )
        messages.success(request, _("Saved."))
        return redirect("attachments:attachment", found.pk)
    status = UNPROCESSABLE if form.errors else 200
    context = {"attachment": found, "client": found.client, "form": form}
    return render(request, "attachments/attachment.html", context, status=status)


@member_only
@require_GET
def content(request: HttpRequest, attachment_id: UUID, part: str = "") -> HttpResponse:
    """The bytes: a picture to look at, a document only as a file to save."""
    found = queries.attachment_for(request.member, attachment_id)  # type: ignore[attr-defined]
    if part and not found.is_photo:
        raise Http404("A document has no small picture.")
    if not part:
        reads.saw_attachment(found.client, found.pk)
    try:
        data = store.read(found.pk, part)
    except (store.FileGone, CannotUnseal, KeysNotUsable) as trouble:
        context = {"attachment": found, "client": found.client, "trouble": str(trouble)}
        return render(request, "attachments/gone.html", context, status=410)
    return served(found, data, save="save" in request.GET)


def served(found: Attachment, data: bytes, *, save: bool) -> HttpResponse:
    """An answer that a browser shows or saves, and never runs."""
    inline = found.is_photo and not save
    name = f"{slugify(found.title) or found.kind}.{ENDINGS[found.media_type]}"
    return HttpResponse(
        data,
        content_type=found.media_type,
        headers={
            "Content-Disposition": f'{"inline" if inline else "attachment"}; filename="{name}"',
            "Content-Security-Policy": ALONE,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@member_only
@require_POST
def put_away(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """Take it off the chart, or bring it back."""
    found = queries.attachment_for(request.member, attachment_id)  # type: ignore[attr-defined]
    away = request.POST.get("away") == "1"
    actions.put_away(by=request.member, attachment=found, away=away)  # type: ignore[attr-defined]
    messages.success(request, _("Put away. It can be brought back below.") if away else _("It is back."))
    return redirect("attachments:attachments", found.client_id)
