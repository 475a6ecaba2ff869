"""Bringing an export of another Tautband in: looked at first, then all of it or nothing, and never twice.

Clients, photos and signed notes keep their ids, and each chart keeps its whole chain, to which the import adds one
entry. Numbers that count up in each database (a story's, a note's) are kept where they are free here and given anew,
in the same order, where they are not. Who wrote what is asked: a colleague here, or a name without an account.
"""

import hashlib
import json
import secrets
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import IntegrityError, connection, models, transaction

from tautband.clinic.attachments import store
from tautband.clinic.attachments.models import ENDINGS, Attachment
from tautband.clinic.attachments.taking import take
from tautband.clinic.audit import checker
from tautband.clinic.audit.log import record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.keeping.export import clinic_models, path_to_client
from tautband.clinic.keeping.models import Erasure
from tautband.clinic.people.models import CareTeam, Client, Member, Practice, Role, User

LARGEST_UNPACKED = 8_000_000_000  # bytes
LARGEST_RATIO = 200


class NotImported(RuntimeError):
    """Nothing was brought in; the message says why and what to do."""


@dataclass(frozen=True)
class Found:
    """One client of the archive. `state`: new, here (the same already), newer (there is more here), differs.

    like  names of clients here that are perhaps the same person under another id
    """

    id: str
    name: str
    state: str
    like: tuple[str, ...] = ()


@dataclass(frozen=True)
class Author:
    """Somebody who wrote in the archive, and who that is here, if somebody of that name is."""

    id: int
    name: str
    here: Member | None = None


@dataclass(frozen=True)
class Look:
    """What an archive holds, seen from here."""

    practice: str
    made_at: str
    digest: str
    clients: tuple[Found, ...]
    authors: tuple[Author, ...]

    @property
    def fresh(self) -> tuple[Found, ...]:
        """Those that are not here yet."""
        return tuple(client for client in self.clients if client.state == "new")

    @property
    def in_the_way(self) -> tuple[Found, ...]:
        """Those that are here with other content; they can only be left as they are."""
        return tuple(client for client in self.clients if client.state in ("newer", "differs"))

    @property
    def erased(self) -> tuple[Found, ...]:
        """Those whose record was erased here; they stay erased."""
        return tuple(client for client in self.clients if client.state == "erased")

    @property
    def doubtful(self) -> tuple[Found, ...]:
        """New ones who are perhaps here already under another id."""
        return tuple(client for client in self.fresh if client.like)


@dataclass
class Brought:
    """What an import did."""

    clients: int = 0
    left: int = 0
    rows: int = 0
    renumbered: dict[str, int] = field(default_factory=dict)


