"""Writing people. The only place that changes practice, members, clients or care teams; each write is audited."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.db.models import F

from tautband.clinic.audit.actions import action
from tautband.clinic.audit.log import Actor, System, record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.people import slots
from tautband.clinic.people.models import SIGNING_ROLES, CareTeam, Client, Location, Member, Practice, Role, User
from tautband.clinic.people.queries import may_open_chart, may_open_with_reason

OPEN_WITH_REASON_H = 24  # a chart opened with a reason closes again after these hours
PRACTICE_FIELDS = frozenset(
    {
        "name",
        "emergency_number",
        "mail_from_name",
        "public_address",
        "time_zone",
        "languages",
        "own_notes_only",
        "reason_opens",
        "second_step_from",
        "lock_after_min",
        "heads_to",
    }
)
CLIENT_FIELDS = ("name", "birth_date", "recorded_sex", "phone", "email", "occupation", "notes")


class AlreadySetUp(Exception):
    """There is a practice already; a second tab or person was quicker."""


class NotAllowed(Exception):
    """The member's role does not include this."""


class ChangedMeanwhile(Exception):
    """Somebody saved the client while this form was open. `current` is what is stored now."""

    def __init__(self, current: Client) -> None:
        super().__init__(f"{current.name} was changed meanwhile.")
        self.current = current


def _client_of(event: AuditEvent) -> Client:
    return Client.objects.get(pk=event.target.removeprefix("client/"))


def _member_of(event: AuditEvent) -> Member:
    return Member.objects.get(pk=event.target.removeprefix("member/"))


# --- The practice -------------------------------------------------------------------------------------------------


@action(again=_member_of)
def open_practice(
    *,
    practice_name: str,
    owner_name: str,
    login: str,
    password: str | None,
    emergency_number: str = "",
    demo: bool = False,
) -> Member:
    """First visit: create the practice and its owner, who is returned. `login` is an e-mail or a user name.

    Raises AlreadySetUp when there is a practice, ValidationError when the password is too weak.
    """
    if Practice.objects.exists():
        raise AlreadySetUp
    now = datetime.now(UTC)
    try:
        with transaction.atomic():
            practice = Practice.objects.create(
                name=practice_name, emergency_number=emergency_number, demo=demo, created_at=now
            )
    except IntegrityError as raced:  # somebody founded it in the same instant
        raise AlreadySetUp from raced
    owner = _new_member(practice, owner_name, login, Role.OWNER, password)
    record(verb="practice.opened", target=f"member/{owner.pk}", by=owner, at=now, details={"demo": demo})
    return owner


@action(again=lambda event: Practice.objects.get())
def change_practice(*, by: Member, **fields: Any) -> Practice:
    """Change what is set for the whole practice (`PRACTICE_FIELDS`). Raises NotAllowed unless the owner does it."""
    _owners_only(by)
    unknown = set(fields) - PRACTICE_FIELDS
    if unknown:
        raise TypeError(f"A practice has no {', '.join(sorted(unknown))}.")
    practice = Practice.objects.select_for_update().get(pk=by.practice_id)
    changed = sorted(name for name, value in fields.items() if getattr(practice, name) != value)
    for name in changed:
        setattr(practice, name, fields[name])
    practice.full_clean(exclude=["only", "languages"])
    practice.save(update_fields=changed)
    record(verb="practice.changed", target="practice", by=by, details={"fields": changed})
    return practice


@action(again=lambda event: Location.objects.get(pk=event.target.removeprefix("location/")))
def keep_location(
    *,
    by: Member,
    location: Location | None = None,
    name: str,
    address: str = "",
    time_zone: str = "",
    phone: str = "",
    active: bool = True,
) -> Location:
    """Add a place where the practice works, or change one. Owners only."""
    _owners_only(by)
    verb = "location.changed" if location else "location.added"
    place = (
        Location.objects.get(pk=location.pk, practice=by.practice_id) if location else Location(practice=by.practice)
    )
    place.name, place.address, place.time_zone, place.phone, place.active = name, address, time_zone, phone, active
    place.full_clean()
    place.save()
    record(verb=verb, target=f"location/{place.pk}", by=by)
    return place


# --- Members ------------------------------------------------------------------------------------------------------


@action(again=_member_of)
def add_member(
    *, by: Member, display_name: str, login: str, role: str = Role.THERAPIST, supervisor: Member | None = None
) -> Member:
    """Create a colleague without a password; the set-password link lets them choose one. Owners only."""
    _owners_only(by)
    member = _new_member(by.practice, display_name, login, Role(role), None)
    if supervisor is not None:
        _set_supervisor(member, supervisor)
    record(verb="member.added", target=f"member/{member.pk}", by=by, details={"role": member.role})
    return member


