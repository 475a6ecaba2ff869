"""PostgreSQL empties a table past its row triggers with TRUNCATE; that is refused too. SQLite has no such command."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def close(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the trigger in place."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_auditevent "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )


def reopen(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take it away; only for going back to an empty schema."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER audit_no_truncate ON audit_auditevent")


class Migration(migrations.Migration):
    """A trigger against TRUNCATE."""

    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunPython(close, reopen)]
