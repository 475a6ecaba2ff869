"""Tampering with a real SQLite file, as somebody with the disk in hand would: each way is found, and named."""

import json
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from tautband.cli.main import main
from tautband.clinic.audit import chain, heads
from tautband.clinic.audit.files import charts, entries, opened, verify_file
from tautband.clinic.audit.log import head_now, verify_all
from tautband.clinic.people import actions
from tautband.clinic.people.models import Client, Member

pytestmark = pytest.mark.embedded


@pytest.fixture
def file(tmp_path: Path, owner: Member, maras_client: Client) -> Path:
    """A record on disk: a practice, and a client whose chart holds six entries."""
    for number in range(5):
        stored = Client.objects.get(pk=maras_client.pk)
        actions.change_client(by=owner, client=stored, version=stored.version, phone=f"012 {number}")
    copy = tmp_path / "tautband.sqlite3"
    copy.write_bytes(connection.connection.serialize())
    return copy


def verify(file: Path, *more: str) -> int:
    return main(["verify", "--file", str(file), *more])


def tamper(file: Path, *statements: str) -> None:
    """Change the file past its guards, and put the guards back as a careful forger would."""
    with sqlite3.connect(file) as forger:
        guards = forger.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'")
        kept = guards.fetchall()
        for name, _ in kept:
            forger.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            forger.execute(statement)
        for _, sql in kept:
            forger.execute(sql)
    forger.close()


def seal_anew(file: Path) -> None:
    """Compute every seal again, so that the chain fits in itself."""
    with opened(file) as reader:
        chains = {chart: list(entries(reader, chart)) for chart in charts(reader)}
    forger = sqlite3.connect(file)
    with forger:
        for name in ("audit_no_update", "audit_no_delete"):
            forger.execute(f"DROP TRIGGER {name}")
        for chart, old in chains.items():
            previous = chain.GENESIS
            for entry in old:
                fresh = chain.Entry(**{**vars(entry), "previous": previous, "seal": ""})
                seal = chain.seal(fresh)
                forger.execute(
                    "UPDATE audit_auditevent SET hash = ?, previous_hash = ? WHERE chart = ? AND number = ?",
                    (seal, previous, chart, entry.number),
                )
                previous = seal
    forger.close()


CLIENTS = "chart LIKE 'client/%'"
SWAP = "UPDATE audit_auditevent SET number = CASE number WHEN 2 THEN 30 WHEN 3 THEN 2 END WHERE number IN (2, 3) AND "


