"""Reading the log straight from PostgreSQL, without Django, by the same functions as from a file (`audit.files`)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

from tautband.clinic.audit.files import NotARecord

GUARDS = frozenset({"audit_no_change", "audit_no_truncate"})
AT_ONCE = 500  # rows in memory
_numbers = count(1)


class Served:
    """A connection of psycopg inside a transaction, asked as a SQLite one is."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows, read from the server a few at a time. Placeholders are question marks."""
        with self.connection.cursor(name=f"tautband_{next(_numbers)}") as cursor:
            cursor.itersize = AT_ONCE
            cursor.execute(sql.replace("?", "%s"), values)
            yield from cursor

    def one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first column of the only row."""
        return self.connection.execute(sql, values).fetchone()[0]


def driver() -> Any:
    """The module that speaks with PostgreSQL. Raises NotARecord without the extra `postgres`."""
    try:
        import psycopg
    except ImportError:
        raise NotARecord(
            'A record in PostgreSQL needs the extra "postgres", which is not installed. Install it with: '
            'pip install "tautband[postgres]" .'
        ) from None
    return psycopg


@contextmanager
def server(address: str, *, read_only: bool) -> Iterator[Any]:
    """A connection to the server, without a transaction yet; times are in UTC.

    address    postgresql://..., or what libpq takes instead
    read_only  every transaction sees one moment and can change nothing

    Raises NotARecord when the server cannot be reached.
    """
    psycopg = driver()
    try:
        connection = psycopg.connect(address, autocommit=True, application_name="tautband keeping")
    except psycopg.Error as error:
        raise NotARecord(f"The PostgreSQL server cannot be asked: {in_words(error)}.") from None
    try:
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute("SET DateStyle = 'ISO'")
        if read_only:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
        yield connection
    finally:
        connection.close()


@contextmanager
def opened_server(address: str) -> Iterator[Served]:
    """One moment of a record in PostgreSQL, for reading only. Raises NotARecord."""
    with server(address, read_only=True) as connection:
        try:
            with connection.transaction():
                if connection.execute("SELECT to_regclass('audit_auditevent')").fetchone()[0] is None:
                    raise NotARecord("The PostgreSQL database holds no record of Tautband.")
                yield Served(connection)
        except driver().Error as error:
            raise NotARecord(f"The PostgreSQL database cannot be read as a record: {in_words(error)}.") from error


def damage_served(served: Served) -> list[str]:
    """What is wrong with the database itself: guards of the log that are gone or switched off. Empty when nothing."""
    there = {
        name
        for (name,) in served.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_auditevent'::regclass "
            "AND NOT tgisinternal AND tgenabled IN ('O', 'A')"
        )
    }
    missing = sorted(GUARDS - there)
    return [f"the guards against changing the log are gone: {', '.join(missing)}"] if missing else []


def in_words(error: Exception) -> str:
    """What the server said, in one line and without the rows it was said about."""
    diagnosis = getattr(error, "diag", None)
    words = (diagnosis and diagnosis.message_primary) or str(error)
    return " ".join(words.split()).rstrip(".")
