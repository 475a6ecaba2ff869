"""A record moves from the file into PostgreSQL and back by a backup, and every row arrives: read by Django on each."""

import contextlib
import signal
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, connections, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Value
from django.urls import reverse
from postgres import fresh_postgresql

from tautband.cli.main import main
from tautband.clinic.charts.models import Visit
from tautband.clinic.keeping import daily, portable
from tautband.clinic.keeping.backup import BackupFailed, RestoreFailed, backup, copy_before_upgrade, restore
from tautband.clinic.people.models import Client, Member
from tautband.clinic.project.database import postgresql
from tautband.clinic.sealing.fields import SealedJSONField, SealedTextField
from tautband.clinic.sealing.keys import make_ring, read_ring, rotate
from tautband.clinic.vault.held import nobody_else

pytestmark = pytest.mark.embedded  # the other side is the server of this file

PASSPHRASE = "seven herons over the weir"
FILE = "tautband.sqlite3"
NOTES = {"treatments_signednote", "treatments_addendum", "treatments_cosignature"}
FORGED = {"audit_auditevent", "treatments_signednote"}  # forged rows would be found, and shall be

WORDS = ("", "Ünï “q” \u202e\u2028 \\N \\. \t\r\n'\";--%s ?", "0", "𝄞" * 300)
NUMBERS = {"BigAutoField": 2**40, "PositiveBigIntegerField": 2**53 + 1, "PositiveIntegerField": 2**31 - 1}
REALS = (0.1, -0.0, 5e-324, 1.7976931348623157e308)
JSONS = (
    Value(None, models.JSONField()),
    "",
    {"ü\n": [1.5, None, "", {"a": 12345678901234567890}], "b": 1e-7, "aa": True},
    [],
)
MOMENTS = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 59, 59, 1, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
)
DAYS = (date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29))
FITTING = {  # where a check of the table leaves less freedom
    "charts_elicitedreferral.side": "left",
    "charts_secondexamination.state": "present",
    "diary_appointment.start": MOMENTS[0],
    "diary_appointment.end": MOMENTS[1],
    "diary_block.start": MOMENTS[0],
    "diary_block.end": MOMENTS[1],
    "diary_calendarlink.client_id": None,
    "diary_service.minutes": 60,
    "django_tasks_database_dbtaskresult.priority": -7,
    "episodes_goal.state": "met",
    "intake_warned.urgency": "same_day",
    "diary_bookingrules.horizon_days": 30,
    "diary_bookingrules.late_percent": 100,
    "diary_bookingrules.missed_percent": 0,
    "portal_release.attachment_id": None,
    "programme_reminderwish.minute": 1439,
}
BYTES = (b"", bytes(range(256)), b"\\x00")


def odd(field: Any, n: int) -> Any:
    """The n-th odd value of a field."""
    kind = field.get_internal_type()
    fitting = FITTING.get(f"{field.model._meta.db_table}.{field.attname}", n)
    if fitting != n:
        return fitting
    if field.choices:
        return list(field.flatchoices)[n % len(field.flatchoices)][0]
    if isinstance(field, SealedTextField | SealedJSONField):
        return WORDS[n % 4]
    if kind in ("CharField", "TextField", "SlugField"):
        words = f"{n}{WORDS[n % 4]}" if field.unique or n > 3 else WORDS[n % 4]
        return words[: field.max_length] if field.max_length else words
    if kind == "JSONField":
        return JSONS[n % 4]
    return {
        "BooleanField": n % 2 == 0,
        "UUIDField": uuid.UUID(int=n if n < 2 else 2**128 - n),
        "DateTimeField": MOMENTS[n % 4],
        "DateField": DAYS[n % 3],
        "TimeField": time(23, 59, 59, 999999) if n % 2 else time(0, 0),
        "FloatField": REALS[n % 4],
        "BinaryField": BYTES[n % 3],
        "GenericIPAddressField": "::1",
        "PositiveSmallIntegerField": 32767 - n,
        "IntegerField": -(2**31) + n,
    }.get(kind, NUMBERS.get(kind, 2**31 - 1) - n)


