"""Before a newer version changes the form of a record, a copy of it is kept."""

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tautband.clinic.keeping.backup import copy_before_upgrade
from tautband.clinic.keeping.place import address
from tautband.clinic.keeping.proof import DATABASE


def copy_if_form_changes() -> Path | None:
    """Keep a copy when a database with records in it has migrations to come. Raises BackupFailed without room.

    A record in PostgreSQL is kept as a file too, in the form it has before.
    """
    if connection.vendor == "sqlite" and not (Path(settings.HOME) / DATABASE).is_file():
        return None
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan or not executor.loader.applied_migrations:
        return None
    return copy_before_upgrade(Path(settings.HOME), address())
