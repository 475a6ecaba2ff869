"""A second examination is blind, counts beside the chart, and comes back as the therapist's own record."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.charts import actions
from tautband.clinic.charts.agreement import pairs_of, table_of, to_look_again
from tautband.clinic.charts.models import RecordedFinding, SecondExamination, Visit
from tautband.clinic.charts.picture import picture_of
from tautband.clinic.people.actions import share_chart
from tautband.clinic.people.models import Member

BrowserOf = Callable[..., Browser]
SIGN, ON = "exam.palpation.tenderness", "muscle.infraspinatus"


@pytest.fixture
def examined(visit: Visit, therapist: Member, owner: Member) -> RecordedFinding:
    """Daniel found a sore infraspinatus; Mara may open the chart."""
    share_chart(by=therapist, client=visit.client, member=owner)
    return actions.record_finding(by=therapist, visit=visit, finding=SIGN, of=ON, side="right", state="present")


def test_the_page_names_the_sign_and_not_what_was_found(
    examined: RecordedFinding, owner: Member, therapist: Member, browser_of: BrowserOf
) -> None:
    path = reverse("charts:second_look", args=[examined.visit_id])
    page = browser_of(owner).get(path).content.decode()
    assert f'name="sign-{examined.pk}"' in page
    assert 'value="" checked' in page
    assert f'name="sign-{examined.pk}"' not in browser_of(therapist).get(path).content.decode()


def test_the_clients_page_leads_there_for_a_colleague_alone(
    examined: RecordedFinding, owner: Member, therapist: Member, browser_of: BrowserOf
) -> None:
    page = reverse("people:client", args=[examined.visit.client_id])
    there = reverse("charts:second_look", args=[examined.visit_id])
    assert there in browser_of(owner).get(page).content.decode()
    assert there not in browser_of(therapist).get(page).content.decode()


def test_it_is_kept_only_when_declared_blind_and_never_counts_for_the_chart(
    examined: RecordedFinding, owner: Member, browser_of: BrowserOf
) -> None:
    path = reverse("charts:second_look", args=[examined.visit_id])
    mara = browser_of(owner)
    sent = {f"sign-{examined.pk}": "absent"}
    assert mara.post(path, sent).status_code == 422
    assert mara.post(path, {"blind": "yes"}).status_code == 422
    assert mara.post(path, sent | {"blind": "yes", "key": "k" * 20}).status_code == 302
    assert mara.post(path, sent | {"blind": "yes", "key": "k" * 20}).status_code in (302, 422)
    assert SecondExamination.objects.count() == 1
    assert [f.state.value for f in picture_of(examined.visit).findings if f.id == SIGN] == ["present"]
    assert pairs_of([owner.pk])[owner.pk] == {SIGN: [(False, True)]}
    assert pairs_of([examined.by_id])[examined.by_id] == {SIGN: [(True, False)]}


def test_nobody_examines_twice_or_their_own(examined: RecordedFinding, owner: Member, therapist: Member) -> None:
    with pytest.raises(actions.NotBlind):
        actions.record_second_look(by=therapist, first=examined, state="present")
    actions.record_second_look(by=owner, first=examined, state="present")
    assert to_look_again(owner, examined.visit) == []
    with pytest.raises(actions.NotBlind):
        actions.record_second_look(by=owner, first=examined, state="absent")


def test_a_therapist_at_odds_with_the_others_is_relied_upon_less(
    examined: RecordedFinding, owner: Member, therapist: Member, browser_of: BrowserOf
) -> None:
    """Forty pairs that never agree: kappa -1, so the findings of both count less, and the page says so."""
    visit, first = examined.visit, examined
    assert all(f.reliability is None for f in picture_of(visit).findings)
    for number in range(40):
        state = "present" if number % 2 else "absent"
        other = "absent" if number % 2 else "present"
        first = actions.record_finding(by=therapist, visit=visit, finding=SIGN, of=ON, side="right", state=state)
        actions.record_second_look(by=owner, first=first, state=other)
    (row,) = table_of(therapist)
    assert row.agreement.kappa == pytest.approx(-1)
    (found,) = (f for f in picture_of(visit).findings if f.id == SIGN)
    assert found.reliability == row.relied_on == 0.1
    page = browser_of(therapist).get(reverse("charts:agreement")).content.decode()
    assert "-1.00" in page
    assert "Tomasz" not in page
