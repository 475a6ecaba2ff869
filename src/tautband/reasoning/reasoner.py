"""The reasoner: one model of the atlas, asked about one person's picture at a time."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import exp, log, sqrt

import numpy as np
import numpy.typing as npt

from tautband.findings import Picture
from tautband.knowledge.areas import within
from tautband.knowledge.records import Entrapment
from tautband.reasoning.alerts import (
    Judged,
    alerts_of,
    by_posterior_from,
    judge_rules,
    one_answer_short,
    open_questions,
)
from tautband.reasoning.answer import Alert, Answer, NextTest, Reason, Suspect, Unexplained
from tautband.reasoning.evidence import Reading, read_picture
from tautband.reasoning.examiner import believed, matters, unsure
from tautband.reasoning.explain import reasons_of
from tautband.reasoning.inference import Posterior, absorb, first_beliefs, messages, query
from tautband.reasoning.network.build import Model
from tautband.reasoning.network.fields import LAYERS
from tautband.reasoning.network.hypotheses import Hypothesis
from tautband.reasoning.next_tests import next_tests
from tautband.terms.probability import POSSIBLE_FROM, band
from tautband.terms.sides import Side

SHOWN = 24
COVERS_FROM = 0.35
"""A zone counts as wholly covered by a source from this mean field weight: a spillover field covers too."""

COUNTED_FROM = 0.3
NAMED = 5
"""Sources at the head of the list that count as named, however unlikely."""

FAR_NATS = 1.5
"""A danger whose log-odds by propagation stay this far below its alert cannot reach it: on clients with 30 to 40
positives propagation and the exact answer differed by at most .17 for any danger."""

MOVED_NATS = 0.3
"""A source that covers nothing of the drawing is listed only when findings moved its log-odds by this much."""


@dataclass(frozen=True)
class Reasoner:
    """Asks the model. Pure: the same picture always gives the same answer."""

    model: Model = field(repr=False)
    places: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    """Place -> areas it lies in, filled as places are met; the same for every picture."""

    def consider(self, picture: Picture, shown: int = SHOWN, reliance: Mapping[str, float] | None = None) -> Answer:
        """Rank the sources of a picture, explain them, raise alerts and propose the next tests.

        reliance   exam id -> how far this therapist's finding is relied upon, 0..1 (see `repeatability.reliance`)
        Findings that cannot be used are named in `set_aside` and left out; they never stop the ranking.
        """
        start = time.perf_counter()
        model = self.model
        reading = read_picture(picture, model)
        posterior = self._asked(picture, reading, reliance)
        judged = judge_rules(picture, model.atlas, self._within)
        untreated = reading.before_treatment()
        usual = posterior if untreated is reading else self._asked(picture, untreated, reliance)
        flags = self._flag_chances(usual, untreated, judged)
        alerts = alerts_of(judged, flags, model.policy, model.atlas)
        drawn, cover = self._cover(reading)
        floors = self._floors(alerts)
        if usual is not posterior:  # what eased a muscle makes no danger look smaller in the list either
            floors = {id: max(floors.get(id, 0.0), flags[id]) for id, _ in model.hypotheses.flags}
        covers = Covers(tuple(drawn), tuple(drawn.values()), cover)
        suspects = self._suspects(posterior, reading, covers, alerts, floors, shown)
        return Answer(
            suspects=suspects,
            unexplained=unexplained_by(suspects, drawn),
            alerts=alerts,
            next_tests=self._next(posterior, reading, suspects, alerts, judged),
            set_aside=tuple(reading.set_aside),
            method=posterior.method,
            error=posterior.error_estimate,
            seconds=time.perf_counter() - start,
        )

    def posterior(self, picture: Picture, reliance: Mapping[str, float] | None = None) -> Posterior:
        """The chances alone, with how they were computed: what `consider` ranks."""
        return self._asked(picture, read_picture(picture, self.model), reliance)

    def _asked(self, picture: Picture, reading: Reading, reliance: Mapping[str, float] | None) -> Posterior:
        weights = unsure(reading, reliance) if matters(picture, reliance) else {}
        network = believed(self.model.network, weights) if weights else self.model.network
        return query(network, absorb(network, reading.levels, reading.total_shift))

    def _next(
        self,
        posterior: Posterior,
        reading: Reading,
        suspects: tuple[Suspect, ...],
        alerts: tuple[Alert, ...],
        judged: Judged,
    ) -> tuple[NextTest, ...]:
        owed = {exam for alert in alerts for exam in alert.ask}
        owed |= {exam for exams in open_questions(judged).values() for exam in exams}
        if not (suspects or owed):
            return ()
        held = one_answer_short(judged, self._within)
        return next_tests(self.model, posterior, reading, suspects, alerts, owed, held)

    def _flag_chances(self, posterior: Posterior, reading: Reading, judged: Judged) -> dict[str, float]:
        """Flag id -> chance, never lowered by what was found in a muscle where that decides about an alert.

        A tender muscle explains pain, so in the network it lowers every rival, dangers too. For alerts the chance
        without any muscle finding stands beside it, and the higher of the two counts. It is worked out in full only
        when a first pass says that it could raise an alert which nothing else raises.
        """
        here = {id: float(posterior.marginals[at]) for id, at in self.model.hypotheses.flags}
        in_muscle = {id for id, found in reading.asked.items() if found.of.startswith(("muscle.", "trp."))}
        alert_from, by_rule = self._alert_from, judged.held
        open_ones = [
            (at, alert_from[id])
            for id, at in self.model.hypotheses.flags
            if id in alert_from and id not in by_rule and here[id] < alert_from[id]
        ]
        if not (in_muscle and open_ones):
            return here
        levels = {id: level for id, level in reading.levels.items() if id not in in_muscle}
        state = absorb(posterior.network, levels, reading.total_shift)
        at = np.array([at for at, _ in open_ones], np.int64)
        least = _log_odds_of(np.array([chance for _, chance in open_ones])) - FAR_NATS
        if (first_beliefs(state)[at] < least).all():
            return here
        without = query(posterior.network, state).marginals
        return {id: max(here[id], float(without[at])) for id, at in self.model.hypotheses.flags}

    def _within(self, place: str, area: str) -> bool:
        """Whether a mark lies in an area of a rule; a place that nobody knows lies nowhere (it is set aside)."""
        if place not in self.places:
            atlas = self.model.atlas
            known = place in atlas.areas or place.startswith("zone.")
            self.places[place] = frozenset(a for a in atlas.areas if known and within(place, a, atlas))
        return area in self.places[place]

    def _moved(self, posterior: Posterior) -> npt.NDArray[np.bool_]:
        """The sources that what was found moved at all worth telling."""
        return np.asarray(np.abs(_log_odds_of(posterior.marginals) - self._before) >= MOVED_NATS)

    @cached_property
    def _alert_from(self) -> dict[str, float]:
        return by_posterior_from(self.model.atlas, self.model.policy)

    @cached_property
    def _before(self) -> np.ndarray:
        """Log-odds of every hypothesis before anything is known of the person."""
        return _log_odds_of(query(self.model.network, {}).marginals)

    def _floors(self, alerts: Sequence[Alert]) -> dict[str, float]:
        """Flag id -> least probability it is shown with, where a rule of a read source holds."""
        floor = self.model.policy.rule_floor
        return {alert.flag: floor[alert.urgency] for alert in alerts if alert.by == "rule" and alert.read}

    def _suspects(
        self,
        posterior: Posterior,
        reading: Reading,
        covers: "Covers",
        alerts: Sequence[Alert],
        floors: dict[str, float],
        shown: int,
    ) -> tuple[Suspect, ...]:
        book = messages(posterior)
        suspects: list[Suspect] = []
        alerted = {alert.flag for alert in alerts}
        listed = self._moved(posterior) | covers.touched
        listed[[at for id, at in self.model.hypotheses.flags if id in alerted]] = True
        every = self.model.hypotheses.every
        chosen = [
            (at, p)
            for rank, (at, p) in enumerate(self._merged(posterior.marginals, floors, listed))
            if rank < shown or every[at].id in alerted
        ]
        why = reasons_of([every[at] for at, _ in chosen], book, reading, self.model)
        for (at, p), reasons in zip(chosen, why, strict=True):
            best = every[at]
            low, high = doubt(p, reasons)
            covered = covers.of(at)
            suspects.append(
                Suspect(
                    id=best.id,
                    side=self._side(best, reading),
                    of=best.of,
                    kind=best.kind,
                    name=best.name,
                    plain=self.model.atlas.plain_name(best.of),
                    targets=best.targets,
                    probability=p,
                    low=low,
                    high=high,
                    band=band(p),
                    explains=sum(covered.values()),
                    zones=frozenset(covered),
                    pressed_by=self._pressed_by(best),
                    reasons=reasons,
                )
            )
        return tuple(suspects)

    def _merged(
        self, chance: np.ndarray, floors: dict[str, float], listed: npt.NDArray[np.bool_]
    ) -> list[tuple[int, float]]:
        """One entry for a muscle part and side: place of its likeliest point, with the chance that any is active.

        listed   per hypothesis: whether it may be shown; the others are left out, likeliest first
        """
        hypotheses = self.model.hypotheses
        quiet = np.log1p(-np.minimum(chance, 1 - 1e-12))
        together = -np.expm1(np.bincount(hypotheses.group_of, quiet, len(hypotheses.groups)))
        by_chance = np.argsort(-chance, kind="stable")
        first = np.unique(hypotheses.group_of[by_chance], return_index=True)[1]
        best = by_chance[first]
        for flag, at in hypotheses.flags:
            if flag in floors:
                group = hypotheses.group_of[at]
                together[group] = max(together[group], floors[flag])
        order = np.argsort(-together, kind="stable")
        order = order[listed[best[order]]]
        return list(zip(best[order].tolist(), together[order].tolist(), strict=True))

    def _pressed_by(self, hypothesis: Hypothesis) -> tuple[str, ...]:
        record = self.model.atlas.record(hypothesis.of)
        if not isinstance(record, Entrapment):
            return ()
        return tuple(dict.fromkeys(press.by_what.value for press in record.pressed_by))

    def _side(self, hypothesis: Hypothesis, reading: Reading) -> Side:
        """A source without a side of its own takes the side of the drawing, if that has only one."""
        if hypothesis.side is not Side.MIDLINE or hypothesis.kind != "flag":
            return hypothesis.side
        sides = {key.rpartition("/")[2] for layer in LAYERS for key in reading.painted.get(layer, ())}
        sides &= {Side.LEFT.value, Side.RIGHT.value}
        return Side(sides.pop()) if len(sides) == 1 else Side.MIDLINE

    # The drawing, and who explains how much of it

    def _drawn(self, reading: Reading) -> dict[str, float]:
        """Share of the drawing in each painted chart zone, by area; both layers together."""
        painted = sorted(frozenset[str]().union(*reading.painted.values()))
        fields = self.model.fields
        area = {key: float(fields.zone_cm2[fields.zone_index[key]]) for key in painted}
        whole = sum(area.values())
        return {key: a / whole for key, a in area.items()} if whole else {}

    def _cover(self, reading: Reading) -> tuple[dict[str, float], np.ndarray]:
        drawn = self._drawn(reading)
        fields = self.model.fields
        at = np.array([fields.zone_index[key] for key in drawn], np.int64)
        weight = np.maximum(fields.covered["pain"][:, at], fields.covered["sensory"][:, at]) / fields.zone_cm2[at]
        return drawn, np.minimum(weight / COVERS_FROM, 1.0)


@dataclass(frozen=True)
class Covers:
    """Which zones of the drawing each source covers.

    keys, shares   zones of the drawing, and their shares of it
    cover          hypotheses x zones: how far a source's field fills the zone, 0..1
    """

    keys: tuple[str, ...]
    shares: tuple[float, ...]
    cover: np.ndarray = field(repr=False)

    @cached_property
    def touched(self) -> npt.NDArray[np.bool_]:
        """Per hypothesis: whether it covers any of the drawing."""
        return np.asarray((self.cover > COUNTED_FROM).any(axis=1))

    def of(self, hypothesis: int) -> dict[str, float]:
        """Zones of the drawing that a source covers, with their share of the drawing."""
        row = self.cover[hypothesis]
        return {self.keys[j]: float(row[j]) * self.shares[j] for j in np.flatnonzero(row > COUNTED_FROM).tolist()}


def unexplained_by(suspects: Sequence[Suspect], drawn: Mapping[str, float]) -> Unexplained:
    """What none of the named sources covers: the first few of the list, and every other that is at least possible.

    drawn   painted chart zone -> its share of the drawing
    """
    named = [s for rank, s in enumerate(suspects) if rank < NAMED or s.probability >= POSSIBLE_FROM]
    covered = frozenset[str]().union(*(s.zones for s in named))
    left = {key: share for key, share in drawn.items() if key not in covered}
    return Unexplained(float(sum(left.values())), tuple(left))


def doubt(probability: float, reasons: Sequence[Reason]) -> tuple[float, float]:
    """The band around a probability: narrow when several findings bear on it, wide when only the drawing does.

    A display convention, not a confidence interval: the spread of a Beta distribution worth two observations for the
    drawing and four for every finding that moves this source by more than a tenth of a nat.
    """
    findings = sum(1 for r in reasons if r.sort in ("exam", "palpation", "history") and abs(r.nats) > 0.1)
    n = 2.0 + 4.0 * findings
    p = min(max(probability, 1e-6), 1 - 1e-6)
    spread = 1.28 / sqrt((n + 1) * p * (1 - p))
    centre = _log_odds(p)
    return _logistic(centre - min(spread, 2.5)), _logistic(centre + min(spread, 2.5))


def _log_odds_of(p: np.ndarray) -> np.ndarray:
    inside = np.clip(p, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(inside) - np.log1p(-inside))


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-9), 1 - 1e-9)
    return log(p / (1 - p))


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-x))


__all__ = ["Reasoner", "doubt"]
