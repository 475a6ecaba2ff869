"""The next free time of members, from whoever keeps a diary. Nobody registered: the directory shows none."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.urls import reverse

from tautband.clinic.diary.queries import next_free_of
from tautband.clinic.people.models import Member

NextFree = Callable[[Sequence[Member]], dict[int, tuple[datetime, str]]]
"""Gives, by the key of a member, the start of the next free slot and the address where it is booked."""

_sources: list[NextFree] = []


def add_source(source: NextFree) -> None:
    """Let a diary say when somebody is free next."""
    if source not in _sources:
        _sources.append(source)


def next_free(members: Sequence[Member | None]) -> dict[int, tuple[datetime, str]]:
    """The earliest slot any source knows, by the key of the member. Each source is asked once for all of them."""
    known = [member for member in members if member is not None]
    found: dict[int, tuple[datetime, str]] = {}
    for source in _sources:
        for key, slot in source(known).items():
            found[key] = min(slot, found.get(key, slot))
    return found


def from_diary(members: Sequence[Member]) -> dict[int, tuple[datetime, str]]:
    """The next times that can be booked online, and the page where they are booked."""
    if not members:
        return {}
    free = next_free_of(members[0].practice, members)
    page = reverse("diary:public")
    return {key: (one.start, f"{page}?service={one.service.pk}&who={key}") for key, one in free.items()}
