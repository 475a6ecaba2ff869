"""The course of care: what belongs to an episode follows from the time; the timeline finds what any room wrote."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser

from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import Visit
from tautband.clinic.episodes import actions, happenings
from tautband.clinic.episodes.course import again_and_again, course_of, drafted_summary, wanted_of
from tautband.clinic.episodes.models import Closing, Episode, Goal
from tautband.clinic.measures import actions as measures
from tautband.clinic.people.models import Client, Member

BrowserOf = Callable[[Member | None], Browser]
NOW = datetime.now(UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.fixture
def episode(therapist: Member, daniels_client: Client) -> Episode:
    return actions.open_episode(by=therapist, client=daniels_client, title="Right buttock", at=ago(30))


def test_an_episode_counts_what_lies_in_its_time_and_nothing_else(episode: Episode, therapist: Member) -> None:
    client = episode.client
    for days, value in ((40, 9), (20, 8), (5, 3)):
        measures.keep_reading(by=therapist, client=client, instrument="instrument.nprs", value=value, at=ago(days))
    for days in (35, 25, 10):
        charts.close_visit(by=therapist, visit=charts.open_visit(by=therapist, client=client, at=ago(days)))
    told = course_of(episode)
    assert told.visits == 2
    assert [p.value for p in told.lines[0].series.points] == [8, 3]
    assert "8 to 3" in drafted_summary(told)


def test_what_preceded_both_times_is_named_and_what_came_once_is_not(episode: Episode, therapist: Member) -> None:
    client = episode.client

    def visit(days: int, *factors: str) -> None:
        made = charts.open_visit(by=therapist, client=client, at=ago(days))
        for factor in factors:
            charts.record_finding(by=therapist, visit=made, finding=factor, side="midline", state="present")
        charts.close_visit(by=therapist, visit=made, at=ago(days))

    visit(29, "factor.sleep_short", "factor.stress_load")
    actions.close_episode(by=therapist, episode=episode, closing="reached", summary="", at=ago(20))
    again = actions.open_episode(by=therapist, client=client, title="Again", returned=episode, at=ago(2))
    visit(1, "factor.sleep_short")
    assert len(again_and_again(again)) == 1
    assert again_and_again(episode) == ()


def test_an_episode_closes_once_with_a_reason_and_can_be_opened_again(episode: Episode, therapist: Member) -> None:
    with pytest.raises(ValueError, match="ends by one of"):
        actions.close_episode(by=therapist, episode=episode, closing="", summary="")
    actions.close_episode(by=therapist, episode=episode, closing=Closing.ENOUGH, summary="s")
    with pytest.raises(actions.EpisodeClosed):
        actions.close_episode(by=therapist, episode=episode, closing=Closing.ENOUGH, summary="s")
    with pytest.raises(actions.EpisodeClosed):
        actions.add_goal(by=therapist, episode=episode, text="Climb stairs")
    assert actions.reopen_episode(by=therapist, episode=episode).is_open
    with pytest.raises(IntegrityError), transaction.atomic():
        Episode.objects.filter(pk=episode.pk).update(closed_at=ago(1))


def test_a_goal_is_reached_in_the_clients_words_and_can_be_taken_back(
    episode: Episode, therapist: Member, browser_of: BrowserOf
) -> None:
    browser, client = browser_of(therapist), episode.client
    for _again in range(2):
        browser.post(f"/clients/{client.pk}/course/{episode.pk}/goals/", {"text": "Climb stairs", "key": "k"})
    goal = Goal.objects.get()
    browser.post(f"/clients/{client.pk}/goals/{goal.pk}/", {"state": "met", "said": "Two floors.", "key": "a"})
    shown = browser.get(f"/clients/{client.pk}/timeline/").content.decode()
    assert "Reached: Climb stairs" in shown
    assert "Two floors." in shown
    browser.post(f"/clients/{client.pk}/goals/{goal.pk}/", {"state": "open", "said": "", "key": "b"})
    assert "Reached" not in browser.get(f"/clients/{client.pk}/timeline/").content.decode()


def test_the_timeline_is_newest_first_and_a_search_keeps_exactly_what_holds_every_word(visit: Visit) -> None:
    every = happenings.timeline(visit.client)
    assert [h.at for h in every] == sorted((h.at for h in every), reverse=True)
    found = happenings.timeline(visit.client, "BOW movement")
    assert {h.kind for h in found} == {"visit"}
    assert happenings.timeline(visit.client, "bow zebra") == []
    for kind in {h.kind for h in every}:
        assert all(h.kind == kind for h in happenings.timeline(visit.client, kind=kind))


def test_the_course_by_plain_forms(visit: Visit, therapist: Member, browser_of: BrowserOf) -> None:
    browser, client = browser_of(therapist), visit.client
    where = f"/clients/{client.pk}/course/"
    assert browser.post(where, {"title": " "}).status_code == 422
    browser.post(where, {"title": "Left shoulder", "region": "shoulder", "key": "x"})
    episode = Episode.objects.get()
    page = browser.get(f"{where}{episode.pk}/close/").content.decode()
    assert "visits in" in page
    assert browser.post(f"{where}{episode.pk}/close/", {"summary": "kept words"}).status_code == 422
    browser.post(f"{where}{episode.pk}/close/", {"closing": "enough", "summary": "Better.", "key": "y"})
    shown = browser.get(where).content.decode()
    assert "Better." in shown
    assert "Enough for now" in shown


def test_the_course_is_for_the_care_team(owner: Member, episode: Episode, browser_of: BrowserOf) -> None:
    for rest in ("course/", "timeline/", f"course/{episode.pk}/close/"):
        assert browser_of(owner).get(f"/clients/{episode.client_id}/{rest}").status_code == 403


def test_the_course_says_how_much_was_given_and_what_is_next(episode: Episode) -> None:
    def sessions(client: Client) -> list[happenings.Happening]:
        if client.pk != episode.client_id:
            return []
        doses = [("effleurage", 90.0, 2.0), ("effleurage", 60.0, 4.0), ("friction", 20.0, None)]
        return [
            happenings.Happening(ago(n), "session", "hand", "Treated", doses=(dose,)) for n, dose in enumerate(doses)
        ]

    happenings.add_source(sessions)
    told = course_of(episode)
    assert [row.words for row in told.dosed] == [
        "effleurage: 2 times, 2 min together, numbers 2 to 4 of 10",
        "friction: once, 20 s together",
    ]
    assert told.coming[0] == "No visit is booked."
    assert "Given with hands: effleurage" in drafted_summary(told)
    happenings._sources.remove(sessions)


def test_a_goal_is_rated_by_its_name_and_judged_by_the_border_for_one_activity(
    episode: Episode, therapist: Member, browser_of: BrowserOf
) -> None:
    goal = actions.add_goal(by=therapist, episode=episode, text="Climb stairs")
    page = browser_of(therapist).get(f"/clients/{episode.client_id}/measures/psfs/new/").content.decode()
    assert 'value="Climb stairs"' in page
    for days, value in ((9, 3), (1, 5)):
        rated = [["Climb stairs", value], ["Something else", 2]]
        measures.keep_reading(
            by=therapist, client=episode.client, instrument="instrument.psfs", value=value, answers=rated, at=ago(days)
        )
    wanted = wanted_of(goal)
    assert (wanted.words, wanted.verdict) == ("3, 5 of 10", "noise")
    rated = [["climb stairs", 7]]
    measures.keep_reading(by=therapist, client=episode.client, instrument="instrument.psfs", value=7, answers=rated)
    assert wanted_of(goal).verdict == "changed"
    assert "3, 5, 7 of 10" in browser_of(therapist).get(f"/clients/{episode.client_id}/course/").content.decode()
