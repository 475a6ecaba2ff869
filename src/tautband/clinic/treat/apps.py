"""Registers the treat room: its step of the hour."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TreatConfig(AppConfig):
    """The guided session at the table: steps, timers, tolerance, the log of every dose."""

    name = "tautband.clinic.treat"
    label = "treat"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the places this room fills."""
        from tautband.clinic.charts import hour
        from tautband.clinic.people import slots
        from tautband.clinic.treat import blocks

        hour.add_step(hour.Step("treat", "treat:treat", blocks.was_treated))
        slots.add_verbs({"session.begun": _("Session begun"), "session.logged": _("Session logged")})
