"""What the rooms below have to tell for the timeline: visits with what was said, alerts, readings, photos, goals."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from tautband.clinic.attachments.queries import attachments_of
from tautband.clinic.charts.models import AlertAnswer, RecordedFinding, Story
from tautband.clinic.charts.rows import name_of, result_word
from tautband.clinic.episodes.happenings import Happening
from tautband.clinic.episodes.models import Episode, Goal
from tautband.clinic.intake.queries import answers_of
from tautband.clinic.measures.models import Reading
from tautband.clinic.measures.plot import number
from tautband.clinic.measures.queries import instrument
from tautband.clinic.people.models import Client
from tautband.knowledge import atlas


def visits(client: Client) -> Iterator[Happening]:
    """Each visit with what was said, and what was found in words."""
    words = {story.visit_id: story.text for story in Story.objects.filter(visit__client=client).order_by("id")}
    known = atlas()
    found: dict[object, list[str]] = {}
    for row in RecordedFinding.objects.filter(visit__client=client, ended_at=None):
        found.setdefault(row.visit_id, []).append(f"{name_of(known, row.finding, row.of)}: {result_word(row)}")
    for visit in client.visits.select_related("by"):
        url = reverse("charts:encounter", args=[visit.pk])
        title = _("Visit %(number)d, %(name)s") % {"number": visit.number, "name": visit.by.display_name}
        text = words.get(visit.pk, "")
        yield Happening(visit.opened_at, "visit", "user", title, text, url, said=bool(text))
        if visit.pk in found:
            yield Happening(visit.opened_at, "found", "hand", _("Found"), "; ".join(found[visit.pk]), url)


def alerts(client: Client) -> Iterator[Happening]:
    """What was decided about alerts."""
    known = atlas()
    for answer in AlertAnswer.objects.filter(visit__client=client):
        name = known.name(answer.flag) if answer.flag in known else answer.flag
        title = f"{name}: {answer.get_decision_display()}"
        url = reverse("charts:alert", args=[answer.visit_id, answer.flag])
        yield Happening(answer.at, "alert", "shield", title, answer.reason, url)


def intakes(client: Client) -> Iterator[Happening]:
    """What the client told before a visit, in their own words; never a private answer."""
    url = reverse("intake:told", args=[client.pk])
    for asked in client.intake_rounds.exclude(finished_at=None):
        answers = answers_of(asked)
        words = [str(answers[key]["text"]) for key in ("began", "goals") if answers.get(key, {}).get("text")]
        title = _("Intake, %(n)d answers") % {"n": len(answers)}
        yield Happening(asked.finished_at, "intake", "clipboard-list", title, " ".join(words), url, said=bool(words))


def readings(client: Client) -> Iterator[Happening]:
    """What was measured."""
    for reading in Reading.objects.filter(client=client, taken_back_at=None):
        known = instrument(reading.instrument)
        name = known.name.en if known else reading.instrument
        unit = known.unit if known else ""
        title = f"{name}{f', {reading.of}' if reading.of else ''}: {number(reading.value)} {unit}".strip()
        yield Happening(reading.at, "measured", "activity", title, url=reverse("measures:measures", args=[client.pk]))


def photos(client: Client) -> Iterator[Happening]:
    """Photos and documents."""
    for each in attachments_of(client):
        yield Happening(each.at, "photo", "file-text", str(each.title), str(each.get_kind_display()))


def episodes(client: Client) -> Iterator[Happening]:
    """Problems taken on and let go, goals reached."""
    url = reverse("episodes:course", args=[client.pk])
    for episode in Episode.objects.filter(client=client):
        title = _("Taken on: %(title)s") % {"title": episode.title}
        yield Happening(episode.opened_at, "episode", "layers", title, episode.began, url)
        if episode.closed_at:
            title = _("Closed: %(title)s") % {"title": episode.title}
            yield Happening(episode.closed_at, "episode", "archive", title, episode.summary, url)
    for goal in Goal.objects.filter(episode__client=client, state=Goal.State.MET):
        title = _("Reached: %(goal)s") % {"goal": goal.text}
        yield Happening(goal.state_at, "goal", "circle-check", title, goal.said, url, said=bool(goal.said))