def add_therapist(*, by: Member, display_name: str, login: str, key: str | None = None) -> Member:
    """Create a colleague who treats."""
    return add_member(by=by, display_name=display_name, login=login, key=key)


@action(again=_member_of)
def change_member(
    *, by: Member, member: Member, display_name: str, role: str, supervisor: Member | None = None
) -> Member:
    """Change a colleague's name, role and supervisor. Owners only; the practice never loses its last owner."""
    _owners_only(by)
    stored = Member.objects.select_for_update().get(pk=member.pk, practice=by.practice_id)
    if stored.is_owner and role != Role.OWNER:
        _another_owner(stored)
    was = stored.role
    stored.display_name, stored.role = display_name, Role(role)
    _set_supervisor(stored, supervisor)
    stored.save(update_fields=["display_name", "role", "supervisor"])
    details = {"role": stored.role, "was": was} if stored.role != was else {}
    record(verb="member.changed", target=f"member/{stored.pk}", by=by, details=details)
    return stored


def _set_supervisor(member: Member, supervisor: Member | None) -> None:
    if supervisor is not None:
        if supervisor.pk == member.pk or supervisor.practice_id != member.practice_id:
            raise NotAllowed("Somebody else of this practice must supervise.")
        if supervisor.role not in (Role.OWNER, Role.SUPERVISOR):
            raise NotAllowed("Only an owner or a supervisor can supervise.")
    member.supervisor = supervisor
    member.save(update_fields=["supervisor"])


def _another_owner(member: Member) -> None:
    owners = Member.objects.filter(practice=member.practice_id, role=Role.OWNER, active=True)
    if not owners.exclude(pk=member.pk).exists():
        raise NotAllowed("A practice needs an owner. Make somebody else an owner first.")


@action(again=_member_of)
def set_member_active(*, by: Member, member: Member, active: bool) -> Member:
    """Let somebody sign in, or no longer. Their records stay. Owners only, and never oneself."""
    _owners_only(by)
    if member.pk == by.pk:
        raise NotAllowed("You cannot close your own account.")
    if member.practice_id != by.practice_id:
        raise NotAllowed("This person does not work here.")
    Member.objects.filter(pk=member.pk).update(active=active)
    User.objects.filter(pk=member.user_id).update(is_active=active)
    record(verb="member.activated" if active else "member.deactivated", target=f"member/{member.pk}", by=by)
    return Member.objects.get(pk=member.pk)


@action(again=_member_of)
def record_password_link(*, by: Member, member: Member) -> Member:
    """Trace that a set-password link was made. Owners only."""
    _owners_only(by)
    record(verb="member.password_link_made", target=f"member/{member.pk}", by=by)
    return member


@action(again=_member_of)
def record_password_set(*, by: Member) -> Member:
    """Trace that a member chose a password."""
    record(verb="member.password_set", target=f"member/{by.pk}", by=by)
    return by


@action(again=_member_of)
def set_pin(*, by: Member, password: str | None) -> Member:
    """Set the PIN that opens a locked screen, or remove it. Named like a password, since it must not be traced."""
    by.pin_hash = make_password(password) if password else ""
    by.save(update_fields=["pin_hash"])
    record(verb="member.pin_set" if password else "member.pin_removed", target=f"member/{by.pk}", by=by)
    return by


@action(again=_member_of)
def reset_second_step(*, by: Member, member: Member) -> Member:
    """Take away passkeys, app and recovery codes of a colleague who lost them. Owners only."""
    _owners_only(by)
    if member.practice_id != by.practice_id:
        raise NotAllowed("This person does not work here.")
    Authenticator.objects.filter(user_id=member.user_id).delete()
    record(verb="member.second_step_reset", target=f"member/{member.pk}", by=by)
    return member


def _new_member(practice: Practice, name: str, login: str, role: Role, password: str | None) -> Member:
    user = User(username=login, email=login if "@" in login else "")
    if password is None:
        user.set_unusable_password()
    else:
        validate_password(password, user)
        user.set_password(password)
    user.save(force_insert=True)
    return Member.objects.create(practice=practice, user=user, role=role, display_name=name)


def _owners_only(member: Member) -> None:
    if not member.is_owner:
        raise NotAllowed("Only the owner of the practice can do this.")


# --- Clients ------------------------------------------------------------------------------------------------------


def may_keep_charts(member: Member) -> bool:
    """Whether this colleague treats, signs, and so can keep a chart."""
    return member.active and member.role in SIGNING_ROLES


