"""Registers the episodes room."""

from django.apps import AppConfig


class EpisodesConfig(AppConfig):
    """The course of a client's care: problems, episodes, goals, timeline, documents."""

    name = "tautband.clinic.episodes"
    label = "episodes"
    default_auto_field = "django.db.models.BigAutoField"