def filled(model: Any, alias: str, rows: int = 4) -> None:
    """Odd rows of one table; what they refer to is whichever row is there. A row its checks forbid is left out."""
    for n in range(rows):
        values = {}
        for field in model._meta.concrete_fields:
            if field.remote_field:
                there = field.remote_field.model._base_manager.using(alias).order_by("pk").values_list("pk", flat=True)
                keys = list(there[:rows])
                values[field.attname] = None if (field.null and n == 2) or not keys else keys[n % len(keys)]
                if f"{model._meta.db_table}.{field.attname}" in FITTING:
                    values[field.attname] = None
            elif field.null and n == 1:
                values[field.attname] = None
            elif field.get_internal_type() == "AutoField":
                values[field.attname] = 2**31 - 1 - n
            else:
                values[field.attname] = odd(field, n)
        with contextlib.suppress(IntegrityError), transaction.atomic(using=alias):
            model._base_manager.using(alias).bulk_create([model(**values)])


@contextlib.contextmanager
def reading(settings_of: dict[str, Any]) -> Iterator[str]:
    """Another database under Django, by an alias."""
    alias = f"other-{uuid.uuid4()}"
    connections.databases[alias] = settings_of
    connections.configure_settings(connections.databases)
    connections[alias].connect()  # past the guard of the tests, which knows only those named beforehand
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


def of_file(file: Path) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": file}


def everything(alias: str) -> dict[str, list[Any]]:
    """Every row of every table as Django reads it, and which JSON is null inside and which outside."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table in portable.LEFT_OUT:
            continue
        rows = model._base_manager.using(alias).order_by("pk")
        found[table] = [
            [bytes(value) if isinstance(value, memoryview) else value for value in row] for row in rows.values_list()
        ]
        for field in model._meta.concrete_fields:
            if field.get_internal_type() == "JSONField":
                found[f"{table}.{field.name}"] = list(
                    rows.filter(**{f"{field.name}__isnull": True}).values_list("pk", flat=True)
                )
    return found


def form_of(file: Path) -> list[Any]:
    with contextlib.closing(sqlite3.connect(file)) as database:
        return database.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' "
            "AND name NOT LIKE 'tautband_cache%' ORDER BY 1, 2"
        ).fetchall()


# --- The server ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with fresh_postgresql() as address:
        yield address


def made(server: str, like: str = "template1") -> str:
    name = f"clinic_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="module")
def formed(server: str, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> str:
    """The name of a database that has the form, made once as a restore into an empty one makes it."""
    address = made(server)
    with django_db_blocker.unblock():
        applied = sorted(MigrationRecorder(connections["default"]).applied_migrations())
    portable._make_form(applied, tmp_path_factory.mktemp("form"), address)
    return urlsplit(address).path.strip("/")


@pytest.fixture
def database(server: str, formed: str) -> Callable[..., str]:
    """Make a database with the form and nothing in it, or an `empty` one."""
    return lambda empty=False: made(server) if empty else made(server, formed)


@pytest.fixture
def laptop(home: Path, visit: Visit) -> Path:
    """A data folder with a practice, and its empty form, which would take seconds to make."""
    (home / FILE).write_bytes(connections["default"].connection.serialize())
    return home


def near(place: Path, laptop: Path) -> Path:
    """Put the empty form into a data folder: the one of the tests' own database."""
    with contextlib.closing(sqlite3.connect(laptop / FILE)) as database:
        name = portable.form_name(portable._applied(database))
    (place / name).write_bytes((laptop / FILE).read_bytes())
    return place


def asked(address: str, sql: str) -> Any:
    with psycopg.connect(address) as connection:
        return connection.execute(sql).fetchone()[0]


# --- There and back -----------------------------------------------------------------------------------------------


