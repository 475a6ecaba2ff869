"""Registers the errands room."""

from django.apps import AppConfig


class ErrandsConfig(AppConfig):
    """Work that outlives a request."""

    name = "tautband.clinic.errands"
    label = "errands"
    default_auto_field = "django.db.models.BigAutoField"
