"""Trouble with the disk is told in words, and what was typed comes back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client as Browser

from tautband.clinic.people import actions
from tautband.clinic.people.models import Member
from tautband.clinic.project.errors import trouble_of


@pytest.mark.parametrize(
    ("said", "status", "title"),
    [
        ("database or disk is full", 507, "disk is full"),
        ("disk I/O error", 507, "disk is full"),
        ("attempt to write a readonly database", 503, "cannot be written"),
        ("database disk image is malformed", 503, "damaged"),
        ("database is locked", 503, "writing for long"),
    ],
)
def test_each_trouble_has_its_page_and_gives_back_what_was_typed(
    said: str, status: int, title: str, owner: Member, browser_of: Callable[..., Browser], monkeypatch: Any
) -> None:
    def fails(**_: Any) -> None:
        raise OperationalError(said)

    monkeypatch.setattr(actions, "create_client", fails)
    browser = browser_of(owner)
    browser.raise_request_exception = False
    told = {"name": "Priya Raman", "notes": "Typed with care", "recorded_sex": "not_stated", "key": "1"}
    answer = browser.post("/clients/new/", told)
    page = answer.content.decode()
    assert answer.status_code == status
    assert title in page
    assert "Typed with care" in page


def test_other_faults_stay_faults() -> None:
    assert trouble_of(ValueError("disk is full")) is None
    assert trouble_of(OperationalError("no such table: x")) is None
