"""Work inside the body: closed until licence and signature are both there, and again as soon as one is gone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from tautband.clinic.audit.log import verify
from tautband.clinic.charts.models import Visit
from tautband.clinic.people import actions as people
from tautband.clinic.people.models import Member
from tautband.clinic.treatments import actions
from tautband.clinic.treatments.drafting import draft_note
from tautband.clinic.treatments.inside import consent_words
from tautband.clinic.treatments.plans import Current, current_plan, judged
from tautband.planning import Choice
from tautband.terms.sides import Side

INSIDE = Choice("treat", "muscle.medial_pterygoid", Side.RIGHT, "technique.internal_mouth")


def now_of(visit: Visit, therapist: Member | None = None) -> Current:
    """A plan with one step inside the mouth, judged now."""
    body = replace(current_plan(visit, 40).body, choices=(INSIDE,), edited=True)
    return judged(visit, body, 1, therapist=therapist)


def why(visit: Visit, therapist: Member | None = None) -> str:
    """Why the step is closed; empty where it is open."""
    (step,) = now_of(visit, therapist).plan.steps
    return step.verdict.why[0].text if step.verdict.is_closed else ""


def licensed(by: Member, days: int = 100, places: tuple[str, ...] = ("mouth",)) -> None:
    until = timezone.localdate() + timedelta(days=days)
    actions.state_licence(by=by, issuer="Chamber", number="17", places=places, expires_on=until)


def signed(by: Member, visit: Visit) -> None:
    words = consent_words("mouth")
    actions.sign_inside(by=by, visit=visit, place="mouth", words=words, signed="I. Solheim", chaperone="her sister")


def test_both_are_needed_each_time(therapist: Member, owner: Member, visit: Visit) -> None:
    assert why(visit) == (
        "work inside the body: no licence of the therapist is recorded; the client has not signed for it at this visit"
    )
    licensed(therapist)
    assert why(visit) == "work inside the body: the client has not signed for it at this visit"
    signed(therapist, visit)
    assert why(visit) == ""
    assert "no licence" in why(visit, owner), "the licence is of the one whose hands they are"
    licensed(therapist, days=-1)
    assert "ran out on" in why(visit)
    licensed(therapist, places=("pelvic_floor",))
    assert "does not speak of it" in why(visit)
    licensed(therapist)
    actions.take_back_inside(by=therapist, visit=visit, place="mouth")
    assert why(visit) == "work inside the body: the client has taken it back"
    assert not now_of(visit).plan.steps[0].verdict.can_be_overridden
    assert verify(visit.client.chart_key).intact


def test_the_next_visit_asks_anew(therapist: Member, visit: Visit) -> None:
    licensed(therapist)
    signed(therapist, visit)
    later = Visit.objects.create(client=visit.client, by=therapist, number=9, opened_at=timezone.now(), minutes=60)
    assert "has not signed for it at this visit" in why(later)


def test_pages_say_what_is_missing_and_keep_it(
    therapist: Member, visit: Visit, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of(therapist)
    page = reverse("treatments:inside", args=[visit.pk])
    assert "no licence of the therapist is recorded" in browser.get(page).content.decode().lower()
    licence = reverse("treatments:licence")
    past = {"issuer": "Chamber", "number": "17", "expires_on": "2020-01-01", "places": ["mouth"]}
    assert "This day is over" in browser.post(licence, past).content.decode()
    until = (timezone.localdate() + timedelta(days=40)).isoformat()
    assert browser.post(licence, {**past, "expires_on": until}).status_code == 302
    given = {"place": "mouth", "signed": "Ingrid Solheim", "company": "with", "read": "on"}
    wrong = browser.post(page, given)
    assert wrong.status_code == 422
    assert "Write who is with them" in wrong.content.decode()
    assert browser.post(page, {**given, "company": ""}).status_code == 422
    assert browser.post(page, {**given, "chaperone": "her sister"}).status_code == 302
    assert why(visit) == ""
    text = browser.get(page).content.decode()
    assert "Signed by Ingrid Solheim" in text
    assert "With them: her sister" in text
    plan = current_plan(visit, 40)
    told = {"told_areas": True, "told_touch": True, "told_stop": True, "agreed": True}
    actions.use_plan(by=therapist, visit=visit, body=plan.kept.as_json(), seen=plan.number, **told)
    lines = draft_note(visit, plan.answer).texts()["plan"]
    assert "Signed for separately by Ingrid Solheim: inside the mouth; with them: her sister." in lines
    assert browser.post(reverse("treatments:take_back_inside", args=[visit.pk]), {"place": "mouth"}).status_code == 302
    assert "taken it back" in why(visit)


@pytest.mark.parametrize("statement", ["UPDATE {} SET given = {}", "DELETE FROM {} WHERE given <> {}"])
def test_what_was_signed_stays(therapist: Member, visit: Visit, statement: str) -> None:
    signed(therapist, visit)
    false = "0" if connection.vendor == "sqlite" else "false"
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("treatments_insideconsent", false))


def test_a_signature_never_goes_into_another_chart(therapist: Member, visit: Visit) -> None:
    licensed(therapist)
    signed(therapist, visit)
    left, right = visit.client, people.create_client(by=therapist, name="Priya Raman")
    moved = actions.move_visit(by=therapist, visit=visit, to=right, reason="The wrong line of the diary.")
    here = moved.visit
    assert here is not None
    assert here.client == right
    assert not here.inside_consents.exists()
    assert why(here, therapist).endswith("the client has not signed for it at this visit")
    old = Visit.everything.get(pk=visit.pk)
    assert old.client == left
    assert old.withdrawn_at is not None
    assert old.inside_consents.get().signed == "I. Solheim"


def test_a_move_is_not_taken_back_over_a_signature(therapist: Member, visit: Visit) -> None:
    right = people.create_client(by=therapist, name="Priya Raman")
    moved = actions.move_visit(by=therapist, visit=visit, to=right, reason="The wrong line of the diary.")
    licensed(therapist)
    signed(therapist, Visit.objects.get(pk=visit.pk))
    with pytest.raises(actions.MayNotMove):
        actions.undo_move(by=therapist, move=moved)
