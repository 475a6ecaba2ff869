"""Registers the pages room."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """What a practice publishes: articles, moderated comments, a newsletter with double opt-in."""

    name = "tautband.clinic.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"
