"""The vault: the whole file is closed, everything else stays as it was, and no fault leaves half a record."""

import contextlib
import datetime
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db.utils import ConnectionHandler
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tautband.cli.main import main
from tautband.clinic.keeping.backup import (
    RestoreFailed,
    backup,
    copy_before_upgrade,
    erased_in,
    restore,
    try_restore,
)
from tautband.clinic.keeping.proof import prove
from tautband.clinic.people.models import Client
from tautband.clinic.project.database import sqlite
from tautband.clinic.project.home import HomeNotUsable
from tautband.clinic.vault import VaultNotOpen, files, key, turning
from tautband.clinic.vault.files import PLAIN, connect, is_closed, key_of
from tautband.clinic.vault.held import nobody_else
from tautband.clinic.vault.turning import close, open_up, plain_copies

OWN = "a kettle left on the quay"
OF_BACKUPS = "seven herons over the weir"

pytestmark = pytest.mark.embedded


@pytest.fixture(autouse=True)
def quick_and_forgetful(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A cheap key, nobody to ask, and nothing remembered from one test to the next."""
    monkeypatch.setattr(key, "SCRYPT_N", 1 << 4)
    monkeypatch.setattr(key, "_ask", [])
    monkeypatch.delenv(key.SETTING, raising=False)
    key.forget()
    yield
    key.forget()


def head(file: Path) -> bytes:
    return file.read_bytes()[:16]


def dump(home: Path) -> str:
    with sqlite3.connect(home / "tautband.sqlite3") as connection:
        text = "\n".join(sorted(connection.iterdump()))
    connection.close()
    return text


def everything(file: Path) -> dict[str, list[Any]]:
    """Every row of every table, plain or closed."""
    with contextlib.closing(connect(file, read_only=True, key=key_of(file))) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


@pytest.fixture
def closed(home: Path) -> Path:
    """A data folder whose record is closed; its passphrase is known to this process."""
    close(home, OWN)
    key.tell(OWN)
    return home


def test_what_was_written_comes_back_after_closing_and_opening(home: Path, maras_client: Client) -> None:
    before = dump(home)
    file = home / "tautband.sqlite3"
    assert maras_client.name.encode() in file.read_bytes()
    compared = close(home, OWN)
    assert compared > 50
    assert head(file) != PLAIN
    assert maras_client.name.encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    key.tell(OWN)
    assert prove(file).trouble == ()
    assert open_up(home) == compared
    assert head(file) == PLAIN
    assert dump(home) == before
    assert sorted(path.name for path in home.iterdir() if "turning" in path.name) == []


@hypothesis_settings(max_examples=25)
@given(
    rows=st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
            st.binary(),
            st.none() | st.integers(-(2**63), 2**63 - 1),
            st.floats(allow_nan=False),
        ),
        max_size=20,
    )
)
def test_any_row_survives_the_way_there_and_back(tmp_path_factory: pytest.TempPathFactory, rows: list[Any]) -> None:
    home = tmp_path_factory.mktemp("rows")
    with sqlite3.connect(home / "tautband.sqlite3") as connection:
        connection.execute("CREATE TABLE noted (words TEXT, bytes BLOB, number INTEGER, measure REAL)")
        connection.execute("CREATE TRIGGER guard BEFORE DELETE ON noted BEGIN SELECT RAISE(ABORT, 'stays'); END")
        connection.executemany("INSERT INTO noted VALUES (?, ?, ?, ?)", rows)
        connection.execute("PRAGMA user_version = 7")
    connection.close()
    before = dump(home)
    close(home, OWN)
    key.tell(OWN)
    there = connect(home / "tautband.sqlite3")
    assert [tuple(row) for row in there.execute("SELECT * FROM noted")] == rows
    there.close()
    open_up(home)
    assert dump(home) == before
    back = connect(home / "tautband.sqlite3")
    assert back.execute("PRAGMA user_version").fetchone() == (7,)
    back.close()


def test_django_reads_and_writes_as_before(tmp_path: Path, django_db_blocker: Any) -> None:
    key.tell(OWN)
    file = tmp_path / "tautband.sqlite3"
    values = [True, datetime.date(2026, 2, 28), datetime.datetime(2026, 2, 28, 23, 59, 59, 7), "50 % à", b"\0\1"]
    with django_db_blocker.unblock():
        connection = ConnectionHandler({"default": sqlite(file)})["default"]
        try:
            with connection.cursor() as cursor:
                cursor.execute("CREATE TABLE noted (yes bool, day date, at datetime, words text, bytes blob)")
                cursor.executemany("INSERT INTO noted VALUES (%s, %s, %s, %s, %s)", [values])
                cursor.execute("SELECT * FROM noted WHERE words = %(words)s", {"words": "50 % à"})
                assert list(cursor.fetchone()) == values
                cursor.execute("SELECT %s || '%%'", [Decimal("1.50")])
                assert cursor.fetchone() == ("1.50%",)
                found = {}
                for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "secure_delete"):
                    cursor.execute(f"PRAGMA {name}")
                    found[name] = cursor.fetchone()[0]
            assert found == {
                "journal_mode": "wal",
                "synchronous": 2,
                "foreign_keys": 1,
                "recursive_triggers": 1,
                "secure_delete": 1,
            }
            log = file.with_name(f"{file.name}-wal").read_bytes()
            assert log
            assert "50 % à".encode() not in log
        finally:
            connection.close()
    assert head(file) != PLAIN


@pytest.mark.parametrize("way", [close, open_up])
@pytest.mark.parametrize("step", ["_export", "_compare", "_to_disk"])
def test_a_fault_at_any_step_leaves_the_record(
    home: Path, monkeypatch: pytest.MonkeyPatch, step: str, way: Any
) -> None:
    if way is open_up:
        close(home, OWN)
        key.tell(OWN)
    file = home / "tautband.sqlite3"
    before = everything(file)
    real = getattr(turning, step)

    def full(*given: Any) -> None:
        real(*given)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(turning, step, full)
    with pytest.raises(VaultNotOpen, match="as it was"):
        way(home, OWN) if way is close else way(home)
    assert (head(file) == PLAIN) is (way is close)
    assert everything(file) == before
    assert not (home / turning.PART).exists()


def test_a_copy_that_differs_is_never_put_in_place(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = turning._export

    def wrong(source: Any, part: Path, made: str | None) -> None:
        real(source, part, made)
        forged = connect(part, key=made)
        forged.execute("UPDATE people_client SET name = 'Somebody'")
        forged.commit()
        forged.close()

    monkeypatch.setattr(turning, "_export", wrong)
    before = dump(home)
    with pytest.raises(VaultNotOpen, match="differs in people_client"):
        close(home, OWN)
    assert dump(home) == before


def test_killed_while_turning_it_is_whole_and_can_be_turned_again(home: Path) -> None:
    before = dump(home)
    code = (
        "import os, signal\nfrom pathlib import Path\nfrom tautband.clinic.vault import key, turning\n"
        "key.SCRYPT_N = 16\nturning._compare = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"turning.close(Path({str(home)!r}), {OWN!r})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=240)
    assert done.returncode == -signal.SIGKILL
    assert (home / turning.PART).exists()
    assert dump(home) == before
    close(home, OWN)
    assert not (home / turning.PART).exists()


def test_nothing_is_turned_while_somebody_has_it_open(home: Path) -> None:
    before = dump(home)
    with nobody_else(home), pytest.raises(VaultNotOpen, match="Close it"):
        close(home, OWN)
    code = (
        f"import sqlite3, sys\nworker = sqlite3.connect({str(home / 'tautband.sqlite3')!r})\n"
        "worker.execute('PRAGMA journal_mode=WAL').fetchone()\n"
        "worker.execute('SELECT count(*) FROM people_client').fetchone()\nprint('up', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdout
        assert worker.stdout.readline() == b"up\n"
        with pytest.raises(VaultNotOpen, match="such as a worker"):
            close(home, OWN)
        worker.communicate()
    assert dump(home) == before


def test_every_refusal_is_a_sentence_and_changes_nothing(
    closed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = closed / "tautband.sqlite3"
    before = file.read_bytes()

    def said(*words: str) -> str:
        assert main([*words, "--home", str(closed)]) == 2
        return capsys.readouterr().err

    key.forget()
    assert "Set TAUTBAND_VAULT" in said("verify")
    assert "is closed" in said("vault", "open")
    monkeypatch.setenv(key.SETTING, str(closed / "no-stick"))
    assert "Put the stick in" in said("verify")
    (closed / "stick").write_text("a kettle left on the quai\n")
    monkeypatch.setenv(key.SETTING, str(closed / "stick"))
    assert "passphrase does not open" in said("verify")
    assert "passphrase does not open" in said("vault", "open")
    assert "closed already" in said("vault", "close")
    (closed / "stick").write_text("\n")
    assert "is empty" in said("verify")
    (closed / "stick").write_text(OWN + "\r\n")
    monkeypatch.setattr(files, "sqlcipher", None)
    assert "pip install sqlcipher3-wheels" in said("verify")
    monkeypatch.undo()
    assert file.read_bytes() == before


def test_the_command_closes_says_and_opens(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = copy_before_upgrade(home)
    (home / "stick").write_text("short\n")
    monkeypatch.setenv(key.SETTING, str(home / "stick"))
    for status, words in (("open", "status"), (None, "close")):
        code = main(["vault", words, "--home", str(home)])
        out = capsys.readouterr()
        assert (code, out.out.strip()) == (0, status) if status else (code == 2 and "12 signs" in out.err)
    (home / "stick").write_text(f"{OWN}\n")
    with pytest.raises(HomeNotUsable, match="vault close"):
        sqlite(home / "tautband.sqlite3")
    assert main(["vault", "close", "--home", str(home)]) == 0
    assert str(copy) in capsys.readouterr().err
    assert sqlite(home / "tautband.sqlite3")["ENGINE"] == "tautband.clinic.vault.backend"
    assert main(["vault", "status", "--home", str(home)]) == 0
    assert capsys.readouterr().out == "closed\n"
    assert main(["verify", "--home", str(home)]) == 0
    assert main(["vault", "open", "--home", str(home)]) == 0
    assert not is_closed(home / "tautband.sqlite3")


def test_a_file_that_is_served_from_is_never_opened_past_its_driver(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To close it would take the locks of every connection of this process away."""
    file = closed / "tautband.sqlite3"
    sqlite(file)
    opened: list[Path] = []
    real = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *words, **more: opened.append(self) or real(self, *words, **more))
    copy_before_upgrade(closed)
    assert erased_in(file) == []
    assert opened
    assert file not in opened


