"""A practice that can be booked: Mara works on weekdays from nine to five in Oslo, in one of two rooms."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tautband.clinic.diary import actions
from tautband.clinic.diary.engine import instant
from tautband.clinic.diary.models import Room, Service
from tautband.clinic.people import actions as people
from tautband.clinic.people.models import Location, Member

OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture
def place(owner: Member) -> Location:
    """Where they work."""
    people.change_practice(by=owner, time_zone="Europe/Oslo")
    owner.practice.refresh_from_db()
    return people.keep_location(by=owner, name="Harbour Lane", address="4 Harbour Lane")


@pytest.fixture
def rooms(owner: Member, place: Location) -> list[Room]:
    """Two rooms."""
    return [actions.keep_room(by=owner, location=place, name=name) for name in ("Room 1", "Room 2")]


@pytest.fixture
def service(owner: Member, place: Location, rooms: list[Room]) -> Service:
    """An hour, with a quarter kept free after it, and somebody who does it."""
    actions.keep_shift(
        by=owner,
        member=owner,
        location=place,
        start=time(9),
        end=time(17),
        rule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        first=date(2026, 1, 5),
        breaks=[["12:00", "13:00"]],
    )
    actions.keep_rules(by=owner, online=True)
    return actions.keep_service(by=owner, members=[owner], name="Treatment", minutes=60, after_min=15, price_minor=8000)


@pytest.fixture
def at() -> Callable[[str], datetime]:
    """at("10:00"): that time on the second workday from now, by the clock in Oslo."""

    def at(clock: str, days: int = 0) -> datetime:
        day = datetime.now(UTC).astimezone(OSLO).date() + timedelta(days=2)
        while day.weekday() > 3:
            day += timedelta(days=1)
        return instant(day + timedelta(days=days), time.fromisoformat(clock), OSLO)

    return at