def test_every_row_arrives_on_the_server_and_comes_back(
    laptop: Path, database: Callable[..., str], tmp_path: Path
) -> None:
    with contextlib.closing(sqlite3.connect(laptop / FILE)) as plain:
        guards = plain.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            plain.execute(f"DROP TRIGGER {name}")
        plain.commit()
        with reading(of_file(laptop / FILE)) as alias:
            todo = [m for m in apps.get_models(include_auto_created=True) if m._meta.db_table not in FORGED]
            for model in todo * 3:  # what is referred to comes in a later round
                if not model._base_manager.using(alias).exists():
                    filled(model, alias)
            before = everything(alias)
        for _, sql in guards:
            plain.execute(sql)
        plain.commit()
    assert {table for table, rows in before.items() if not rows and "." not in table} == NOTES

    address, clinic, back = database(), tmp_path / "clinic", tmp_path / "back"
    proof, old = restore(backup(laptop, PASSPHRASE, tmp_path / "stick"), PASSPHRASE, clinic, address=address)
    assert old is None
    assert not (clinic / FILE).exists()
    assert (clinic / "media" / "aa" / "posture.png").read_bytes() == (
        laptop / "media" / "aa" / "posture.png"
    ).read_bytes()
    with reading(postgresql(address)) as alias:
        there = everything(alias)
    assert {name for name in before if before[name] != there[name]} == set()

    again, _ = restore(backup(near(clinic, laptop), PASSPHRASE, address=address), PASSPHRASE, back)
    assert (again.charts, again.entries, again.head.ends) == (proof.charts, proof.entries, proof.head.ends)
    with reading(of_file(back / FILE)) as alias:
        returned = everything(alias)
    assert {name for name in before if before[name] != returned[name]} == set()
    assert form_of(back / FILE) == form_of(laptop / FILE)
    with psycopg.connect(address) as connection:
        for table in ("charts_story", "audit_auditevent"):
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            following = connection.execute(f"SELECT nextval({sequence}), (SELECT max(id) FROM {table})").fetchone()
            assert following[0] == following[1] + 1


# --- The guards ---------------------------------------------------------------------------------------------------


@pytest.fixture
def clinic(laptop: Path, database: Callable[..., str], tmp_path: Path) -> tuple[Path, str]:
    """The same practice on the server: its folder and its address."""
    address = database()
    restore(backup(laptop, PASSPHRASE, tmp_path / "stick"), PASSPHRASE, tmp_path / "clinic", address=address)
    return near(tmp_path / "clinic", laptop), address


def test_the_guards_hold_where_the_record_was_put(clinic: tuple[Path, str]) -> None:
    _, address = clinic
    for change in (
        "UPDATE audit_auditevent SET by_name = 'X'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent",
    ):
        with psycopg.connect(address) as connection, pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            connection.execute(change)
    assert asked(address, "SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'") == 0


def test_verify_reads_the_server_and_finds_what_was_changed(
    clinic: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    home, address = clinic
    monkeypatch.setenv("TAUTBAND_DATABASE", address)
    head = tmp_path / "head.json"
    assert main(["verify", "--home", str(home), "--head", str(head)]) == 0
    assert "The record is whole: 3 charts" in capsys.readouterr().err
    assert main(["verify", "--home", str(home), "--against", str(head)]) == 0
    with psycopg.connect(address) as forger:
        forger.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER audit_no_change")
        forger.execute("UPDATE audit_auditevent SET by_name = 'Somebody' WHERE number = 2")
    assert main(["verify", "--home", str(home)]) == 1
    said = capsys.readouterr().out
    assert "entry 2" in said
    assert "guards against changing the log are gone: audit_no_change" in said
    broken = backup(home, PASSPHRASE, tmp_path / "broken", address=address)
    with pytest.raises(RestoreFailed, match="not whole"):
        restore(broken, PASSPHRASE, tmp_path / "new")


# --- What is refused, and leaves nothing --------------------------------------------------------------------------


def nothing_in(address: str) -> bool:
    return all(
        asked(address, f"SELECT to_regclass('{table}')") is None or asked(address, f"SELECT count(*) FROM {table}") == 0
        for table in portable.PRACTICE
    )


def test_a_practice_is_never_written_over(clinic: tuple[Path, str], laptop: Path, tmp_path: Path) -> None:
    home, address = clinic
    before = asked(address, "SELECT count(*) FROM audit_auditevent")
    file = backup(laptop, PASSPHRASE, tmp_path / "stick")
    with pytest.raises(RestoreFailed, match=r"holds a practice already.* Nothing was replaced"):
        restore(file, PASSPHRASE, home, address=address)
    assert asked(address, "SELECT count(*) FROM audit_auditevent") == before
    assert (home / "secret.key").is_file()
    assert not [path for path in home.parent.iterdir() if "restor" in path.name]


def test_a_wrong_passphrase_and_a_record_of_a_newer_version(
    laptop: Path, database: Callable[..., str], tmp_path: Path
) -> None:
    address = database()
    file = backup(laptop, PASSPHRASE, tmp_path / "stick")
    with pytest.raises(RestoreFailed, match="passphrase does not open"):
        restore(file, "seven herons over the wier", tmp_path / "new", address=address)
    with sqlite3.connect(laptop / FILE) as newer:
        newer.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('people', '0999_later', '2030-01-01')"
        )
    newer.close()
    with pytest.raises(RestoreFailed, match=r"form of a newer version of Tautband .people.0999_later"):
        restore(backup(laptop, PASSPHRASE, tmp_path / "stick"), PASSPHRASE, tmp_path / "new", address=address)
    with sqlite3.connect(laptop / FILE) as older:
        older.execute("DELETE FROM django_migrations WHERE name = '0999_later' OR app = 'keeping'")
    older.close()
    with pytest.raises(RestoreFailed, match="Give it an empty database"):
        restore(backup(laptop, PASSPHRASE, tmp_path / "stick"), PASSPHRASE, tmp_path / "new", address=address)
    assert nothing_in(address)
    assert not (tmp_path / "new").exists()


