"""Registers the directory room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    """Practitioners with their training and credentials, found by place, need and technique."""

    name = "tautband.clinic.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the places this room fills."""
        from tautband.clinic.directory import demo, free
        from tautband.clinic.people import slots

        slots.add_block(slots.Block("settings.main", "directory/slots/settings.html", order=50))
        slots.add_verbs(
            {
                "directory.opened": _("Directory opened to everybody"),
                "directory.closed": _("Directory closed"),
                "directory.entry_kept": _("Entry in the directory changed"),
                "directory.credential_added": _("Credential added"),
                "directory.credential_dropped": _("Credential taken off"),
                "directory.cards_taken": _("Practitioner cards taken in"),
            }
        )
        free.add_source(free.from_diary)
        slots.on_demo_history(demo.make)
        slots.on_demo_removal(demo.forget)
