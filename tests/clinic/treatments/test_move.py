"""A visit in the wrong chart: moved with its trace in both, taken back until something is sealed, else signed anew."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from tautband.clinic.audit.log import record, verify
from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.picture import picture_of
from tautband.clinic.episodes.happenings import timeline
from tautband.clinic.keeping.actions import client_models
from tautband.clinic.measures import actions as measures
from tautband.clinic.people import actions as people
from tautband.clinic.people.models import Client, Member
from tautband.clinic.treatments import actions, moving
from tautband.clinic.treatments.content import seal_of
from tautband.clinic.treatments.models import NoteVersion, SignedNote, VisitMove
from tautband.clinic.treatments.queries import notes_to_sign

FULL = {"subjective": "s", "objective": "o", "assessment": "a", "plan": "p"}


@pytest.fixture
def right(therapist: Member) -> Client:
    """The client it should have been; Daniel treats both. One visit is there already."""
    client = people.create_client(by=therapist, name="Priya Raman")
    charts.close_visit(by=therapist, visit=charts.open_visit(by=therapist, client=client))
    return client


def move(visit: Visit, to: Client, reason: str = "Opened from the wrong line of the diary.") -> VisitMove:
    moved: VisitMove = actions.move_visit(by=visit.by, visit=visit, to=to, reason=reason)
    return moved


def sign(visit: Visit) -> SignedNote:
    actions.save_note(by=visit.by, visit=visit, said="", sections=FULL, drafted={}, seen=visit.notes.count())
    note: SignedNote = actions.sign_note(by=visit.by, visit=visit, seen=visit.notes.count())
    return note


def test_an_unsigned_visit_moves_with_all_it_holds_and_comes_back(visit: Visit, right: Client) -> None:
    wrong, by = visit.client, visit.by
    measures.keep_reading(by=by, client=wrong, visit=visit, instrument="instrument.nprs", value=6)
    with_intake = timezone.now()
    record_taken(visit, with_intake)
    before = picture_of(Visit.objects.get(pk=visit.pk))
    moved = move(visit, right)
    here = Visit.objects.get(pk=visit.pk)
    assert (here.client, here.number) == (right, 2)
    assert picture_of(here).drawing == before.drawing
    assert not here.findings.filter(ended_at=None, finding="factor.sleep_short").exists()  # another client told it
    assert here.findings.filter(ended_at=None).count() == 2
    assert right.readings.get().visit == here
    assert not wrong.visits.exists()
    assert not wrong.readings.exists()
    assert {row.way for row in VisitMove.objects.filter(pair=moved.pair)} == {"in", "out"}
    for client in (wrong, right):
        verify(client.chart_key)
        assert [h for h in timeline(client) if h.kind == "moved"]

    actions.undo_move(by=by, move=moved)
    back = Visit.objects.get(pk=visit.pk)
    assert (back.client, back.number) == (wrong, 1)
    assert back.findings.filter(ended_at=None, finding="factor.sleep_short").exists()
    assert wrong.readings.get().visit == back
    assert not right.readings.exists()
    assert VisitMove.objects.exclude(undone_at=None).count() == 2
    with pytest.raises(actions.MayNotMove):
        actions.undo_move(by=by, move=VisitMove.objects.get(pk=moved.pk))


def record_taken(visit: Visit, at: object) -> None:
    """As the intake takes an answer over."""
    from django.db import transaction

    with transaction.atomic():
        record(verb="intake.taken_over", target=f"visit/{visit.pk}", chart=visit.client.chart_key, by=visit.by, at=at)  # type: ignore[arg-type]
        charts.record_finding(
            by=visit.by,
            visit=visit,
            finding="factor.sleep_short",
            side="midline",
            state="present",
            at=at,  # type: ignore[arg-type]
        )


def test_what_was_signed_stays_withdrawn_and_a_new_version_is_signed_in_the_right_chart(
    visit: Visit, right: Client
) -> None:
    wrong = visit.client
    note = sign(visit)
    moved = move(visit, right)
    old, here = Visit.everything.get(pk=visit.pk), moved.visit
    assert here is not None
    assert here.pk != old.pk
    assert old.withdrawn_at is not None
    assert not wrong.visits.exists()  # nothing counts it
    assert seal_of(SignedNote.objects.get(pk=note.pk)).intact  # and what was sealed is what it was
    assert (here.client, here.findings.count(), here.drawings.count()) == (right, 2, 1)
    draft = here.notes.get()
    assert draft.sections == FULL
    assert draft.how == NoteVersion.How.MOVED
    assert here in notes_to_sign(visit.by)
    again = actions.sign_note(by=visit.by, visit=here, seen=1)
    assert right.name in again.content
    assert wrong.name not in again.content
    assert seal_of(again).intact
    with pytest.raises(actions.MayNotMove):
        actions.undo_move(by=visit.by, move=moved)
    opened = charts.open_visit(by=visit.by, client=wrong)
    assert opened.number == 2  # the number of what was withdrawn is not given again
    with pytest.raises(charts.VisitClosed):
        charts.save_story(by=visit.by, visit=old, text="x")


def test_a_visit_moved_twice_leaves_its_traces_and_each_chart_can_be_erased_alone(
    visit: Visit, right: Client, therapist: Member
) -> None:
    third = people.create_client(by=therapist, name="Luis Ferro")
    move(visit, right)
    move(Visit.objects.get(pk=visit.pk), third)
    assert third.visits.count() == 1
    assert VisitMove.objects.filter(client=right).count() == 2
    ways = {model: path for model, path in client_models() if model is VisitMove}
    assert ways == {VisitMove: "client"}
    assert {m.client for m in VisitMove.objects.filter(visit=visit)} == {third}


def test_only_who_may_moves_it_and_only_between_charts_that_are_open_to_them(
    visit: Visit, right: Client, owner: Member, maras_client: Client, browser_of: Callable[..., Browser]
) -> None:
    daniel, mara = browser_of(visit.by), browser_of(owner)
    url = reverse("treatments:move", args=[visit.pk])
    assert mara.get(url).status_code == 403  # not on the care team
    page = daniel.get(url, {"q": "priya"}).content.decode()
    assert "Priya Raman" in page
    assert maras_client.name not in page
    sent = {"to": str(maras_client.pk), "reason": "x"}
    assert daniel.post(url, sent).status_code == 422
    answer = daniel.post(url, {"to": str(right.pk), "reason": ""})
    assert answer.status_code == 422
    assert f'value="{right.pk}" checked' in answer.content.decode()  # the choice is kept
    assert not VisitMove.objects.exists()
    for _twice in range(2):
        answer = daniel.post(url, {"to": str(right.pk), "reason": "Same first name.", "key": "k1"}, follow=True)
    assert VisitMove.objects.count() == 2
    text = daniel.get(reverse("treatments:note", args=[visit.pk])).content.decode()
    assert "Take it back" in text
    assert "Same first name." in text
    chart = daniel.get(reverse("people:client", args=[maras_client.pk]))
    assert chart.status_code == 403
    there = daniel.get(reverse("people:client", args=[VisitMove.objects.get(way="out").client_id])).content.decode()
    assert "Moved to another chart" in there
    assert daniel.post(reverse("treatments:undo_move", args=[visit.pk])).status_code == 302
    assert moving.trace_of(visit.by, Visit.objects.get(pk=visit.pk)) is None
