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
        from tautband.clinic.portal import blocks, demo, mailing  # noqa: F401 - mailing registers its errands

        slots.add_my_nav(slots.NavItem(_("My page"), "house", "portal:home", order=10))
        slots.add_my_nav(slots.NavItem(_("Draw"), "paintbrush", "portal:draw", order=30))
        slots.add_my_nav(slots.NavItem(_("Messages"), "message-circle", "portal:messages", order=40))
        slots.add_my_nav(slots.NavItem(_("My data"), "shield", "portal:data", order=90))
        slots.add_block(slots.Block("my.alerts", "portal/slots/drawn_urgent.html", blocks.drawn_urgent, order=5))
        slots.add_block(slots.Block("my.today", "portal/slots/pain_now.html", blocks.pain_now, order=10))
        slots.add_block(slots.Block("my.next", "portal/slots/next_visit.html", blocks.next_visit, order=10))
        slots.add_block(slots.Block("my.next", "portal/slots/draw.html", blocks.draw, order=20))
        slots.add_block(slots.Block("my.main", "portal/slots/progress.html", blocks.progress, order=30))
        slots.add_block(slots.Block("my.main", "portal/slots/links.html", blocks.links, order=80))
        slots.add_block(slots.Block("today.needs_you", "portal/slots/waiting.html", blocks.waiting, order=15))
        slots.add_block(
            slots.Block("today.needs_you", "portal/slots/drawn_waiting.html", blocks.drawn_waiting, order=8)
        )
        slots.add_block(slots.Block("client.alerts", "portal/slots/drawn_alert.html", blocks.drawn_alert, order=2))
        slots.add_block(slots.Block("client.main", "portal/slots/drawn.html", blocks.drawn_at_home, order=12))
        slots.add_block(slots.Block("client.aside", "portal/slots/own_page.html", blocks.own_page, order=20))
        slots.on_demo_history(demo.make)
        slots.on_demo_removal(demo.forget)
        slots.add_pages(
            {
                "portal:home": _("their own page"),
                "portal:messages": _("messages on their own page"),
                "portal:documents": _("documents on their own page"),
                "portal:draw": _("drawing at home"),
                "portal:drawn": _("what was drawn at home"),
                "portal:passkeys": _("passkeys of their own page"),
                "portal:calendar": _("their calendar's address"),
                "portal:document": _("a document on their own page"),
                "portal:data": _("what we hold about them"),
                "portal:team": _("messages and documents for the client"),
                "portal:show_code": _("code for the own page"),
            }
        )
        slots.add_verbs(
            {
                "door.link_made": _("Link to the own page made"),
                "door.wrong_answer": _("Wrong date of birth at the door of the own page"),
                "door.entered": _("Entered the own page"),
                "door.passkey_added": _("Passkey for the own page added"),
                "door.passkey_removed": _("Passkey for the own page taken away"),
                "message.written": _("Message written"),
                "message.seen": _("Messages read"),
                "document.released": _("Document released to the client"),
                "document.released_before": _("Document released to the client again"),
                "document.taken_back": _("Document taken back from the client's page"),
                "wish.asked": _("Correction or erasure asked for"),
                "wish.answered": _("Wish for correction or erasure answered"),
            }
        )
