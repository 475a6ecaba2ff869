"""The promises of the settings: durable writes, strict headers, a private folder."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.sqlite3.base import DatabaseWrapper

from tautband.clinic.project import settings as module
from tautband.clinic.project.home import HomeNotUsable, home_folder, secret_key

CSS = Path(__file__).parents[3] / "src/tautband/clinic/project/static/css"


@pytest.mark.django_db
def test_pragmas_hold_on_a_real_file(tmp_path: Path) -> None:
    options = {**settings.DATABASES["default"], "NAME": tmp_path / "records.sqlite3", "TIME_ZONE": None}
    options |= {"CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False}
    connection = DatabaseWrapper(options, alias="pragmas")
    try:
        with connection.cursor() as cursor:
            found = {
                name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "busy_timeout")
            }
        assert found == {
            "journal_mode": "wal",
            "synchronous": 2,  # FULL
            "foreign_keys": 1,
            "recursive_triggers": 1,
            "busy_timeout": 20_000,
        }
        assert connection.transaction_mode == "IMMEDIATE"
    finally:
        connection.close()


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    first = secret_key(tmp_path)
    assert secret_key(tmp_path) == first
    assert len(first) >= 48
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_a_damaged_key_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("")
    with pytest.raises(HomeNotUsable, match="Move it away"):
        secret_key(tmp_path)


def test_a_folder_that_cannot_be_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TAUTBAND_HOME", str(tmp_path / "file" / "below"))
    with pytest.raises(HomeNotUsable, match="TAUTBAND_HOME"):
        home_folder()


def test_debug_is_off_and_has_no_switch() -> None:
    source = Path(str(module.__file__)).read_text()
    assert re.findall(r"^DEBUG = (.+)$", source, re.MULTILINE) == ["False"]


def command(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tautband.clinic.project", *words],
        env={**os.environ, "TAUTBAND_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


def test_check_deploy_is_clean_over_https(tmp_path: Path) -> None:
    found = command(tmp_path, "check", "--deploy", "--fail-level", "WARNING", TAUTBAND_HTTPS="1")
    assert found.returncode == 0, found.stderr
    assert "no issues" in found.stdout


def test_models_and_migrations_agree(tmp_path: Path) -> None:
    found = command(tmp_path, "makemigrations", "--check", "--dry-run", "people", "audit")
    assert found.returncode == 0, found.stdout + found.stderr


def test_prepare_then_demo_then_prepare_again(practised: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(practised, tmp_path / "home"))
    assert (home / "static" / "staticfiles.json").is_file()
    again = command(home, "load_demo")
    assert again.returncode == 1
    assert "already" in again.stderr
    assert command(home, "prepare").returncode == 0
    link = command(home, "password_link", "demo")
    assert "/set-password/" in link.stdout


# --- Tokens -------------------------------------------------------------------------------------------------------


def themes() -> dict[str, dict[str, str]]:
    """Colours by theme, read from the style sheet; `device` is the block inside the media query."""
    text = (CSS / "tokens.css").read_text()
    found = {}
    for name, head in {
        "light": r'\[data-theme="light"\]',
        "device": r":root:not\(\[data-theme\]\)",
        "dark": r'^\[data-theme="dark"\]',
        "room": r'^\[data-theme="room"\]',
    }.items():
        block = re.search(head + r" \{(.+?)\}", text, re.DOTALL | re.MULTILINE)
        assert block, name
        found[name] = dict(re.findall(r"--([\w-]+): (#[0-9A-Fa-f]{6});", block[1]))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXT, PART = 4.5, 3.0
PAIRS = [
    *[(ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3", "accent") for ground in ("ground", "surface", "raised")],
    ("accent", "soft", TEXT),
    ("ink", "soft", TEXT),
    ("ink", "sunken", TEXT),
    ("ink-2", "sunken", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-alert", "alert", TEXT),
    ("bad", "surface", TEXT),
    ("bad", "ground", TEXT),
    *[(part, ground, PART) for part in ("edge",) for ground in ("ground", "surface", "raised")],
    ("signal", "alert", PART),
    *[(layer, "figure", PART) for layer in ("pain", "numbness", "tingling", "allodynia", "ink")],
]


@pytest.mark.parametrize("theme", ["light", "dark", "room"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast(theme: str, front: str, back: str, least: float) -> None:
    colours: dict[str, Any] = themes()[theme]
    assert contrast(colours[front], colours[back]) >= least


def test_the_device_dark_and_the_chosen_dark_are_one() -> None:
    found = themes()
    assert found["device"] == found["dark"]
    assert set(found["light"]) == set(found["dark"]) == set(found["room"])


def test_only_tokens_name_colours() -> None:
    for sheet in ("components.css", "pages.css"):
        assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b", (CSS / sheet).read_text())


def test_every_component_name_in_a_template_has_an_icon_in_the_sprite() -> None:
    source = CSS.parents[2]
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (CSS.parent / "icons/lucide.svg").read_text()))
    used = {
        name for template in source.rglob("*.html") for name in re.findall(r'{% icon "([\w-]+)"', template.read_text())
    }
    assert used
    assert used <= sprite
