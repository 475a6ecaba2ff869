"""Registers the programme room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    """What a client does at home: exercises and habits with dose, pictures, diary and check-ins."""

    name = "tautband.clinic.programme"
    label = "programme"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the places this room fills."""
        from tautband.clinic.charts import demo as visits
        from tautband.clinic.charts import hour
        from tautband.clinic.episodes import happenings
        from tautband.clinic.people import slots
        from tautband.clinic.programme import blocks, checkin, demo, reminders  # noqa: F401 - reminders registers its errands
        from tautband.clinic.treatments import drafting, moving, remembering

        drafting.add_plan_lines(blocks.note_lines)
        remembering.add_soreness(checkin.sore_visits)
        happenings.add_source(blocks.happenings)
        hour.add_step(hour.Step("home", "programme:home", blocks.is_given))
        slots.add_block(slots.Block("today.needs_you", "programme/slots/from_home.html", blocks.from_home, 10))
        slots.add_block(
            slots.Block("client.main", "programme/slots/client_programme.html", blocks.client_programme, 18)
        )
        slots.add_block(slots.Block("my.today", "programme/slots/my_today.html", blocks.my_today, 10))
        slots.add_my_nav(slots.NavItem(_("To do"), "list", "programme:mine", order=20))
        slots.add_verbs(
            {
                "programme.saved": _("Home programme changed"),
                "programme.given": _("Home programme given"),
                "diary.said": _("Client wrote in the diary"),
                "day.noted": _("Client said how the day was"),
                "home.looked_at": _("Word from home looked at"),
                "reminder.wished": _("Client chose about a reminder"),
            }
        )
        slots.add_pages({"programme:home": _("the home programme"), "programme:mine": _("their own page")})
        moving.add_seal(blocks.has_programme)
        # Visits come before what was given at them, and go after it.
        slots.on_demo_history(visits.make_visits)
        slots.on_demo_history(demo.make_programmes)
        slots.on_demo_removal(visits.forget_visits)
        slots.on_demo_removal(demo.forget_programmes)
