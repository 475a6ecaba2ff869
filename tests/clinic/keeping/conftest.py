"""A data folder on disk, as a practice has it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from tautband.clinic.keeping import sealed
from tautband.clinic.people.models import Client, Member

PASSPHRASE = "seven herons over the weir"


@pytest.fixture(autouse=True)
def quick_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow key is not under test, except where its cost is."""
    monkeypatch.setattr(sealed, "SCRYPT_N", 1 << 4)


@pytest.fixture
def keep(tmp_path: Path) -> Callable[[], Path]:
    """Write the test database and what lies beside it into a folder."""

    def keep() -> Path:
        home = tmp_path / "practice"
        (home / "media" / "aa").mkdir(parents=True, exist_ok=True)
        (home / "media" / "aa" / "posture.png").write_bytes(bytes(range(256)) * 5000)
        (home / "secret.key").write_text("k" * 64)
        (home / "tautband.sqlite3").write_bytes(connection.connection.serialize())
        return home

    return keep


@pytest.fixture
def home(keep: Callable[[], Path], owner: Member, maras_client: Client) -> Path:
    """A data folder with one practice and one client."""
    return keep()
