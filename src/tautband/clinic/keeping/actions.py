"""Writing retention, holds and erasures: the only writer of this room; each write is one transaction and audited."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone

from tautband.clinic.attachments import store
from tautband.clinic.attachments.models import Attachment
from tautband.clinic.audit.actions import action
from tautband.clinic.audit.chain import canonical
from tautband.clinic.audit.log import Actor, System, record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.keeping.backup import ERASED, to_erase_again
from tautband.clinic.keeping.export import clinic_models, path_to_client
from tautband.clinic.keeping.models import Erasure, Hold, Rule
from tautband.clinic.keeping.queries import hold_of, kept_of
from tautband.clinic.keeping.retention import Kept
from tautband.clinic.people.actions import NotAllowed
from tautband.clinic.people.models import Client, Member

FORM = "tautband erasure 1"
SHORTEST_NAME, SHORTEST_PHONE = 3, 6  # signs: less than that is found in any sentence


class Held(Exception):
    """A legal hold stands. `hold` says why."""

    def __init__(self, hold: Hold) -> None:
        super().__init__(hold.reason)
        self.hold = hold


class StillKept(Exception):
    """The time of the record is not over, or no rule says when it is. `kept` is None without a rule."""

    def __init__(self, kept: Kept | None) -> None:
        super().__init__("The time of this record is not over.")
        self.kept = kept


def _owners_only(by: Member) -> None:
    if not by.is_owner:
        raise NotAllowed("Only the owner of the practice decides how long a record is kept.")


@action(again=lambda event: Rule.objects.get())
def set_rule(*, by: Member, years: int, adult_at_years: int, because: str) -> Rule:
    """Say how long records are kept, and why. Raises NotAllowed, ValidationError."""
    _owners_only(by)
    rule = Rule.objects.filter(practice=by.practice_id).first() or Rule(practice=by.practice)
    rule.years, rule.adult_at_years, rule.because = years, adult_at_years, because.strip()
    rule.changed_at = datetime.now(UTC)
    rule.full_clean()
    rule.save()
    details = {"years": years, "adult_at_years": adult_at_years}
    record(verb="retention.set", target="practice", by=by, details=details)
    return rule


@action(again=lambda event: Hold.objects.get(pk=event.target.removeprefix("hold/")))
def place_hold(*, by: Member, client: Client, reason: str) -> Hold:
    """Forbid that anything of this client is erased; a hold that stands already is returned. Raises NotAllowed."""
    _owners_only(by)
    standing = hold_of(client)
    if standing is not None:
        return standing
    if not reason.strip():
        raise ValueError("A hold needs its reason.")
    hold = Hold.objects.create(client=client, reason=reason.strip(), by_name=by.display_name, at=datetime.now(UTC))
    record(verb="hold.placed", target=f"hold/{hold.pk}", chart=client.chart_key, by=by)
    return hold


@action(again=lambda event: Hold.objects.get(pk=event.target.removeprefix("hold/")))
def release_hold(*, by: Member, hold: Hold, because: str) -> Hold:
    """End a hold; it stays on file with why it stood and why it ended. Raises NotAllowed."""
    _owners_only(by)
    if not because.strip():
        raise ValueError("Say why the hold ends.")
    hold.released_at, hold.released_because = datetime.now(UTC), because.strip()
    hold.released_by_name = by.display_name
    hold.save(update_fields=["released_at", "released_because", "released_by_name"])
    record(verb="hold.released", target=f"hold/{hold.pk}", chart=hold.client.chart_key, by=by)
    return hold


@action(again=lambda event: Erasure.objects.get(chart=event.chart))
def erase_client(*, by: Member, client: Client, ground: str, early: bool = False) -> Erasure:
    """Erase everything of a client but the entries of the log, whose chain stays whole.

    ground  why, in the owner's words; it stands on the certificate, so it names nobody
    early   erase although the time is not over

    The files of attachments go once the transaction is kept. Raises NotAllowed, Held, StillKept.
    """
    _owners_only(by)
    if client.demo:
        raise NotAllowed("The demo is removed as a whole, in Settings.")
    if not ground.strip():
        raise ValueError("An erasure needs its ground.")
    if names_the_client(ground, client):
        raise ValueError("The ground stays for good, so it may not name the client.")
    standing = hold_of(client)
    if standing is not None:
        raise Held(standing)
    kept = kept_of(client)
    if not early and (kept is None or not kept.is_over(timezone.localdate())):
        raise StillKept(kept)
    return _erase(by, by.display_name, client, ground.strip(), early, kept)


def erase_again(told: Mapping[str, str]) -> bool:
    """Erase a client whom a restored backup brought back; True when there was anything to erase.

    told  `erased`, `by_name` and `certificate` of the erasure that was decided; it needs no second decision, and a
          hold in the older record had been ended before it
    """
    client = Client.objects.filter(pk=UUID(told["erased"]), demo=False).first()
    if client is None:
        return False
    with transaction.atomic():
        ended = {"released_at": datetime.now(UTC), "released_because": "Erased before the restore"}
        client.holds.filter(released_at=None).update(released_by_name=told["by_name"], **ended)  # type: ignore[attr-defined]
        ground = json.loads(told["certificate"])["ground"]
        _erase(System(), told["by_name"], client, ground, True, kept_of(client))
    return True


def erase_what_came_back(home: Path) -> int:
    """Erase again what a restore brought back, before anything is served; how many records that were."""
    done = sum(erase_again(told) for told in to_erase_again(home))
    (home / ERASED).unlink(missing_ok=True)
    return done


def names_the_client(words: str, client: Client) -> bool:
    """Whether free text holds a name, phone number, e-mail address or birth date of the client."""
    text = words.casefold()
    names = [part for part in client.name.casefold().split() if len(part) >= SHORTEST_NAME]
    digits, phone = "".join(filter(str.isdecimal, text)), "".join(filter(str.isdecimal, client.phone))
    born = client.birth_date.isoformat() if client.birth_date else ""
    return (
        any(re.search(rf"\b{re.escape(name)}\b", text) for name in names)
        or bool(client.email and client.email.casefold() in text)
        or bool(len(phone) >= SHORTEST_PHONE and phone in digits)
        or bool(born and born in text)
    )


def _erase(by: Actor, by_name: str, client: Client, ground: str, early: bool, kept: Kept | None) -> Erasure:
    at, chart = datetime.now(UTC), client.chart_key
    counts = count_rows(client)
    record(verb="chart.erased", target=chart, chart=chart, by=by, at=at, details={"rows": counts})
    erasure = Erasure.objects.create(erased=client.pk, chart=chart, at=at, by_name=by_name)
    files = list(Attachment.objects.filter(client=client).values_list("pk", flat=True))
    end = AuditEvent.objects.filter(chart=chart).order_by("-number").values("number", "hash")[0]
    told = _certificate(client, by_name, at, ground, early, kept, counts, len(files), end)
    Client.objects.filter(pk=client.pk).update(demo=True)  # opens the guards of every room for this client alone
    _delete_rows(client.pk)
    erasure.certificate, erasure.digest = told, hashlib.sha256(told.encode()).hexdigest()
    erasure.done_at = datetime.now(UTC)
    erasure.save(update_fields=["certificate", "digest", "done_at"])
    record(verb="record.erased", target=f"erasure/{erasure.pk}", by=by, at=at, details={"certificate": erasure.digest})
    transaction.on_commit(lambda: _sweep(files))
    return erasure


def _certificate(
    client: Client,
    by_name: str,
    at: datetime,
    ground: str,
    early: bool,
    kept: Kept | None,
    counts: dict[str, int],
    files: int,
    end: dict[str, Any],
) -> str:
    rule = Rule.objects.filter(practice=client.practice_id).first()
    return canonical(
        {
            "form": FORM,
            "practice": client.practice.name,
            "client": str(client.pk),
            "at": at.isoformat(timespec="seconds"),
            "by": by_name,
            "ground": ground,
            "early": early,
            "rule": {"years": rule.years, "because": rule.because} if rule else {},
            "kept_until": kept.until.isoformat() if kept else "",
            "rows": counts,
            "files": files,
            "log": {"chain": client.chart_key, "entries": end["number"], "last_hash": end["hash"]},
        }
    )


def client_models() -> list[tuple[type[models.Model], str]]:
    """Every table about a client with the way that leads there, those that point at others before the others."""
    ways = {model: path for model in clinic_models() if (path := path_to_client(model)) is not None}
    waiting, ordered = dict(ways), []
    while waiting:
        pointed_at = {
            field.related_model
            for model in waiting
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and field.related_model is not model
        }
        free = [model for model in waiting if model not in pointed_at]
        if not free:
            names = ", ".join(model._meta.label for model in waiting)
            raise RuntimeError(f"These tables point at each other in a ring: {names}.")
        ordered += [(model, waiting.pop(model)) for model in free]
    return ordered


def count_rows(client: Client) -> dict[str, int]:
    """Table -> how many rows it holds of this client; tables without any are left out."""
    found = {
        model._meta.label_lower: model._base_manager.filter(**{path: client.pk}).count()
        for model, path in client_models()
    }
    return {name: count for name, count in sorted(found.items()) if count}


def _delete_rows(key: UUID) -> None:
    for model, path in client_models():
        rows = model._base_manager.filter(**{path: key})
        rows._raw_delete(rows.db)  # type: ignore[attr-defined] - past PROTECT: whatever points here went before


def _sweep(files: list[UUID]) -> None:
    """What is left outside the tables: the sealed files, and old pages in the write-ahead log."""
    for key in files:
        store.erase(key)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
