"""Second signatures under a note. The database refuses to change or delete one; the demo goes as a whole."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "What was signed is never changed or deleted."
OF_DEMO = (
    "EXISTS (SELECT 1 FROM treatments_signednote n JOIN charts_visit v ON v.id = n.visit_id "
    "JOIN people_client c ON c.id = v.client_id WHERE n.id = OLD.note_id AND c.demo)"
)
ABORT = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
SQLITE = [
    f"CREATE TRIGGER treatments_cosignature_no_update BEFORE UPDATE ON treatments_cosignature {ABORT}",
    "CREATE TRIGGER treatments_cosignature_no_delete BEFORE DELETE ON treatments_cosignature "
    f"WHEN NOT {OF_DEMO} {ABORT}",
]
POSTGRESQL = [
    f"""CREATE FUNCTION treatments_cosignature_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' AND {OF_DEMO} THEN RETURN OLD; END IF; RAISE EXCEPTION '{REFUSAL}'; END $$""",
    "CREATE TRIGGER treatments_cosignature_stays BEFORE UPDATE OR DELETE ON treatments_cosignature "
    "FOR EACH ROW EXECUTE FUNCTION treatments_cosignature_kept()",
]
SQLITE_OFF = [f"DROP TRIGGER treatments_cosignature_no_{verb}" for verb in ("update", "delete")]
POSTGRESQL_OFF = [
    "DROP TRIGGER treatments_cosignature_stays ON treatments_cosignature",
    "DROP FUNCTION treatments_cosignature_kept()",
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
    """The table and its guards."""

    dependencies = [
        ("people", "0002_roles_locations_and_settings"),
        ("treatments", "0003_own_ways"),
    ]

    operations = [
        migrations.CreateModel(
            name="CoSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("corrections", models.PositiveIntegerField(help_text="How many corrections had been written then.")),
                ("hash", models.CharField(max_length=64)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.member"
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cosignatures",
                        to="treatments.signednote",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "constraints": [models.UniqueConstraint(fields=("note", "by"), name="cosigned_once")],
            },
        ),
        migrations.RunPython(close, reopen),
    ]
