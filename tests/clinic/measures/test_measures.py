"""Readings: kept once, never overwritten, shown with their error; only for the care team."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import Visit
from tautband.clinic.measures import actions, queries, words
from tautband.clinic.measures.examined import by_exam
from tautband.clinic.measures.models import Reading
from tautband.clinic.measures.plot import plot_of
from tautband.clinic.people.models import Client, Member
from tautband.knowledge import atlas

BrowserOf = Callable[[Member | None], Browser]


def page(browser: Browser, client: Client, rest: str = "") -> str:
    return browser.get(f"/clients/{client.pk}/measures/{rest}").content.decode()


def test_a_total_is_kept_once_however_often_it_is_sent(
    therapist: Member, daniels_client: Client, browser_of: BrowserOf
) -> None:
    browser = browser_of(therapist)
    for _again in range(2):
        browser.post(f"/clients/{daniels_client.pk}/measures/ndi/new/", {"total": "22", "key": "once"})
    assert [(r.instrument, r.value) for r in Reading.objects.all()] == [("instrument.ndi", 22)]
    assert "Neck Disability Index" in page(browser, daniels_client)


@pytest.mark.parametrize(
    ("name", "sent", "said"),
    [
        ("ndi", {"total": "51"}, "runs from 0 to 50"),
        ("ndi", {}, "Enter the total, or the answers"),
        ("ndi", {"item1": "3", "item2": "3"}, "A score needs at least 8"),
        ("ndi", {"total": "9", **{f"item{n}": "3" for n in range(1, 11)}}, "Keep one of them"),
        ("mouth_opening", {"total": "95"}, "beyond what is usual"),
        ("psfs", {"rate1": "3"}, "Name the activity"),
        ("ppt", {"total": "200", "site": "masseter"}, "This is needed"),
        ("phq2", {}, "This is needed"),
    ],
)
def test_what_gives_no_score_says_why_and_keeps_what_was_typed(
    name: str, sent: dict[str, str], said: str, therapist: Member, daniels_client: Client, browser_of: BrowserOf
) -> None:
    answer = browser_of(therapist).post(f"/clients/{daniels_client.pk}/measures/{name}/new/", sent)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert said in shown
    assert all(f'value="{value}"' in shown for value in sent.values())
    assert not Reading.objects.exists()


def test_an_unusual_measurement_is_kept_when_it_was_checked(
    therapist: Member, daniels_client: Client, browser_of: BrowserOf
) -> None:
    where = f"/clients/{daniels_client.pk}/measures/mouth_opening/new/"
    browser_of(therapist).post(where, {"total": "95", "sure": "1"})
    assert [(r.value, r.unusual) for r in Reading.objects.all()] == [(95, True)]


def test_activities_keep_their_names_and_come_back_next_time(
    therapist: Member, daniels_client: Client, browser_of: BrowserOf
) -> None:
    browser = browser_of(therapist)
    where = f"/clients/{daniels_client.pk}/measures/psfs/new/"
    browser.post(where, {"name1": "Lift a chair", "rate1": "3", "name2": "Drive", "rate2": "6"})
    assert Reading.objects.get().value == 4.5
    assert 'value="Lift a chair"' in browser.get(where).content.decode()


def test_a_reading_taken_back_stays_and_no_longer_counts(
    therapist: Member, daniels_client: Client, browser_of: BrowserOf
) -> None:
    for value in (8, 2):
        actions.keep_reading(by=therapist, client=daniels_client, instrument="instrument.nprs", value=value)
    wrong = Reading.objects.get(value=2)
    browser = browser_of(therapist)
    where = f"/clients/{daniels_client.pk}/measures/readings/{wrong.pk}/take-back/"
    browser.post(where, {"why": " "})
    assert queries.series_of(daniels_client)[0].last.value == 2
    browser.post(where, {"why": "of another client"})
    assert queries.series_of(daniels_client)[0].last.value == 8
    assert "of another client" in page(browser, daniels_client, "nprs/?of=")
    with pytest.raises(actions.AlreadyTakenBack):
        actions.take_back(by=therapist, reading=Reading.objects.get(value=2), why="again")


def test_a_value_measured_in_the_examination_is_a_reading_too(visit: Visit, therapist: Member) -> None:
    charts.record_finding(
        by=therapist, visit=visit, finding="exam.mouth_opening", side="midline", state="present", value=31, unit="mm"
    )
    (series,) = queries.series_of(visit.client)
    assert (series.instrument.id, series.last.value) == ("instrument.mouth_opening", 31)


def test_a_client_writes_for_themselves_and_the_log_says_so(daniels_client: Client, therapist: Member) -> None:
    actions.keep_reading(by=daniels_client, client=daniels_client, instrument="instrument.nprs", value=4)
    assert Reading.objects.get().by is None


def test_the_words_say_what_the_verdict_allows(therapist: Member, daniels_client: Client) -> None:
    for value in (45, 31):
        actions.keep_reading(by=therapist, client=daniels_client, instrument="instrument.quickdash", value=value)
    line = words.line_of(queries.series_of(daniels_client)[0])
    assert line.verdict == "not_proven"
    assert "not yet beyond the error of 17.1" in line.sentence
    assert "0 of 1 measure" in words.summary_of([line])


def test_a_plot_keeps_every_reading_inside_its_frame_and_higher_values_higher(
    therapist: Member, daniels_client: Client
) -> None:
    for value in (210, 500, 90):
        actions.keep_reading(
            by=therapist, client=daniels_client, instrument="instrument.ppt", of="masseter, left", value=value
        )
    plot = plot_of(queries.series_of(daniels_client)[0])
    heights = [dot.y for dot in plot.dots]
    assert heights[1] < heights[0] < heights[2]
    assert all(0 < y < plot.height for y in heights)
    assert all(plot.left <= dot.x <= plot.right for dot in plot.dots)


def test_measures_are_for_the_care_team(owner: Member, daniels_client: Client, browser_of: BrowserOf) -> None:
    for rest in ("", "choose/", "nprs/new/", "nprs/"):
        assert browser_of(owner).get(f"/clients/{daniels_client.pk}/measures/{rest}").status_code == 403


def test_choosing_finds_by_plain_words_and_puts_the_region_first(
    visit: Visit, therapist: Member, browser_of: BrowserOf
) -> None:
    actions.keep_reading(by=therapist, client=visit.client, instrument="instrument.gad2", value=1)
    shown = page(browser_of(therapist), visit.client, "choose/")
    assert shown.index("GAD-2") < shown.index("QuickDASH")
    assert shown.index("QuickDASH") < shown.index("Oswestry")
    assert "Headache Impact Test" in page(browser_of(therapist), visit.client, "choose/?q=headache+limits")
    assert "None has this name" in page(browser_of(therapist), visit.client, "choose/?q=zzz")


NAMED = [
    "nprs",
    "psfs",
    "ndi",
    "odi",
    "quickdash",
    "lefs",
    "hit6",
    "groc",
    "neck_rom",
    "ppt",
    "headache_days",
    "cramp_count",
    "mouth_opening",
    "single_leg_stance",
    "y_balance",
    "single_hop",
    "return_to_sport",
    "pss4",
    "sleep_quality",
    "craniovertebral_angle",
]


@pytest.mark.parametrize("name", NAMED)
def test_every_outcome_that_is_promised_is_kept_plotted_and_judged(
    name: str, daniels_client: Client, therapist: Member
) -> None:
    known = queries.instrument(f"instrument.{name}")
    assert known is not None
    top = known.high if known.high is not None else known.low + 40
    first, last = known.low + (top - known.low) * 0.75, known.low + (top - known.low) * 0.25
    for value in (first, last):
        actions.keep_reading(by=therapist, client=daniels_client, instrument=known.id, value=value)
    line = words.line_of(queries.series_of(daniels_client)[0])
    assert len(line.plot.dots) == 2
    assert line.verdict in ("changed", "not_proven", "noise", "no_verdict")
    border = bool(known.changes) and any(change.quantity in ("detectable", "error") for change in known.changes)
    assert (line.verdict == "no_verdict") == (not border)  # no border of error, no verdict


def test_whatever_an_examination_measures_is_a_line_with_its_own_error(
    visit: Visit, therapist: Member, browser_of: BrowserOf
) -> None:
    made = by_exam(atlas())
    for exam, instrument in made.items():
        assert instrument.unit, exam
        read = [change for change in instrument.changes if change.use]
        assert len({change.quantity for change in read}) == len(read), exam
    name = "exam.rom.neck.rotation"
    for value in (50, 70):
        charts.record_finding(
            by=therapist, visit=visit, finding=name, side="right", state="unknown", value=value, unit="deg"
        )
    series = next(each for each in queries.series_of(visit.client) if each.instrument.exam == name)
    assert series.of == "right"
    assert series.last.value == 70
    page = browser_of(therapist).get(f"/clients/{visit.client_id}/measures/").content.decode()
    assert series.instrument.name.en in page
