"""The clock in the room."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from tautband.clinic.people.models import Member
from tautband.clinic.project.middleware import zone_named


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../../etc/passwd", "\x00", "x" * 9000, "/etc/passwd"])
def test_a_zone_nobody_knows_is_this_computers(name: str) -> None:
    here = datetime.now(UTC).astimezone().tzinfo
    assert datetime.now(zone_named(name)).utcoffset() == datetime.now(here).utcoffset()


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Auckland", "25 November"), ("America/Lima", "24 November")])
def test_today_is_today_in_the_room(
    zone: str, day: str, owner: Member, browser_of: Callable[[Member | None], Browser], monkeypatch: Any
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    browser = browser_of(owner)
    browser.cookies["tautband_zone"] = zone
    assert day in browser.get("/").content.decode()
    assert timezone.get_current_timezone_name() == "UTC"
