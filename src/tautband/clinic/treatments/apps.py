"""Registers the treatments room: its steps of the hour and its places on the pages of people."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TreatmentsConfig(AppConfig):
    """Plans, consent, notes."""

    name = "tautband.clinic.treatments"
    label = "treatments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the places this room fills."""
        from tautband.clinic.charts import demo as visits
        from tautband.clinic.charts import hour
        from tautband.clinic.episodes import happenings as course
        from tautband.clinic.people import slots
        from tautband.clinic.treatments import blocks, demo, happenings

        course.add_source(happenings.plans)
        course.add_source(happenings.notes)
        course.add_source(happenings.moves)
        course.add_next(happenings.series)
        hour.add_step(hour.Step("plan", "treatments:plan", blocks.has_agreed_plan))
        hour.add_step(hour.Step("note", "treatments:note", blocks.is_signed))
        slots.add_block(slots.Block("today.needs_you", "treatments/slots/to_sign.html", blocks.to_sign, 20))
        slots.add_block(slots.Block("today.needs_you", "treatments/slots/to_cosign.html", blocks.to_cosign, 25))
        slots.add_block(slots.Block("settings.main", "treatments/slots/licence.html", blocks.own_licence, 30))
        slots.add_block(slots.Block("client.main", "treatments/slots/notes.html", blocks.client_notes, 20))
        slots.add_block(slots.Block("client.main", "treatments/slots/moves.html", blocks.client_moves, 35))
        slots.add_block(slots.Block("note.aside", "treatments/slots/move.html", blocks.visit_move, 60))
        slots.add_block(slots.Block("settings.main", "treatments/slots/settings.html", blocks.phrase_card, 30))
        slots.add_verbs(
            {
                "plan.saved": _("Plan changed"),
                "way.saved": _("Own way of a technique saved"),
                "consent.recorded": _("Consent recorded"),
                "licence.stated": _("Licence for work inside the body stated"),
                "inside.signed": _("Consent to work inside the body signed"),
                "inside.taken_back": _("Consent to work inside the body taken back"),
                "note.saved": _("Note draft saved"),
                "note.signed": _("Note signed"),
                "note.cosigned": _("Note co-signed"),
                "note.corrected": _("Correction added"),
                "visit.moved_in": _("Visit moved here from another chart"),
                "visit.moved_out": _("Visit moved to another chart"),
                "visit.move_undone": _("Move of a visit taken back"),
                "phrase.saved": _("Phrase saved"),
                "phrase.removed": _("Phrase removed"),
            }
        )
        # Visits come before their notes, and go after them, in whatever order the rooms are made ready.
        slots.on_demo_history(visits.make_visits)
        slots.on_demo_history(demo.make_plans)
        slots.on_demo_history(demo.make_notes)
        slots.on_demo_history(demo.make_phrases)
        slots.on_demo_removal(visits.forget_visits)
        slots.on_demo_removal(demo.forget_notes)
