"""What treatment showed of its target: weak evidence, the same either way, and never about a danger.

Better after treating a source, beyond the error of the measure: a little for it. No change on two days, clearly within
the error: as much against it. One day is one answer, however many doses it held. Worse says that it was touched, not
whether it is the source, and a change between half the error and all of it says nothing. The sizes are judged
(`Policy.response_nats` and its neighbours).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from tautband.findings import Response
from tautband.reasoning.network.build import Model
from tautband.reasoning.policy import Policy

RESPONDED = "responded"
"""Label of these shifts among the others."""


def response_shifts(
    responses: Iterable[Response], model: Model
) -> tuple[dict[str, float], dict[str, tuple[Response, ...]]]:
    """Hypothesis key -> nats, and the retests behind each."""
    behind: dict[str, list[Response]] = defaultdict(list)
    for one in responses:
        for hypothesis in model.hypotheses.named(one.target, one.side):
            if hypothesis.kind != "flag":
                behind[hypothesis.key].append(one)
    weighed = {key: response_nats(rows, model.policy) for key, rows in behind.items()}
    shifts = {key: nats for key, nats in weighed.items() if nats}
    return shifts, {key: tuple(behind[key]) for key in shifts}


def response_nats(responses: Iterable[Response], policy: Policy) -> float:
    """What all retests of one source say together, within the cap."""
    eased, unchanged = _days(responses, policy)
    # Days without change count in pairs, each pair as its weaker day: one quiet day says nothing.
    against = sum(sorted(unchanged.values(), reverse=True)[1::2])
    return max(-policy.response_cap_nats, min(sum(eased.values()) - against, policy.response_cap_nats))


def responded_words(responses: Sequence[Response], nats: float) -> str:
    """One line of the ledger: what was seen after what, on which days, against which error."""
    wanted = "eased" if nats > 0 else "unchanged"
    days = _by_day(responses)
    rows = [row for on in sorted(days) if _answer(days[on]) == wanted for row in days[on] if row.change == wanted]
    named = " and ".join(f"{on.day} {on:%b}" for on in dict.fromkeys(row.on for row in rows))
    what = "; ".join(dict.fromkeys(row.what for row in rows if row.what))
    how = " and ".join(dict.fromkeys(row.how for row in rows if row.how)) or "treatment"
    told = f"eased after {how} on {named}, beyond error" if nats > 0 else f"no change after {how} on {named}"
    told += "" if nats > 0 else ", clearly within error"
    return f"{told} ({what})" if what else told


def _by_day(responses: Iterable[Response]) -> dict[date, list[Response]]:
    days: dict[date, list[Response]] = defaultdict(list)
    for one in responses:
        days[one.on].append(one)
    return days


def _days(responses: Iterable[Response], policy: Policy) -> tuple[dict[date, float], dict[date, float]]:
    """Days on which it eased and days on which nothing changed, each with its weight."""
    found: dict[str, dict[date, float]] = {"eased": {}, "unchanged": {}}
    for on, rows in _by_day(responses).items():
        answer = _answer(rows)
        if answer in found:
            of_the_complaint = any(row.change == answer and not row.same_point for row in rows)
            found[answer][on] = policy.response_nats if of_the_complaint else policy.response_point_nats
    return found["eased"], found["unchanged"]


def _answer(rows: Sequence[Response]) -> str:
    """What one day says: contradicting retests of a day say nothing."""
    changes = {row.change for row in rows}
    if "worse" in changes:
        return "worse"
    if "eased" in changes:
        return "eased"
    return "unchanged" if changes == {"unchanged"} else "unclear"


__all__ = ["RESPONDED", "responded_words", "response_nats", "response_shifts"]
