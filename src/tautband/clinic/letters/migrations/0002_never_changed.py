"""The database itself refuses to change or delete a letter's versions, a signed letter, or how it was sent.

The demo practice can be removed with everybody in it. After signing, no further version can be added.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "What was written into the record is never changed or deleted. Write a new letter."
TOO_LATE = "This letter is signed. Write a new one."
# table -> id of the letter a row belongs to
TABLES = {
    "letterversion": "OLD.letter_id",
    "signedletter": "OLD.letter_id",
    "sending": "(SELECT letter_id FROM letters_signedletter WHERE id = OLD.letter_id)",
}
SIGNED = "EXISTS (SELECT 1 FROM letters_signedletter s WHERE s.letter_id = NEW.letter_id)"


def _of_demo(letter: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM letters_letter l JOIN charts_visit v ON v.id = l.visit_id "
        f"JOIN people_client c ON c.id = v.client_id WHERE l.id = {letter} AND c.demo)"
    )


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    made = [
        "CREATE TRIGGER letters_signed_stays BEFORE INSERT ON letters_letterversion "
        f"WHEN {SIGNED} BEGIN SELECT RAISE(ABORT, '{TOO_LATE}'); END"
    ]
    for table, letter in TABLES.items():
        name = f"letters_{table}"
        made.append(f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} {refuse}")
        made.append(f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} WHEN NOT {_of_demo(letter)} {refuse}")
    return made


def _postgresql() -> list[str]:
    made = [
        f"""CREATE FUNCTION letters_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
        f"""CREATE FUNCTION letters_signed_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF {SIGNED} THEN RAISE EXCEPTION '{TOO_LATE}'; END IF; RETURN NEW; END $$""",
        "CREATE TRIGGER letters_signed_stays BEFORE INSERT ON letters_letterversion "
        "FOR EACH ROW EXECUTE FUNCTION letters_signed_stays()",
    ]
    for table, letter in TABLES.items():
        name = f"letters_{table}"
        made += [
            # A condition of a PostgreSQL trigger may hold no query, so the exception for the demo is in the function.
            f"""CREATE FUNCTION {name}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF {_of_demo(letter)} THEN RETURN OLD; END IF; RAISE EXCEPTION '{REFUSAL}'; END $$""",
            f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION letters_refuse()",
            f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION {name}_kept()",
        ]
    return made


def _off(vendor: str) -> list[str]:
    tables = [f"letters_{table}" for table in TABLES]
    named = [(f"{table}_no_{verb}", table) for table in tables for verb in ("update", "delete")]
    named.append(("letters_signed_stays", "letters_letterversion"))
    if vendor == "sqlite":
        return [f"DROP TRIGGER {name}" for name, _ in named]
    functions = ["letters_refuse", "letters_signed_stays", *(f"{table}_kept" for table in tables)]
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

    dependencies = [("letters", "0001_initial")]
    operations = [migrations.RunPython(close, reopen)]
