"""Writing episodes and goals: the only writer of this room; each write is one transaction and audited."""

from datetime import UTC, datetime
from typing import Any

from tautband.clinic.audit.actions import action
from tautband.clinic.audit.log import record
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.episodes.models import Closing, Episode, Goal
from tautband.clinic.people.models import Client, Member


class EpisodeClosed(Exception):
    """The episode is over; a problem that returns is a new one."""


def _row_of(model: Any) -> Any:
    def find(event: AuditEvent) -> Any:
        return model.objects.get(pk=event.target.rpartition("/")[2])

    return find


def _now() -> datetime:
    return datetime.now(UTC)


@action(again=_row_of(Episode))
def open_episode(
    *,
    by: Member,
    client: Client,
    title: str,
    region: str = "",
    began: str = "",
    returned: Episode | None = None,
    at: datetime | None = None,
) -> Episode:
    """Take a problem on. `returned` is the earlier episode of the same problem. Raises ValueError without a title."""
    if not title.strip():
        raise ValueError("Say what it is about.")
    if returned is not None and returned.client_id != client.pk:
        raise ValueError("The earlier episode is of another client.")
    episode = Episode.objects.create(
        client=client,
        title=title.strip(),
        region=region,
        began=began.strip(),
        returned=returned,
        opened_at=at or _now(),
        by=by,
    )
    record(verb="episode.opened", target=f"episode/{episode.pk}", chart=client.chart_key, by=by, at=at)
    return episode


@action(again=_row_of(Goal))
def add_goal(*, by: Member, episode: Episode, text: str, at: datetime | None = None) -> Goal:
    """Write down what the client wants to be able to do. Raises EpisodeClosed, ValueError without words."""
    if not episode.is_open:
        raise EpisodeClosed
    if not text.strip():
        raise ValueError("Say what they want to be able to do.")
    at = at or _now()
    goal = Goal.objects.create(episode=episode, text=text.strip(), at=at, state_at=at, by=by)
    record(verb="goal.added", target=f"goal/{goal.pk}", chart=episode.client.chart_key, by=by, at=at)
    return goal


@action(again=_row_of(Goal))
def set_goal(*, by: Member, goal: Goal, state: str, said: str = "", at: datetime | None = None) -> Goal:
    """Say where a goal stands, with the client's words. Every state can be taken back by setting another."""
    if state not in Goal.State.values:
        raise ValueError(f"A goal is one of: {', '.join(Goal.State.values)}.")
    at = at or _now()
    goal.state, goal.said, goal.state_at = state, said.strip(), at
    goal.save(update_fields=["state", "said", "state_at"])
    chart = goal.episode.client.chart_key
    record(verb="goal.set", target=f"goal/{goal.pk}", chart=chart, by=by, at=at, details={"state": state})
    return goal


@action(again=_row_of(Episode))
def close_episode(*, by: Member, episode: Episode, closing: str, summary: str, at: datetime | None = None) -> Episode:
    """Let a problem go, with how it ended and what is to be remembered. Raises EpisodeClosed."""
    if not episode.is_open:
        raise EpisodeClosed
    if closing not in Closing.values:
        raise ValueError(f"An episode ends by one of: {', '.join(Closing.values)}.")
    episode.closed_at, episode.closing, episode.summary = at or _now(), closing, summary.strip()
    episode.save(update_fields=["closed_at", "closing", "summary"])
    chart = episode.client.chart_key
    details = {"closing": closing}
    record(verb="episode.closed", target=f"episode/{episode.pk}", chart=chart, by=by, at=at, details=details)
    return episode


@action(again=_row_of(Episode))
def reopen_episode(*, by: Member, episode: Episode) -> Episode:
    """Take a closing back, as after a slip of the hand; the log keeps both."""
    if episode.is_open:
        return episode
    episode.closed_at, episode.closing = None, ""
    episode.save(update_fields=["closed_at", "closing"])
    record(verb="episode.reopened", target=f"episode/{episode.pk}", chart=episode.client.chart_key, by=by)
    return episode
