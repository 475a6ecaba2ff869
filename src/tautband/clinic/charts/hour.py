"""The hour of a visit: what each step links to and whether it is done. Rooms above add their steps.

    hour.add_step(hour.Step("plan", "treatments:plan", done=lambda visit: visit.plans.exists()))

A URL takes `visit_id`. A step nobody added stands in the line as plain text: it is honestly not here yet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.queries import unanswered
from tautband.clinic.charts.thinking import answer_for, atlas_trouble
from tautband.clinic.project.drawing import STEPS


def _never(visit: Visit) -> bool:
    return False


@dataclass(frozen=True)
class Step:
    """One step of the hour. `anchor` is a place on its page; `done(visit)` is cheap, it runs on every page."""

    key: str
    url_name: str
    done: Callable[[Visit], bool] = _never
    anchor: str = ""

    def url(self, visit: Visit) -> str:
        """Where the step is, for one visit."""
        return reverse(self.url_name, args=[visit.pk]) + self.anchor


_steps: dict[str, Step] = {}


def add_step(step: Step) -> None:
    """Give a step of the hour its page. Raises ValueError for a step the hour does not have."""
    if step.key not in STEPS:
        raise ValueError(f"The hour has no step {step.key!r}. Steps: {', '.join(STEPS)}.")
    _steps[step.key] = step


def visit_page(request: HttpRequest, visit: Visit, here: str, **more: Any) -> dict[str, Any]:
    """The context of `charts/visit_base.html`: client, hour line, minutes, and the alerts that stay on top.

    here  key of the step this page belongs to
    """
    answer = more.get("answer") or answer_for(visit)
    return {
        "visit": visit,
        "client": visit.client,
        "age": visit.client.age_years(timezone.localdate(visit.opened_at)),
        "here": here,
        "hour_urls": {step.key: step.url(visit) for step in _steps.values()},
        "hour_done": lambda: [step.key for step in _steps.values() if step.done(visit)],  # asked only where it is shown
        "minutes_gone": minutes_gone(visit),
        "alerts": unanswered(visit, answer.alerts),
        "answered_alerts": len(answer.alerts) - len(unanswered(visit, answer.alerts)),
        "atlas_trouble": atlas_trouble(),
        "closed_visit": visit.closed_at is not None,
        **more,
        "answer": answer,
    }


def minutes_gone(visit: Visit) -> int | None:
    """Whole minutes of the hour that have gone; None once the visit is closed or was left open for half a day."""
    if visit.closed_at is not None:
        return None
    gone = int((timezone.now() - visit.opened_at).total_seconds() // 60)
    return gone if 0 <= gone <= 12 * 60 else None


__all__ = ["Step", "add_step", "minutes_gone", "visit_page"]