@action(again=_client_of)
def create_client(
    *,
    by: Member,
    name: str,
    birth_date: date | None = None,
    recorded_sex: str = "not_stated",
    phone: str = "",
    email: str = "",
    occupation: str = "",
    notes: str = "",
) -> Client:
    """Add a client; whoever adds them keeps the chart. Reception names who does: see `create_client_for`."""
    return _create_client(
        by,
        by,
        name=name,
        birth_date=birth_date,
        recorded_sex=recorded_sex,
        phone=phone,
        email=email,
        occupation=occupation,
        notes=notes,
    )


@action(again=_client_of)
def create_client_for(*, by: Member, keeper: Member, **fields: Any) -> Client:
    """Add a client whose chart a colleague keeps, as reception does.

    Raises NotAllowed when the colleague may not keep a chart.
    """
    return _create_client(by, keeper, **fields)


def create_client_from_outside(*, by: Actor, keeper: Member, **fields: Any) -> Client:
    """Add somebody who made themselves known, such as by a booking; a colleague keeps the chart.

    Part of an action that says so. Raises NotAllowed when the colleague may not keep a chart.
    """
    return _create_client(by, keeper, **fields)


def _create_client(
    by: Actor,
    keeper: Member,
    *,
    name: str,
    birth_date: date | None = None,
    recorded_sex: str = "not_stated",
    phone: str = "",
    email: str = "",
    occupation: str = "",
    notes: str = "",
) -> Client:
    member = by if isinstance(by, Member) else None
    if not may_keep_charts(keeper) or (member is not None and keeper.practice_id != member.practice_id):
        raise NotAllowed("Choose who keeps the chart: somebody of this practice who treats and signs.")
    now = datetime.now(UTC)
    client = Client(
        practice=keeper.practice,
        name=name,
        birth_date=birth_date,
        recorded_sex=recorded_sex,
        phone=phone,
        email=email,
        occupation=occupation,
        notes=notes,
        demo=keeper.practice.demo,
        created_at=now,
        changed_at=now,
        changed_by=member,
    )
    client.full_clean(exclude=["care_team"])
    client.save(force_insert=True)
    CareTeam.objects.create(client=client, member=keeper, since=now, keeper=True)
    if member is not None and member.pk != keeper.pk and member.is_clinical:
        CareTeam.objects.create(client=client, member=member, since=now)
    record(verb="client.created", target=client.chart_key, chart=client.chart_key, by=by, at=now)
    return client


@action(again=_client_of)
def change_client(*, by: Member, client: Client, version: int, **fields: Any) -> Client:
    """Change details of a client, if nobody else did since `version` was read.

    Raises ChangedMeanwhile (with the stored client) otherwise; nothing is merged silently.
    """
    unknown = set(fields) - set(CLIENT_FIELDS)
    if unknown:
        raise TypeError(f"A client has no {', '.join(sorted(unknown))}.")
    stored = Client.objects.select_for_update().get(pk=client.pk)
    if stored.version != version:
        raise ChangedMeanwhile(stored)
    changed = sorted(name for name, value in fields.items() if getattr(stored, name) != value)
    if not changed:
        record(verb="client.reviewed", target=stored.chart_key, chart=stored.chart_key, by=by)
        return stored
    for name in changed:
        setattr(stored, name, fields[name])
    stored.changed_at, stored.changed_by = datetime.now(UTC), by
    stored.full_clean(exclude=["care_team"])
    stored.version = F("version") + 1
    stored.save(update_fields=[*changed, "changed_at", "changed_by", "version"])
    record(verb="client.changed", target=stored.chart_key, chart=stored.chart_key, by=by, details={"fields": changed})
    return Client.objects.get(pk=stored.pk)


@action(again=_client_of)
def archive_client(*, by: Member, client: Client, archived: bool) -> Client:
    """Take a client off the daily lists, or bring them back. Nothing is deleted."""
    now = datetime.now(UTC)
    Client.objects.filter(pk=client.pk).update(
        archived_at=now if archived else None, changed_at=now, changed_by=by, version=F("version") + 1
    )
    verb = "client.archived" if archived else "client.restored"
    record(verb=verb, target=client.chart_key, chart=client.chart_key, by=by, at=now)
    return Client.objects.get(pk=client.pk)


@action(again=_client_of)
def share_chart(*, by: Member, client: Client, member: Member) -> Client:
    """Let a colleague of the same practice open this chart. Raises NotAllowed unless `by` is on the care team."""
    if not CareTeam.objects.filter(client=client, member=by, until=None).exists():
        raise NotAllowed("Only somebody on the care team can share this chart.")
    if member.practice_id != client.practice_id or not member.active:
        raise NotAllowed("Only people of this practice can be on the care team.")
    if not member.is_clinical:
        raise NotAllowed("Reception does not open charts.")
    seat, made = CareTeam.objects.get_or_create(client=client, member=member, defaults={"since": datetime.now(UTC)})
    if not made and seat.until is not None:
        CareTeam.objects.filter(pk=seat.pk).update(until=None, reason="", seen_at=None)
    record(
        verb="chart.shared",
        target=client.chart_key,
        chart=client.chart_key,
        by=by,
        details={"with": member.audit_key, "name": member.display_name},
    )
    return client


