"""Writing the directory: the switch, one's own entry, credentials, and cards of other practices."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from tautband.clinic.audit.actions import action
from tautband.clinic.audit.log import record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.directory import cards
from tautband.clinic.directory.models import Access, Credential, Directory, Practitioner, Signer, StatedBy
from tautband.clinic.people.models import Member, Practice

ENTRY_FIELDS = [
    "name",
    "practice_name",
    "about",
    "languages",
    "techniques",
    "conditions",
    "sees_not",
    "access",
    "town",
    "address",
    "lat_deg",
    "lon_deg",
    "price",
    "phone",
    "web",
    "public",
]
CARD_FIELDS = [name for name in ENTRY_FIELDS if name != "public"]
CREDENTIAL_FIELDS = ("title", "issuer", "issued_on", "expires_on", "stated_by", "evidence", "seen_on")


def the_directory(practice: Practice) -> Directory:
    """The directory of this practice, made with its key when first asked for."""
    found = Directory.objects.filter(practice=practice).first()
    return found or Directory.objects.get_or_create(practice=practice, defaults={"seed": cards.new_seed()})[0]


@action(again=lambda event: None)
def switch(*, by: Member, on: bool) -> None:
    """Let anybody read the directory, or nobody. Owners only."""
    if not by.is_owner:
        raise PermissionDenied
    directory = the_directory(by.practice)
    directory.open = on
    directory.save(update_fields=["open"])
    record(verb="directory.opened" if on else "directory.closed", target=f"directory/{directory.pk}", by=by)


def _entry_of(event: AuditEvent) -> Practitioner:
    return Practitioner.objects.get(pk=event.target.removeprefix("entry/"))


def may_keep(by: Member, member: Member) -> bool:
    """One keeps one's own entry; the owner everybody's, since the practice decides what is public."""
    return by.practice_id == member.practice_id and (by.pk == member.pk or by.is_owner)


@action(again=_entry_of)
def keep_entry(*, by: Member, member: Member, values: Mapping[str, Any], at: datetime | None = None) -> Practitioner:
    """Keep the entry of a member."""
    if not may_keep(by, member):
        raise PermissionDenied
    fields = {name: values[name] for name in ENTRY_FIELDS if name in values} | {"issued_at": at or timezone.now()}
    entry, _new = Practitioner.objects.update_or_create(member=member, defaults=fields)
    record(verb="directory.entry_kept", target=f"entry/{entry.pk}", by=by, details={"public": entry.public})
    return entry


@action(again=_entry_of)
def add_credential(*, by: Member, entry: Practitioner, values: Mapping[str, Any]) -> Practitioner:
    """Add what was learnt or is held. That a document was seen the owner says, not the one whose document it is."""
    if entry.member is None or not may_keep(by, entry.member):
        raise PermissionDenied
    if values.get("stated_by") == StatedBy.DOCUMENT and not by.is_owner:
        raise PermissionDenied
    Credential.objects.create(
        practitioner=entry, **{name: values[name] for name in CREDENTIAL_FIELDS if name in values}
    )
    record(verb="directory.credential_added", target=f"entry/{entry.pk}", by=by)
    return entry


@action(again=_entry_of)
def drop_credential(*, by: Member, entry: Practitioner, number: int) -> Practitioner:
    """Take one credential off the entry."""
    if entry.member is None or not may_keep(by, entry.member):
        raise PermissionDenied
    entry.credentials.filter(pk=number).delete()
    record(verb="directory.credential_dropped", target=f"entry/{entry.pk}", by=by)
    return entry


# --- Cards --------------------------------------------------------------------------------------------------------


def card_of(entry: Practitioner, directory: Directory) -> dict[str, Any]:
    """The entry as a signed card."""
    told = {name: getattr(entry, name) for name in CARD_FIELDS} | {"id": str(entry.pk), "credentials": []}
    for credential in entry.credentials.all():
        row = {name: getattr(credential, name) for name in CREDENTIAL_FIELDS}
        told["credentials"].append({name: v.isoformat() if isinstance(v, date) else v for name, v in row.items()})
    issued = entry.issued_at.isoformat()
    return cards.sign(directory.seed, practice=directory.practice.name, issued_at=issued, practitioner=told)


@action(again=lambda event: (0, 0))
def take_in(*, by: Member, found: Sequence[Mapping[str, Any]], accept: Sequence[str] = ()) -> tuple[int, int]:
    """Take verified cards in; how many were taken and how many were known already or older. All of them or none.

    accept  keys whose fingerprint was compared just now

    Raises BadCard for a signer who was not accepted, and for a card whose content cannot be.
    """
    if not by.is_owner:
        raise PermissionDenied
    signers = {signer.key: signer for signer in Signer.objects.all()}
    taken = left = 0
    for card in found:
        key = card["key"]
        if key not in signers:
            if key not in accept:
                raise cards.BadCard(f"Nobody has accepted the signature of {card['practice']} yet.")
            name = str(card["practice"])[:120]
            signers[key] = Signer.objects.create(key=key, name=name, accepted_by=by, accepted_at=timezone.now())
        if _take(card, signers[key]):
            taken += 1
        else:
            left += 1
    record(verb="directory.cards_taken", target="directory/cards", by=by, details={"taken": taken, "left": left})
    return taken, left


def _take(card: Mapping[str, Any], signer: Signer) -> bool:
    told = card["practitioner"]
    try:
        key, issued_at = UUID(str(told["id"])), parse_datetime(str(card["issued_at"]))
        if issued_at is None or timezone.is_naive(issued_at):
            raise ValueError
        known = Practitioner.objects.filter(pk=key).first()
        if known is not None and (known.signer_id != signer.pk or known.issued_at >= issued_at):
            return False  # one's own entry, another practice's, or an older card played again
        entry = Practitioner(pk=key, signer=signer, issued_at=issued_at, public=True, **_fields(told))
        entry.clean_fields(exclude=["signer", "member"])
        entry.save(force_update=known is not None, force_insert=known is None)
        entry.credentials.all().delete()
        for row in told.get("credentials", [])[:30]:
            credential = Credential(practitioner=entry, **_credential(row))
            credential.clean_fields(exclude=["practitioner"])
            credential.save()
    except (KeyError, TypeError, ValueError, AttributeError, ValidationError):
        raise cards.BadCard(
            f"The card of {str(told.get('name', 'somebody'))[:60]} holds what no card can hold."
        ) from None
    return True


def _fields(told: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name in CARD_FIELDS:
        value = told.get(name)
        if name in {"techniques", "conditions", "access"}:
            made[name] = [str(each)[:80] for each in (value or [])][:60]
        elif name in {"lat_deg", "lon_deg"}:
            made[name] = None if value is None else float(value)
        else:
            made[name] = str(value or "")
    made["access"] = [each for each in made["access"] if each in Access.values]
    if made["web"] and not made["web"].startswith(("https://", "http://")):
        raise ValueError("An address of the web begins with https://.")
    if made["lat_deg"] is not None and not (abs(made["lat_deg"]) <= 90 and abs(made["lon_deg"] or 0) <= 180):
        raise ValueError("No such place on the globe.")
    return made


def _credential(row: Mapping[str, Any]) -> dict[str, Any]:
    dates = {name: parse_date(row[name]) if row.get(name) else None for name in ("issued_on", "expires_on", "seen_on")}
    words = {name: str(row.get(name) or "") for name in ("title", "issuer", "stated_by", "evidence")}
    return {**words, **dates}
