"""What looks the same: sources whose fields cover the same skin, with the examination that parts them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tautband.knowledge import Atlas
from tautband.knowledge.places import F4, area_names, covered
from tautband.knowledge.records import Exam
from tautband.terms.ids import kind_of

STRENGTH = {"usual": 0.7, "often": 0.5, "sometimes": 0.25, "rare": 0.1}
LEAST, MOST, MOST_WRITTEN, MOST_OF_A_KIND = 0.12, 10, 5, 3
GROUPED = {"nerve": "nerve", "entrapment": "nerve", "root": "nerve"}


@dataclass(frozen=True)
class Test:
    """An examination that speaks for one of two sources and less, or not, for the other."""

    exam: str
    points_to: str


@dataclass(frozen=True)
class Rival:
    """A source that can be taken for another: how much of the skin they share, where, and what parts them."""

    id: str
    kind: str
    shared: float
    where: tuple[str, ...]
    written: bool
    test: Test | None


@dataclass(frozen=True, eq=False)
class Skins:
    """One row of covered skin for each source; a muscle is all of its points together."""

    ids: tuple[str, ...]
    rows: F4
    index: dict[str, int]
    zones: tuple[str, ...]
    zone_cm2: F4


@lru_cache(maxsize=4)
def skins(atlas: Atlas) -> Skins:
    """The skin every source covers, drawn for the left."""
    skin = covered(atlas)
    owners: dict[str, dict[str, None]] = {}
    for owner in skin.owners:
        owners.setdefault(atlas.points[owner][1] if owner in atlas.points else owner, {})[owner] = None
    rows = np.stack([skin.of(points) for points in owners.values()])
    ids = tuple(owners)
    return Skins(ids, rows, {id: n for n, id in enumerate(ids)}, skin.zones, skin.zone_cm2)


@lru_cache(maxsize=2048)
def rivals(atlas: Atlas, id: str) -> tuple[Rival, ...]:
    """Sources that look like this one, the nearest first; half of the places are kept for those its file names."""
    every = skins(atlas)
    if id not in every.index:
        return ()
    own = every.rows[every.index[id]]
    shared = np.minimum(every.rows, own).sum(1) / np.maximum(np.maximum(every.rows, own).sum(1), 1e-6)
    written = [atlas.points[r][1] if r in atlas.points else r for r in atlas.rivals_of(id)]
    found = [r for r in dict.fromkeys(written) if r in every.index and r != id]
    found = sorted(found, key=lambda r: -shared[every.index[r]])[:MOST_WRITTEN]
    counts: dict[str, int] = {}
    for n in np.argsort(-shared):
        other = every.ids[n]
        group = GROUPED.get(kind_of(other), kind_of(other))
        if len(found) >= MOST or shared[n] < LEAST:
            break
        if other == id or other in found or counts.get(group, 0) >= MOST_OF_A_KIND:
            continue
        counts[group] = counts.get(group, 0) + 1
        found.append(other)
    found.sort(key=lambda other: -shared[every.index[other]])
    return tuple(
        _rival(atlas, every, id, other, float(shared[every.index[other]]), other in written) for other in found
    )


def _rival(atlas: Atlas, every: Skins, id: str, other: str, shared: float, written: bool) -> Rival:
    both = np.minimum(every.rows[every.index[id]], every.rows[every.index[other]])
    where = tuple(area_names([both], atlas)[:3]) if both.sum() > 0 else ()
    return Rival(other, kind_of(other), shared, where, written, parting_test(atlas, id, other))


def parting_test(atlas: Atlas, one: str, other: str) -> Test | None:
    """The examination that speaks most differently for two sources; the quicker one when two are as good."""
    best: tuple[float, int, str, str] | None = None
    said = {id: _spoken(atlas, id) for id in (one, other)}
    for exam in dict.fromkeys((*said[one], *said[other])):
        gain = said[one].get(exam, 0.0) - said[other].get(exam, 0.0)
        record = atlas.records[exam]
        assert isinstance(record, Exam)
        offer = (round(abs(gain), 2), -record.seconds, exam, one if gain > 0 else other)
        if abs(gain) >= 0.1 and (best is None or offer > best):
            best = offer
    return Test(best[2], best[3]) if best else None


@lru_cache(maxsize=4096)
def _spoken(atlas: Atlas, id: str) -> dict[str, float]:
    """How strongly each examination speaks for a source: sensitivity + specificity - 1, or an expert's word."""
    names = {id, *(p.id for p in getattr(atlas.records.get(id), "trigger_points", ()))}
    exams = dict.fromkeys(exam for name in names for exam in atlas.exams_of(name))
    found: dict[str, float] = {}
    for exam in exams:
        record = atlas.records.get(exam)
        if isinstance(record, Exam):
            found[exam] = max((*_accuracies(record, names), *_words(record, names)), default=0.0)
    return {exam: value for exam, value in found.items() if value > 0}


def _accuracies(exam: Exam, names: set[str]) -> Iterable[float]:
    return (a.sensitivity + a.specificity - 1 for a in exam.accuracy if names & set(a.sources))


def _words(exam: Exam, names: set[str]) -> Iterable[float]:
    return (STRENGTH[s.strength] for s in exam.suggests if names & set(s.sources) and not s.against)
