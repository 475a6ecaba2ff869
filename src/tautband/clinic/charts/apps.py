"""Registers the charts room, its steps of the hour and its places on the pages of people."""

from django.apps import AppConfig


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
        slots.on_demo_history(demo.make_visits)
        slots.on_demo_removal(demo.forget_visits)
