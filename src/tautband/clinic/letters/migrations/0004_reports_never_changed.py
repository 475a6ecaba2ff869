"""The database refuses to change or delete a version of a case report or a signed one; the demo goes as a whole."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "What was written into the record is never changed or deleted. Write a new report."
TOO_LATE = "This report is signed. Write a new one."
TABLES = ("letters_reportversion", "letters_signedreport")
OF_DEMO = (
    "EXISTS (SELECT 1 FROM letters_report r JOIN episodes_episode e ON e.id = r.episode_id "
    "JOIN people_client c ON c.id = e.client_id WHERE r.id = OLD.report_id AND c.demo)"
)
SIGNED = "EXISTS (SELECT 1 FROM letters_signedreport s WHERE s.report_id = NEW.report_id)"


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    made = [
        "CREATE TRIGGER letters_report_stays BEFORE INSERT ON letters_reportversion "
        f"WHEN {SIGNED} BEGIN SELECT RAISE(ABORT, '{TOO_LATE}'); END"
    ]
    for name in TABLES:
        made.append(f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} {refuse}")
        made.append(f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} WHEN NOT {OF_DEMO} {refuse}")
    return made


def _postgresql() -> list[str]:
    made = [
        f"""CREATE FUNCTION letters_report_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF {SIGNED} THEN RAISE EXCEPTION '{TOO_LATE}'; END IF; RETURN NEW; END $$""",
        f"""CREATE FUNCTION letters_report_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' AND {OF_DEMO} THEN RETURN OLD; END IF; RAISE EXCEPTION '{REFUSAL}'; END $$""",
        "CREATE TRIGGER letters_report_stays BEFORE INSERT ON letters_reportversion "
        "FOR EACH ROW EXECUTE FUNCTION letters_report_stays()",
    ]
    made += [
        f"CREATE TRIGGER {name}_kept BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW "
        "EXECUTE FUNCTION letters_report_kept()"
        for name in TABLES
    ]
    return made


def _off(vendor: str) -> list[str]:
    if vendor == "sqlite":
        names = ["letters_report_stays", *(f"{t}_no_{verb}" for t in TABLES for verb in ("update", "delete"))]
        return [f"DROP TRIGGER {name}" for name in names]
    return [
        "DROP TRIGGER letters_report_stays ON letters_reportversion",
        *(f"DROP TRIGGER {name}_kept ON {name}" for name in TABLES),
        "DROP FUNCTION letters_report_stays(), letters_report_kept()",
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

    dependencies = [("letters", "0003_case_reports")]
    operations = [migrations.RunPython(close, reopen)]
