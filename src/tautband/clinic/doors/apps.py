"""Registers the doors: the tablet page in Settings, and secure cookies for whoever comes in over TLS."""

from django.apps import AppConfig


class DoorsConfig(AppConfig):
    """The tablet in the room."""

    name = "tautband.clinic.doors"
    label = "doors"

    def ready(self) -> None:
        """Add the tablet card to Settings."""
        from tautband.clinic.doors.views import tablet_card
        from tautband.clinic.people import slots

        slots.add_block(slots.Block("settings.main", "doors/_tablet_card.html", tablet_card, order=40))
