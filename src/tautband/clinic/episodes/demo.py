"""Problems and goals of the invented clients. Any likeness is chance."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tautband.clinic.episodes import actions
from tautband.clinic.episodes.models import Closing, Episode, Goal
from tautband.clinic.people.models import Client, Member, Practice


def make_episodes(practice: Practice, clients: Mapping[str, Client], by: Member, now: datetime) -> None:
    """Take on what the demo clients come for."""

    def take_on(slug: str, days: int, title: str, region: str, began: str, *goals: str) -> Episode:
        at = now - timedelta(days=days, minutes=5)
        made = actions.open_episode(by=by, client=clients[slug], title=title, region=region, began=began, at=at)
        for goal in goals:
            actions.add_goal(by=by, episode=made, text=goal, at=at)
        return made

    take_on(
        "ingrid",
        19,
        "Right shoulder and arm when bowing",
        "shoulder",
        "since the autumn",
        "Two movements without dropping the bow",
        "Sleep through the night",
    )
    slept = Goal.objects.get(episode__client=clients["ingrid"], text="Sleep through the night")
    actions.set_goal(by=by, goal=slept, state=Goal.State.MET, said="I woke at seven.", at=now - timedelta(days=9))
    take_on("priya", 3, "Left-sided headache from the neck", "neck", "since she works from the kitchen table")
    earlier = take_on("tomasz", 420, "Right buttock after moving house", "hip_buttock", "one day of lifting")
    actions.close_episode(
        by=by,
        episode=earlier,
        closing=Closing.REACHED,
        summary="Four visits in five weeks. Stairs and van without pain.",
        at=now - timedelta(days=380),
    )
    actions.open_episode(
        by=by,
        client=clients["tomasz"],
        title="Right buttock, again",
        region="hip_buttock",
        began="since the piano on the third floor",
        returned=earlier,
        at=now - timedelta(days=26, minutes=5),
    )


def forget_episodes(practice: Practice) -> None:
    """Delete the episodes of the demo clients."""
    Episode.objects.filter(client__practice=practice, client__demo=True).delete()