def test_nothing_is_replaced_under_an_open_server(laptop: Path, database: Callable[..., str], tmp_path: Path) -> None:
    file, address, home = backup(laptop, PASSPHRASE, tmp_path / "stick"), database(), tmp_path / "clinic"
    home.mkdir()
    with nobody_else(home), pytest.raises(RestoreFailed, match="is open on"):
        restore(file, PASSPHRASE, home, address=address)
    assert nothing_in(address)


@pytest.mark.parametrize("words", ["a\x00b", '"\\u0000"'])
def test_what_postgresql_cannot_keep_is_named_and_nothing_is_kept(
    laptop: Path, database: Callable[..., str], tmp_path: Path, words: str
) -> None:
    address = database()
    with sqlite3.connect(laptop / FILE) as plain:
        if "u0000" in words:
            plain.execute("UPDATE people_practice SET languages = ?", (words,))
        else:
            plain.execute("UPDATE people_practice SET name = ?", (words,))
    plain.close()
    with pytest.raises(RestoreFailed, match=r"cannot keep a row of people_practice.* Nothing was replaced"):
        restore(backup(laptop, PASSPHRASE, tmp_path / "stick"), PASSPHRASE, tmp_path / "new", address=address)
    assert nothing_in(address)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("moment", ["portable._compare", "portable.prove_served", "backup._put_keys", "backup._sync"])
def test_killed_in_the_middle_there_is_no_row_and_the_next_try_succeeds(
    laptop: Path, database: Callable[..., str], tmp_path: Path, moment: str
) -> None:
    address, new = database(), tmp_path / "new"
    file = backup(laptop, PASSPHRASE, tmp_path / "stick")
    code = (
        "import os, signal\nfrom pathlib import Path\n"
        "from tautband.clinic.keeping import backup, portable, sealed\n"
        f"sealed.SCRYPT_N = 16\n{moment} = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"backup.restore(Path({str(file)!r}), {PASSPHRASE!r}, Path({str(new)!r}), address={address!r})"
    )
    killed = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=240, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert nothing_in(address)
    proof, _ = restore(file, PASSPHRASE, new, address=address)
    assert proof.trouble == ()
    assert asked(address, "SELECT count(*) FROM people_practice") == 1


