"""Registers the portal room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The client's own pages."""

    name = "tautband.clinic.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the places this room fills."""
        from tautband.clinic.people import slots
        from tautband.clinic.portal import blocks, mailing  # noqa: F401 - mailing registers its errands

        slots.add_my_nav(slots.NavItem(_("My page"), "house", "portal:home", order=10))
        slots.add_block(slots.Block("client.aside", "portal/slots/own_page.html", blocks.own_page, order=20))
        slots.add_pages({"portal:home": _("their own page"), "portal:show_code": _("code for the own page")})
        slots.add_verbs(
            {
                "door.link_made": _("Link to the own page made"),
                "door.wrong_answer": _("Wrong date of birth at the door of the own page"),
                "door.entered": _("Entered the own page"),
            }
        )
