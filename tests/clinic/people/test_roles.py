"""What each role may do, and what no role may."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from tautband.clinic.people import actions, queries
from tautband.clinic.people.models import CareTeam, Client, Member, Practice


@pytest.fixture
def hire(owner: Member) -> Callable[..., Member]:
    """Somebody new, in a role."""

    def hire(role: str, name: str = "") -> Member:
        return actions.add_member(by=owner, display_name=name or f"The {role}", login=f"new-{role}", role=role)

    return hire


def test_reception_finds_everybody_and_opens_no_chart(
    hire: Callable[..., Member], maras_client: Client, owner: Member, browser_of: Callable[..., Browser]
) -> None:
    reception = hire("reception")
    assert queries.client_for(reception, maras_client.pk) == maras_client
    with pytest.raises(queries.NotYours):
        queries.chart_for(reception, maras_client.pk)
    with pytest.raises(actions.NotAllowed):
        actions.share_chart(by=owner, client=maras_client, member=reception)
    CareTeam.objects.create(client=maras_client, member=reception, since=datetime.now(UTC))
    assert not queries.may_open_chart(reception, maras_client)  # not even with a seat that came about somehow
    page = browser_of(reception).get(reverse("people:client", args=[maras_client.pk])).content.decode()
    assert "Your role has contact and diary" in page
    assert reverse("people:open_chart", args=[maras_client.pk]) not in page


def test_reception_says_who_keeps_the_chart_of_somebody_new(
    hire: Callable[..., Member], owner: Member, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of(hire("reception"))
    typed = {"name": "Hanne Vik", "recorded_sex": "female", "key": "k1"}
    assert browser.post(reverse("people:new_client"), typed).status_code == 422
    assert browser.post(reverse("people:new_client"), {**typed, "keeper": owner.pk}).status_code == 302
    assert queries.keeper_name(Client.objects.get()) == owner.display_name
    assert CareTeam.objects.count() == 1


def test_a_supervisor_opens_the_charts_of_those_they_supervise(
    hire: Callable[..., Member], owner: Member, therapist: Member, daniels_client: Client, maras_client: Client
) -> None:
    supervisor = hire("supervisor")
    assert not queries.may_open_chart(supervisor, daniels_client)
    actions.change_member(
        by=owner, member=therapist, display_name="Daniel Okafor", role="therapist", supervisor=supervisor
    )
    therapist.refresh_from_db()
    assert queries.may_open_chart(supervisor, daniels_client)
    assert not queries.may_open_chart(supervisor, maras_client)
    assert queries.may_cosign(supervisor, therapist)
    assert not queries.may_cosign(supervisor, supervisor)
    assert not queries.may_cosign(hire("assistant"), therapist)


def test_a_chart_opened_with_a_reason_closes_again_and_its_keeper_is_told(
    owner: Member, therapist: Member, daniels_client: Client, browser_of: Callable[..., Browser]
) -> None:
    actions.open_chart_with_reason(by=owner, client=daniels_client, reason="Daniel is ill, she has a fever")
    assert queries.may_open_chart(owner, daniels_client)
    today = browser_of(therapist).get("/").content.decode()
    assert "Mara Quinn opened the chart of Tomasz Wrona" in today
    assert "Daniel is ill" in today
    browser_of(therapist).post(reverse("people:note_opening", args=[daniels_client.pk]))
    assert "Mara Quinn opened the chart" not in browser_of(therapist).get("/").content.decode()
    CareTeam.objects.filter(member=owner).update(until=datetime.now(UTC) - timedelta(seconds=1))
    assert not queries.may_open_chart(owner, daniels_client)
    assert daniels_client not in queries.charts_for(owner)


def test_therapists_open_with_a_reason_only_where_the_practice_says_so(
    owner: Member, therapist: Member, maras_client: Client, browser_of: Callable[..., Browser]
) -> None:
    path = reverse("people:open_chart", args=[maras_client.pk])
    assert browser_of(therapist).post(path, {"reason": "she rang"}).status_code == 403
    actions.change_practice(by=owner, reason_opens=True)
    closed = browser_of(therapist).get(reverse("people:client", args=[maras_client.pk])).content.decode()
    assert path in closed
    assert maras_client.name not in closed
    assert browser_of(therapist).post(path, {"reason": "she rang"}).status_code == 302
    therapist = Member.objects.get(pk=therapist.pk)
    assert queries.may_open_chart(therapist, maras_client)


def test_notes_may_be_kept_apart(owner: Member, therapist: Member, maras_client: Client) -> None:
    actions.share_chart(by=owner, client=maras_client, member=therapist)
    assert queries.may_read_note_of(therapist, maras_client, owner)
    Practice.objects.update(own_notes_only=True)
    owner, therapist = (Member.objects.get(pk=member.pk) for member in (owner, therapist))
    assert not queries.may_read_note_of(therapist, maras_client, owner)
    assert queries.may_read_note_of(owner, maras_client, therapist)  # the keeper reads all of it
    assert queries.may_read_note_of(therapist, maras_client, therapist)


def test_a_chart_is_handed_over(owner: Member, therapist: Member, daniels_client: Client, maras_client: Client) -> None:
    actions.hand_over_chart(by=owner, client=daniels_client, to=owner)
    assert queries.keeper_name(daniels_client) == "Mara Quinn"
    with pytest.raises(actions.NotAllowed):
        actions.hand_over_chart(by=therapist, client=maras_client, to=therapist)


def test_a_practice_keeps_an_owner(owner: Member) -> None:
    with pytest.raises(actions.NotAllowed, match="needs an owner"):
        actions.change_member(by=owner, member=owner, display_name="Mara", role="therapist")


@pytest.mark.parametrize("day", [0, 1])
def test_a_second_step_is_asked_for_and_from_a_day_on_required(
    day: int, owner: Member, browser_of: Callable[..., Browser]
) -> None:
    Practice.objects.update(created_at=datetime.now(UTC) - timedelta(days=3))
    actions.change_practice(by=owner, second_step_from=timezone.localdate() + timedelta(days=day))
    browser = browser_of(owner)
    asked = browser.get("/")
    assert asked["Location"].startswith(reverse("people:second_step"))
    browser.post(reverse("people:second_step"), {"next": "/"})
    assert browser.get("/").status_code == (302 if day == 0 else 200)
    assert browser.get(reverse("people:clients")).status_code == (302 if day == 0 else 200)
    sent = browser.post(reverse("people:new_client"), {"name": "Joe Abara", "notes": "stairs", "recorded_sex": "male"})
    assert sent.status_code == (403 if day == 0 else 302)


def test_the_first_evening_is_not_asked(owner: Member, browser_of: Callable[..., Browser]) -> None:
    assert browser_of(owner).get("/").status_code == 200


def test_a_pin_opens_the_lock_and_five_wrong_ones_take_the_password(
    owner: Member, browser_of: Callable[..., Browser]
) -> None:
    actions.set_pin(by=owner, password="482915")
    browser, lock = browser_of(owner), reverse("people:lock")
    browser.get("/")
    browser.post(lock, {"now": "1"})
    assert browser.post(lock, {"pin": "482915"}).status_code == 302
    browser.post(lock, {"now": "1"})
    codes = [browser.post(lock, {"pin": f"00000{number}"}).status_code for number in range(6)]
    assert codes == [422] * 5 + [429]
    assert browser.post(lock, {"pin": "482915"}).status_code == 429  # the right one comes too late
    assert browser.post(lock, {"password": "a violin in the rain"}).status_code == 302


def test_a_password_link_does_not_replace_a_second_step(
    owner: Member, therapist: Member, browser_of: Callable[..., Browser]
) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    from tautband.clinic.people.links import password_path

    TOTP.activate(therapist.user, "JBSWY3DPEHPK3PXP")
    visitor = browser_of(None)
    path = visitor.get(password_path(therapist.user), follow=True).redirect_chain[-1][0]
    visitor.post(path, {"new_password1": "forty green bottles", "new_password2": "forty green bottles"})
    assert visitor.get("/").status_code == 302
    answer = visitor.post(reverse("account_login"), {"login": "daniel@example.org", "password": "forty green bottles"})
    assert answer["Location"] == reverse("mfa_authenticate")


def test_secrets_of_the_second_step_are_sealed(therapist: Member) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(therapist.user, "JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in str(Authenticator.objects.get().data)
