"""Everything that is kept of clients, as one archive anybody can read: JSON, CSV, SVG, HTML, the log and its checker.

Every table that leads to a client is found by its foreign keys, so that a room added later is exported from its first
day. The export is traced in the chain of each chart it holds before it is written, so the trace is in it.
"""

import csv
import hashlib
import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

import tautband
from tautband.clinic.attachments import store
from tautband.clinic.attachments.models import ENDINGS, Attachment
from tautband.clinic.audit import checker
from tautband.clinic.audit.heads import head_of
from tautband.clinic.audit.log import PRACTICE, Actor, record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.keeping import printed
from tautband.clinic.people.models import Client, Member

SCOPES = ("client", "therapist", "practice")
HOUSE = (
    *("people.practice", "people.location", "treatments.ownway", "treatments.licence", "treatments.phrase"),
    *("keeping.rule", "keeping.erasure", "charts.priorreview"),
    *("diary.bookingrules", "diary.service", "diary.room", "diary.shift", "diary.block"),
    *("pages.article", "pages.articleversion", "pages.comment", "pages.newsletter", "pages.subscriber"),
    *("directory.practitioner", "directory.credential"),
)
"""Tables about no client that belong to a practice. Keys, claims on time and what is still to be done stay behind."""
README = """This is an export of a Tautband record.

data/       every table as JSON (exact) and as CSV (for a spreadsheet)
guests/     the same of people who are no clients, such as bookings of guests
notes/      the signed notes, to read and print: HTML, and PDF where there are not more than 300
drawings/   the pain drawings as pictures
media/      photos and documents, one folder a client
audit/      who did what, one line an entry, sealed as a chain
head.json   the last seal of each chain when this was made
check.py    python3 check.py THIS.zip proves that nothing in here was changed since
"""


def export(*, scope: str, clients: Sequence[Client], by: Actor, to: BinaryIO, reason: str = "") -> int:
    """Write the archive into a file open for writing; return how many clients it holds.

    scope   client, therapist or practice; the last adds the practice's own chain
    reason  why, in the words of whoever exports charts that are not theirs; stays in the record

    One transaction, so that it shows one moment.
    """
    if scope not in SCOPES:
        raise ValueError(f"An export is of a {', '.join(SCOPES[:-1])} or {SCOPES[-1]}, not of {scope!r}.")
    details = {"scope": scope, **({"reason": reason} if reason else {})}
    with transaction.atomic():
        for client in clients:
            record(verb="chart.exported", target=client.chart_key, chart=client.chart_key, by=by, details=details)
        if scope != "client":
            record(verb="record.exported", target=scope, by=by, details={**details, "clients": len(clients)})
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
            _write(_Archive(archive), scope, clients, by)
    return len(clients)


