"""The one portable form of a record: the SQLite file. A record in PostgreSQL is written as one, and read back from one.

So there is one kind of backup, and a practice can move from a laptop to a server and back. No Django here but in the
program that makes the form (`form`), and no program of PostgreSQL's: rows are read and written a few at a time, and
every row is compared before the copy counts.

A copy is made of every table that the migrations make, under the same migrations, but for `LEFT_OUT`. Guards, which
would refuse rows that were right when they came, are off in the copy until all rows are in, and nowhere else.
"""

import contextlib
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any
from uuid import UUID

import tautband
from tautband.clinic.audit.files import NotARecord
from tautband.clinic.audit.served import Served, driver, in_words, server
from tautband.clinic.keeping import form
from tautband.clinic.keeping.proof import DATABASE, Proof, prove_served
from tautband.clinic.vault.files import ERRORS, connect
from tautband.clinic.vault.key import SETTING

LEFT_OUT = frozenset({"django_session", "usersessions_usersession", "tautband_cache"})
"""What passes: who is signed in where, and counts for rate limits. Everybody signs in again after a restore."""
PRACTICE = ("people_practice", "people_user", "people_client", "audit_auditevent")
"""A database with a row in one of these holds a practice."""


class NotCopied(RuntimeError):
    """Nothing was copied; the message says why and what to do."""


# --- Tables and values --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A type of PostgreSQL. `of_file` reads what SQLite keeps, `to_file` is what SQLite is given; None never comes."""

    of_file: Callable[[Any], Any]
    to_file: Callable[[Any], Any]
    same: Callable[[Any], Any] = lambda value: value


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _meaning(text: str) -> Any:
    """JSON by its meaning: the server orders keys anew and writes numbers in another way."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


_plain = Kind(lambda value: value, lambda value: value)
KINDS = {
    "bigint": _plain,
    "integer": _plain,
    "smallint": _plain,
    "double precision": _plain,
    "text": _plain,
    "character varying": _plain,
    "boolean": Kind(bool, int),
    "uuid": Kind(UUID, lambda value: value.hex),
    "timestamp with time zone": Kind(_moment, lambda value: str(value.astimezone(UTC).replace(tzinfo=None))),
    "date": Kind(date.fromisoformat, str),
    "time without time zone": Kind(time.fromisoformat, str),
    "jsonb": Kind(str, str, same=_meaning),
    "bytea": Kind(bytes, bytes),
}


@dataclass(frozen=True)
class Table:
    """A table that is in the file and on the server. `counts` names its column that counts up, if one does."""

    name: str
    columns: tuple[str, ...]
    kinds: tuple[Kind, ...]
    types: tuple[str, ...]
    key: str
    counts: str | None

    def of_file(self, row: Iterable[Any]) -> list[Any]:
        """Values of a row of the file, as Python has them."""
        return [None if value is None else kind.of_file(value) for kind, value in zip(self.kinds, row, strict=True)]

    def to_file(self, row: Iterable[Any]) -> list[Any]:
        """Values of a row of the server, as the file keeps them."""
        return [None if value is None else kind.to_file(value) for kind, value in zip(self.kinds, row, strict=True)]

    def same(self, row: Iterable[Any]) -> list[Any]:
        """What must be equal on both sides."""
        return [None if value is None else kind.same(value) for kind, value in zip(self.kinds, row, strict=True)]

    @property
    def from_file(self) -> str:
        """The question for all rows of the file, by key."""
        return f"SELECT {_listed(self.columns)} FROM {_quoted(self.name)} ORDER BY {_quoted(self.key)}"  # noqa: S608 - names of the form, quoted

    @property
    def from_server(self) -> str:
        """The same for the server, whose JSON is taken as text and whose words are ordered by their signs."""
        asked = [
            _quoted(name) + ("::text" if kind == "jsonb" else "")
            for name, kind in zip(self.columns, self.types, strict=True)
        ]
        by_signs = ' COLLATE "C"' if self.types[self.columns.index(self.key)] in ("text", "character varying") else ""
        return f"SELECT {', '.join(asked)} FROM {_quoted(self.name)} ORDER BY {_quoted(self.key)}{by_signs}"  # noqa: S608 - the same


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(_quoted, names))


COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL),
       pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
"""


def tables(file: Any, served: Any) -> list[Table]:
    """The tables to copy: all of the file. Raises NotCopied when the server has another form."""
    there: dict[str, dict[str, tuple[str, bool]]] = {}
    for table, column, kind, counts in served.execute(COLUMNS):
        there.setdefault(table, {})[column] = (kind, counts)
    names = file.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return [_table(file, name, there.get(name, {})) for (name,) in sorted(names) if name not in LEFT_OUT]


