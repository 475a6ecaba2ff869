"""Registers the charts room, its steps of the hour and its places on the pages of people."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChartsConfig(AppConfig):
    """Visits, drawings, findings, alerts."""

    name = "tautband.clinic.charts"
    label = "charts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the places this room fills."""
        from tautband.clinic.charts import blocks, demo, hour
        from tautband.clinic.people import slots

        hour.add_step(hour.Step("story", "charts:story", done=blocks.was_told))
        hour.add_step(hour.Step("suspects", "charts:encounter", blocks.has_drawing))
        hour.add_step(hour.Step("examine", "charts:encounter", blocks.was_examined, "#tests"))
        slots.add_block(slots.Block("client.alerts", "charts/slots/alerts.html", blocks.client_alerts, 10))
        slots.add_block(slots.Block("client.action", "charts/slots/start.html", blocks.start_action, 10))
        slots.add_block(slots.Block("client.main", "charts/slots/visits.html", blocks.client_visits, 10))
        slots.add_block(slots.Block("today.next", "charts/slots/open.html", blocks.open_today, 10))
        slots.add_block(slots.Block("today.needs_you", "charts/slots/waiting.html", blocks.waiting, 10))
        slots.add_block(slots.Block("settings.main", "charts/slots/priors.html", blocks.priors_card, 35))
        slots.add_verbs(
            {
                "priors.proposed": _("Own figures kept for review"),
                "priors.accepted": _("Own figures accepted"),
                "priors.rejected": _("Own figures rejected"),
                "priors.taken_back": _("Own figures no longer used"),
            }
        )
        slots.add_pages({"charts:worked_out": _("How the list was worked out")})
        slots.on_demo_history(demo.make_visits)
        slots.on_demo_removal(demo.forget_visits)
