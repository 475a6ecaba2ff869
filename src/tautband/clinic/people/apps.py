"""Registers the people room and its places in the navigation."""

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

VERBS = {
    "client.created": _("Client added"),
    "client.changed": _("Details changed"),
    "client.reviewed": _("Details looked over, nothing changed"),
    "client.archived": _("Put away"),
    "client.restored": _("Brought back"),
    "chart.read": _("Looked at the chart"),
    "details.read": _("Looked at name and contact"),
    "attachment.read": _("Photo or document opened"),
    "clients.listed": _("Looked through the list of clients"),
    "chart.shared": _("Chart shared"),
    "chart.unshared": _("Taken off the care team"),
    "chart.handed_over": _("Chart handed over"),
    "chart.opened_with_reason": _("Chart opened with a reason"),
    "chart.opening_noted": _("Keeper took note of the opening"),
    "practice.opened": _("Practice opened"),
    "practice.changed": _("Settings changed"),
    "location.added": _("Location added"),
    "location.changed": _("Location changed"),
    "member.added": _("Colleague added"),
    "member.changed": _("Colleague changed"),
    "member.activated": _("Account opened again"),
    "member.deactivated": _("Account closed"),
    "member.password_link_made": _("Link for a password made"),
    "member.password_set": _("Password chosen"),
    "member.signed_in": _("Signed in"),
    "member.second_step_added": _("Second step set up"),
    "member.second_step_removed": _("Second step taken away"),
    "member.second_step_reset": _("Second step reset by the owner"),
    "member.recovery_codes_made": _("Recovery codes made"),
    "member.pin_set": _("PIN for the lock chosen"),
    "member.pin_removed": _("PIN for the lock removed"),
}
PAGES = {
    "people:client": _("the client’s page"),
    "people:edit_client": _("details"),
    "people:clients": _("Clients"),
    "people:today": _("Today"),
    "people:chart_traces": _("who looked"),
}


def openings(request: HttpRequest, **_given: Any) -> dict[str, Any] | None:
    """Charts one keeps that somebody opened with a reason, until one has read it."""
    from tautband.clinic.people import queries

    found = list(queries.openings_to_note(request.member)[:5])  # type: ignore[attr-defined]
    return {"openings": found} if found else None


class PeopleConfig(AppConfig):
    """Practice, members, clients, care teams."""

    name = "tautband.clinic.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put Today, Clients and Help at the top of every page."""
        from allauth.account.signals import user_logged_in
        from allauth.mfa import signals

        from tautband.clinic.people import second_step, slots

        user_logged_in.connect(second_step.on_signed_in, dispatch_uid="trace")
        signals.authenticator_added.connect(second_step.on_added, dispatch_uid="trace")
        signals.authenticator_removed.connect(second_step.on_removed, dispatch_uid="trace")
        signals.authenticator_reset.connect(second_step.on_reset, dispatch_uid="trace")
        slots.add_verbs(VERBS)
        slots.add_pages(PAGES)
        slots.add_block(slots.Block("today.needs_you", "people/_openings.html", openings, order=5))
        slots.add_nav(slots.NavItem(_("Today"), "sun", "people:today", order=10))
        slots.add_nav(slots.NavItem(_("Clients"), "users", "people:clients", order=20))
        slots.add_nav(slots.NavItem(_("Help"), "circle-question-mark", "people:help", order=90))
