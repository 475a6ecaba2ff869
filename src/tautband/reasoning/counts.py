"""From a clinic's own counts to priors: proposed, reviewed, accepted, never by itself.

`propose` computes Beta means with intervals; `write_review` puts them into a file a person reads and accepts;
`accepted_priors` refuses anything that was not accepted; `with_priors` makes a model that uses them. Published cases
are never counted: they are chosen because they are rare.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from tautband.reasoning.network.build import Model
from tautband.reasoning.network.hypotheses import Hypotheses

FORMAT = "tautband-priors/1"
EARLIER = 100.0
"""The prior of the atlas counts as this many earlier visits: fewer of the clinic's own barely move it."""

MOST = 0.3
"""No source is taken as active at more than this share of visits, whatever was counted."""


class NotAccepted(ValueError):
    """A review file that may not be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Count:
    """At how many visits a source was judged active, of those at which it was examined, both sides apart.

    source   atlas id without side
    active   side-visits with it
    visits   side-visits at which it was looked for
    """

    source: str
    active: float
    visits: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed prior: the Beta mean and its 90 of 100 interval, beside the one in use."""

    source: str
    active: float
    visits: int
    now: float
    proposed: float
    low: float
    high: float


def propose(model: Model, counts: Sequence[Count]) -> tuple[Proposal, ...]:
    """New priors from counts. Raises ValueError for impossible counts, sources without prior, and red flags.

    A red flag's prior is set for safety and never learnt from a clinic that sends such clients away.
    """
    return tuple(_proposal(model, count) for count in counts)


def _proposal(model: Model, count: Count) -> Proposal:
    if not 0 <= count.active <= count.visits:
        raise ValueError(f"{count.source}: {count.active} of {count.visits} visits cannot be.")
    found = [h for h in model.hypotheses.every if h.id == count.source]
    if not found:
        raise ValueError(f"{count.source!r} is no source of the atlas that has a prior.")
    if found[0].kind == "flag":
        raise ValueError(f"{count.source!r} is a red flag; its prior is not learnt from counts.")
    now = found[0].prior
    a = EARLIER * now + count.active
    b = EARLIER * (1 - now) + count.visits - count.active
    low, high = interval_90(a, b)
    return Proposal(count.source, count.active, count.visits, now, min(a / (a + b), MOST), min(low, MOST), high)


def counts_of_points(model: Model, muscle: str, active: int, visits: int) -> tuple[Count, ...]:
    """A muscle's count shared among its points as their priors are: who pressed it did not say which point.

    Empty for a muscle without points. The sources of different points then move together.
    """
    priors = {h.id: h.prior for h in model.hypotheses.every if h.of == muscle and h.kind == "trp"}
    whole = sum(priors.values())
    return tuple(Count(point, active * prior / whole, visits) for point, prior in priors.items())


def interval_90(a: float, b: float) -> tuple[float, float]:
    """The middle 90 of 100 of a Beta distribution."""
    from scipy.special import betaincinv

    return float(betaincinv(a, b, 0.05)), float(betaincinv(a, b, 0.95))


def write_review(path: Path, model: Model, proposals: Sequence[Proposal], version: str) -> None:
    """Write the file to be reviewed: not accepted yet. Never overwrites one that exists (FileExistsError)."""
    rows = [
        {
            "source": p.source,
            "name": model.atlas.name(p.source),
            "active": p.active,
            "visits": p.visits,
            "now": round(p.now, 6),
            "proposed": round(p.proposed, 6),
            "interval_90": [round(p.low, 6), round(p.high, 6)],
        }
        for p in proposals
    ]
    review = {
        "format": FORMAT,
        "version": version,
        "made_for": fingerprint(model),
        "accepted": False,
        "accepted_by": "",
        "accepted_on": "",
        "priors": rows,
    }
    with path.open("x", encoding="utf-8") as file:
        json.dump(review, file, ensure_ascii=False, indent=2)
        file.write("\n")


def accepted_priors(path: Path, model: Model) -> dict[str, float]:
    """Source -> prior of a review that a named person accepted on a day, for these very priors. Raises NotAccepted."""
    review = read_review(path)
    if review.get("accepted") is not True or not review.get("accepted_by") or not review.get("accepted_on"):
        raise NotAccepted(f"{path.name} has not been accepted: it needs `accepted: true`, by whom and on which day.")
    if review.get("made_for") != fingerprint(model):
        raise NotAccepted(f"{path.name} was made for other priors than those in use; propose anew and review again.")
    priors = {str(row["source"]): float(row["proposed"]) for row in review["priors"]}
    known = {h.id for h in model.hypotheses.every if h.kind != "flag"}
    for source, prior in priors.items():
        if source not in known or not 0 < prior <= MOST:
            raise NotAccepted(f"{path.name}: {source} with a prior of {prior} cannot be used.")
    return priors


def read_review(path: Path) -> dict[str, Any]:
    """A review file as it stands, accepted or not. Raises NotAccepted when it is none."""
    try:
        review = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise NotAccepted(f"{path.name} cannot be read as a review of priors: {error}") from None
    if not isinstance(review, dict) or review.get("format") != FORMAT:
        raise NotAccepted(f"{path.name} is no review of priors; its format should be {FORMAT!r}.")
    return review


def accept(path: Path, model: Model, *, by: str, on: date) -> None:
    """Note in a review file that a person read and accepted it. Raises NotAccepted, and then leaves it as it was.

    Only once: an accepted file is not accepted over by somebody else.
    """
    review = read_review(path)
    if review.get("accepted"):
        raise NotAccepted(f"{path.name} was accepted by {review.get('accepted_by')} already.")
    if not by.strip():
        raise NotAccepted("Say who accepts it.")
    signed = review | {"accepted": True, "accepted_by": by.strip(), "accepted_on": on.isoformat()}
    trial = path.with_name(f"{path.name}.new")
    trial.write_text(json.dumps(signed, ensure_ascii=False, indent=2) + "\n", "utf-8")
    try:
        accepted_priors(trial, model)
        trial.replace(path)
    finally:
        trial.unlink(missing_ok=True)


def with_priors(model: Model, priors: Mapping[str, float]) -> Model:
    """The same model with these priors on every side of these sources; everything else stays."""
    every = tuple(replace(h, prior=priors[h.id]) if h.id in priors else h for h in model.hypotheses.every)
    leak = model.network.leak.copy()
    leak[model.network.n_context :] = np.clip([h.prior for h in every], 1e-9, 1 - 1e-9)
    return replace(model, hypotheses=Hypotheses(every), network=replace(model.network, leak=leak))


def fingerprint(model: Model) -> str:
    """Stands for the priors in use, so that a review is not applied on top of others."""
    text = "\n".join(f"{h.key} {h.prior:.9f}" for h in model.hypotheses.every)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


__all__ = [
    "Count",
    "NotAccepted",
    "Proposal",
    "accept",
    "accepted_priors",
    "counts_of_points",
    "fingerprint",
    "interval_90",
    "propose",
    "read_review",
    "with_priors",
    "write_review",
]
