"""Registers the intake room."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """What a client tells before the visit: history, medicines, safety questions, habits, goals, standing consent."""

    name = "tautband.clinic.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
