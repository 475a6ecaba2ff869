"""Writing people: each promise of the actions, and of the database under them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from tautband.clinic.audit.actions import KeyReused
from tautband.clinic.audit.log import System, verify_all
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.people import actions, queries, slots
from tautband.clinic.people.demo import DEMO_CLIENTS, create_demo_practice
from tautband.clinic.people.forms import ClientForm
from tautband.clinic.people.models import CareTeam, Client, Member, Practice, User


def test_there_is_one_practice(owner: Member) -> None:
    with pytest.raises(actions.AlreadySetUp):
        actions.open_practice(practice_name="Other", owner_name="B", login="b", password="a violin in the rain")
    with pytest.raises(IntegrityError), transaction.atomic():
        Practice.objects.create(name="Other", created_at=datetime.now(UTC))


@pytest.mark.parametrize("password", ["short", "password1234", "maraquinn@example.org"])
@pytest.mark.django_db
def test_a_weak_password_opens_nothing(password: str) -> None:
    with pytest.raises(ValidationError):
        actions.open_practice(
            practice_name="Harbour Lane", owner_name="Mara", login="maraquinn@example.org", password=password
        )
    assert not Practice.objects.exists()
    assert not User.objects.exists()


def test_every_write_leaves_a_trace_and_the_chains_hold(owner: Member, therapist: Member, maras_client: Client) -> None:
    actions.change_client(by=owner, client=maras_client, version=1, phone="99")
    actions.share_chart(by=owner, client=maras_client, member=therapist)
    actions.archive_client(by=owner, client=maras_client, archived=True)
    actions.change_practice(by=owner, name="New name", emergency_number="112")
    actions.set_member_active(by=owner, member=therapist, active=False)
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs >= {
        "practice.opened",
        "member.added",
        "client.created",
        "client.changed",
        "chart.shared",
        "client.archived",
        "practice.changed",
        "member.deactivated",
    }
    assert all(verdict.intact for verdict in verify_all())


def test_the_trace_names_the_fields_and_never_what_was_written(owner: Member, maras_client: Client) -> None:
    actions.change_client(by=owner, client=maras_client, version=1, notes="takes a blood thinner")
    details = AuditEvent.objects.get(verb="client.changed").details
    assert details == '{"fields":["notes"]}'
    assert "blood" not in "".join(AuditEvent.objects.values_list("details", flat=True))


def test_a_double_submit_makes_one_client(owner: Member) -> None:
    first = actions.create_client(by=owner, name="Priya Raman", key="one-form")
    second = actions.create_client(by=owner, name="Priya Raman", key="one-form")
    assert first == second
    assert Client.objects.filter(name="Priya Raman").count() == 1


def test_going_back_and_saving_something_else_is_not_swallowed(owner: Member) -> None:
    actions.create_client(by=owner, name="Priya Raman", key="one-form")
    with pytest.raises(KeyReused):
        actions.create_client(by=owner, name="Joe Abara", key="one-form")


def test_two_tabs_never_overwrite_each_other_silently(owner: Member, maras_client: Client) -> None:
    actions.change_client(by=owner, client=maras_client, version=1, phone="from tab one")
    with pytest.raises(actions.ChangedMeanwhile) as meanwhile:
        actions.change_client(by=owner, client=maras_client, version=1, phone="from tab two")
    assert meanwhile.value.current.phone == "from tab one"
    changed = actions.change_client(by=owner, client=maras_client, version=2, phone="from tab two")
    assert (changed.phone, changed.version) == ("from tab two", 3)


def test_a_chart_opens_for_its_care_team_only(
    owner: Member, therapist: Member, maras_client: Client, daniels_client: Client
) -> None:
    with pytest.raises(queries.NotYours, match="Mara Quinn"):
        queries.client_for(therapist, maras_client.pk)
    with pytest.raises(queries.NotYours, match="Daniel Okafor"):
        queries.chart_for(owner, daniels_client.pk)
    assert queries.client_for(owner, daniels_client.pk) == daniels_client  # the page, not the chart
    assert list(queries.clients_for(therapist)) == [daniels_client]
    assert set(queries.clients_for(owner)) == {maras_client, daniels_client}
    actions.share_chart(by=owner, client=maras_client, member=therapist)
    assert queries.chart_for(therapist, maras_client.pk) == maras_client


def test_the_owner_opens_a_colleagues_chart_with_a_reason_only(
    owner: Member, therapist: Member, daniels_client: Client
) -> None:
    with pytest.raises(actions.NotAllowed, match="Say why"):
        actions.open_chart_with_reason(by=owner, client=daniels_client, reason="  ")
    actions.open_chart_with_reason(by=owner, client=daniels_client, reason="Daniel is ill")
    assert queries.chart_for(owner, daniels_client.pk) == daniels_client
    assert "Daniel is ill" in AuditEvent.objects.get(verb="chart.opened_with_reason").details


def test_a_stranger_cannot_share_a_chart(owner: Member, therapist: Member, maras_client: Client) -> None:
    with pytest.raises(actions.NotAllowed):
        actions.share_chart(by=therapist, client=maras_client, member=therapist)
    assert not CareTeam.objects.filter(member=therapist, client=maras_client).exists()


def test_only_the_owner_keeps_the_practice(therapist: Member) -> None:
    with pytest.raises(actions.NotAllowed):
        actions.add_therapist(by=therapist, display_name="X", login="x")
    with pytest.raises(actions.NotAllowed):
        actions.change_practice(by=therapist, name="X", emergency_number="")


def test_the_owner_cannot_lock_herself_out(owner: Member) -> None:
    with pytest.raises(actions.NotAllowed):
        actions.set_member_active(by=owner, member=owner, active=False)


def test_search_finds_every_word_in_any_order(owner: Member, maras_client: Client) -> None:
    assert list(queries.search_clients(owner, "sol ing")) == [maras_client]
    assert list(queries.search_clients(owner, "0123")) == [maras_client]
    assert not queries.search_clients(owner, "sol wrona").exists()


def test_an_unknown_client_is_not_found(owner: Member) -> None:
    with pytest.raises(Http404):
        queries.client_for(owner, "00000000-0000-4000-8000-000000000000")


@pytest.mark.django_db
@given(days=st.integers(min_value=1, max_value=40_000))
def test_a_birthday_to_come_is_refused(days: int) -> None:
    form = ClientForm(
        {"name": "A", "recorded_sex": "female", "birth_date": (date.today() + timedelta(days)).isoformat()}
    )
    assert "birth_date" in form.errors


@pytest.mark.django_db
@pytest.mark.parametrize("born", ["1850-01-01", "2026-02-30", "yesterday", "0000-00-00"])
def test_an_impossible_birthday_is_refused_in_words(born: str) -> None:
    form = ClientForm({"name": "A", "recorded_sex": "female", "birth_date": born})
    assert "year" in form.errors["birth_date"][0]


@given(born=st.dates(min_value=date(1920, 1, 1), max_value=date(2026, 1, 1)), days=st.integers(0, 40_000))
def test_age_counts_birthdays(born: date, days: int) -> None:
    on = born + timedelta(days)
    birthdays = sum(
        1 for year in range(born.year + 1, on.year + 1) if (year, born.month, born.day) <= (on.year, on.month, on.day)
    )
    assert Client(name="A", birth_date=born).age_years(on) == birthdays


@pytest.mark.django_db
def test_the_demo_comes_and_goes_without_a_rest() -> None:
    owner = create_demo_practice()
    assert owner.practice.demo
    assert "demo" in owner.practice.name
    assert Client.objects.filter(demo=True).count() == len(DEMO_CLIENTS) == 6
    assert not owner.user.has_usable_password()
    actions.remove_demo(by=owner)
    assert not Practice.objects.exists()
    assert not Client.objects.exists()
    assert not User.objects.exists()
    assert all(verdict.intact for verdict in verify_all())
    create_demo_practice()  # and again


@pytest.mark.django_db
def test_rooms_above_write_and_forget_demo_history(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(slots, "_histories", [lambda practice, clients, by, now: seen.extend(clients)])
    monkeypatch.setattr(slots, "_removals", [lambda practice: seen.append(f"forgot {practice.demo}")])
    owner = create_demo_practice()
    actions.remove_demo(by=owner)
    assert seen == [person.slug for person in DEMO_CLIENTS] + ["forgot True"]


def test_a_real_practice_cannot_be_removed_as_a_demo(owner: Member) -> None:
    with pytest.raises(actions.NotAllowed):
        actions.remove_demo(by=System())


def test_a_place_no_page_has_is_refused() -> None:
    with pytest.raises(ValueError, match="No page has"):
        slots.add_block(slots.Block("client.nowhere", "x.html"))
