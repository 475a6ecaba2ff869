"""A small world for the clinic's tests: one practice, its owner Mara, her colleague Daniel, and a client of each."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client as Browser

from tautband.clinic.people import actions
from tautband.clinic.people.models import Client, Member

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
