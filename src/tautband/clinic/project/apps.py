"""Registers the project room as an app, so its templates, tags and commands are found."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Design system, error pages and the `prepare` command."""

    name = "tautband.clinic.project"
    label = "project"

    def ready(self) -> None:
        """Load the system checks of this room."""
        from tautband.clinic.project import checks  # noqa: F401  (registers itself)
