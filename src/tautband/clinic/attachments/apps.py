"""Registers the attachments room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "attachment.added": _("Photo or document added"),
    "attachment.named": _("Photo or document renamed"),
    "attachment.removed": _("Photo or document put away"),
    "attachment.restored": _("Photo or document brought back"),
    "attachment.opened": _("Photo or document opened"),
}


class AttachmentsConfig(AppConfig):
    """Photos and documents."""

    name = "tautband.clinic.attachments"
    label = "attachments"

    def ready(self) -> None:
        """Take the places this room fills."""
        from tautband.clinic.attachments import blocks, demo, store
        from tautband.clinic.people import slots
        from tautband.clinic.sealing.renew import on_renewal

        slots.add_verbs(VERBS)
        slots.add_block(slots.Block("client.main", "attachments/_block.html", blocks.attachments, order=70))
        slots.on_demo_history(demo.make)
        slots.on_demo_removal(demo.forget)
        on_renewal(store.seal_anew)
