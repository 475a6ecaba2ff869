"""The database itself refuses to change or delete a plan, a consent, a note or a correction.

The one exception is the demo practice, which can be removed with everybody in it; so a client can neither become nor
stop being a demo client. After signing, no further note version can be added to a visit.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

VISIT = "SELECT visit_id FROM treatments_"
# table -> (short name, how to find the row's visit)
TABLES = {
    "planversion": "OLD.visit_id",
    "consent": f"({VISIT}planversion WHERE id = OLD.plan_id)",
    "noteversion": "OLD.visit_id",
    "signednote": "OLD.visit_id",
    "addendum": f"({VISIT}signednote WHERE id = OLD.note_id)",
}
REFUSAL = "What was written into the record is never changed or deleted. Add a correction."
TOO_LATE = "This note is signed. Add a correction."
FIXED = "A demo client stays a demo client, and a real one stays real."


def _of_demo(visit: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM charts_visit v JOIN people_client c ON c.id = v.client_id "
        f"WHERE v.id = {visit} AND c.demo)"
    )


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    made = []
    for table, visit in TABLES.items():
        name = f"treatments_{table}"
        made.append(f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} {refuse}")
        made.append(f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} WHEN NOT {_of_demo(visit)} {refuse}")
    made.append(
        "CREATE TRIGGER treatments_signed_stays BEFORE INSERT ON treatments_noteversion "
        "WHEN EXISTS (SELECT 1 FROM treatments_signednote s WHERE s.visit_id = NEW.visit_id) "
        f"BEGIN SELECT RAISE(ABORT, '{TOO_LATE}'); END"
    )
    made.append(
        "CREATE TRIGGER treatments_demo_stays BEFORE UPDATE OF demo ON people_client WHEN NEW.demo IS NOT OLD.demo "
        f"BEGIN SELECT RAISE(ABORT, '{FIXED}'); END"
    )
    return made


def _postgresql() -> list[str]:
    made = [
        f"""CREATE FUNCTION treatments_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
        f"""CREATE FUNCTION treatments_demo_stays() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{FIXED}'; END $$""",
        f"""CREATE FUNCTION treatments_signed_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (SELECT 1 FROM treatments_signednote s WHERE s.visit_id = NEW.visit_id) THEN
          RAISE EXCEPTION '{TOO_LATE}'; END IF; RETURN NEW; END $$""",
    ]
    for table, visit in TABLES.items():
        name = f"treatments_{table}"
        # A condition of a PostgreSQL trigger may hold no query, so the exception for the demo stands in the function.
        made.append(
            f"""CREATE FUNCTION {name}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF {_of_demo(visit)} THEN RETURN OLD; END IF; RAISE EXCEPTION '{REFUSAL}'; END $$"""
        )
        made.append(
            f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION treatments_refuse()"
        )
        made.append(
            f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION {name}_kept()"
        )
    made.append(
        "CREATE TRIGGER treatments_signed_stays BEFORE INSERT ON treatments_noteversion "
        "FOR EACH ROW EXECUTE FUNCTION treatments_signed_stays()"
    )
    made.append(
        "CREATE TRIGGER treatments_demo_stays BEFORE UPDATE OF demo ON people_client FOR EACH ROW "
        "WHEN (NEW.demo IS DISTINCT FROM OLD.demo) EXECUTE FUNCTION treatments_demo_stays()"
    )
    return made


def _off(vendor: str) -> list[str]:
    tables = [f"treatments_{table}" for table in TABLES]
    named = [(f"{table}_no_{verb}", table) for table in tables for verb in ("update", "delete")]
    named += [("treatments_signed_stays", "treatments_noteversion"), ("treatments_demo_stays", "people_client")]
    if vendor == "sqlite":
        return [f"DROP TRIGGER {name}" for name, _ in named]
    functions = [
        "treatments_refuse",
        "treatments_signed_stays",
        "treatments_demo_stays",
        *(f"{t}_kept" for t in tables),
    ]
    return [
        *(f"DROP TRIGGER {name} ON {table}" for name, table in named),
        *(f"DROP FUNCTION {name}()" for name in functions),
    ]


def close(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    made = {"sqlite": _sqlite, "postgresql": _postgresql}[editor.connection.vendor]()
    for statement in made:
        editor.execute(statement)


def reopen(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away; only for going back to an empty schema."""
    for statement in _off(editor.connection.vendor):
        editor.execute(statement)


class Migration(migrations.Migration):
    """Triggers against UPDATE and DELETE."""

    dependencies = [("treatments", "0001_initial")]
    operations = [migrations.RunPython(close, reopen)]
