"""Registers the treat room: its step of the hour."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TreatConfig(AppConfig):
    """The guided session at the table: steps, timers, tolerance, the log of every dose."""

    name = "tautband.clinic.treat"
    label = "treat"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the places this room fills."""
        from tautband.clinic.charts import demo as visits
        from tautband.clinic.charts import hour, picture
        from tautband.clinic.episodes import happenings
        from tautband.clinic.people import slots
        from tautband.clinic.treat import blocks, demo, history
        from tautband.clinic.treatments import demo as plans
        from tautband.clinic.treatments import moving, remembering

        hour.add_step(hour.Step("treat", "treat:treat", blocks.was_treated))
        slots.add_verbs({"session.begun": _("Session begun"), "session.logged": _("Session logged")})
        slots.add_block(slots.Block("client.main", "treat/slots/doses.html", blocks.client_doses, 17))
        happenings.add_source(history.happenings)
        remembering.add_history(history.past_doses)
        picture.add_responses(history.responses)
        remembering.add_done(history.done_at)
        moving.add_carrier(history.carry)
        # Plans of past visits come first, notes last, so that they tell what was done.
        slots.on_demo_history(visits.make_visits)
        slots.on_demo_history(plans.make_plans)
        slots.on_demo_history(demo.make_sessions)
        slots.on_demo_removal(visits.forget_visits)
        slots.on_demo_removal(demo.forget_sessions)