def test_a_whole_record_is_whole_and_both_readers_agree(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(file) == 0
    assert "The record is whole: 2 charts, 7 entries." in capsys.readouterr().err
    with opened(file) as reader:
        assert verify_file(reader) == verify_all()


@pytest.mark.parametrize(
    ("forgery", "entry"),
    [
        ([f"UPDATE audit_auditevent SET by_name = 'Somebody' WHERE number = 3 AND {CLIENTS}"], 3),
        ([f"UPDATE audit_auditevent SET details = '{{}}' WHERE number = 6 AND {CLIENTS}"], 6),
        ([f"UPDATE audit_auditevent SET at = '2020-01-01 00:00:00' WHERE number = 2 AND {CLIENTS}"], 2),
        ([f"DELETE FROM audit_auditevent WHERE number = 4 AND {CLIENTS}"], 5),
        ([f"DELETE FROM audit_auditevent WHERE number = 1 AND {CLIENTS}"], 2),
        ([SWAP + CLIENTS, f"UPDATE audit_auditevent SET number = 3 WHERE number = 30 AND {CLIENTS}"], 2),
    ],
    ids=["changed", "newest changed", "back-dated", "deleted", "first deleted", "reordered"],
)
def test_a_forged_entry_is_named(
    file: Path, forgery: list[str], entry: int, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(file, *forgery)
    assert verify(file, "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert not found["whole"]
    assert [broken["entry"] for broken in found["broken"]] == [entry]


def kept_head(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, str]:
    """The head as somebody keeps it: the file outside, the digest on paper."""
    outside = tmp_path / "outside.json"
    assert verify(file, "--head", str(outside)) == 0
    return outside, capsys.readouterr().err.rsplit(":", 1)[1].strip()


@pytest.mark.parametrize(
    ("forgery", "entry", "why"),
    [
        (f"DELETE FROM audit_auditevent WHERE number > 4 AND {CLIENTS}", 5, "is gone"),
        (f"DELETE FROM audit_auditevent WHERE {CLIENTS}", 1, "is gone"),
        (f"UPDATE audit_auditevent SET by_name = 'X' WHERE number = 2 AND {CLIENTS}", 6, "written anew"),
    ],
    ids=["end cut off", "whole chart cut off", "rewritten and sealed again"],
)
def test_what_a_chain_alone_cannot_see_a_head_kept_outside_does(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], forgery: str, entry: int, why: str
) -> None:
    head, paper = kept_head(file, tmp_path, capsys)
    assert verify(file, "--against", str(head), "--digest", paper) == 0
    tamper(file, forgery)
    seal_anew(file)
    capsys.readouterr()
    with opened(file) as reader:
        assert all(verdict.intact for verdict in verify_file(reader))  # from inside nothing shows
    assert verify(file, "--against", str(head), "--digest", paper) == 1
    said = capsys.readouterr().out
    assert f"entry {entry}: " in said
    assert why in said


def test_an_entry_added_later_cannot_be_dated_before_the_head(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, _ = kept_head(file, tmp_path, capsys)
    long_ago = (datetime.now(UTC) - timedelta(days=400)).strftime("%Y-%m-%d %H:%M:%S")
    columns = "chart, number, verb, target, by, by_name, at, details, request_digest, previous_hash, hash"
    values = f"chart, 7, 'note.signed', target, by, by_name, '{long_ago}', '{{}}', '', hash, ''"
    rows = f"SELECT {values} FROM audit_auditevent WHERE number = 6 AND {CLIENTS}"
    tamper(file, f"INSERT INTO audit_auditevent ({columns}) {rows}")
    seal_anew(file)
    assert verify(file, "--against", str(head)) == 1
    assert "entry 7: came after the head but is dated before it" in capsys.readouterr().out


def test_a_head_that_was_changed_or_replaced_is_refused(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, paper = kept_head(file, tmp_path, capsys)
    head.write_text(head.read_text().replace('"at": "20', '"at": "19'))
    assert verify(file, "--against", str(head)) == 2
    assert "changed after it was written" in capsys.readouterr().err
    other = heads.Head("2026-01-01T00:00:00+00:00", {})
    head.write_text(other.as_text())
    assert verify(file, "--against", str(head), "--digest", paper) == 2
    assert verify(file, "--digest", paper) == 2
    head.write_text("[]")
    assert verify(file, "--against", str(head)) == 2


def test_missing_guards_show(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(file) as forger:
        forger.execute("DROP TRIGGER audit_no_update")
    forger.close()
    assert verify(file) == 1
    assert "guards against changing the log are gone: audit_no_update" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["missing", "no database", "half"])
def test_a_damaged_file_is_said_with_the_last_good_backup(
    file: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    content = file.read_bytes()
    (file.parent / "backups").mkdir()
    (file.parent / "backups" / "of-yesterday.tautband").write_bytes(b"")
    file.unlink()
    if damage != "missing":
        file.write_bytes(b"nothing of the kind" * 100 if damage == "no database" else content[: len(content) // 2])
    assert verify(file) == 2
    assert "of-yesterday.tautband" in capsys.readouterr().err


def test_the_head_of_a_day_is_kept_once_and_whole(tmp_path: Path) -> None:
    folder = tmp_path / "heads"
    morning = heads.Head("2026-11-22T08:00:00+00:00", {"practice": (1, "a" * 64)})
    file = heads.keep_daily(folder, morning)
    assert heads.keep_daily(folder, heads.Head("2026-11-22T18:00:00+00:00", {})) == file
    assert heads.read_head(file.read_text()) == morning
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [found.name for found in folder.iterdir()] == [file.name]


def test_reading_changes_nothing(file: Path) -> None:
    before = file.read_bytes()
    verify(file)
    assert file.read_bytes() == before


def test_a_verdict_counts_the_same_for_everybody(file: Path) -> None:
    with opened(file) as reader:
        head = heads.head_of(entries(reader, chart) for chart in charts(reader))
        assert head.ends == heads.head_of(reversed([list(entries(reader, c)) for c in charts(reader)])).ends
        assert head_now().ends == head.ends
        assert all(heads.compare(head, chart, entries(reader, chart)).intact for chart in charts(reader))
