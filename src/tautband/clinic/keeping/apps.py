"""Registers the keeping room: a card in Settings and one on the client's page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "chart.exported": _("Chart exported"),
    "record.exported": _("Record exported"),
    "chart.imported": _("Chart brought in from another Tautband"),
    "record.imported": _("Charts brought in from another Tautband"),
    "backup.made": _("Backup made and proved"),
    "retention.set": _("How long records are kept was set"),
    "hold.placed": _("Legal hold placed"),
    "hold.released": _("Legal hold ended"),
    "chart.erased": _("Record erased"),
    "record.erased": _("Record erased, certificate made"),
}


class KeepingConfig(AppConfig):
    """Backup, restore, export."""

    name = "tautband.clinic.keeping"
    label = "keeping"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the places this room fills."""
        from tautband.clinic.keeping import daily, demo, retaining, views  # noqa: F401 - daily registers its errand
        from tautband.clinic.people import slots

        slots.add_verbs(VERBS)
        slots.add_block(slots.Block("settings.main", "keeping/_card.html", views.settings_card, order=60))
        slots.add_block(slots.Block("client.aside", "keeping/_client.html", views.client_card, order=80))
        slots.add_block(slots.Block("my.data", "keeping/_own_copy.html", order=10))
        slots.add_block(slots.Block("client.aside", "keeping/_until.html", retaining.client_line, order=85))
        slots.on_demo_history(demo.make_rule)
