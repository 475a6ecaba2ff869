"""Reading the log straight from a SQLite file, without Django: for `tautband verify`, backups and damaged folders."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tautband.clinic.audit.chain import Entry, Verdict, check
from tautband.clinic.vault.files import DATABASE_ERRORS, connect

TRIGGERS = frozenset({"audit_no_update", "audit_no_delete"})
COLUMNS = (
    'chart, number, verb, target, "by", by_name, at, details, idempotency_key, request_digest, previous_hash, hash'
)


class NotARecord(ValueError):
    """The file is missing, damaged, or no database of Tautband; the message says which."""


@contextmanager
def opened(file: Path) -> Iterator[Any]:
    """Open a database, plain or closed, for reading only.

    Raises NotARecord when it is missing, damaged or not ours, VaultNotOpen when its passphrase is missing or wrong.
    """
    if not file.is_file():
        raise NotARecord(f"There is no record at {file}.")
    connection = connect(file, read_only=True, timeout_s=20)
    try:
        yield connection
    except DATABASE_ERRORS as error:
        raise NotARecord(f"{file} cannot be read as a record: {error}.") from error
    finally:
        connection.close()


def charts(connection: Any) -> list[str]:
    """The charts that have a chain, sorted."""
    return sorted(row[0] for row in connection.execute("SELECT DISTINCT chart FROM audit_auditevent"))


def entries(connection: Any, chart: str) -> Iterator[Entry]:
    """The entries of one chart, in order."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM audit_auditevent WHERE chart = ? ORDER BY number, id",  # noqa: S608 - fixed columns
        (chart,),
    )
    for chart_, number, verb, target, by, by_name, at, details, key, digest, previous, seal in rows:
        yield Entry(
            chart=chart_,
            number=number,
            verb=verb,
            target=target,
            by=by,
            by_name=by_name,
            at=_time(at),
            details=details,
            key=key or "",
            digest=digest,
            previous=previous,
            seal=seal,
        )


def verify_file(connection: Any) -> list[Verdict]:
    """Check every chain of a database file, in one transaction."""
    connection.execute("BEGIN")
    try:
        return verify_open(connection)
    finally:
        connection.rollback()


def verify_open(connection: Any) -> list[Verdict]:
    """Check every chain of an open record; for one moment of it, the caller holds a transaction."""
    return [check(chart, entries(connection, chart)) for chart in charts(connection)]


def damage(connection: Any) -> list[str]:
    """What is wrong with the file itself: damaged pages, dangling references, missing triggers. Empty when nothing."""
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
    found += [f"a row of {row[0]} refers to nothing" for row in connection.execute("PRAGMA foreign_key_check")][:5]
    there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    missing = sorted(TRIGGERS - there)
    if missing:
        found.append(f"the guards against changing the log are gone: {', '.join(missing)}")
    return found


def _time(stored: str | datetime) -> str:
    """Django stores UTC without its name; the seal is over ISO 8601 with microseconds. Unreadable stays as it is."""
    if isinstance(stored, datetime):  # PostgreSQL knows the zone
        return stored.astimezone(UTC).isoformat(timespec="microseconds")
    try:
        return datetime.fromisoformat(stored).replace(tzinfo=UTC).isoformat(timespec="microseconds")
    except (ValueError, TypeError):
        return str(stored)
