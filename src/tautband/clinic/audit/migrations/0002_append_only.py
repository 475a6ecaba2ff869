"""The database itself refuses to change or delete an audit event.

On SQLite `INSERT OR REPLACE` deletes silently unless `recursive_triggers` is on; the settings turn it on.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "The audit log is append-only."

SQLITE = [
    f"""CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit_auditevent
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""
    for verb in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
    """CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
]
SQLITE_OFF = ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"]
POSTGRESQL_OFF = ["DROP TRIGGER audit_no_change ON audit_auditevent", "DROP FUNCTION audit_refuse()"]


def _run(editor: BaseDatabaseSchemaEditor, statements: dict[str, list[str]]) -> None:
    for statement in statements[editor.connection.vendor]:
        editor.execute(statement)


def close(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    _run(editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def reopen(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away; only for going back to an empty schema."""
    _run(editor, {"sqlite": SQLITE_OFF, "postgresql": POSTGRESQL_OFF})


class Migration(migrations.Migration):
    """Triggers against UPDATE and DELETE."""

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(close, reopen)]
