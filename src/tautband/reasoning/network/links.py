"""How strongly a finding speaks of a source: accuracies and expert words turned into noisy-OR links.

From a study, q = (sens + spec - 1) / spec (research/inference: the other causes of the study's controls cancel), after
shrinking by sample size and keeping only the share of information that its spectrum allows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log

from tautband.knowledge.records import Accuracy
from tautband.reasoning.policy import Policy

CASES_SHARE = 0.35
"""Share of a study's people taken to have the condition when the study's count was not seen."""

UNKNOWN_N = 40
LEAST_LEAK = 0.005


@dataclass(frozen=True, slots=True)
class Link:
    """P(finding | this source alone, no leak) and the leak that the same study implies; `facts` counts its roads."""

    q: float
    leak: float
    facts: int = 1


def link_of(accuracies: Sequence[Accuracy], policy: Policy) -> Link | None:
    """Pool the accuracies of one finding for one source into a link; None when they carry no information."""
    sensitivity = _pooled((a.sensitivity, _with(a)) for a in accuracies)
    specificity = _pooled((a.specificity, _without(a)) for a in accuracies)
    weight = sum(_with(a) + _without(a) for a in accuracies)
    kept = sum(policy.spectrum[a.spectrum] * (_with(a) + _without(a)) for a in accuracies) / weight
    sens = _shrunk(sensitivity, sum(_with(a) for a in accuracies), 0.5, policy)
    spec = _shrunk(specificity, sum(_without(a) for a in accuracies), 0.7, policy)
    information = kept * (sens + spec - 1)
    if information <= 0.02:
        return None
    q = min(information / spec, 0.97)
    return capped(Link(q, max(1 - spec, LEAST_LEAK), len(accuracies)), policy)


def capped(link: Link, policy: Policy) -> Link:
    """Keep the likelihood ratios of one finding within the cap on both sides."""
    highest = policy.lr_cap
    q_for_positive = link.leak * (highest - 1) / (1 - link.leak)
    q_for_negative = 1 - 1 / highest
    return Link(min(link.q, q_for_positive, q_for_negative), link.leak, link.facts)


def tempered(q: float, leak: float, alpha: float) -> float:
    """Flatten a link so that the log-likelihood ratio of a positive finding counts only alpha of itself.

    Returns the link for the same leak. With alpha 1 it is q.
    """
    ratio = exp(alpha * log(positive_ratio(q, leak)))
    return min(max(leak * (ratio - 1) / (1 - leak), 0.0), 1 - 1e-9)


def positive_ratio(q: float, leak: float) -> float:
    """P(finding | source) / P(finding | not source), others off."""
    return (1 - (1 - leak) * (1 - q)) / leak


def group_alpha(members: int, rho: float) -> float:
    """Weight of each of several findings of one group that hang together with correlation rho."""
    return 1 / (1 + (members - 1) * rho)


def _with(a: Accuracy) -> float:
    n = a.n if a.n is not None else UNKNOWN_N
    return max(float(a.n_with if a.n_with is not None else CASES_SHARE * n), 1.0)


def _without(a: Accuracy) -> float:
    n = a.n if a.n is not None else UNKNOWN_N
    return max(n - _with(a), 1.0)


def _pooled(values: Iterable[tuple[float, float]]) -> float:
    pairs = list(values)
    return sum(v * n for v, n in pairs) / sum(n for _, n in pairs)


def _shrunk(value: float, n: float, towards: float, policy: Policy) -> float:
    return (value * n + towards * policy.study_prior_n) / (n + policy.study_prior_n)
