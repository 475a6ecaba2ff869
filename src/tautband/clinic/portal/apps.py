"""Registers the portal room."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The client's own pages."""

    name = "tautband.clinic.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