class _Archive:
    """A ZIP file that remembers the SHA-256 of what goes in."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: dict[str, str] = {}

    def add(self, name: str, content: str | bytes) -> None:
        data = content.encode("utf-8") if isinstance(content, str) else content
        self._archive.writestr(name, data)
        self.files[name] = hashlib.sha256(data).hexdigest()


def _write(archive: _Archive, scope: str, clients: Sequence[Client], by: Actor) -> None:
    for model, rows in tables(clients):
        archive.add(f"data/{model._meta.label_lower}.json", _json(rows))
        archive.add(f"data/{model._meta.label_lower}.csv", _csv(rows))
    if scope == "practice":
        for model, rows in house_tables():
            archive.add(f"data/{model._meta.label_lower}.json", _json(rows))
            archive.add(f"data/{model._meta.label_lower}.csv", _csv(rows))
        for model, rows in guest_tables():
            archive.add(f"guests/{model._meta.label_lower}.json", _json(rows))
            archive.add(f"guests/{model._meta.label_lower}.csv", _csv(rows))
    for name, text in printed.pages(clients):
        archive.add(name, text)
    for name, data in printed.papers(clients):
        archive.add(name, data)
    for name, data in media(clients):
        archive.add(name, data)
    charts = [client.chart_key for client in clients]
    if scope == "practice":
        erased = apps.get_model("keeping.erasure").objects.exclude(done_at=None).order_by("chart")
        charts += [*erased.values_list("chart", flat=True), PRACTICE]  # the chains that outlived their record
    chains = {chart: [e.entry() for e in AuditEvent.objects.filter(chart=chart).order_by("number")] for chart in charts}
    for chart, entries in chains.items():
        lines = "".join(json.dumps(vars(entry), ensure_ascii=False) + "\n" for entry in entries)
        archive.add(f"audit/{chart.replace('/', '-')}.jsonl", lines)
    archive.add("head.json", head_of(chains.values()).as_text())
    archive.add("check.py", Path(str(checker.__file__)).read_text("utf-8"))
    archive.add("README.txt", README)
    manifest = {
        "form": "tautband export 1",
        "version": tautband.__version__,
        "scope": scope,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "made_by": by.audit_name,
        "practice": clients[0].practice.name if clients else "",
        "clients": len(clients),
        "files": archive.files,
    }
    archive._archive.writestr("manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False))


def media(clients: Sequence[Client]) -> Iterator[tuple[str, bytes]]:
    """Photos and documents, opened; those put away too, since they are part of the record."""
    for part in _parts([client.pk for client in clients]):
        for found in Attachment.objects.filter(client__in=part).order_by("client_id", "at", "pk"):
            yield f"media/{found.client_id}/{found.pk}.{ENDINGS[found.media_type]}", store.read(found.pk)


# --- Tables -------------------------------------------------------------------------------------------------------


def tables(clients: Sequence[Client]) -> Iterator[tuple[type[models.Model], list[dict[str, Any]]]]:
    """Every model that leads to a client, with the rows of these clients; members by name only."""
    keys = [client.pk for client in clients]
    for model in clinic_models():
        path = path_to_client(model)
        if path is None:
            continue
        found = {row.pk: row for part in _parts(keys) for row in model._base_manager.filter(**{f"{path}__in": part})}
        yield model, [as_row(found[key]) for key in sorted(found, key=str)]
    people = Member.objects.filter(practice__in={client.practice_id for client in clients}).order_by("pk")
    yield Member, [{"id": m.pk, "name": m.display_name, "role": m.role, "audit_key": m.audit_key} for m in people]


def house_tables() -> Iterator[tuple[type[models.Model], list[dict[str, Any]]]]:
    """What the practice keeps that is about no client: itself, its places, own ways, how long records are kept."""
    for label in HOUSE:
        model = apps.get_model(label)
        yield model, [as_row(row) for row in model._base_manager.order_by("pk")]


def guest_tables() -> Iterator[tuple[type[models.Model], list[dict[str, Any]]]]:
    """Rows that name no client in tables about clients, such as the bookings of guests; empty tables stay out."""
    for model in clinic_models():
        path = path_to_client(model)
        rows = model._base_manager.filter(**{f"{path}__isnull": True}).order_by("pk") if path else []
        if rows:
            yield model, [as_row(row) for row in rows]


def clinic_models() -> list[type[models.Model]]:
    """The tables of the clinic's rooms."""
    rooms = [config for config in apps.get_app_configs() if config.name.startswith("tautband.clinic.")]
    return [model for room in rooms for model in room.get_models(include_auto_created=True)]


def path_to_client(model: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> str | None:
    """The lookup that leads from a table to the client it is about; None when it is about nobody."""
    if model is Client:
        return "pk"
    paths = []
    for field in model._meta.concrete_fields:
        target = field.related_model if isinstance(field, models.ForeignKey) else None
        if isinstance(target, type) and target not in seen | {model}:
            rest = path_to_client(target, seen | {model})
            if rest is not None:
                paths.append(field.name if rest == "pk" else f"{field.name}__{rest}")
    return min(paths, key=len) if paths else None


def as_row(row: models.Model) -> dict[str, Any]:
    """Column -> value of one row."""
    return {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}


def _parts(keys: Sequence[Any], size: int = 500) -> Iterable[Sequence[Any]]:
    return (keys[place : place + size] for place in range(0, len(keys), size))


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, cls=_Exact, indent=1, ensure_ascii=False)


class _Exact(DjangoJSONEncoder):
    """Times with all their digits, bytes as base64."""

    def default(self, o: Any) -> Any:
        if isinstance(o, (bytes, memoryview)):
            return b64encode(o).decode("ascii")
        return o.astimezone(UTC).isoformat() if isinstance(o, datetime) else super().default(o)


def _csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (bytes, memoryview)):
        return b64encode(value).decode("ascii")
    if isinstance(value, str) and value[:1] in "=+-@\t\r":
        return f"'{value}"  # or a spreadsheet would run it as a formula
    return value
