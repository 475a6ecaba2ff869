"""Registers the charts room."""

from django.apps import AppConfig


class ChartsConfig(AppConfig):
    """Visits, drawings, findings, alerts."""

    name = "tautband.clinic.charts"
    label = "charts"
    default_auto_field = "django.db.models.BigAutoField"
