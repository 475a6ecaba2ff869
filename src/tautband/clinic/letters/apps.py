"""Registers the letters room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    """Notes and letters on paper."""

    name = "tautband.clinic.letters"
    label = "letters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the places this room fills."""
        from tautband.clinic.episodes import happenings as course
        from tautband.clinic.letters import blocks, demo, happenings, queries
        from tautband.clinic.people import slots
        from tautband.clinic.treatments import moving

        course.add_source(happenings.letters)
        course.add_source(happenings.reports)
        moving.add_seal(queries.has_signed_letter)
        slots.add_block(slots.Block("client.main", "letters/slots/client_letters.html", blocks.client_letters, 30))
        slots.add_block(slots.Block("note.aside", "letters/slots/visit_paper.html", blocks.visit_paper, 20))
        slots.add_block(slots.Block("today.needs_you", "letters/slots/unsent.html", blocks.unsent, 25))
        slots.add_block(slots.Block("episode.acts", "letters/slots/episode_acts.html", blocks.episode_acts, 20))
        slots.add_verbs(
            {
                "report.begun": _("Case report begun"),
                "report.saved": _("Case report changed"),
                "report.signed": _("Case report signed"),
                "letter.begun": _("Letter begun"),
                "letter.saved": _("Letter changed"),
                "letter.signed": _("Letter signed"),
                "letter.sent": _("Letter sent"),
            }
        )
        slots.on_demo_removal(demo.forget_letters)
