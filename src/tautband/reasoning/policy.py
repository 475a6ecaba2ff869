"""The numbers the atlas does not give: every engineering choice of the network in one place, with its reason.

None of these is a published value. They were set from the reasons given, not fitted to cases; the methods page on
reasoning shows what moves when they move. A clinic's own data may later replace them in an explicit, versioned step.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from tautband.knowledge.records import Commonness, Strength, Urgency
from tautband.reasoning.judged import JUDGED

K = TypeVar("K")


def _table(values: Mapping[K, float]) -> Mapping[K, float]:
    return MappingProxyType(dict(values))


def _quality() -> Mapping[str, Mapping[str, float]]:
    """Word of the drawing or of a case -> kind of source -> nats."""
    nerve = _table({"entrapment": 0.4, "root": 0.4, "trp": -0.2, "joint": -0.2, "tissue": -0.1})
    burns = _table({"entrapment": 0.3, "root": 0.3, "trp": -0.1, "joint": -0.2})
    flesh = _table({"trp": 0.15, "joint": 0.15, "tissue": 0.1, "entrapment": -0.2, "root": -0.1})
    words = {"electric": nerve, "shooting": nerve, "tingling": nerve, "burning": burns, "touch_hurts": burns}
    words |= dict.fromkeys(("ache", "dull", "cramp", "cramping", "stiff", "tight", "heavy", "sore", "pressing"), flesh)
    return MappingProxyType(words)


@dataclass(frozen=True, slots=True)
class Policy:
    """Engineering values of the reasoning network. Probabilities 0..1, weights in natural-log units (nats)."""

    prior: Mapping[Commonness, float] = field(
        default_factory=lambda: _table(
            {
                Commonness.VERY_COMMON: 0.04,
                Commonness.COMMON: 0.02,
                Commonness.UNCOMMON: 0.012,
                Commonness.RARE: 0.006,
                Commonness.VERY_RARE: 0.003,
            }
        )
    )
    """Chance that one source on one side is active at a visit. Chosen so that about four of some eight hundred
    sources are active in a simulated visit, as clinicians list."""

    default_commonness: Mapping[str, Commonness] = field(
        default_factory=lambda: MappingProxyType(
            {
                "trp": Commonness.UNCOMMON,
                "entrapment": Commonness.RARE,
                "root": Commonness.RARE,
                "joint": Commonness.RARE,
                "tissue": Commonness.RARE,
                "flag": Commonness.VERY_RARE,
            }
        )
    )
    """Used where the atlas has no read fact on how common a source is, and we have judged none."""

    judged_commonness: Mapping[str, Commonness] = field(default_factory=lambda: JUDGED)
    """Our own word for single sources without a read fact; see `judged`."""

    strength: Mapping[Strength, float] = field(
        default_factory=lambda: _table(
            {Strength.USUAL: 0.7, Strength.OFTEN: 0.45, Strength.SOMETIMES: 0.2, Strength.RARE: 0.08}
        )
    )
    """Net chance of a finding when this source alone is at work (the expert's word, Diez form)."""

    factor_odds: Mapping[Strength, float] = field(
        default_factory=lambda: _table(
            {Strength.USUAL: 2.0, Strength.OFTEN: 1.6, Strength.SOMETIMES: 1.3, Strength.RARE: 1.1}
        )
    )
    """A factor that loads a source multiplies its odds by this: association at most, so small."""

    against_nats: Mapping[Strength, float] = field(
        default_factory=lambda: _table(
            {Strength.USUAL: 1.2, Strength.OFTEN: 0.8, Strength.SOMETIMES: 0.4, Strength.RARE: 0.15}
        )
    )
    """A finding that speaks against a source lowers its log-odds by this; never a flag's."""

    leak: Mapping[str, float] = field(
        default_factory=lambda: _table(
            {
                "history": 0.12,
                "palpation": 0.25,
                "posture": 0.35,
                "gait": 0.15,
                "movement": 0.2,
                "rom": 0.2,
                "resisted": 0.12,
                "length": 0.25,
                "strength": 0.1,
                "balance": 0.15,
                "neural": 0.15,
                "special": 0.15,
                "observation": 0.08,
                "reflex": 0.06,
                "sensation": 0.06,
                "vital": 0.03,
                "imaging": 0.15,
            }
        )
    )
    """Chance of a positive finding with none of our sources behind it, where no study gives a specificity."""

    pain_essential: float = 0.75
    """Chance that an active source is felt in a place its essential field covers: "nearly every" client. A spillover
    field weighs 110/255 of that on the surface, so about a third: "some, not all"."""

    zone_leak: Mapping[str, float] = field(default_factory=lambda: _table({"pain": 0.01, "sensory": 0.005}))
    """Chance of a painted zone with no source of ours behind it."""

    area_leak: Mapping[str, float] = field(default_factory=lambda: _table({"pain": 0.02, "sensory": 0.01}))
    """The same for a place named in words, which is larger and looser."""

    felt_as: Mapping[str, Mapping[str, float]] = field(
        default_factory=lambda: MappingProxyType(
            {
                "pain": _table({"trp": 1.0, "entrapment": 0.85, "root": 1.0, "joint": 1.0, "tissue": 1.0, "flag": 0.9}),
                "sensory": _table(
                    {"trp": 0.18, "entrapment": 0.85, "root": 0.85, "joint": 0.05, "tissue": 0.1, "flag": 0.4}
                ),
            }
        )
    )
    """How readily the field of a kind of source is felt as pain, or as numbness and tingling: a factor on its links."""

    least_link: float = 0.02
    """Weaker links are left out of the network."""

    drawing_alpha: float = 0.6
    """Tempering of painted zones, which are not independent (research: 0.5 to 0.6 for zones of 4 to 6 cm)."""

    silence_alpha: float = 0.12
    """Weight of a place that a description in words does not mention: far weaker than an unpainted zone."""

    silence_floor_nats: float = -1.5
    """However much of a field goes unmentioned, words alone lower a source no further than this."""

    elsewhere_nats: float = -1.5
    """A source whose field touches no place that was named in words loses this beside the silence: what hurts at the
    back is not looked for in the hand, however well its other signs fit. Never a danger."""

    group_rho: float = 0.5
    """Correlation assumed between findings of one group (same tissue loaded): alpha = 1 / (1 + (m - 1) rho)."""

    said_nats: float = 1.0
    """What a thing said adds to a source when it holds all of a cited sentence about it; less in proportion. A finding
    that is "often" there would add 1.5 against the leak of a question; a third is taken off because words also meet by
    chance."""

    said_cap_nats: float = 1.6
    """However much is told, fitting sentences raise a source no further than this."""

    quality_nats: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: _quality())
    """What a word for how it feels adds to each kind of source whose field holds the place. A nerve burns, shoots and
    prickles; muscle, joint and tendon ache, cramp and are stiff. Sizes are a convention: one word of a screening
    questionnaire of nerve pain carries little, so a word alone never multiplies odds by more than about one and a half.
    Words that fit anything (sharp, throbbing) stand for nothing."""

    depth_nats: Mapping[str, Mapping[str, float]] = field(
        default_factory=lambda: MappingProxyType(
            {
                "surface": _table({"entrapment": 0.15, "root": 0.05, "trp": -0.1, "joint": -0.15, "tissue": -0.05}),
                "deep": _table({"trp": 0.1, "joint": 0.15, "tissue": 0.1, "root": 0.0, "entrapment": -0.1}),
            }
        )
    )
    """What is said of depth: pain of the skin's nerves lies on the surface and is well placed, pain of muscles and
    joints lies deep. A convention, and the weakest of the three."""

    began_nats: float = 0.4
    """A source whose field holds the place where it began gains this; one that holds only later ones loses a third."""

    felt_cap_nats: float = 0.6
    """However much is said of quality, depth and beginning, it moves a source no further than this."""

    response_nats: float = 0.25
    """What one day adds to a treated source when a movement or function was better after it by more than the error of
    the measure, and what two days without change take from it. Judged; no study was read. A treatment that helps
    proves no cause (the hand, the rest and the days help too), and one that fails may have been the wrong treatment,
    so odds move by a third at most for a day, and as much either way."""

    response_point_nats: float = 0.1
    """The same where the retest only pressed the treated point again: it tells of the point more than
    of the complaint."""

    response_cap_nats: float = 0.5
    """However many retests, they move a source no further than this."""

    lr_cap: float = 10.0
    """No single finding moves odds by more than this; small studies with empty cells claim more."""

    study_prior_n: float = 8.0
    """Pseudo-count that pulls small studies to a sensitivity of one half and a specificity of 0.7."""

    spectrum: Mapping[str, float] = field(
        default_factory=lambda: _table(
            {
                "consecutive": 1.0,
                "pooled": 0.9,
                "referred": 0.85,
                "unknown": 0.75,
                "surgical": 0.75,
                "case_control": 0.6,
                "healthy": 0.6,
            }
        )
    )
    """Share of a study's information (sensitivity + specificity - 1) kept for a first-contact clinic."""

    palpation: Mapping[str, tuple[float, float]] = field(
        default_factory=lambda: MappingProxyType(
            {
                "exam.palpation.familiar_pain": (0.60, 0.06),
                "exam.palpation.referral": (0.45, 0.08),
                "exam.palpation.trigger_point": (0.60, 0.12),
                "exam.palpation.tenderness": (0.50, 0.25),
                "exam.palpation.taut_band": (0.35, 0.25),
                "exam.palpation.jump_sign": (0.35, 0.12),
                "exam.palpation.twitch": (0.15, 0.08),
            }
        )
    )
    """Examiner layer of palpation: net chance given an active point, and chance without one. Ordered by rater
    agreement (tenderness and recognition best, twitch near worthless) and by how usual latent points are."""

    muscle_exam: Mapping[str, tuple[float, float]] = field(
        default_factory=lambda: MappingProxyType(
            {
                "exam.muscle_length": (0.45, 0.2),
                "exam.stretch_pain": (0.45, 0.12),
                "exam.resisted_pain": (0.40, 0.12),
                "exam.muscle_strength": (0.25, 0.08),
                "exam.spasm": (0.40, 0.12),
                "exam.atrophy": (0.03, 0.03),
            }
        )
    )
    place_exam: Mapping[str, tuple[float, float]] = field(
        default_factory=lambda: MappingProxyType(
            {"exam.tinel": (0.45, 0.12), "exam.palpation.tenderness": (0.50, 0.25)}
        )
    )
    """Tapping over a nerve and pressing at a place: net chance when a source lies there, and chance when none does.
    Tinel's sign is met in a quarter to a third of healthy elbows and far less elsewhere."""

    root_exam: Mapping[str, tuple[float, float]] = field(
        default_factory=lambda: MappingProxyType(
            {"exam.sensation_reduced": (0.50, 0.06), "exam.muscle_strength": (0.45, 0.08)}
        )
    )
    """A dermatome or myotome found wanting by its level: about half of proven root lesions show it."""

    weak_from_nerve: float = 0.6
    """Net chance that a muscle named as weak for a root or entrapment tests weak or is wasted."""

    cause_links: Mapping[str, float] = field(default_factory=lambda: _table({"satellite": 0.12, "entraps": 0.10}))

    alert_from: Mapping[Urgency, float] = field(
        default_factory=lambda: _table(
            {
                Urgency.EMERGENCY: 0.15,
                Urgency.SAME_DAY: 0.2,
                Urgency.URGENT_DAYS: 0.3,
                Urgency.ROUTINE: 0.5,
            }
        )
    )
    """Posterior from which a flag alerts even though no hard rule fired."""

    rule_floor: Mapping[Urgency, float] = field(
        default_factory=lambda: _table(
            {
                Urgency.EMERGENCY: 0.3,
                Urgency.SAME_DAY: 0.3,
                Urgency.URGENT_DAYS: 0.3,
                Urgency.ROUTINE: 0.2,
            }
        )
    )
    """A flag whose rule holds, by a source that was read, is shown as at least this likely: the rule speaks for
    combinations that single links cannot. Rules from unread sources alert but set no probability."""

    harm: Mapping[str, float] = field(
        default_factory=lambda: _table(
            {"flag": 30.0, "root": 4.0, "entrapment": 3.0, "joint": 1.5, "tissue": 1.5, "trp": 1.0}
        )
    )
    """Weight of knowing a source's state when choosing the next test."""


POLICY = Policy()
