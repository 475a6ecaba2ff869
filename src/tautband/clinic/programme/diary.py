"""Reading the diary: what a client said of each thing, day by day, and what it adds up to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from tautband.clinic.people.models import Client
from tautband.clinic.programme.models import DiaryWord, Looked, ProgrammeVersion
from tautband.planning.home import Kept

Kind = DiaryWord.Kind
How = DiaryWord.How


def words_by_day(client: Client, since: date | None = None) -> dict[tuple[str, date], list[DiaryWord]]:
    """(thing, day) -> what was said of it, the newest first."""
    rows = client.diary_words.all()
    found: dict[tuple[str, date], list[DiaryWord]] = defaultdict(list)
    for row in rows.filter(day__gte=since) if since else rows:
        found[row.thing, row.day].append(row)
    return found


def counts(words: Iterable[DiaryWord]) -> DiaryWord | None:
    """The word of a day that counts: the newest, unless it was taken back."""
    first = next(iter(words), None)
    return None if first is None or first.kind == Kind.NOTHING else first


def given_on(client: Client, key: str) -> date | None:
    """The day a thing was first given under this key."""
    for version in client.programmes.filter(given=True).order_by("number"):
        if any(row["key"] == key for row in version.body["choices"]):
            return timezone.localdate(version.at)
    return None


def kept_since(client: Client, version: ProgrammeVersion, today: date | None = None) -> dict[str, Kept]:
    """What the diary says of each thing of a version since it was first given; days scaled to days a week."""
    today = today or timezone.localdate()
    said = words_by_day(client)
    firsts = _first_days(client)
    found = {}
    for row in version.body["choices"]:
        key, begun = row["key"], firsts.get(row["key"], timezone.localdate(version.at))
        share = float(row["amount"]["days_per_week"]) / 7
        days = round(max(0, (today - begun).days) * share)
        found[key] = _kept(days, [words for (thing, _day), words in said.items() if thing == key])
    return found


def _first_days(client: Client) -> dict[str, date]:
    firsts: dict[str, date] = {}
    for version in client.programmes.filter(given=True).order_by("number"):
        for row in version.body["choices"]:
            firsts.setdefault(row["key"], timezone.localdate(version.at))
    return firsts


def _kept(days: int, said: Iterable[list[DiaryWord]]) -> Kept:
    told = [word for words in said if (word := counts(words)) is not None]
    kinds = [word.kind for word in told]
    hows = [word.how for word in told if word.kind in (Kind.DONE, Kind.SOFTER)]
    newest_first = sorted(told, key=lambda word: word.at, reverse=True)
    own = tuple(text for word in newest_first if (text := what_was_said(word)))
    return Kept(
        days=days,
        done=kinds.count(Kind.DONE),
        easy=hows.count(How.EASY),
        right=hows.count(How.RIGHT),
        too_much=kinds.count(Kind.TOO_MUCH),
        skipped=kinds.count(Kind.NOT_TONIGHT),
        hurts=kinds.count(Kind.HURTS) + kinds.count(Kind.SOFTER),
        words=own,
    )


def what_was_said(word: DiaryWord) -> str:
    """The client's own words, else what they tapped; empty for a thing that was simply done."""
    if word.words.strip():
        return word.words.strip()
    return str(How(word.how).label) if word.how in (How.PINCHED, How.TINGLED, How.STRONG) else ""


def out_now(client: Client, version: ProgrammeVersion) -> dict[str, DiaryWord]:
    """Things that hurt since this version was given, with the word that took each out; they stay out until the
    therapist gives a new version."""
    found: dict[str, DiaryWord] = {}
    for (thing, _day), words in words_by_day(client).items():
        word = counts(words)
        out = word and word.kind in (Kind.HURTS, Kind.SOFTER) and word.version_id == version.pk
        if word and out and (thing not in found or word.at > found[thing].at):
            found[thing] = word
    return found


def hurt_items(client: Client) -> set[str]:
    """Ids of things that ever hurt this client; they are not proposed again."""
    names: dict[str, str] = {
        row["key"]: row["item"] for version in client.programmes.all() for row in version.body["choices"]
    }
    hurt = client.diary_words.filter(kind=Kind.HURTS).values_list("thing", flat=True)
    return {names[thing] for thing in hurt if thing in names}


@dataclass(frozen=True)
class Today:
    """One thing today: what was said of it, and how often it was done this week."""

    word: DiaryWord | None
    this_week: int


def today_of(client: Client, keys: Iterable[str], today: date | None = None) -> Mapping[str, Today]:
    """What stands in the diary today."""
    today = today or timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    said = words_by_day(client, since=monday)
    done: dict[str, int] = defaultdict(int)
    for (thing, _day), words in said.items():
        word = counts(words)
        if word and word.kind == Kind.DONE:
            done[thing] += 1
    return {key: Today(counts(said.get((key, today), [])), done[key]) for key in keys}


def waiting(client: Client) -> list[DiaryWord]:
    """What hurt or was too much and no therapist has looked at yet, the newest first."""
    looked = Looked.objects.filter(client=client).first()
    rows = client.diary_words.filter(kind__in=(Kind.HURTS, Kind.TOO_MUCH))
    return list(rows.filter(at__gt=looked.at) if looked else rows)
