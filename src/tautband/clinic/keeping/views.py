"""Keep and restore: the owner's page; and exports for whoever may open the charts."""

import os
import secrets
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tautband.clinic.audit.log import head_now, record
from tautband.clinic.keeping import daily
from tautband.clinic.keeping.backup import (
    SUFFIX,
    BackupFailed,
    RestoreFailed,
    backup,
    last_done,
    try_restore,
    uploads_missing,
)
from tautband.clinic.keeping.export import export
from tautband.clinic.keeping.forms import ArchiveForm, BackupForm, BringForm, ExportForm
from tautband.clinic.keeping.importing import NotImported, bring_in, look
from tautband.clinic.keeping.place import address
from tautband.clinic.people import queries
from tautband.clinic.people.clientdoor import client_only
from tautband.clinic.people.http import member_only, owner_only
from tautband.clinic.people.models import Client, Member

UNPROCESSABLE = 422
WAITS_S = 3600
IN_MEMORY = 8_000_000  # bytes of an archive before it moves to a file


def settings_card(request: HttpRequest, **_given: object) -> dict[str, Any]:
    """What the card in Settings shows; a therapist finds the export of their own charts there."""
    return {"done": _done(), "member": request.member}


def client_card(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """The export button, for the care team."""
    return {"client": client} if queries.may_open_chart(request.member, client) else None


@owner_only
def keeping(request: HttpRequest) -> HttpResponse:
    """Last backup, last proven restore, today's head, and what to do with them."""
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **changed: Any) -> HttpResponse:
    home = Path(settings.HOME)
    digest = head_now(home / "heads").digest
    context = {
        "done": _done(),
        "files": [
            {"name": file.name, "mb": file.stat().st_size / 1_000_000, "at": _aware(file.stat().st_mtime)}
            for file in sorted((home / "backups").glob(f"*{SUFFIX}"), reverse=True)
        ],
        "digest": [digest[place : place + 4] for place in range(0, len(digest), 4)],
        "home": home,
        "daily": daily.is_on(),
        "form": BackupForm(),
        "export_form": ExportForm(practice=request.practice),
        **changed,
    }
    return render(request, "keeping/keeping.html", context, status=status)


def _aware(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone())


def _done() -> dict[str, Any]:
    """What was last done, with times as times."""
    done = last_done(Path(settings.HOME))
    return {what: {**found, "at": datetime.fromisoformat(found["at"])} for what, found in done.items()}


@owner_only
@require_POST
def make_backup(request: HttpRequest) -> HttpResponse:
    """Make a backup and prove it by restoring it beside."""
    form = BackupForm(request.POST)
    if not form.is_valid():
        return _page(request, UNPROCESSABLE, form=form)
    home, passphrase = Path(settings.HOME), form.cleaned_data["password"]
    try:
        file = backup(home, passphrase, address=address())
        proof = try_restore(file, passphrase, home)
    except (BackupFailed, RestoreFailed) as error:
        form.add_error(None, str(error))
        return _page(request, UNPROCESSABLE, form=form)
    if form.cleaned_data["daily"]:
        daily.turn_on(passphrase)
    with transaction.atomic():
        details = {"bytes": file.stat().st_size, "charts": proof.charts, "entries": proof.entries}
        record(verb="backup.made", target=f"backup/{file.name}", by=request.member, details=details)
    messages.success(request, _("Backed up, restored beside, and found whole. Now copy it to another disk."))
    missing = uploads_missing(home)
    if missing:
        words = ngettext(
            "%(n)d upload is not in the data folder, so it is not in this backup. Look for it in an earlier one.",
            "%(n)d uploads are not in the data folder, so they are not in this backup. Look for them in earlier ones.",
            missing,
        )
        messages.warning(request, words % {"n": missing})
    return redirect("keeping:keeping")


@owner_only
@require_POST
def daily_off(request: HttpRequest) -> HttpResponse:
    """No more backups by themselves."""
    daily.turn_off()
    messages.success(request, _("Backups are made by hand from now on."))
    return redirect("keeping:keeping")


@owner_only
@require_GET
@never_cache
def download(request: HttpRequest, name: str) -> FileResponse:
    """One encrypted backup, to keep elsewhere."""
    found = {file.name: file for file in (Path(settings.HOME) / "backups").glob(f"*{SUFFIX}")}
    if name not in found:
        raise Http404("No such backup.")
    return FileResponse(found[name].open("rb"), as_attachment=True, filename=name)


