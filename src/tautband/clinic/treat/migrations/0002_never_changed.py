"""The database itself refuses to change or delete a session or an event of its log.

The one exception is the demo practice, which can be removed with everybody in it.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# table -> how to find the row's visit
TABLES = {
    "session": "OLD.visit_id",
    "sessionevent": "(SELECT visit_id FROM treat_session WHERE id = OLD.session_id)",
}
REFUSAL = "What was logged at the table is never changed or deleted. Add what came after."


def _of_demo(visit: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM charts_visit v JOIN people_client c ON c.id = v.client_id "
        f"WHERE v.id = {visit} AND c.demo)"
    )


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    made = []
    for table, visit in TABLES.items():
        name = f"treat_{table}"
        made.append(f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} {refuse}")
        made.append(f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} WHEN NOT {_of_demo(visit)} {refuse}")
    return made


def _postgresql() -> list[str]:
    made = [
        f"""CREATE FUNCTION treat_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"""
    ]
    for table, visit in TABLES.items():
        name = f"treat_{table}"
        made.append(
            f"""CREATE FUNCTION {name}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF {_of_demo(visit)} THEN RETURN OLD; END IF; RAISE EXCEPTION '{REFUSAL}'; END $$"""
        )
        made.append(
            f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION treat_refuse()"
        )
        made.append(
            f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION {name}_kept()"
        )
    return made


def _off(vendor: str) -> list[str]:
    tables = [f"treat_{table}" for table in TABLES]
    named = [(f"{table}_no_{verb}", table) for table in tables for verb in ("update", "delete")]
    if vendor == "sqlite":
        return [f"DROP TRIGGER {name}" for name, _ in named]
    functions = ["treat_refuse", *(f"{table}_kept" for table in tables)]
    return [
        *(f"DROP TRIGGER {name} ON {table}" for name, table in named),
        *(f"DROP FUNCTION {name}()" for name in functions),
    ]


def close(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    for statement in {"sqlite": _sqlite, "postgresql": _postgresql}[editor.connection.vendor]():
        editor.execute(statement)


def reopen(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away; only for going back to an empty schema."""
    for statement in _off(editor.connection.vendor):
        editor.execute(statement)


class Migration(migrations.Migration):
    """Triggers against UPDATE and DELETE."""

    dependencies = [("treat", "0001_initial")]
    operations = [migrations.RunPython(close, reopen)]
