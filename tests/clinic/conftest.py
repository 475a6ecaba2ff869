"""A small world for the clinic's tests: one practice, its owner Mara, her colleague Daniel, and a client of each."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import Visit
from tautband.clinic.people import actions
from tautband.clinic.people.models import Client, Member
from tautband.surface import zones

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick_and_plain(settings: Any) -> None:
    """Static files without hashes, and a fast password hasher: neither is under test here."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def owner(db: None) -> Member:
    """Mara Quinn, who keeps the practice."""
    return actions.open_practice(
        practice_name="Harbour Lane", owner_name="Mara Quinn", login="mara", password="a violin in the rain"
    )


@pytest.fixture
def therapist(owner: Member) -> Member:
    """Daniel Okafor, who works there."""
    return actions.add_therapist(by=owner, display_name="Daniel Okafor", login="daniel@example.org")


@pytest.fixture
def maras_client(owner: Member) -> Client:
    """Somebody Mara treats."""
    return actions.create_client(by=owner, name="Ingrid Solheim", phone="0123 456")


@pytest.fixture
def daniels_client(therapist: Member) -> Client:
    """Somebody Daniel treats."""
    return actions.create_client(by=therapist, name="Tomasz Wrona", occupation="Furniture remover")


@pytest.fixture
def browser_of() -> Callable[[Member | None], Browser]:
    """A test browser signed in as a member; None for a visitor."""

    def browser(member: Member | None, **options: Any) -> Browser:
        browser = Browser(**options)
        if member is not None:
            browser.force_login(member.user)
        return browser

    return browser


def shoulder_marks(side: str = "right") -> list[dict[str, Any]]:
    """Pain on the front and outside of one shoulder."""
    places = [z.id for z in zones() if z.side == side and z.id.startswith("zone.shoulder")][:4]
    return [{"zone": place, "side": side, "layer": "pain", "intensity": 7} for place in places]


@pytest.fixture
def visit(therapist: Member, daniels_client: Client) -> Visit:
    """Ten minutes into a visit: Daniel has listened and tested."""
    opened = timezone.now() - timedelta(minutes=10)
    visit = charts.open_visit(by=therapist, client=daniels_client, at=opened)
    charts.save_story(by=therapist, visit=visit, text="By the second movement I can’t hold the bow up.")
    charts.save_drawing(by=therapist, visit=visit, marks=shoulder_marks())
    charts.record_finding(by=therapist, visit=visit, finding="exam.painful_arc", side="right", state="present")
    charts.record_finding(by=therapist, visit=visit, finding="exam.spurling", side="right", state="absent")
    return visit