def test_a_person_is_asked_once(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key.forget()
    asked: list[str] = []
    key.ask_with(lambda words: asked.append(words) or OWN)  # type: ignore[func-returns-value]
    prove(closed / "tautband.sqlite3")
    assert erased_in(closed / "tautband.sqlite3") == []
    assert len(asked) == 1


def test_backups_and_upgrade_copies_of_a_closed_record_stay_closed(
    closed: Path, tmp_path: Path, maras_client: Client
) -> None:
    copy = copy_before_upgrade(closed)
    assert head(copy) == head(closed / "tautband.sqlite3")
    assert plain_copies(closed) == []
    assert prove(copy).trouble == ()
    file = backup(closed, OF_BACKUPS, tmp_path / "stick")
    proof, _ = restore(file, OF_BACKUPS, tmp_path / "new")
    assert proof.trouble == ()
    assert is_closed(tmp_path / "new" / "tautband.sqlite3")
    key.forget()
    with pytest.raises(RestoreFailed, match="closed record, and the passphrase that closed it"):
        try_restore(file, OF_BACKUPS, closed)
    key.tell("a kettle left on the quai")
    with pytest.raises(RestoreFailed, match="does not open"):
        restore(file, OF_BACKUPS, closed)
    assert is_closed(closed / "tautband.sqlite3")


def test_a_lost_passphrase_does_not_hinder_restoring_an_older_plain_backup(home: Path, tmp_path: Path) -> None:
    file = backup(home, OF_BACKUPS, tmp_path / "stick")
    close(home, OWN)
    with nobody_else(home), pytest.raises(RestoreFailed, match="Close it"):
        restore(file, OF_BACKUPS, home)
    _, old = restore(file, OF_BACKUPS, home)
    assert old is not None
    assert is_closed(old / "tautband.sqlite3")
    assert not is_closed(home / "tautband.sqlite3")


def test_a_server_opens_a_closed_practice_and_no_other_way(tmp_path: Path) -> None:
    """Prepared from nothing by the real command, with the real cost of the key, then closed to everybody else."""
    home, stick = tmp_path / "home", tmp_path / "stick"
    stick.write_text(OWN)
    code = (
        "from tautband.cli.serve import open_workbench\nopen_workbench()\n"
        "from tautband.clinic.people import actions, models\n"
        "mara = actions.open_practice(practice_name='P', owner_name='Mara Quinn', login='mara',"
        " password='a violin in the rain')\n"
        "actions.create_client(by=mara, name='Ingrid Solheim')\n"
        "from django.test import Client\nbrowser = Client()\nbrowser.force_login(mara.user)\n"
        "print(browser.get('/clients/', headers={'host': 'localhost'}).status_code)\n"
    )
    settings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    settings |= {"TAUTBAND_HOME": str(home), "TAUTBAND_VAULT": str(stick)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=settings, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout == "200\n", done.stderr
    file = home / "tautband.sqlite3"
    assert head(file) != PLAIN
    assert b"Ingrid" not in file.read_bytes()
    del settings["TAUTBAND_VAULT"]
    refused = subprocess.run(
        [sys.executable, "-m", "tautband", "serve", "--no-browser"],
        env=settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
    assert "is closed. Set TAUTBAND_VAULT" in refused.stderr
