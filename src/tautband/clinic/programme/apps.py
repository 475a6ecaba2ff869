"""Registers the programme room."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """What a client does at home: exercises and habits with dose, pictures, diary and check-ins."""

    name = "tautband.clinic.programme"
    label = "programme"
    default_auto_field = "django.db.models.BigAutoField"