@action(again=_client_of)
def unshare_chart(*, by: Member, client: Client, member: Member) -> Client:
    """Take a colleague off the care team: the keeper does, or the colleague for themselves. The keeper stays."""
    keeps = CareTeam.objects.filter(client=client, member=by, keeper=True).exists()
    if not keeps and by.pk != member.pk:
        raise NotAllowed("Only the keeper of this chart can take somebody off its care team.")
    gone, _ = CareTeam.objects.filter(client=client, member=member, keeper=False).delete()
    if not gone:
        raise NotAllowed("The keeper stays on the care team. Hand the chart over first.")
    record(
        verb="chart.unshared",
        target=client.chart_key,
        chart=client.chart_key,
        by=by,
        details={"with": member.audit_key, "name": member.display_name},
    )
    return client


@action(again=_client_of)
def hand_over_chart(*, by: Member, client: Client, to: Member) -> Client:
    """Make a colleague the keeper of a chart: its keeper does, or the owner when somebody leaves.

    Who kept it before stays on the care team. Raises NotAllowed for anybody else, and for a colleague who may not sign.
    """
    if not by.is_owner and not CareTeam.objects.filter(client=client, member=by, keeper=True).exists():
        raise NotAllowed("Only the keeper of this chart, or the owner, can hand it over.")
    if not to.may_sign or not to.active or to.practice_id != client.practice_id:
        raise NotAllowed("Choose somebody of this practice who treats and signs.")
    CareTeam.objects.filter(client=client, keeper=True).update(keeper=False)
    CareTeam.objects.update_or_create(
        client=client,
        member=to,
        defaults={"keeper": True, "until": None, "reason": ""},
        create_defaults={"keeper": True, "since": datetime.now(UTC)},
    )
    record(
        verb="chart.handed_over",
        target=client.chart_key,
        chart=client.chart_key,
        by=by,
        details={"to": to.audit_key, "name": to.display_name},
    )
    return client


@action(again=_client_of)
def open_chart_with_reason(*, by: Member, client: Client, reason: str) -> Client:
    """Let somebody onto a care team for a day, with a reason that stays in the record and is shown to the keeper.

    Raises NotAllowed for those whom the practice does not trust with it (`queries.may_open_with_reason`).
    """
    if not may_open_with_reason(by) or by.practice_id != client.practice_id:
        raise NotAllowed("Ask the keeper of this chart to share it.")
    if not reason.strip():
        raise NotAllowed("Say why, in your words. It is written in the record.")
    now = datetime.now(UTC)
    if not may_open_chart(by, client):
        CareTeam.objects.update_or_create(
            client=client,
            member=by,
            defaults={
                "since": now,
                "until": now + timedelta(hours=OPEN_WITH_REASON_H),
                "reason": reason.strip(),
                "seen_at": None,
            },
        )
    record(
        verb="chart.opened_with_reason",
        target=client.chart_key,
        chart=client.chart_key,
        by=by,
        at=now,
        details={"reason": reason.strip(), "hours": OPEN_WITH_REASON_H},
    )
    return client


@action(again=_client_of)
def note_opening(*, by: Member, seat: CareTeam) -> Client:
    """The keeper has taken note that somebody opened their chart with a reason."""
    client = seat.client
    if not CareTeam.objects.filter(client=client, member=by, keeper=True).exists():
        raise NotAllowed("Only the keeper of this chart can do this.")
    CareTeam.objects.filter(pk=seat.pk).update(seen_at=datetime.now(UTC))
    record(verb="chart.opening_noted", target=client.chart_key, chart=client.chart_key, by=by)
    return client


# --- The demo -----------------------------------------------------------------------------------------------------


@action(again=lambda event: None)
def remove_demo(*, by: Member | System) -> None:
    """Delete the demo practice with everybody in it. Raises NotAllowed when the practice is a real one."""
    practice = Practice.objects.select_for_update().first()
    if practice is None or not practice.demo:
        raise NotAllowed("There is no demo practice here.")
    clients = Client.objects.filter(practice=practice).count()
    for forget in slots.demo_removals():
        forget(practice=practice)
    users = list(Member.objects.filter(practice=practice).values_list("user_id", flat=True))
    practice.delete()
    User.objects.filter(pk__in=users).delete()
    record(verb="demo.removed", target="practice", by=by, details={"clients": clients})
