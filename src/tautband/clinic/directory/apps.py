"""Registers the directory room."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Practitioners with their training and credentials, found by place, need and technique."""

    name = "tautband.clinic.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"
