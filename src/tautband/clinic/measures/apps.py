"""Registers the measures room."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """Outcome measures and physical measurements with their error, plotted over visits."""

    name = "tautband.clinic.measures"
    label = "measures"
    default_auto_field = "django.db.models.BigAutoField"
