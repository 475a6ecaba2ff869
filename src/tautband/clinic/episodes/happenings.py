"""The timeline of a client: what every room has to tell, in the order of time. Rooms above add their own.

    happenings.add_source(letters_of)     # letters_of(client) -> iterable of Happening

A source is called with a client whose chart may be read, and returns what happened, newest or oldest first.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tautband.clinic.diary.queries import upcoming_of
from tautband.clinic.people.models import Client

MOST = 400


@dataclass(frozen=True)
class Happening:
    """One thing that happened.

    kind    visit, note, plan, measured, letter, alert, photo, episode, goal, home, booked ...
    title   a few words; text more of it, searched and shown in part
    said    the text is the client's own words
    tried   what was done with hands or given home, for the course of an episode
    doses   how much of it: what, seconds under hands, the client's highest number of 10 (None where none was asked)
    """

    at: datetime
    kind: str
    icon: str
    title: str
    text: str = ""
    url: str = ""
    said: bool = False
    tried: tuple[str, ...] = ()
    doses: tuple[tuple[str, float, float | None], ...] = ()


_sources: list[Callable[[Client], Iterable[Happening]]] = []


def add_source(source: Callable[[Client], Iterable[Happening]]) -> None:
    """Add a room's happenings to every timeline."""
    if source not in _sources:
        _sources.append(source)


_next: list[Callable[[Client], Iterable[str]]] = []


def add_next(source: Callable[[Client], Iterable[str]]) -> None:
    """Let a room above say what is next for a client, in whole sentences."""
    if source not in _next:
        _next.append(source)


def coming(client: Client) -> list[str]:
    """What is next: the visit that is booked, then what the rooms above say."""
    booked = upcoming_of(client).first()
    if booked is not None:
        at = date_format(timezone.localtime(booked.start), "j F, H:i")
        found = [_("Next visit: %(at)s.") % {"at": at}]
    else:
        found = [_("No visit is booked.")]
    return [*found, *(line for source in _next for line in source(client))]


def timeline(client: Client, words: str = "", kind: str = "") -> list[Happening]:
    """What happened, the newest first; with words, only what holds every one of them in its title or text."""
    every = [happening for source in _sources for happening in source(client)]
    wanted = words.lower().split()
    kept = [
        happening
        for happening in every
        if (not kind or happening.kind == kind)
        and all(word in f"{happening.title} {happening.text}".lower() for word in wanted)
    ]
    return sorted(kept, key=lambda happening: happening.at, reverse=True)[:MOST]


def between(client: Client, start: datetime, end: datetime | None) -> list[Happening]:
    """What happened in a stretch of time, the oldest first."""
    return [h for h in reversed(timeline(client)) if h.at >= start and (end is None or h.at <= end)]
