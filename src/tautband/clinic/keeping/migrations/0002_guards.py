"""The database lets a client's record go only through an erasure that the log knows and no hold forbids.

Every room's guards spare the rows of demo clients alone, and `treatments_demo_stays` sees that nobody becomes one. An
open row of `keeping_erasure` is the one thing that lets a client pass there, for as long as it is open; so the guards
of all rooms, those of later ones too, are opened for this one client by this one row. And that row is refused while a
hold stands, or when the client's chain has no entry about it.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FIXED = "A demo client stays a demo client, and a real one stays real."
HELD = "A legal hold stands: nothing of this client is erased."
SILENT = "An erasure begins with its entry in the log."
STAYS = "What was erased, and when, stays written down."

OPEN = "EXISTS (SELECT 1 FROM keeping_erasure e WHERE e.erased = OLD.id AND e.done_at IS NULL)"
IS_HELD = "EXISTS (SELECT 1 FROM keeping_hold h WHERE h.client_id = NEW.erased AND h.released_at IS NULL)"
IS_SILENT = (
    "(NEW.done_at IS NOT NULL OR NOT EXISTS "
    "(SELECT 1 FROM audit_auditevent a WHERE a.chart = NEW.chart AND a.verb = 'chart.erased'))"
)
CHANGED = (
    "(OLD.done_at IS NOT NULL OR NEW.done_at IS NULL OR NEW.id <> OLD.id OR NEW.erased <> OLD.erased "
    "OR NEW.chart <> OLD.chart OR NEW.at <> OLD.at OR NEW.by_name <> OLD.by_name)"
)


def _abort(text: str) -> str:
    return f"BEGIN SELECT RAISE(ABORT, '{text}'); END"


SQLITE = [
    "DROP TRIGGER treatments_demo_stays",
    "CREATE TRIGGER treatments_demo_stays BEFORE UPDATE OF demo ON people_client "
    f"WHEN NEW.demo IS NOT OLD.demo AND NOT {OPEN} {_abort(FIXED)}",
    f"CREATE TRIGGER keeping_held BEFORE INSERT ON keeping_erasure WHEN {IS_HELD} {_abort(HELD)}",
    f"CREATE TRIGGER keeping_silent BEFORE INSERT ON keeping_erasure WHEN {IS_SILENT} {_abort(SILENT)}",
    f"CREATE TRIGGER keeping_no_update BEFORE UPDATE ON keeping_erasure WHEN {CHANGED} {_abort(STAYS)}",
    f"CREATE TRIGGER keeping_no_delete BEFORE DELETE ON keeping_erasure {_abort(STAYS)}",
]
SQLITE_OFF = [
    "DROP TRIGGER treatments_demo_stays",
    "CREATE TRIGGER treatments_demo_stays BEFORE UPDATE OF demo ON people_client "
    f"WHEN NEW.demo IS NOT OLD.demo {_abort(FIXED)}",
    *(f"DROP TRIGGER keeping_{name}" for name in ("held", "silent", "no_update", "no_delete")),
]


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


POSTGRESQL = [
    _function("treatments_demo_stays", f"IF {OPEN} THEN RETURN NEW; END IF; RAISE EXCEPTION '{FIXED}';"),
    _function(
        "keeping_may_begin",
        f"IF {IS_HELD} THEN RAISE EXCEPTION '{HELD}'; END IF; "
        f"IF {IS_SILENT} THEN RAISE EXCEPTION '{SILENT}'; END IF; RETURN NEW;",
    ),
    _function(
        "keeping_stays", f"IF TG_OP = 'UPDATE' AND NOT {CHANGED} THEN RETURN NEW; END IF; RAISE EXCEPTION '{STAYS}';"
    ),
    "CREATE TRIGGER keeping_may_begin BEFORE INSERT ON keeping_erasure "
    "FOR EACH ROW EXECUTE FUNCTION keeping_may_begin()",
    "CREATE TRIGGER keeping_no_update BEFORE UPDATE ON keeping_erasure FOR EACH ROW EXECUTE FUNCTION keeping_stays()",
    "CREATE TRIGGER keeping_no_delete BEFORE DELETE ON keeping_erasure FOR EACH ROW EXECUTE FUNCTION keeping_stays()",
]
POSTGRESQL_OFF = [
    _function("treatments_demo_stays", f"RAISE EXCEPTION '{FIXED}';"),
    *(f"DROP TRIGGER keeping_{name} ON keeping_erasure" for name in ("may_begin", "no_update", "no_delete")),
    "DROP FUNCTION keeping_may_begin()",
    "DROP FUNCTION keeping_stays()",
]


def close(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the guards in place."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[editor.connection.vendor]:
        editor.execute(statement)


def reopen(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away; only for going back to an empty schema."""
    for statement in {"sqlite": SQLITE_OFF, "postgresql": POSTGRESQL_OFF}[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    """Holds forbid, erasures are logged and stay."""

    dependencies = [
        ("keeping", "0001_initial"),
        ("audit", "0002_append_only"),
        ("treatments", "0002_never_changed"),
    ]
    operations = [migrations.RunPython(close, reopen)]
