"""Writing people. The only place that changes practice, members, clients or care teams; each write is audited."""

from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db.models import F

from tautband.clinic.audit.actions import action
from tautband.clinic.audit.log import System, record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.people import slots
from tautband.clinic.people.models import CareTeam, Client, Member, Practice, Role, User

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
    practice = Practice.objects.create(name=practice_name, emergency_number=emergency_number, demo=demo, created_at=now)
    owner = _new_member(practice, owner_name, login, Role.OWNER, password)
    record(verb="practice.opened", target=f"member/{owner.pk}", by=owner, at=now, details={"demo": demo})
    return owner


@action(again=lambda event: Practice.objects.get())
def change_practice(*, by: Member, name: str, emergency_number: str) -> Practice:
    """Change the practice's name and emergency number. Raises NotAllowed unless the owner does it."""
    _owners_only(by)
    practice = by.practice
    practice.name, practice.emergency_number = name, emergency_number
    practice.save(update_fields=["name", "emergency_number"])
    record(verb="practice.changed", target="practice", by=by)
    return practice


@action(again=_member_of)
def add_therapist(*, by: Member, display_name: str, login: str) -> Member:
    """Create a therapist without a password; the set-password link lets them choose one. Owners only."""
    _owners_only(by)
    member = _new_member(by.practice, display_name, login, Role.THERAPIST, None)
    record(verb="member.added", target=f"member/{member.pk}", by=by)
    return member


@action(again=_member_of)
def set_member_active(*, by: Member, member: Member, active: bool) -> Member:
    """Let somebody sign in, or no longer. Their records stay. Owners only, and never oneself."""
    _owners_only(by)
    if member.pk == by.pk:
        raise NotAllowed("You cannot close your own account.")
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
    """Add a client; whoever adds them keeps the chart."""
    now = datetime.now(UTC)
    client = Client(
        practice=by.practice,
        name=name,
        birth_date=birth_date,
        recorded_sex=recorded_sex,
        phone=phone,
        email=email,
        occupation=occupation,
        notes=notes,
        demo=by.practice.demo,
        created_at=now,
        changed_at=now,
        changed_by=by,
    )
    client.full_clean(exclude=["care_team"])
    client.save(force_insert=True)
    CareTeam.objects.create(client=client, member=by, since=now, keeper=True)
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
    if not CareTeam.objects.filter(client=client, member=by).exists():
        raise NotAllowed("Only somebody on the care team can share this chart.")
    _join(client, member)
    record(
        verb="chart.shared",
        target=client.chart_key,
        chart=client.chart_key,
        by=by,
        details={"with": member.audit_key, "name": member.display_name},
    )
    return client


@action(again=_client_of)
def open_chart_with_reason(*, by: Member, client: Client, reason: str) -> Client:
    """Let the owner onto a care team, with a reason that stays in the record. Raises NotAllowed for anybody else."""
    _owners_only(by)
    if not reason.strip():
        raise NotAllowed("Say why, in your words. It is written in the record.")
    _join(client, by)
    record(
        verb="chart.opened_with_reason",
        target=client.chart_key,
        chart=client.chart_key,
        by=by,
        details={"reason": reason.strip()},
    )
    return client


def _join(client: Client, member: Member) -> None:
    if member.practice_id != client.practice_id:
        raise NotAllowed("Only people of this practice can be on the care team.")
    CareTeam.objects.get_or_create(client=client, member=member, defaults={"since": datetime.now(UTC)})


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
