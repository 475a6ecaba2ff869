"""Registers the episodes room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EpisodesConfig(AppConfig):
    """The course of a client's care."""

    name = "tautband.clinic.episodes"
    label = "episodes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the places this room fills, and tell what the rooms below have to tell."""
        from tautband.clinic.episodes import blocks, demo, happenings, queries, sources
        from tautband.clinic.measures import queries as measures
        from tautband.clinic.people import slots

        slots.add_block(slots.Block("client.main", "episodes/slots/client_course.html", blocks.client_course, 5))
        slots.add_verbs(
            {
                "episode.opened": _("Problem taken on"),
                "episode.closed": _("Problem closed"),
                "episode.reopened": _("Problem opened again"),
                "goal.added": _("Goal added"),
                "goal.set": _("Goal changed"),
            }
        )
        for source in (
            sources.visits,
            sources.intakes,
            sources.alerts,
            sources.readings,
            sources.photos,
            sources.episodes,
        ):
            happenings.add_source(source)
        measures.add_activity_names(queries.open_goals)
        slots.on_demo_history(demo.make_episodes)
        slots.on_demo_removal(demo.forget_episodes)
