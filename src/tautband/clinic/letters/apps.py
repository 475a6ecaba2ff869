"""Registers the letters room."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Paper: notes, referral letters, receipts and charts as tagged PDF."""

    name = "tautband.clinic.letters"
    label = "letters"
    default_auto_field = "django.db.models.BigAutoField"
