"""Keep and restore, as the owner sees it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.audit.heads import read_head
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.keeping import daily
from tautband.clinic.keeping.backup import try_restore
from tautband.clinic.people.models import Member

PASSPHRASE = "seven herons over the weir"


pytestmark = pytest.mark.embedded  # a practice kept in a folder


@pytest.fixture
def browser(owner: Member, home: Path, settings: Any, browser_of: Callable[..., Browser]) -> Browser:
    """The owner's, on a practice kept in a folder."""
    settings.HOME = home
    return browser_of(owner)


def page(browser: Browser) -> str:
    return browser.get(reverse("keeping:keeping")).content.decode()


def test_a_backup_is_made_proved_listed_and_can_be_taken_away(browser: Browser, home: Path) -> None:
    assert "No backup has been made yet" in page(browser)
    data = {"password": PASSPHRASE, "password_again": PASSPHRASE}
    assert browser.post(reverse("keeping:backup"), data).status_code == 302
    text = page(browser)
    assert "Last backup" in text
    assert "Charts: 2" in text
    (file,) = (home / "backups").glob("*.tautband")
    taken = browser.get(reverse("keeping:download", args=[file.name]))
    copy = home.parent / "copy"
    copy.write_bytes(b"".join(taken.streaming_content))
    assert try_restore(copy, PASSPHRASE, home).trouble == ()
    assert AuditEvent.objects.filter(verb="backup.made").count() == 1


@pytest.mark.parametrize(("first", "second", "why"), [("short", "short", "At least 12"), (PASSPHRASE, "x", "differ")])
def test_a_passphrase_that_will_not_do(browser: Browser, home: Path, first: str, second: str, why: str) -> None:
    answer = browser.post(reverse("keeping:backup"), {"password": first, "password_again": second})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert PASSPHRASE not in answer.content.decode()
    assert not list((home / "backups").glob("*.tautband"))


def test_only_backups_can_be_downloaded(browser: Browser, home: Path) -> None:
    for name in ("secret.key", "..%2Fsecret.key", "last-done.json", "x.tautband"):
        assert browser.get(f"/keeping/backups/{name}/").status_code == 404


def test_the_head_is_a_file_without_names(browser: Browser, home: Path) -> None:
    answer = browser.get(reverse("keeping:head"))
    head = read_head(answer.content.decode())
    assert len(head.ends) == 2
    assert "Mara" not in answer.content.decode()
    assert (home / "heads").is_dir()


def test_every_day_by_itself_once_asked_for_and_no_more_once_stopped(
    browser: Browser, home: Path, settings: Any, tmp_path: Path
) -> None:
    settings.SEALING_KEYS = tmp_path / "sealing.keys"
    daily.make()
    assert not (home / "backups").exists()
    data = {"password": PASSPHRASE, "password_again": PASSPHRASE, "daily": "on"}
    assert browser.post(reverse("keeping:backup"), data).status_code == 302
    assert PASSPHRASE.encode() not in (home / "backup.passphrase").read_bytes()
    assert "by itself while" in page(browser)
    daily.make()
    files = sorted((home / "backups").glob("*.tautband"))
    assert len(files) == 2
    assert try_restore(files[-1], PASSPHRASE, home).trouble == ()
    assert AuditEvent.objects.filter(verb="backup.made", by="system").count() == 1
    browser.post(reverse("keeping:daily_off"))
    daily.make()
    assert len(list((home / "backups").glob("*.tautband"))) == 2
