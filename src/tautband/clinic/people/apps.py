"""Registers the people room and its places in the navigation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "client.created": _("Client added"),
    "client.changed": _("Details changed"),
    "client.reviewed": _("Details looked over, nothing changed"),
    "client.archived": _("Put away"),
    "client.restored": _("Brought back"),
    "chart.shared": _("Chart shared"),
    "chart.opened_with_reason": _("Chart opened by the owner, with a reason"),
}


class PeopleConfig(AppConfig):
    """Practice, members, clients, care teams."""

    name = "tautband.clinic.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put Today, Clients and Help at the top of every page."""
        from tautband.clinic.people import slots

        slots.add_verbs(VERBS)
        slots.add_nav(slots.NavItem(_("Today"), "sun", "people:today", order=10))
        slots.add_nav(slots.NavItem(_("Clients"), "users", "people:clients", order=20))
        slots.add_nav(slots.NavItem(_("Help"), "circle-question-mark", "people:help", order=90))
