"""Registers the measures room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeasuresConfig(AppConfig):
    """Outcome measures and physical measurements."""

    name = "tautband.clinic.measures"
    label = "measures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the places this room fills."""
        from tautband.clinic.charts import demo as visits
        from tautband.clinic.measures import blocks, demo
        from tautband.clinic.people import slots

        slots.add_block(slots.Block("client.main", "measures/slots/client_measures.html", blocks.client_measures, 15))
        slots.add_verbs({"reading.kept": _("Measured"), "reading.taken_back": _("Reading taken back")})
        # Visits come first, since readings belong to them.
        slots.on_demo_history(visits.make_visits)
        slots.on_demo_history(demo.make_readings)
        slots.on_demo_removal(visits.forget_visits)
        slots.on_demo_removal(demo.forget_readings)
