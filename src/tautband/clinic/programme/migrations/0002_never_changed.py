"""The database itself refuses to change or delete a programme, a diary word, a day, a look or a wish.

The demo practice can be removed with everybody in it.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "What was written into the record is never changed or deleted. Write a new version."
TABLES = ("programmeversion", "diaryword", "daynote", "looked", "reminderwish")
OF_DEMO = "EXISTS (SELECT 1 FROM people_client c WHERE c.id = OLD.client_id AND c.demo)"


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    made = []
    for table in TABLES:
        name = f"programme_{table}"
        made.append(f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} {refuse}")
        made.append(f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} WHEN NOT {OF_DEMO} {refuse}")
    return made


def _postgresql() -> list[str]:
    made = [
        f"""CREATE FUNCTION programme_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
        # A condition of a PostgreSQL trigger may hold no query, so the exception for the demo is in the function.
        f"""CREATE FUNCTION programme_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF {OF_DEMO} THEN RETURN OLD; END IF; RAISE EXCEPTION '{REFUSAL}'; END $$""",
    ]
    for table in TABLES:
        name = f"programme_{table}"
        made += [
            f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION programme_refuse()",
            f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION programme_kept()",
        ]
    return made


def protect(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers of this database."""
    for statement in _postgresql() if editor.connection.vendor == "postgresql" else _sqlite():
        editor.execute(statement)


def unprotect(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop them."""
    on = editor.connection.vendor == "postgresql"
    for table in TABLES:
        name = f"programme_{table}"
        for what in ("no_update", "no_delete"):
            editor.execute(f"DROP TRIGGER {name}_{what}{f' ON {name}' if on else ''}")
    if on:
        editor.execute("DROP FUNCTION programme_refuse(), programme_kept()")


class Migration(migrations.Migration):
    """Rows of this room are only ever added."""

    dependencies = [("programme", "0001_initial")]
    operations = [migrations.RunPython(protect, unprotect)]
