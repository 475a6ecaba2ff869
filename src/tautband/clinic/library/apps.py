"""Registers the library room and its place in the navigation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    """The atlas for therapists and students."""

    name = "tautband.clinic.library"
    label = "library"

    def ready(self) -> None:
        """Put the atlas into the navigation."""
        from tautband.clinic.people import slots

        slots.add_nav(slots.NavItem(_("Atlas"), "book-open", "library:home", order=30))
