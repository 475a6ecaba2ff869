"""A case report: thirteen items from the record, no name in them, own words kept, sealed for good once signed."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse
from pypdf import PdfReader

from tautband.clinic.charts.models import Visit
from tautband.clinic.episodes import actions as episodes
from tautband.clinic.episodes.happenings import timeline
from tautband.clinic.episodes.models import Episode, Goal
from tautband.clinic.letters import actions, care, content
from tautband.clinic.letters.models import Report, SignedReport
from tautband.clinic.letters.printing import report_pdf
from tautband.clinic.measures import actions as measures
from tautband.clinic.people.models import Member


@pytest.fixture
def episode(visit: Visit, therapist: Member) -> Episode:
    """The problem of Daniel's client, taken on a minute before the visit."""
    at = visit.opened_at - timedelta(minutes=1)
    made = episodes.open_episode(by=therapist, client=visit.client, title="Shoulder when bowing", began="May", at=at)
    goal = episodes.add_goal(by=therapist, episode=made, text="Play a movement", at=visit.opened_at)
    episodes.set_goal(by=therapist, goal=goal, state=Goal.State.MET, said="I played two.", at=visit.opened_at)
    return made


def test_every_item_of_care_is_there_and_says_what_the_record_says(episode: Episode, visit: Visit) -> None:
    measures.keep_reading(by=visit.by, client=visit.client, visit=visit, instrument="instrument.nprs", value=6)
    told = care.draft_report(episode)
    assert list(told) == list(care.ITEMS)
    assert len(told) == 13
    assert "case report" in told["title"].lower()
    assert "Painful arc, right: positive." in told["findings"]
    assert "By the second movement" in told["patient"]
    assert "Furniture remover" in told["patient"]
    assert told["timeline"].startswith("Day 0.")
    assert "consistent with" in told["assessment"].lower()
    assert "Reached: Play a movement." in told["outcomes"]
    assert "6" in told["outcomes"]
    assert "“I played two.”" in told["perspective"]
    assert "no proof" in told["discussion"] or "not proof" in told["discussion"]
    whole = "\n".join(told.values())
    assert not care.name_stands_in(visit.client.name, told), whole
    assert visit.by.display_name not in whole
    assert "confirmed" not in whole


def test_a_name_is_noticed_and_a_word_that_holds_it_is_not() -> None:
    assert care.name_stands_in("Ana Ruiz", {"title": "Mr RUIZ came"}) == ["Ruiz"]
    assert care.name_stands_in("Ana Ruiz", {"title": "analysis"}) == []


def test_drafting_anew_keeps_own_lines_and_takes_the_new_ones(episode: Episode, visit: Visit) -> None:
    before = care.draft_report(episode)
    mine = {**before, "outcomes": f"{before['outcomes']}\nMy own sentence."}
    measures.keep_reading(by=visit.by, client=visit.client, visit=visit, instrument="instrument.nprs", value=6)
    now = care.draft_report(episode)
    assert "Follow-up and outcomes" in care.moved_on(before, now)
    anew = care.drafted_anew(mine, before, now)
    assert anew["outcomes"] == f"{now['outcomes']}\nMy own sentence."
    assert care.drafted_anew(now, now, now) == {key: "\n".join(now[key].splitlines()) for key in care.ITEMS}


def test_it_is_begun_once_edited_signed_and_then_never_changes(
    episode: Episode, visit: Visit, therapist: Member, owner: Member, browser_of: Callable[..., Browser]
) -> None:
    daniel = browser_of(therapist)
    begin = reverse("letters:begin_report", args=[visit.client_id])
    for _twice in range(2):
        answer = daniel.post(begin, {"episode": episode.pk, "key": "k"})
    report = Report.objects.get()
    assert answer["Location"] == reverse("letters:report", args=[visit.client_id, report.pk])
    assert browser_of(owner).get(answer["Location"]).status_code == 403
    page = daniel.get(answer["Location"]).content.decode()
    assert "Items are empty" in page
    sections = {**care.draft_report(episode), "seen": "1"}
    refused = daniel.post(answer["Location"], {**sections, "sign": "1"})
    assert refused.status_code == 422
    assert "Introduction" in refused.content.decode()
    for key in ("introduction", "intervention"):  # only a person can write these here
        sections[key] = "Told to teach."
    assert daniel.post(answer["Location"], sections).status_code == 302
    conflict = daniel.post(answer["Location"], {**sections, "introduction": "Another."})
    assert conflict.status_code == 409
    assert "Another." in conflict.content.decode()
    assert daniel.post(answer["Location"], {**sections, "seen": "2", "sign": "1"}).status_code == 302
    signed = SignedReport.objects.get()
    assert content.report_seal(signed).intact
    assert not signed.publishing
    assert "Not for publication" in daniel.get(answer["Location"]).content.decode()
    assert report_pdf(report).startswith(b"%PDF")
    assert [each.kind for each in timeline(visit.client, "told to teach")] == ["letter"]  # found by its words
    with pytest.raises(actions.AlreadySigned):
        actions.save_report(by=therapist, report=report, sections=sections, drafted={}, seen=2)
    with pytest.raises(DatabaseError), transaction.atomic():
        SignedReport.objects.update(content="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        report.versions.all().delete()


def test_the_summary_of_an_episode_prints_what_was_wanted_done_and_changed(
    episode: Episode, visit: Visit, therapist: Member, owner: Member, browser_of: Callable[..., Browser]
) -> None:
    for value in (8, 3):
        measures.keep_reading(by=visit.by, client=visit.client, visit=visit, instrument="instrument.nprs", value=value)
    url = reverse("letters:summary_pdf", args=[visit.client_id, episode.pk])
    assert browser_of(owner).get(url).status_code == 403
    made = browser_of(therapist).get(url)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages)
    for words in ("Shoulder when bowing", "Play a movement", "8 to 3", "No visit is booked", "not proof"):
        assert words in " ".join(text.split())
