"""Registers the intake room and its places on the pages of others."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """What a client tells before the visit: history, medicines, safety questions, habits, goals, standing consent."""

    name = "tautband.clinic.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the places this room fills."""
        from tautband.clinic.intake import blocks, demo
        from tautband.clinic.people import slots

        slots.add_block(slots.Block("today.needs_you", "intake/slots/waiting.html", blocks.waiting, 1))
        slots.add_block(slots.Block("client.alerts", "intake/slots/warnings.html", blocks.client_warnings, 1))
        slots.add_block(slots.Block("client.action", "intake/slots/hand_over.html", blocks.hand_over, 30))
        slots.add_block(slots.Block("client.main", "intake/slots/told.html", blocks.client_told, 20))
        slots.add_block(slots.Block("my.alerts", "intake/slots/my_urgent.html", blocks.my_urgent, 1))
        slots.add_block(slots.Block("my.today", "intake/slots/my_intake.html", blocks.my_intake, 40))
        slots.add_block(slots.Block("story.main", "intake/slots/story.html", blocks.story_told, 10))
        slots.add_verbs(
            {
                "intake.opened": _("Intake begun"),
                "intake.answered": _("Intake question answered"),
                "intake.warned": _("Urgent intake answer"),
                "intake.corrected": _("Urgent intake answer corrected by the client"),
                "intake.words_added": _("Words added to an urgent intake answer"),
                "intake.finished": _("Intake finished"),
                "intake.warning_read": _("Urgent intake answer read"),
                "intake.taken_over": _("Intake taken over into a visit"),
            }
        )
        slots.add_pages({"intake:told": _("the intake"), "intake:my_question": _("their own intake")})
        slots.on_demo_history(demo.make_intake)
        slots.on_demo_removal(demo.forget_intake)
