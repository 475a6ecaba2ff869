"""Put the network together: causes with their priors and links, findings with theirs, and what is kept beside it.

Findings of the network have ids of their own:
    pain@skin:area.x/left   a painted reasoning zone (layers pain and sensory)
    pain@area.x/left        a place named in words
    exam.x/left             an examination; exam.x@muscle.y/left where it is done on something
    ...#3                   the same finding as one of three of its group: flattened, since they hang together
A finding whose side was not given stands under `midline` and has the sources of both sides as parents.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tautband.knowledge import Atlas
from tautband.knowledge.areas import zones_in
from tautband.knowledge.lexicon.moves import motion_in
from tautband.knowledge.records import Accuracy, Entrapment, Exam, Flag, Root, Strength, Suggests, When
from tautband.reasoning.inference import Network, NetworkBuilder
from tautband.reasoning.network.fields import LAYERS, Fields, fields_of
from tautband.reasoning.network.hypotheses import Hypotheses, Hypothesis, hypotheses_of, is_read
from tautband.reasoning.network.links import Link, capped, group_alpha, link_of, positive_ratio, tempered
from tautband.reasoning.network.whole import movers, near_landmark, overlap, reaching
from tautband.reasoning.policy import POLICY, Policy
from tautband.surface import reasoning_zones
from tautband.terms.ids import Sided
from tautband.terms.sides import Side

GROUP_SIZES = (1, 2, 3, 4)
EVERY_SIDE = (Side.LEFT, Side.RIGHT, Side.MIDLINE)
PALPATION = "exam.palpation."
Array = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Question:
    """What a finding of the network asks: an examination, on what, on which side, and its group."""

    exam: str
    of: str
    side: Side
    group: str

    def id(self, members: int = 1) -> str:
        """The id of this finding when `members` findings of its group are known."""
        size = min(members, GROUP_SIZES[-1]) if self.group else 1
        return f"{self.alone}#{size}" if size > 1 else self.alone

    @cached_property
    def alone(self) -> str:
        """The id of this finding by itself."""
        where = f"@{self.of}" if self.of else ""
        return f"{self.exam}{where}/{self.side}"


@dataclass(frozen=True, eq=False)
class Model:
    """The network and what stands beside it, all made from one atlas and one policy.

    questions   (exam, of, side) -> question that the network knows
    against     (exam, side) -> what a present finding takes from a hypothesis, or adds to a danger whose rule asks for
                it, nats
    loaded      factor id -> hypothesis key -> what a present factor adds, nats
    zone_groups reasoning zone key -> keys of its chart zones
    area_zones  (area, side) -> keys of its chart zones
    silence     reasoning zones x hypotheses: nats that an unpainted zone would take from each
    """

    atlas: Atlas
    policy: Policy
    network: Network
    hypotheses: Hypotheses
    fields: Fields
    questions: Mapping[tuple[str, str, Side], Question]
    against: Mapping[tuple[str, Side], Mapping[str, float]]
    loaded: Mapping[str, Mapping[str, float]]
    zone_groups: Mapping[str, tuple[str, ...]]
    area_zones: Mapping[tuple[str, Side], frozenset[str]]
    silence: Array

    def hypothesis(self, key: str) -> Hypothesis:
        return self.hypotheses.by_key[key]


Links = dict[str, Link]
"""Hypothesis key -> link."""


class _Builder:
    def __init__(self, atlas: Atlas, policy: Policy, draw: Callable[[Hypotheses], Fields]) -> None:
        self.atlas = atlas
        self.policy = policy
        self.hypotheses = hypotheses_of(atlas, policy)
        self.fields = draw(self.hypotheses)
        self.only_asked = np.array([bool(h.zones) for h in self.hypotheses.every])
        self.net = NetworkBuilder("atlas")
        self.questions: dict[tuple[str, str, Side], Question] = {}
        self.against: dict[tuple[str, Side], dict[str, float]] = defaultdict(dict)
        self.zone_groups: dict[str, tuple[str, ...]] = {}
        self.area_zones: dict[tuple[str, Side], frozenset[str]] = {}
        self.silence: list[Array] = []
        self.features = self._features_of_flags()
        self.hinted = self._hints()
        self.movers = movers(atlas)
        self.weak = self._weakened()

    def build(self) -> Model:
        self._causes()
        self._zones()
        self._areas()
        for exam in self.atlas.exams:
            self._exam(exam)
        self._on_muscles()
        self._on_motions()
        self._on_places()
        self._on_roots()
        return Model(
            self.atlas,
            self.policy,
            self.net.build(),
            self.hypotheses,
            self.fields,
            self.questions,
            self.against,
            self._factors(),
            self.zone_groups,
            self.area_zones,
            np.stack(self.silence) if self.silence else np.zeros((0, len(self.hypotheses.every))),
        )

    # Causes

    def _causes(self) -> None:
        links = self._cause_links()
        for h in self.hypotheses.every:
            self.net.cause(h.key, h.prior, links.get(h.key), h.kind, self.policy.harm[h.kind])

    def _cause_links(self) -> dict[str, dict[str, float]]:
        """Child -> parents: satellite points of key points, and nerves pressed by taut muscle. Never a circle."""
        wanted: list[tuple[str, str, float]] = []
        for muscle in self.atlas.muscles:
            for name, linked in (("satellite", muscle.satellites), ("entraps", muscle.entraps)):
                for link in linked:
                    if is_read(link, muscle):
                        wanted += self._pairs(muscle.id, link.to, self.policy.cause_links[name])
        for entrapment in self.atlas.entrapments:
            for press in entrapment.pressed_by:
                if press.muscle and is_read(press, entrapment):
                    wanted += self._pairs(press.muscle, entrapment.id, self.policy.cause_links["entraps"])
        order = {h.key: i for i, h in enumerate(self.hypotheses.every)}
        links: dict[str, dict[str, float]] = defaultdict(dict)
        for parent, child, q in wanted:
            if order[parent] < order[child]:
                links[child][parent] = q
        return links

    def _pairs(self, parent: str, child: str, q: float) -> Iterator[tuple[str, str, float]]:
        for side in (Side.LEFT, Side.RIGHT):
            for a in self.hypotheses.named(parent, side):
                for b in self.hypotheses.named(child, side):
                    if a.side is b.side:
                        yield a.key, b.key, q

    # The drawing

    def _zones(self) -> None:
        for zone in reasoning_zones():
            members = tuple(map(str, zone.zones))
            self.zone_groups[str(zone)] = members
            for layer in LAYERS:
                leak = self.policy.zone_leak[layer]
                # Places that only a rule asks about are answered in words; a painted zone is sharper than they are.
                strength = self.policy.pain_essential * self.fields.density(layer, members) * ~self.only_asked
                if layer == "pain":
                    felt = [self.policy.felt_as[layer][h.kind] for h in self.hypotheses.every]
                    self.silence.append(np.log1p(-np.minimum(strength * felt, 0.95)))
                links = {k: tempered(q, leak, self.policy.drawing_alpha) for k, q in self._felt(layer, strength)}
                self.net.finding(skin(layer, str(zone)), leak, links)

    def _areas(self) -> None:
        for area in self.atlas.areas.values():
            for side in EVERY_SIDE:
                zones = self._sided_zones(area.id, side)
                if not zones:
                    continue
                self.area_zones[area.id, side] = zones
                for layer in LAYERS:
                    strength = self.policy.pain_essential * self._area_affinity(layer, zones, area.side, side)
                    self.net.finding(
                        str_of(layer, area.id, side), self.policy.area_leak[layer], dict(self._felt(layer, strength))
                    )

    def _sided_zones(self, area: str, side: Side) -> frozenset[str]:
        """Keys of an area's chart zones: on one side with the midline ones, or all where no side is meant."""
        sides = EVERY_SIDE if side is Side.MIDLINE else (side, Side.MIDLINE)
        keys = (f"{zone}/{s}" for zone in zones_in(area, self.atlas) for s in sides)
        return frozenset(key for key in keys if key in self.fields.zone_index)

    def _area_affinity(self, layer: str, zones: frozenset[str], paired: str, side: Side) -> Array:
        """A paired place without a side fits a source as well as the better of its two sides does."""
        if paired != "paired" or side is not Side.MIDLINE:
            return self.fields.affinity(layer, zones)
        halves = [[z for z in zones if not z.endswith(f"/{s.mirrored}")] for s in (Side.LEFT, Side.RIGHT)]
        return np.asarray(np.maximum(*(self.fields.affinity(layer, half) for half in halves)))

    def _felt(self, layer: str, strength: Array) -> Iterator[tuple[str, float]]:
        felt = self.policy.felt_as[layer]
        for h, q in zip(self.hypotheses.every, strength.tolist(), strict=True):
            if (link := q * felt[h.kind]) >= self.policy.least_link:
                yield h.key, min(link, 0.95)

    # Examinations

    def _exam(self, exam: Exam) -> None:
        if exam.id in self.policy.palpation or exam.id in self.policy.muscle_exam:
            return
        for side in EVERY_SIDE if exam.sided else (Side.MIDLINE,):
            links, leak = self._exam_links(exam, side)
            if links:
                self._ask(Question(exam.id, "", side, exam.cluster), leak, links)
            self._hint(exam, side, links, leak)
            for suggests in exam.suggests:
                if suggests.against and is_read(suggests, exam):
                    self._speaks_against(exam, suggests, side)

    def _exam_links(self, exam: Exam, side: Side) -> tuple[Links, float]:
        studies: dict[str, list[Accuracy]] = defaultdict(list)
        for accuracy in exam.accuracy:
            if is_read(accuracy, exam):
                for h in self._spoken_of(accuracy, side):
                    studies[h.key].append(accuracy)
        found = {key: link for key, rows in studies.items() if (link := link_of(rows, self.policy))}
        leak = self._leak(exam, found)
        words: Links = {}
        for suggests in exam.suggests:
            if not suggests.against and is_read(suggests, exam):
                for h in self._spoken_of(suggests, side):
                    words[h.key] = Link(self.policy.strength[suggests.strength], leak)
        for key, q in (*self.features.get(exam.id, {}).items(), *self._weak_movement(exam, side).items()):
            words.setdefault(key, Link(q, leak))
        return {k: capped(Link(link.q, leak), self.policy) for k, link in {**words, **found}.items()}, leak

    def _weak_movement(self, exam: Exam, side: Side) -> dict[str, float]:
        """Nerves behind a weak movement, where the examination names a movement and not the muscle it was done on."""
        if exam.method != "strength" or exam.region == "general":
            return {}
        return self._weakening(self.movers.get(motion_in(exam.name.en), ()), side)

    def _spoken_of(self, fact: Accuracy | Suggests, side: Side) -> Iterator[Hypothesis]:
        for source in fact.sources:
            yield from self.hypotheses.named(self.atlas.current(source), side)

    def _leak(self, exam: Exam, found: Links) -> float:
        if found:
            return float(np.mean([link.leak for link in found.values()]))
        return exam.base_rate if exam.base_rate is not None else self.policy.leak[exam.method]

    def _speaks_against(self, exam: Exam, suggests: Suggests, side: Side) -> None:
        nats = -self.policy.against_nats[suggests.strength]
        for h in self._spoken_of(suggests, side):
            if h.kind != "flag":
                self.against[exam.id, side][h.key] = nats

    def _features_of_flags(self) -> dict[str, dict[str, float]]:
        """Findings that a flag's own page names: exam id -> flag key -> chance."""
        features: dict[str, dict[str, float]] = defaultdict(dict)
        for flag in self.atlas.flags:
            for feature in flag.features:
                if not feature.against and is_read(feature, flag):
                    for finding in feature.sources:
                        for h in self.hypotheses.named(flag.id, Side.MIDLINE):
                            features[finding][h.key] = self.policy.strength[feature.strength]
        return features

    def _hint(self, exam: Exam, side: Side, links: Links, leak: float) -> None:
        """Dangers whose read rules ask for this finding, and which no link speaks for: a plain shift when present.

        A shift and not a link: a rule names many findings, and as links they would make the network wide for little.
        """
        for key, strength in self.hinted.get(exam.id, {}).items():
            if key not in links:
                q = capped(Link(self.policy.strength[strength], leak), self.policy).q
                self.against[exam.id, side][key] = float(np.log(positive_ratio(q, leak)))

    def _hints(self) -> dict[str, dict[str, Strength]]:
        """Exam id -> flag key -> how often, from the rules."""
        found: dict[str, dict[str, Strength]] = defaultdict(dict)
        for flag in self.atlas.flags:
            for finding, strength in self._features_of_rules(flag).items():
                for h in self.hypotheses.named(flag.id, Side.MIDLINE):
                    found[finding][h.key] = strength
        return found

    @staticmethod
    def _features_of_rules(flag: Flag) -> dict[str, Strength]:
        """What a read rule asks for speaks of its flag before the whole rule holds: sometimes where it must be there,
        rarely where it is one of several."""
        found: dict[str, Strength] = {}
        for rule in flag.rules:
            if is_read(rule, flag):
                for id, needed in asked_in(rule.when):
                    if id.startswith("exam.") and (needed or id not in found):
                        found[id] = Strength.SOMETIMES if needed else Strength.RARE
        return found

    def _ask(self, question: Question, leak: float, links: Links) -> None:
        self.questions[question.exam, question.of, question.side] = question
        for size in GROUP_SIZES if question.group else (1,):
            alpha = group_alpha(size, self.policy.group_rho)
            flat = {key: tempered(link.q, leak, alpha) for key, link in links.items()}
            self.net.finding(question.id(size), leak, flat)

    # Examinations done on a muscle

    def _on_muscles(self) -> None:
        weak = self.weak
        known = {exam.id for exam in self.atlas.exams}
        for muscle in self.atlas.muscles:
            for side in EVERY_SIDE:
                points = list(self.hypotheses.named(muscle.id, side))
                for exam, (q, leak) in self.policy.palpation.items():
                    if exam in known:
                        links = {h.key: Link(q, leak) for h in points}
                        self._ask(Question(exam, muscle.id, side, f"{PALPATION}{muscle.id}"), leak, links)
                for exam, (q, leak) in self.policy.muscle_exam.items():
                    if exam in known:
                        links = {h.key: Link(q, leak) for h in points}
                        if exam in WEAKNESS:
                            links |= {key: Link(q, leak) for key, q in weak[muscle.id, side].items()}
                        self._ask(Question(exam, muscle.id, side, ""), leak, links)

    def _weakened(self) -> dict[tuple[str, Side], dict[str, float]]:
        """(muscle, side) -> roots and entrapments that weaken it, with the chance."""
        weak: dict[tuple[str, Side], dict[str, float]] = defaultdict(dict)
        records: list[Root | Entrapment] = [*self.atlas.roots, *self.atlas.entrapments]
        for record in records:
            named_weak = record.weak if isinstance(record, Entrapment) else record.myotome
            if not any(is_read(fact, record) for fact in named_weak):
                continue
            for muscle in record.weak_muscles:
                for side in EVERY_SIDE:
                    for h in self.hypotheses.named(record.id, side):
                        weak[muscle, side][h.key] = self.policy.weak_from_nerve
        return weak

    # Whole movements and places

    def _on_motions(self) -> None:
        """A movement tested as a whole speaks of every muscle that makes it, and when weak of their nerves."""
        known = {exam.id for exam in self.atlas.exams}
        for motion, muscles in self.movers.items():
            for side in EVERY_SIDE:
                points = [h.key for muscle in muscles for h in self.hypotheses.named(muscle, side)]
                for exam in sorted({"exam.resisted_pain", "exam.muscle_strength", "exam.stretch_pain"} & known):
                    q, leak = self.policy.muscle_exam[exam]
                    links = {key: Link(q, leak) for key in points}
                    if exam in WEAKNESS:
                        links |= {key: Link(q, leak) for key, q in self._weakening(muscles, side).items()}
                    self._ask(Question(exam, motion, side, ""), leak, links)

    def _weakening(self, muscles: Iterable[str], side: Side) -> dict[str, float]:
        """Nerves that weaken any of these muscles, with the chance that the movement is then weak."""
        return {key: q for muscle in muscles for key, q in self.weak.get((muscle, side), {}).items()}

    def _on_places(self) -> None:
        """Tapping or pressing at a named place speaks of what lies there: nerves, points, joints, tendons."""
        known = {exam.id for exam in self.atlas.exams}
        near = {h.key: near_landmark(h, self.atlas) for h in self.hypotheses.every if h.kind in ("trp", "entrapment")}
        nerves = {key: around for key, around in near.items() if key.startswith("entrapment.")}
        for (area, side), zones in self.area_zones.items():
            fit = overlap(self._area_affinity("pain", zones, self.atlas.areas[area].side, side), FITS_FROM)
            kinds = [(i, share) for i, share in fit.items() if self.hypotheses.every[i].kind in ("joint", "tissue")]
            for exam, (q, leak) in self.policy.place_exam.items():
                here = nerves if exam == TINEL else near
                links = {key: Link(q, leak) for key in reaching(here, zones)}
                if exam != TINEL:
                    links |= {self.hypotheses.every[i].key: Link(q * share, leak) for i, share in kinds}
                if exam in known and links:
                    self._ask(Question(exam, area, side, ""), leak, links)

    def _on_roots(self) -> None:
        """A dermatome or myotome named by its level speaks of that root."""
        known = {exam.id for exam in self.atlas.exams}
        for root in self.atlas.roots:
            for side in EVERY_SIDE:
                for exam, (q, leak) in self.policy.root_exam.items():
                    links = {h.key: Link(q, leak) for h in self.hypotheses.named(root.id, side)}
                    if exam in known:
                        self._ask(Question(exam, root.id, side, ""), leak, links)

    # Factors

    def _factors(self) -> dict[str, dict[str, float]]:
        loaded: dict[str, dict[str, float]] = {}
        for factor in self.atlas.factors:
            shifts: dict[str, float] = {}
            for load in factor.loads:
                if is_read(load, factor):
                    for h in self._spoken_of(load, Side.MIDLINE):
                        shifts[h.key] = float(np.log(self.policy.factor_odds[load.strength]))
            loaded[factor.id] = shifts
        return loaded


