"""Finished sessions of the demo's past visits, as a screen would have logged them. Any likeness is chance."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client, Member, Practice
from tautband.clinic.treat import actions
from tautband.clinic.treat.models import Session, SessionEvent
from tautband.clinic.treat.run import Event
from tautband.clinic.treat.steps import session_steps
from tautband.clinic.treatments.plans import Body, judged

SCREEN = "demo-tablet-1"
FELT = {"muscle.infraspinatus": ("zone.shoulder.front", "zone.arm.proximal_lateral")}
"""Where pressing was felt: the front of the shoulder and the outer arm, as is taught of this muscle."""

OPENING = "exam.mouth_opening"
OPENED_MM = (6.0, 7.0)
"""How much wider the mouth opened after the first step and after all later ones; the error is 4.9."""

NUMBERS = ((0.9, 0.9, 0.7), (1.0, 0.8, 0.5), (0.8, 0.8, 0.6))
"""Shares of the limit that the client said, one after the other; each step takes the next row."""


def make_sessions(*, practice: Practice, clients: Mapping[str, Client], by: Member, now: datetime) -> None:
    """A session for every closed visit whose plan was agreed."""
    visits = Visit.objects.filter(client__practice=practice, client__demo=True, sessions=None).exclude(closed_at=None)
    for visit in visits.exclude(plans=None).select_related("client", "by").order_by("opened_at"):
        version = visit.plans.first()
        current = judged(visit, Body.read(version.body), version.number)
        steps = session_steps(current, visit.by)
        events = list(_events(steps))
        if len(events) > 1:
            at = visit.opened_at + timedelta(minutes=20)
            actions.write_past_session(by=visit.by, visit=visit, events=events, steps=steps, at=at)


def _events(steps: list[dict[str, Any]]) -> list[Event]:
    made: list[Event] = []

    def at(seconds: float, kind: str, **data: Any) -> None:
        made.append(Event(f"demo-{len(made):04}", SCREEN, len(made) + 1, int(seconds * 1000), kind, data))

    at(0, "took")
    second = 10.0
    treated = [s for s in steps if s["stage"] == "treat" and not s["closed"] and not s["variant_of"]]
    for number, step in enumerate(treated):
        limit = step["limit_of_10"] or 4.0
        said = [max(round(limit * share), 0) for share in NUMBERS[number % len(NUMBERS)]]
        at(second, "opened", step=step["key"])
        if step["found_side"]:
            at(second + 1, "side", side=step["side"])
        at(second + 4, "began")
        for n, value in enumerate(said, 1):
            at(second + 4 + 25 * n, "number", value=value)
        at(second + 94, "done")
        felt = FELT.get(step["target"], ())
        drawn = {"marks": [{"layer": "pain", "zone": zone, "side": step["side"], "intensity": None} for zone in felt]}
        told = {"referral": "familiar", "drawn": drawn} if felt else {"referral": "none"}
        at(second + 100, "logged", response="eased", **told)
        if step["retest"] and step["retest"]["unit"] == "of 10":
            at(second + 110, "retested", value=float(said[-1]), before=float(said[0]))
        elif step["retest"] and step["retest"]["exam"] == OPENING and step["retest"]["before"] is not None:
            wider = OPENED_MM[min(number, len(OPENED_MM) - 1)]
            at(second + 110, "retested", value=step["retest"]["before"] + wider)
        second += 130
    at(second, "finished")
    return made


def forget_sessions(*, practice: Practice) -> None:
    """Delete the sessions of the demo's visits."""
    SessionEvent.objects.filter(session__visit__client__practice=practice).delete()
    Session.objects.filter(visit__client__practice=practice).delete()