def look(file: Path, practice: Practice) -> Look:
    """Prove an archive whole and compare it with what is here. Raises NotImported."""
    _sane(file)
    try:
        trouble = checker.check(file)
        if trouble:
            raise NotImported(f"This archive is not whole: {'; '.join(trouble[:3])}. Ask for it again.")
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            if manifest.get("form") != "tautband export 1":
                raise NotImported(
                    "This archive was made by another version of Tautband. Bring this one up to date first."
                )
            chains = checker.chains(archive)
            clients = tuple(_found(row, chains, practice) for row in _rows(archive, Client))
            authors = tuple(_author(row, practice) for row in _rows(archive, Member))
    except (OSError, KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise NotImported(f"This cannot be read as a Tautband export: {error}") from error
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return Look(str(manifest.get("practice", "")), str(manifest["made_at"]), digest, clients, authors)


def _sane(file: Path) -> None:
    """Refuse what would fill the disk when unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(one.file_size for one in archive.infolist())
            packed = max(sum(one.compress_size for one in archive.infolist()), 1)
    except (OSError, zipfile.BadZipFile) as error:
        raise NotImported(f"This cannot be read as a Tautband export: {error}") from error
    if unpacked > LARGEST_UNPACKED or unpacked / packed > LARGEST_RATIO:
        raise NotImported("This archive would unpack to far more than an export does. It was not opened.")


def _rows(archive: zipfile.ZipFile, model: type[models.Model]) -> list[dict[str, Any]]:
    name = f"data/{model._meta.label_lower}.json"
    found: list[dict[str, Any]] = json.loads(archive.read(name)) if name in archive.namelist() else []
    return found


def _found(row: Mapping[str, Any], chains: Mapping[str, list[dict[str, Any]]], practice: Practice) -> Found:
    if bool(row["demo"]) != practice.demo:
        raise NotImported("Invented clients of a demo and real clients do not go into one record.")
    there = Client.objects.filter(pk=row["id"]).first()
    if there is None and Erasure.objects.filter(erased=row["id"]).exists():
        return Found(row["id"], row["name"], "erased", ())
    if there is None:
        like = Client.objects.filter(name__iexact=row["name"], birth_date=row["birth_date"])
        return Found(row["id"], row["name"], "new", tuple(like.values_list("name", flat=True)))
    theirs = [entry["seal"] for entry in chains.get(there.chart_key, [])]
    ours = list(AuditEvent.objects.filter(chart=there.chart_key).order_by("number").values_list("hash", flat=True))
    same = ours[: len(theirs)] == theirs
    more = AuditEvent.objects.filter(chart=there.chart_key, number__gt=len(theirs)).exclude(verb="chart.imported")
    return Found(row["id"], row["name"], "differs" if not same else "newer" if more.exists() else "here")


def _author(row: Mapping[str, Any], practice: Practice) -> Author:
    same = Member.objects.filter(practice=practice, display_name=row["name"])
    return Author(int(row["id"]), str(row["name"]), same.first() if same.count() == 1 else None)


def bring_in(
    file: Path,
    *,
    by: Member,
    authors: Mapping[int, Member | None] | None = None,
    leave: bool = False,
    doubtful_too: bool = False,
) -> Brought:
    """Bring an archive in. Raises NotImported, and then nothing has changed.

    authors        member id of the archive -> who that is here; None or missing: a name without an account
    leave          clients that are here with other content stay as they are here, the others come in
    doubtful_too   bring in also who is perhaps here already under another id
    """
    seen = look(file, by.practice)
    if seen.in_the_way and not leave:
        names = ", ".join(client.name for client in seen.in_the_way[:5])
        raise NotImported(f"Here with other content: {names}. Say that these stay as they are here, or take them out.")
    if seen.doubtful and not doubtful_too:
        names = ", ".join(client.name for client in seen.doubtful[:5])
        raise NotImported(f"Perhaps here already, under another id: {names}. Say that they come in all the same.")
    written: list[Any] = []
    try:
        with zipfile.ZipFile(file) as archive, transaction.atomic():
            return _Import(archive, seen, by, dict(authors or {}), written).run()
    except (IntegrityError, ValidationError, ValueError, KeyError, TypeError, OSError) as error:
        for key in written:
            store.erase(key)
        raise NotImported(f"Nothing was brought in: {error}") from error
    except BaseException:
        for key in written:
            store.erase(key)
        raise


class _Import:
    """One run, inside one transaction."""

    def __init__(
        self,
        archive: zipfile.ZipFile,
        seen: Look,
        by: Member,
        authors: dict[int, Member | None],
        written: list[Any],
    ) -> None:
        self.archive, self.seen, self.by, self.authors, self.written = archive, seen, by, authors, written
        self.fresh = {client.id for client in seen.fresh}
        self.ids: dict[type[models.Model], dict[Any, Any]] = {Practice: {}, Member: {}}
        self.done = Brought(left=len(seen.in_the_way))

    def run(self) -> Brought:
        if not self.fresh:
            return self.done
        self._refuse_unknown_tables()
        for author in self.seen.authors:
            chosen = self.authors.get(author.id, author.here)
            self.ids[Member][author.id] = (chosen or self._name_only(author)).pk
        for model in in_order():
            self._table(model)
        self._media()
        self._chains()
        self._care()
        record(
            verb="record.imported",
            target="practice",
            by=self.by,
            details={"clients": self.done.clients, "archive": self.seen.digest, "from": self.seen.practice},
        )
        return self.done

    def _refuse_unknown_tables(self) -> None:
        known = {f"data/{model._meta.label_lower}.json" for model in clinic_models()}
        for name in self.archive.namelist():
            if name.startswith("data/") and name.endswith(".json") and name not in known:
                rows = json.loads(self.archive.read(name))
                if rows:
                    raise NotImported(
                        f"The archive holds {name}, which this version does not know. Bring it up to date."
                    )

    def _name_only(self, author: Author) -> Member:
        """Somebody who wrote, and cannot sign in here."""
        user = User(username=f"import-{secrets.token_hex(6)}", is_active=False)
        user.set_unusable_password()
        user.save()
        return Member.objects.create(
            practice=self.by.practice, user=user, role=Role.THERAPIST, display_name=author.name, active=False
        )

    def _table(self, model: type[models.Model]) -> None:
        rows = [row for row in _rows(self.archive, model) if self._is_fresh(model, row)]
        if not rows:
            return
        ids = self._new_ids(model, [row[model._meta.pk.attname] for row in rows])
        self.ids[model] = ids
        made = [self._made(model, row) for row in rows]
        if model is CareTeam:
            made = _once_a_team(made)
        for one in made:
            for name in ("demo",):
                if hasattr(one, name):
                    setattr(one, name, self.by.practice.demo)
        model._base_manager.bulk_create(made, batch_size=200)
        self.done.rows += len(made)
        if model is Client:
            self.done.clients = len(made)
        changed = sum(old != new for old, new in ids.items())
        if changed:
            self.done.renumbered[model._meta.label_lower] = changed
        if isinstance(model._meta.pk, models.AutoField):
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
                    cursor.execute(statement)

    def _is_fresh(self, model: type[models.Model], row: Mapping[str, Any]) -> bool:
        """Whether a row leads to a client who comes in now: by any one of its foreign keys that was brought in."""
        if model is Client:
            return row["id"] in self.fresh
        path = path_to_client(model) or ""
        first = model._meta.get_field(path.split("__")[0])
        return row[first.attname] in self.ids.get(first.related_model, {})  # type: ignore[union-attr]

    def _new_ids(self, model: type[models.Model], old: Sequence[Any]) -> dict[Any, Any]:
        key = model._meta.pk
        if not isinstance(key, models.AutoField):
            return {one: one for one in old}
        taken = model._base_manager.filter(pk__gte=min(old)).order_by("-pk").values_list("pk", flat=True).first()
        if taken is None:
            return {one: one for one in old}
        start = max(taken, *old) + 1 if len(old) > 1 else max(taken, old[0]) + 1
        return {one: start + place for place, one in enumerate(sorted(old))}

    def _made(self, model: type[models.Model], row: Mapping[str, Any]) -> models.Model:
        known = {each.attname: each for each in model._meta.concrete_fields}
        unknown = set(row) - set(known)
        if unknown:
            raise NotImported(f"The archive was made by a newer version ({model._meta.label}: {', '.join(unknown)}).")
        values = {name: self._value(model, known[name], given) for name, given in row.items()}
        return model(**values)

    def _value(self, model: type[models.Model], one: Any, given: Any) -> Any:
        if one.primary_key and not one.is_relation:
            return one.to_python(self.ids[model][given])
        if not one.is_relation or given is None:
            return given if isinstance(one, models.JSONField) else one.to_python(given)
        target = one.related_model
        if target is Practice:
            return self.by.practice_id
        found = self.ids.get(target, {}).get(given)
        if found is None and not one.null:
            raise NotImported(f"{model._meta.label} refers to a {target._meta.label} that is not in the archive.")
        return found

    def _media(self) -> None:
        for key in self.ids.get(Attachment, {}):
            kept = Attachment.objects.get(pk=key)
            data = self.archive.read(f"media/{kept.client_id}/{kept.pk}.{ENDINGS[kept.media_type]}")
            if hashlib.sha256(data).hexdigest() != kept.sha256:
                raise NotImported(f"A photo or document of {kept.client.name} is not what was added.")
            self.written.append(kept.pk)
            store.write(kept.pk, data)
            if kept.is_photo:
                store.write(kept.pk, take(data).small, "small")

    def _chains(self) -> None:
        for chart, entries in checker.chains(self.archive).items():
            if chart.removeprefix("client/") not in self.fresh:
                continue
            events = [
                AuditEvent(
                    chart=chart,
                    number=entry["number"],
                    verb=entry["verb"],
                    target=entry["target"],
                    by=entry["by"],
                    by_name=entry["by_name"],
                    at=datetime.fromisoformat(entry["at"]).astimezone(UTC),
                    details=entry["details"],
                    idempotency_key=entry["key"] or None,
                    request_digest=entry["digest"],
                    previous_hash=entry["previous"],
                    hash=entry["seal"],
                )
                for entry in entries
            ]
            AuditEvent.objects.bulk_create(events, batch_size=200)
            details = {"archive": self.seen.digest, "from": self.seen.practice, "renumbered": self.done.renumbered}
            record(verb="chart.imported", target=chart, chart=chart, by=self.by, details=details)

    def _care(self) -> None:
        """Somebody who can sign in keeps each chart: whoever brings it in, where its keeper is only a name."""
        now = datetime.now(UTC)
        for client in Client.objects.filter(pk__in=self.fresh):
            keeper = CareTeam.objects.filter(client=client, keeper=True).select_related("member").first()
            if keeper is not None and keeper.member.active:
                continue
            CareTeam.objects.filter(client=client, keeper=True).update(keeper=False)
            CareTeam.objects.update_or_create(
                client=client,
                member=self.by,
                defaults={"keeper": True, "until": None},
                create_defaults={"keeper": True, "since": now},
            )


def _once_a_team(made: list[Any]) -> list[Any]:
    """Two authors who are one person here have one place on a team; the keeper's counts."""
    found: dict[tuple[Any, Any], Any] = {}
    for seat in sorted(made, key=lambda seat: not seat.keeper):
        found.setdefault((seat.client_id, seat.member_id), seat)
    return list(found.values())


def in_order() -> list[type[models.Model]]:
    """The tables that lead to a client, each after those it refers to."""
    waiting = {model for model in clinic_models() if path_to_client(model) is not None}
    done: list[type[models.Model]] = []
    while waiting:
        ready = [model for model in waiting if not _refers(model) & (waiting - {model})]
        if not ready:
            raise NotImported(f"These tables refer to each other in a circle: {', '.join(map(str, waiting))}.")
        done += sorted(ready, key=lambda model: model._meta.label)
        waiting -= set(ready)
    return done


def _refers(model: type[models.Model]) -> set[Any]:
    return {one.related_model for one in model._meta.concrete_fields if one.is_relation}
