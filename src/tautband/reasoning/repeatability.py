"""How well examiners agree: kappa of blind double examinations per sign, and how far one therapist is relied upon.

Two people examine the same client without knowing of each other's result. Cohen's kappa (1960) with the large-sample
standard error of Fleiss, Cohen and Everitt (1969) says how much of the agreement is more than chance.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from tautband.findings import Finding, State
from tautband.knowledge import Atlas
from tautband.knowledge.records import Exam

USUAL_KAPPA = 0.45
"""Agreement on trigger points pooled over studies (six studies, 363 people); stands in where a sign has none."""

FEW = 20.0
"""Double examinations that the published agreement counts as much as: below that many, the record says little."""

LEAST_RELIANCE = 0.1


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two examiners on one sign.

    n               pairs of present or absent
    observed        share of pairs that agree
    kappa           agreement beyond chance, 1 at best; None when chance alone gives full agreement
    low, high       95 of 100 interval of kappa, None where kappa is
    adjusted        prevalence- and bias-adjusted kappa (2 observed - 1), for signs that are nearly always absent
    """

    sign: str
    n: int
    observed: float
    kappa: float | None
    low: float | None
    high: float | None
    adjusted: float


def agreement(sign: str, pairs: Sequence[tuple[bool, bool]]) -> Agreement:
    """Agreement of two examiners over pairs of results (present or not). Raises ValueError for no pairs."""
    if not pairs:
        raise ValueError(f"There is no double examination of {sign!r} yet.")
    n = len(pairs)
    share = {(a, b): pairs.count((a, b)) / n for a in (True, False) for b in (True, False)}
    observed = share[True, True] + share[False, False]
    one = {a: share[a, True] + share[a, False] for a in (True, False)}
    other = {b: share[True, b] + share[False, b] for b in (True, False)}
    chance = sum(one[x] * other[x] for x in (True, False))
    adjusted = 2 * observed - 1
    if chance >= 1 - 1e-12:
        return Agreement(sign, n, observed, None, None, None, adjusted)
    kappa = (observed - chance) / (1 - chance)
    spread = 1.96 * _error(share, one, other, observed, chance, n)
    return Agreement(sign, n, observed, kappa, max(kappa - spread, -1.0), min(kappa + spread, 1.0), adjusted)


def _error(
    share: Mapping[tuple[bool, bool], float],
    one: Mapping[bool, float],
    other: Mapping[bool, float],
    observed: float,
    chance: float,
    n: int,
) -> float:
    """Standard error of kappa by the formula of Fleiss, Cohen and Everitt (1969)."""
    agreed = sum(share[x, x] * ((1 - chance) - (other[x] + one[x]) * (1 - observed)) ** 2 for x in (True, False))
    split = sum(share[a, not a] * (other[a] + one[not a]) ** 2 for a in (True, False))
    rest = (observed * chance - 2 * chance + observed) ** 2
    return sqrt(max(agreed + (1 - observed) ** 2 * split - rest, 0.0) / n) / (1 - chance) ** 2


def double_examination(
    first: Iterable[Finding], second: Iterable[Finding], pairs: dict[str, list[tuple[bool, bool]]] | None = None
) -> dict[str, list[tuple[bool, bool]]]:
    """Pair two blind examinations of one client by sign, place and side; what only one looked for is left out.

    pairs   results of earlier clients, to which these are added
    """
    found: dict[str, list[tuple[bool, bool]]] = defaultdict(list, {k: list(v) for k, v in (pairs or {}).items()})
    others = {f.key: f for f in second if f.state is not State.UNKNOWN}
    for one in first:
        other = others.get(one.key)
        if other is not None and one.state is not State.UNKNOWN:
            found[one.id].append((one.state is State.PRESENT, other.state is State.PRESENT))
    return dict(found)


def record_of(pairs: Mapping[str, Sequence[tuple[bool, bool]]]) -> tuple[Agreement, ...]:
    """A therapist's record: agreement per sign, in order of sign."""
    return tuple(agreement(sign, results) for sign, results in sorted(pairs.items()) if results)


def reliance(record: Iterable[Agreement], atlas: Atlas) -> dict[str, float]:
    """How far a therapist is relied upon, per sign: 0.1 to 1, where 1 is the examiner that the atlas assumes.

    The therapist's kappa is pulled to the published one by FEW pseudo-examinations, then compared with it. Better than
    the published agreement earns no extra weight: the links of the atlas were made for examiners of that kind.
    """
    found = {}
    for row in record:
        usual = published_kappa(row.sign, atlas)
        if row.kappa is not None and usual > 0:
            pulled = (row.n * row.kappa + FEW * usual) / (row.n + FEW)
            found[row.sign] = min(max(pulled / usual, LEAST_RELIANCE), 1.0)
    return found


def published_kappa(sign: str, atlas: Atlas) -> float:
    """Mean kappa of the sign's read studies between trained examiners; the usual one where there is none."""
    record = atlas.get(sign) if sign in atlas else None
    if not isinstance(record, Exam):
        return USUAL_KAPPA
    values = [
        r.value
        for r in record.reliability
        if r.statistic == "kappa" and "untrained" not in r.raters and any(record.cites[k].read for k in r.by)
    ]
    return sum(values) / len(values) if values else USUAL_KAPPA


__all__ = ["Agreement", "agreement", "double_examination", "published_kappa", "record_of", "reliance"]
