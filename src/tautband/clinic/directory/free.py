"""The next free time of a member, from whoever keeps a diary. Nobody registered: the directory shows none."""

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse

from tautband.clinic.diary.queries import next_free as diary_free
from tautband.clinic.people.models import Member

NextFree = Callable[[Member], tuple[datetime, str] | None]
"""Gives the start of the next free slot and the address where it is booked."""

_sources: list[NextFree] = []


def add_source(source: NextFree) -> None:
    """Let a diary say when somebody is free next."""
    if source not in _sources:
        _sources.append(source)


def next_free(member: Member | None) -> tuple[datetime, str] | None:
    """The earliest slot any source knows."""
    found = [slot for source in _sources if member is not None and (slot := source(member)) is not None]
    return min(found, default=None)


def from_diary(member: Member) -> tuple[datetime, str] | None:
    """The next time of this member that can be booked online, and the page where it is booked."""
    found = diary_free(member.practice, member)
    return (found.start, reverse("diary:public")) if found else None