def asked_in(when: When, needed: bool = True) -> Iterator[tuple[str, bool]]:
    """Findings whose presence a condition asks for, and whether it cannot hold without."""
    if when.present:
        yield when.present, needed
    for part in when.all or ():
        yield from asked_in(part, needed)
    for part in (*(when.any or ()), *(when.at_least.of if when.at_least else ())):
        yield from asked_in(part, needed=False)


TINEL = "exam.tinel"
FITS_FROM = 0.35
"""A joint or tendon is reached by pressing a place when its field and the place fit at least this well."""

WEAKNESS = {"exam.muscle_strength", "exam.atrophy"}


def skin(layer: str, reasoning_zone: str) -> str:
    """The network id of a painted reasoning zone."""
    return f"{layer}@skin:{reasoning_zone}"


def str_of(layer: str, place: str, side: Side) -> str:
    """The network id of a felt place."""
    return f"{layer}@{Sided(place, side)}"


def build_model(atlas: Atlas, policy: Policy = POLICY, draw: Callable[[Hypotheses], Fields] = fields_of) -> Model:
    """Build the reasoning model of an atlas.

    draw   how fields are drawn; `reasoning.loading` passes one that remembers, since drawing all takes seconds
    """
    return _Builder(atlas, policy, draw).build()


__all__ = ["Model", "Question", "build_model", "skin", "str_of"]