def test_when_the_rows_cannot_be_kept_at_last_the_old_folder_is_back(
    laptop: Path, database: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, new = backup(laptop, PASSPHRASE, tmp_path / "stick"), tmp_path / "new"
    new.mkdir()
    (new / "mine").touch()

    @contextlib.contextmanager
    def gone(*_: Any) -> Iterator[None]:
        yield
        raise portable.NotCopied("The server went away.")

    monkeypatch.setattr("tautband.clinic.keeping.backup.loaded", gone)
    with pytest.raises(RestoreFailed, match=r"went away. Nothing was replaced"):
        restore(file, PASSPHRASE, new, address="postgresql://nowhere/none")
    assert (new / "mine").is_file()
    assert not [path for path in tmp_path.iterdir() if "restor" in path.name]


def test_what_cannot_be_backed_up_is_said(db: None, database: Callable[..., str], tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="not the data folder of this practice"):
        backup(tmp_path, PASSPHRASE, address="postgresql://db/clinic")
    (tmp_path / "secret.key").touch()
    with pytest.raises(BackupFailed, match="holds no record of Tautband"):
        backup(tmp_path, PASSPHRASE, address=database(empty=True))
    with pytest.raises(BackupFailed, match="cannot be asked") as refusal:
        backup(tmp_path, PASSPHRASE, address="postgresql://mara:heron@127.0.0.1:1/clinic")
    assert "heron" not in str(refusal.value)
    assert not list((tmp_path / "backups").iterdir())


# --- Beside the rows ----------------------------------------------------------------------------------------------


def test_others_write_on_while_one_moment_is_kept(
    clinic: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, address = clinic
    fill = portable._fill_file

    def with_a_writer(*given: Any) -> None:
        with psycopg.connect(address) as writer:
            writer.execute("UPDATE people_practice SET name = 'Later'")
        fill(*given)

    monkeypatch.setattr(portable, "_fill_file", with_a_writer)
    restore(backup(home, PASSPHRASE, address=address), PASSPHRASE, tmp_path / "new")
    with contextlib.closing(sqlite3.connect(tmp_path / "new" / FILE)) as kept:
        assert kept.execute("SELECT name FROM people_practice").fetchone() == ("Harbour Lane",)
    assert asked(address, "SELECT name FROM people_practice") == "Later"


def test_keys_in_another_place_are_in_the_backup_and_go_back_there(
    clinic: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, address = clinic
    shared = tmp_path / "shared.keys"
    ring = make_ring(shared)
    monkeypatch.setenv("TAUTBAND_SEALING_KEYS", str(shared))
    file = backup(home, PASSPHRASE, address=address)
    shared.unlink()
    other = rotate(shared)  # a computer that has made keys of its own meanwhile
    restore(file, PASSPHRASE, tmp_path / "new")
    assert dict(read_ring(shared).keys) == {**other.keys, **ring.keys}
    shared.unlink()
    restore(file, PASSPHRASE, tmp_path / "newer")
    assert dict(read_ring(shared).keys) == dict(ring.keys)


def test_uploads_that_lie_in_another_folder_are_counted(
    laptop: Path, daniels_client: Client, clinic: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    home, address = clinic
    here, there = (uuid.UUID(int=n << 120) for n in (1, 2))
    with psycopg.connect(address) as connection:
        for key in (here, there):
            connection.execute(
                "INSERT INTO attachments_attachment (id, client_id, kind, title, media_type, size_bytes, sha256, "
                "\"by\", by_name, at) VALUES (%s, %s, 'photo', '', 'image/png', 1, '', '', '', now())",
                (key, daniels_client.pk),
            )
    (home / "media" / "attachments" / "01").mkdir(parents=True)
    (home / "media" / "attachments" / "01" / f"{here}.sealed").touch()
    monkeypatch.setenv("TAUTBAND_DATABASE", address)
    words = home.parent / "words"
    words.write_text(PASSPHRASE)
    assert main(["backup", "--home", str(home), "--passphrase-file", str(words)]) == 0
    assert "1 uploads are not in" in capsys.readouterr().err


def test_the_page_and_every_day_keep_what_is_on_the_server(
    clinic: tuple[Path, str],
    owner: Member,
    browser_of: Callable[..., Any],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home, served = clinic
    with psycopg.connect(served) as connection:
        connection.execute("UPDATE people_practice SET name = 'On the server'")
    with reading(postgresql(served)) as alias:
        monkeypatch.setattr("tautband.clinic.keeping.place.connection", connections[alias])
        settings.HOME, settings.SEALING_KEYS = home, home / "sealing.keys"
        data = {"password": PASSPHRASE, "password_again": PASSPHRASE, "daily": "on"}
        assert browser_of(owner).post(reverse("keeping:backup"), data).status_code == 302
        daily.make()
    files = sorted((home / "backups").glob("*.tautband"))
    assert len(files) == 2
    for number, file in enumerate(files):
        new = home.parent / f"new{number}"
        restore(file, PASSPHRASE, new)
        with contextlib.closing(sqlite3.connect(new / FILE)) as kept:
            assert kept.execute("SELECT name FROM people_practice").fetchone() == ("On the server",)


def test_a_copy_before_an_upgrade_has_the_form_of_before(clinic: tuple[Path, str]) -> None:
    home, address = clinic
    kept = copy_before_upgrade(home, address)
    assert kept.stat().st_mode & 0o077 == 0
    with contextlib.closing(sqlite3.connect(kept)) as database:
        assert database.execute("SELECT name FROM people_practice").fetchone() == ("Harbour Lane",)