@owner_only
@require_GET
@never_cache
def head(request: HttpRequest) -> HttpResponse:
    """The head of every chain as a file to keep outside. It holds no name."""
    now = head_now(Path(settings.HOME) / "heads")
    name = f"tautband-head-{now.at[:10]}.json"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(now.as_text(), content_type="application/json", headers=disposition)


@owner_only
@require_POST
def export_practice(request: HttpRequest) -> HttpResponse | FileResponse:
    """Everything of the practice, or the charts one colleague keeps; with a reason that stays in each chart."""
    form = ExportForm(request.POST, practice=request.practice)
    if not form.is_valid():
        return _page(request, UNPROCESSABLE, export_form=form)
    colleague, reason = form.cleaned_data["therapist"], form.cleaned_data["reason"]
    if colleague:
        return _archive("therapist", kept_by(colleague), request.member, colleague.display_name, reason)
    clients = list(Client.objects.filter(practice=request.practice).order_by("pk"))
    return _archive("practice", clients, request.member, request.practice.name, reason)


@owner_only
def bring(request: HttpRequest) -> HttpResponse:
    """Bring an export of another Tautband in: look at it, answer what is asked, then all of it or nothing."""
    _sweep_waiting()
    if request.method != "POST":
        return render(request, "keeping/import.html", {"form": ArchiveForm()})
    if "token" in request.POST:
        return _brought(request)
    form = ArchiveForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "keeping/import.html", {"form": form}, status=UNPROCESSABLE)
    token = secrets.token_hex(16)
    file = _waiting(token)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:  # noqa: PTH123 - private
        for piece in form.cleaned_data["archive"].chunks():
            target.write(piece)
    try:
        seen = look(file, request.practice)
    except NotImported as refusal:
        file.unlink()
        form.add_error("archive", str(refusal))
        return render(request, "keeping/import.html", {"form": form}, status=UNPROCESSABLE)
    asked = BringForm(initial={"token": token}, seen=seen, practice=request.practice)
    return render(request, "keeping/import_look.html", {"seen": seen, "form": asked})


def _brought(request: HttpRequest) -> HttpResponse:
    token = request.POST["token"]
    file = _waiting(token) if token.isalnum() else None
    if file is None or not file.is_file():
        messages.error(request, _("This archive is no longer here. Choose it once more."))
        return redirect("keeping:import")
    try:
        seen = look(file, request.practice)
        form = BringForm(request.POST, seen=seen, practice=request.practice)
        if not form.is_valid():
            return render(request, "keeping/import_look.html", {"seen": seen, "form": form}, status=UNPROCESSABLE)
        told = form.cleaned_data
        done = bring_in(
            file,
            by=request.member,
            authors=form.authors(),
            leave=told.get("leave", False),
            doubtful_too=told.get("doubtful_too", False),
        )
    except NotImported as refusal:
        messages.error(request, str(refusal))
        return redirect("keeping:import")
    file.unlink()
    counted = ngettext("One client came in.", "%(count)d clients came in.", done.clients) % {"count": done.clients}
    messages.success(request, counted)
    return redirect("people:clients")


def _waiting(token: str) -> Path:
    """Where an archive lies between looking and bringing in."""
    folder = Path(settings.HOME) / "imports"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{token}.zip"


def _sweep_waiting() -> None:
    """Delete archives that nobody brought in within an hour."""
    for file in (Path(settings.HOME) / "imports").glob("*.zip"):
        if time.time() - file.stat().st_mtime > WAITS_S:
            file.unlink()


@member_only
@require_POST
def export_mine(request: HttpRequest) -> FileResponse:
    """The charts one keeps oneself, such as on leaving."""
    return _archive("therapist", kept_by(request.member), request.member, request.member.display_name)


@member_only
@require_POST
def export_client(request: HttpRequest, client_id: UUID) -> FileResponse:
    """One client's chart, for the client or for whoever treats them next."""
    client = queries.chart_for(request.member, client_id)
    return _archive("client", [client], request.member, client.name)


@client_only
@require_POST
def export_own(request: HttpRequest) -> FileResponse:
    """A client takes along everything we hold about them, from their own page."""
    client = request.client_person
    return _archive("client", [client], client, client.name)


def kept_by(member: Member) -> list[Client]:
    """The clients whose chart this member keeps."""
    return list(Client.objects.filter(team__member=member, team__keeper=True).order_by("pk"))


def _archive(scope: str, clients: Sequence[Client], by: Member | Client, name: str, reason: str = "") -> FileResponse:
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    export(scope=scope, clients=clients, by=by, to=file, reason=reason)  # type: ignore[arg-type]
    file.seek(0)
    filename = f"tautband-{slugify(name) or scope}-{timezone.localdate():%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=filename)
