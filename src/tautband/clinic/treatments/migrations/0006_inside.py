"""Licences and signatures for work inside the body. The database refuses to change or delete a signature."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "What was signed is never changed or deleted. It can be taken back."
OF_DEMO = (
    "EXISTS (SELECT 1 FROM charts_visit v JOIN people_client c ON c.id = v.client_id "
    "WHERE v.id = OLD.visit_id AND c.demo)"
)
ABORT = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
TABLE = "treatments_insideconsent"
SQLITE = [
    f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} {ABORT}",
    f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} WHEN NOT {OF_DEMO} {ABORT}",
]
POSTGRESQL = [
    f"""CREATE FUNCTION {TABLE}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' AND {OF_DEMO} THEN RETURN OLD; END IF; RAISE EXCEPTION '{REFUSAL}'; END $$""",
    f"CREATE TRIGGER {TABLE}_stays BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_kept()",
]
SQLITE_OFF = [f"DROP TRIGGER {TABLE}_no_{verb}" for verb in ("update", "delete")]
POSTGRESQL_OFF = [f"DROP TRIGGER {TABLE}_stays ON {TABLE}", f"DROP FUNCTION {TABLE}_kept()"]


def close(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the guards in place."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[editor.connection.vendor]:
        editor.execute(statement)


def reopen(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away; only for going back to an empty schema."""
    for statement in {"sqlite": SQLITE_OFF, "postgresql": POSTGRESQL_OFF}[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    """The tables and their guards."""

    dependencies = [
        ("charts", "0005_home_drawing"),
        ("people", "0002_roles_locations_and_settings"),
        ("treatments", "0005_phrases_and_moves"),
    ]

    operations = [
        migrations.CreateModel(
            name="Licence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("issuer", models.CharField(max_length=160)),
                ("number", models.CharField(max_length=80)),
                ("places", models.JSONField(default=list)),
                ("expires_on", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="licences", to="people.member"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="InsideConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=16)),
                ("given", models.BooleanField()),
                ("words", models.TextField(blank=True)),
                ("signed", models.CharField(blank=True, max_length=120)),
                ("chaperone", models.CharField(blank=True, max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.member"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="inside_consents", to="charts.visit"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("given", False),
                            models.Q(models.Q(("words", ""), _negated=True), models.Q(("signed", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="inside_consent_is_signed",
                    )
                ],
            },
        ),
        migrations.RunPython(close, reopen),
    ]
