"""The restore drill: a backup that nobody has restored is a hope. What goes wrong leaves all as it was."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tautband.cli.main import main
from tautband.clinic.keeping import backup as module
from tautband.clinic.keeping.backup import BackupFailed, RestoreFailed, backup, restore, try_restore
from tautband.clinic.keeping.sealed import WeakPassphrase
from tautband.clinic.people.models import Client

PASSPHRASE = "seven herons over the weir"


pytestmark = pytest.mark.embedded


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but backups and made-anew static files; the database by its rows."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(("backups/", "static/")):
            found[name] = rows(path) if name == "tautband.sqlite3" else path.read_bytes()
    return found


def rows(file: Path) -> bytes:
    connection = sqlite3.connect(file)
    try:
        return "\n".join(connection.iterdump()).encode()
    finally:
        connection.close()


@pytest.fixture
def file(home: Path, tmp_path: Path) -> Path:
    """A backup on another disk."""
    return backup(home, PASSPHRASE, tmp_path / "stick")


def test_the_drill(home: Path, file: Path, maras_client: Client) -> None:
    before = contents(home)
    with sqlite3.connect(home / "tautband.sqlite3") as forger:
        forger.execute("DELETE FROM people_careteam")
    forger.close()
    proof, old = restore(file, PASSPHRASE, home)
    assert contents(home) == before
    assert (proof.charts, proof.trouble) == (2, ())
    assert old is not None
    assert contents(old) != before  # the broken folder is kept
    assert not [path for path in home.parent.iterdir() if ".restoring-" in path.name]


def test_nothing_readable_is_in_the_file(file: Path, maras_client: Client) -> None:
    content = file.read_bytes()
    for secret in (maras_client.name.encode(), b"SQLite format 3", b"k" * 64, PASSPHRASE.encode()):
        assert secret not in content
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_writer_may_go_on_while_a_backup_is_made(home: Path, tmp_path: Path) -> None:
    writer = sqlite3.connect(home / "tautband.sqlite3")
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("CREATE TABLE going_on (n)")
    writer.execute("INSERT INTO going_on VALUES (1)")
    writer.commit()
    writer.execute("INSERT INTO going_on VALUES (2)")  # not committed, so not in the backup
    file = backup(home, PASSPHRASE, tmp_path / "stick")
    writer.close()
    restore(file, PASSPHRASE, tmp_path / "new")
    assert b"VALUES(1)" in rows(tmp_path / "new" / "tautband.sqlite3")
    assert b"VALUES(2)" not in rows(tmp_path / "new" / "tautband.sqlite3")


def damaged(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Ways a file comes back from a bad disk or a forger."""
    yield "cut to nothing", b""
    yield "cut in the first line", content[:40]
    yield "cut after the first line", content[: content.index(b"\n") + 1]
    yield "cut in the middle", content[: len(content) // 2]
    yield "cut by one sign", content[:-1]
    yield "longer by one sign", content + b"x"
    for place in (5, 60, 200, len(content) // 2, len(content) - 3):
        yield f"changed at {place}", content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    yield "another file", b"SQLite format 3\x00" + b"\x00" * 4000


def test_every_damaged_file_is_refused_and_replaces_nothing(home: Path, file: Path) -> None:
    before, content = contents(home), file.read_bytes()
    for what, bad in damaged(content):
        file.write_bytes(bad)
        with pytest.raises(RestoreFailed, match="Nothing was replaced") as refusal:
            restore(file, PASSPHRASE, home)
        assert "Traceback" not in str(refusal.value), what
        assert contents(home) == before, what
    assert not [path for path in home.parent.iterdir() if "restor" in path.name]


def test_pieces_cannot_be_swapped_or_left_out(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tautband.clinic.keeping.sealed.PIECE", 1000)
    file = backup(home, PASSPHRASE, tmp_path / "stick")
    head, _, rest = file.read_bytes().partition(b"\n")
    pieces = []
    while rest:
        size = 4 + int.from_bytes(rest[:4], "big")
        pieces.append(rest[:size])
        rest = rest[size:]
    assert len(pieces) > 10
    for forged in (
        [*pieces[:3], pieces[4], pieces[3], *pieces[5:]],
        [*pieces[:3], *pieces[4:]],
        pieces[:-1],
        [*pieces[:3], pieces[-1]],
    ):
        file.write_bytes(head + b"\n" + b"".join(forged))
        with pytest.raises(RestoreFailed):
            try_restore(file, PASSPHRASE, home)


def test_a_wrong_passphrase_says_so(home: Path, file: Path) -> None:
    with pytest.raises(RestoreFailed, match="passphrase does not open"):
        restore(file, "seven herons over the wier", home)
    with pytest.raises(WeakPassphrase, match="12 signs"):
        backup(home, "short")


def test_a_broken_record_is_not_put_in_place(home: Path, tmp_path: Path) -> None:
    with sqlite3.connect(home / "tautband.sqlite3") as forger:
        forger.execute("DROP TRIGGER audit_no_update")
        forger.execute("UPDATE audit_auditevent SET by_name = 'Somebody'")
    forger.close()
    file = backup(home, PASSPHRASE, tmp_path / "stick")
    with pytest.raises(RestoreFailed, match="not whole"):
        restore(file, PASSPHRASE, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_nothing_is_replaced_under_an_open_server(home: Path, file: Path) -> None:
    server = sqlite3.connect(home / "tautband.sqlite3")
    server.execute("PRAGMA journal_mode=WAL")
    server.execute("SELECT count(*) FROM people_client").fetchone()
    try:
        with pytest.raises(RestoreFailed, match="Close it"):
            restore(file, PASSPHRASE, home)
    finally:
        server.close()
    restore(file, PASSPHRASE, home)


def run_python(code: str, home: Path) -> subprocess.CompletedProcess[str]:
    head = "import resource, signal, os, sys; from pathlib import Path\n"
    head += "from tautband.clinic.keeping import backup as m, sealed; sealed.SCRYPT_N = 16\n"
    given = f"home, words = Path({str(home)!r}), {PASSPHRASE!r}\n"
    return subprocess.run(
        [sys.executable, "-c", head + given + code], capture_output=True, text=True, check=False, timeout=240
    )


def test_a_full_disk_leaves_earlier_backups_and_no_half_one(home: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    earlier = backup(home, PASSPHRASE, stick)
    content = earlier.read_bytes()
    full = run_python(
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        f"m.backup(home, words, Path({str(stick)!r}))",
        home,
    )
    assert "BackupFailed" in full.stderr
    assert "Earlier backups are untouched" in full.stderr
    assert list(stick.iterdir()) == [earlier]
    assert earlier.read_bytes() == content
    assert not list(home.glob(".backup-*"))


@pytest.mark.parametrize("moment", ["_check_manifest", "prove", "_nobody_uses", "_swap"])
def test_killed_in_the_middle_of_a_restore_the_old_folder_stands(home: Path, file: Path, moment: str) -> None:
    before = contents(home)
    killed = run_python(
        f"m.{moment} = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\nm.restore(Path({str(file)!r}), words, home)",
        home,
    )
    assert killed.returncode == -signal.SIGKILL
    assert contents(home) == before
    restore(file, PASSPHRASE, home)  # and the next try succeeds
    assert contents(home) == before


def test_killed_in_the_middle_of_a_backup_there_is_no_file_to_mistake_for_one(home: Path, tmp_path: Path) -> None:
    killed = run_python(
        "from tautband.clinic.keeping.sealed import SealedWriter as w\n"
        "w.finish = lambda self: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"m.backup(home, words, Path({str(tmp_path / 'stick')!r}))",
        home,
    )
    assert killed.returncode == -signal.SIGKILL
    assert not list((tmp_path / "stick").glob("*.tautband"))


def test_the_oldest_go_when_there_are_enough(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEEP", 2)
    made = [backup(home, PASSPHRASE, tmp_path / "stick") for _ in range(4)]
    (tmp_path / "stick" / "holiday.jpg").touch()
    assert sorted((tmp_path / "stick").glob("*.tautband")) == made[2:]


def test_an_empty_folder_has_nothing_to_keep(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="no record"):
        backup(tmp_path, PASSPHRASE)


# --- The commands -------------------------------------------------------------------------------------------------


def test_backup_and_restore_by_command(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = tmp_path / "words"
    words.write_text(PASSPHRASE + "\n")
    assert main(["backup", "--home", str(home), "--passphrase-file", str(words)]) == 0
    said = capsys.readouterr()
    file = said.out.strip()
    assert "Restored and proved: 2 charts" in said.err
    assert main(["restore", file, "--home", str(home), "--prove", "--passphrase-file", str(words)]) == 0
    new = tmp_path / "new"
    assert main(["restore", file, "--home", str(new), "--passphrase-file", str(words)]) == 0
    assert contents(new) == contents(home)
    assert main(["verify", "--home", str(new)]) == 0


def test_the_commands_say_what_to_do(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "words").write_text("another sentence altogether")
    file = backup(home, PASSPHRASE, tmp_path / "stick")
    assert main(["restore", str(file), "--home", str(home), "--passphrase-file", str(tmp_path / "words")]) == 2
    assert "does not open" in capsys.readouterr().err
    assert main(["backup", "--home", str(home), "--passphrase-file", str(tmp_path / "none")]) == 2
    assert main(["restore", str(tmp_path / "none"), "--passphrase-file", str(tmp_path / "words")]) == 2


def test_beside_postgresql_an_old_file_is_not_taken_for_the_record(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = tmp_path / "words"
    words.write_text(PASSPHRASE + "\n")
    monkeypatch.setenv("TAUTBAND_DATABASE", "postgresql://mara:heron@127.0.0.1:1/clinic")
    for command in (["backup", "--passphrase-file", str(words)], ["verify"]):
        assert main([*command, "--home", str(home)]) == 2
        said = capsys.readouterr().err
        assert "server cannot be asked" in said
        assert "heron" not in said
    assert main(["vault", "close", "--home", str(home)]) == 2
    assert "only a file is closed" in capsys.readouterr().err


def test_a_key_costs_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    from tautband.clinic.keeping import sealed

    assert sealed.SCRYPT_N * sealed.SCRYPT_R * 128 >= 128 * 1024 * 1024  # bytes of memory for each guess


UPGRADE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tautband.clinic.project.settings"
django.setup()
from django.core.management import call_command
from tautband.clinic.keeping.upgrade import copy_if_form_changes
assert copy_if_form_changes() is None
call_command("migrate", "people", verbosity=0)
print(copy_if_form_changes())
call_command("migrate", verbosity=0)
assert copy_if_form_changes() is None
"""


def test_an_upgrade_of_a_folder_with_records_keeps_a_copy_first(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", UPGRADE],
        env={**os.environ, "TAUTBAND_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    (kept,) = (tmp_path / "backups").iterdir()
    assert str(kept) == done.stdout.strip()
    assert b"people_client" in rows(kept)
    assert b"treatments_signednote" not in rows(kept)


def test_what_a_killed_backup_left_unsealed_is_swept_away(home: Path, tmp_path: Path) -> None:
    left = home / ".backup-abc"
    left.mkdir()
    (left / "tautband.sqlite3").touch()
    os.utime(left, (0, 0))
    backup(home, PASSPHRASE, tmp_path / "stick")
    assert not left.exists()