def _table(file: Any, name: str, there: dict[str, tuple[str, bool]]) -> Table:
    found = file.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
    columns = tuple(row[1] for row in found)
    keys = [row[1] for row in found if row[5]]
    if set(columns) != set(there) or len(keys) != 1:
        raise NotCopied(f"The table {name} has another form in PostgreSQL than in the file.")
    types = tuple(there[column][0] for column in columns)
    strange = [f"{name}.{column} ({kind})" for column, kind in zip(columns, types, strict=True) if kind not in KINDS]
    if strange:
        raise NotCopied(f"It is not known how to copy {strange[0]}.")
    counting = next((column for column in columns if there[column][1]), None)
    return Table(name, columns, tuple(KINDS[kind] for kind in types), types, keys[0], counting)


def _compare(table: Table, file: Any, served: Served) -> None:
    """Every row, read again from both sides. Raises NotCopied at the first that differs."""
    ours = map(table.of_file, file.execute(table.from_file))
    for one, other in zip_longest(ours, served.execute(table.from_server)):
        if one is None or other is None or table.same(one) != table.same(other):
            place = table.columns.index(table.key)
            key = (one or other or ())[place]
            raise NotCopied(f"A row of {table.name} ({key}) is not the same in PostgreSQL and in the file.")


# --- The form -----------------------------------------------------------------------------------------------------


def _make_form(applied: list[tuple[str, str]], work: Path, address: str = "") -> None:
    """Make the form of these migrations on a server, or as a fresh file in the folder `work`. Raises NotCopied."""
    environment = {name: value for name, value in os.environ.items() if name not in (SETTING, "TAUTBAND_DATABASE")}
    environment |= {"TAUTBAND_HOME": str(work)} | ({"TAUTBAND_DATABASE": address} if address else {})
    command = [sys.executable, "-m", form.__name__]
    done = subprocess.run(command, input=json.dumps(applied), env=environment, capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip().rpartition("\n")[2]
        raise NotCopied(f"The form of the record cannot be made: {said.rstrip('.')}.")


def form_name(applied: list[tuple[str, str]]) -> str:
    """The name under which a made form is kept: it changes with the migrations and with what they say."""
    digest = hashlib.sha256(json.dumps([tautband.__version__, sorted(applied)]).encode())
    for file in sorted(Path(form.__file__).parents[1].glob("*/migrations/*.py")):
        digest.update(file.read_bytes())
    return f"form-{digest.hexdigest()[:16]}.sqlite3"


def _form(applied: list[tuple[str, str]], near: Path) -> Path:
    """An empty record of this form. It takes seconds to make, so the last one is kept in the folder `near`."""
    kept = near / form_name(applied)
    if not kept.is_file():
        with tempfile.TemporaryDirectory(prefix=".form-", dir=near) as work:
            _make_form(applied, Path(work))
            with contextlib.closing(sqlite3.connect(Path(work) / DATABASE)) as fresh:
                fresh.execute("PRAGMA journal_mode=DELETE").fetchone()
            for old in near.glob("form-*.sqlite3"):
                old.unlink()
            (Path(work) / DATABASE).rename(kept)
    return kept


def _applied(connection: Any) -> list[tuple[str, str]]:
    return sorted((app, name) for app, name in connection.execute("SELECT app, name FROM django_migrations"))


def _triggers(file: Any) -> list[tuple[str, str]]:
    return sorted(file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())


# --- From the server into a file ----------------------------------------------------------------------------------


def write_file(address: str, target: Path, near: Path) -> None:
    """Write one moment of a record in PostgreSQL as a fresh SQLite file, private, on the disk when this returns.

    near  the data folder, where the empty form is kept

    Others write on meanwhile. Raises NotCopied; what is in the file then is of no use.
    """
    target.touch(mode=0o600)
    try:
        with server(address, read_only=True) as connection, connection.transaction():
            served = Served(connection)
            if served.one("SELECT to_regclass('django_migrations')") is None:
                raise NotCopied("The PostgreSQL database holds no record of Tautband.")
            target.write_bytes(_form(_applied(served), near).read_bytes())
            with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as file:
                file.execute("PRAGMA synchronous=OFF")  # nobody reads it yet; it is brought to the disk as a whole
                _fill_file(served, file)
    except NotARecord as error:
        raise NotCopied(str(error)) from error
    except driver().Error as error:
        raise NotCopied(f"The record in PostgreSQL cannot be read: {in_words(error)}.") from error
    except ERRORS as error:
        raise NotCopied(f"The file cannot be written: {error}.") from error
    with target.open("rb+") as handle:
        os.fsync(handle.fileno())


def _fill_file(served: Served, file: Any) -> None:
    file.execute("BEGIN")
    guards = _triggers(file)
    for name, _ in guards:
        file.execute(f"DROP TRIGGER {_quoted(name)}")
    to_copy = tables(file, served)
    for table in to_copy:
        file.execute(f"DELETE FROM {_quoted(table.name)}")  # noqa: S608 - what making the form left
        marks = ", ".join("?" * len(table.columns))
        file.executemany(
            f"INSERT INTO {_quoted(table.name)} ({_listed(table.columns)}) VALUES ({marks})",  # noqa: S608 - names of the form
            map(table.to_file, served.execute(table.from_server)),
        )
        if table.counts:
            _count_on_in_file(served, file, table)
    for _, sql in guards:
        file.execute(sql)
    file.execute("COMMIT")
    if _triggers(file) != guards:
        raise NotCopied("The guards of the file are not what they were.")
    for table in to_copy:
        _compare(table, file, served)


def _count_on_in_file(served: Served, file: Any, table: Table) -> None:
    """No number that was given is given again, not even when its row is gone."""
    sequence = served.one("SELECT pg_get_serial_sequence(%s, %s)", (_quoted(table.name), table.counts))
    last, used = next(served.execute(f"SELECT last_value, is_called FROM {sequence}"))  # noqa: S608 - its own name
    file.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
    if used:
        file.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, last))


