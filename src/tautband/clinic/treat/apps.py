"""Registers the treat room."""

from django.apps import AppConfig


class TreatConfig(AppConfig):
    """The guided session at the table: steps, timers, tolerance, the log of every dose."""

    name = "tautband.clinic.treat"
    label = "treat"
    default_auto_field = "django.db.models.BigAutoField"
