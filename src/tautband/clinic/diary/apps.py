"""Registers the diary room and its places on other pages."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

VERBS = {
    "appointment.booked": _("Visit booked"),
    "appointment.moved": _("Visit moved"),
    "appointment.cancelled": _("Visit cancelled"),
    "appointment.came": _("Came to the visit"),
    "appointment.missed": _("Did not come"),
    "appointment.client_named": _("Said which client comes"),
    "appointment.paid": _("Payment noted"),
    "appointment.unpaid": _("Payment taken back"),
    "appointment.reminders_off": _("Wants no reminders"),
    "waiting.added": _("Put on the waiting list"),
    "waiting.ended": _("Taken off the waiting list"),
    "package.sold": _("Visits paid ahead"),
    "calendar.link_made": _("New address of a calendar"),
    "calendar.imported": _("Busy times taken over"),
    "service.kept": _("Service changed"),
    "room.kept": _("Room changed"),
    "shift.kept": _("Hours changed"),
    "shift.removed": _("Hours taken away"),
    "away.added": _("Away"),
    "away.removed": _("There after all"),
    "booking.rules_changed": _("Booking rules changed"),
}


class DiaryConfig(AppConfig):
    """Appointments: services, shifts, rooms, booking, calendars, reminders."""

    name = "tautband.clinic.diary"
    label = "diary"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the places this room fills."""
        from tautband.clinic.diary import blocks, daily, demo, mails  # noqa: F401 - errands register themselves
        from tautband.clinic.people import slots

        if settings.TEXT_HOOK:
            mails.on_text(import_string(settings.TEXT_HOOK))
        slots.add_nav(slots.NavItem(_("Diary"), "calendar", "diary:diary", order=25))
        slots.add_block(slots.Block("today.next", "diary/slots/today.html", blocks.today, 5))
        slots.add_block(slots.Block("client.aside", "diary/slots/client.html", blocks.client_visits, 20))
        slots.add_verbs(VERBS)
        slots.add_pages({"diary:appointment": _("a visit in the diary"), "diary:diary": _("the diary")})
        slots.on_demo_history(demo.make_fortnight)
        slots.on_demo_removal(demo.forget_diary)
