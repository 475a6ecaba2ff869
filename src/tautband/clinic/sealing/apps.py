"""Registers the sealing room: no tables, a field that others use."""

from django.apps import AppConfig


class SealingConfig(AppConfig):
    """Keys, sealed bytes, sealed model fields."""

    name = "tautband.clinic.sealing"
    label = "sealing"
