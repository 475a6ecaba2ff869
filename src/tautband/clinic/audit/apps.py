"""Registers the audit room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only events, chained by hash."""

    name = "tautband.clinic.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