# --- From a file onto the server ----------------------------------------------------------------------------------


@contextlib.contextmanager
def loaded(file: Path, address: str) -> Iterator[Proof]:
    """Put the record of a file into an empty PostgreSQL database, and prove it there.

    The rows are kept when the block ends well: until then, and after a kill or an error, there are none. Raises
    NotCopied when the database holds a practice, when the forms differ, or when a row cannot be kept there.
    """
    try:
        with (
            contextlib.closing(connect(file, read_only=True)) as source,
            server(address, read_only=False) as connection,
        ):
            _refuse_a_practice(connection)
            _form_of_server(connection, address, _applied(source))
            with connection.transaction():
                yield _fill_server(source, connection)
    except NotARecord as error:
        raise NotCopied(str(error)) from error
    except driver().Error as error:
        raise NotCopied(f"PostgreSQL did not take the record: {in_words(error)}.") from error


def _form_of_server(connection: Any, address: str, wanted: list[tuple[str, str]]) -> None:
    fresh = connection.execute("SELECT to_regclass('django_migrations')").fetchone()[0] is None
    if fresh or _applied(connection) != wanted:
        with tempfile.TemporaryDirectory(prefix="tautband-form-") as work:
            _make_form(wanted, Path(work), address)


def _refuse_a_practice(connection: Any) -> None:
    for name in PRACTICE:
        if connection.execute("SELECT to_regclass(%s)", (name,)).fetchone()[0] is None:
            continue
        if connection.execute(f"SELECT EXISTS (SELECT 1 FROM {name})").fetchone()[0]:  # noqa: S608 - fixed names
            raise NotCopied(
                "The PostgreSQL database holds a practice already. A restore never writes over one: make an empty "
                "database, name it in TAUTBAND_DATABASE, and restore into that."
            )


def _fill_server(source: Any, connection: Any) -> Proof:
    to_copy = tables(source, connection)
    connection.execute("SET CONSTRAINTS ALL DEFERRED")
    for table in to_copy:
        # Locks the table against writers too, until the end.
        connection.execute(f"ALTER TABLE {_quoted(table.name)} DISABLE TRIGGER USER")
    _refuse_a_practice(connection)
    for table in to_copy:
        connection.execute(f"DELETE FROM {_quoted(table.name)}")  # noqa: S608 - what making the form left
    for table in to_copy:
        _fill_table(table, source, connection)
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")  # every reference is looked at now
    served = Served(connection)
    for table in to_copy:
        connection.execute(f"ALTER TABLE {_quoted(table.name)} ENABLE TRIGGER USER")
        _compare(table, source, served)
    proof = prove_served(served)
    if proof.trouble:
        raise NotCopied(f"The record is not whole in PostgreSQL: {'; '.join(proof.trouble[:3])}.")
    return proof


def _fill_table(table: Table, source: Any, connection: Any) -> None:
    try:
        with connection.cursor().copy(f"COPY {_quoted(table.name)} ({_listed(table.columns)}) FROM STDIN") as copy:
            for row in source.execute(table.from_file):
                copy.write_row(table.of_file(row))
    except driver().DataError as error:
        raise NotCopied(f"PostgreSQL cannot keep a row of {table.name}: {in_words(error)}.") from error
    if table.counts is None:
        return
    key = (_quoted(table.name), table.counts)
    (most,) = source.execute(f"SELECT max({_quoted(table.counts)}) FROM {_quoted(table.name)}").fetchone()  # noqa: S608 - names of the form
    given = source.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)).fetchone()
    last = max(most or 0, given[0] if given else 0)
    if last:
        connection.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", (*key, last))
