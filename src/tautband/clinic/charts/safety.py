"""Which safety questions to ask first: those that could raise the most urgent alerts for what is drawn.

Every history question that a rule of a red flag names is weighed by the urgency of the rules it can complete, among
flags of the whole body and of the regions that are painted. What was answered stays where it is; the rest is behind
"All examinations".
"""

from collections import Counter
from collections.abc import Iterable

from tautband.findings import Picture
from tautband.knowledge import Atlas
from tautband.knowledge.records import Exam, Flag, Urgency, When
from tautband.reasoning import Answer

MOST = 8
WEIGHT = {Urgency.EMERGENCY: 4, Urgency.SAME_DAY: 3, Urgency.URGENT_DAYS: 2, Urgency.ROUTINE: 1}
REGIONS = {
    "head": ("head_jaw",),
    "neck": ("neck", "head_jaw"),
    "shoulder": ("shoulder", "thorax"),
    "scapula": ("shoulder", "thorax"),
    "arm": ("arm_elbow", "shoulder"),
    "elbow": ("arm_elbow",),
    "forearm": ("forearm_hand", "arm_elbow"),
    "wrist": ("forearm_hand",),
    "hand": ("forearm_hand",),
    "chest": ("thorax",),
    "back": ("thorax", "low_back"),
    "belly": ("abdomen",),
    "pelvis": ("pelvis", "abdomen"),
    "buttock": ("hip_buttock", "low_back"),
    "hip": ("hip_buttock",),
    "thigh": ("thigh", "hip_buttock"),
    "knee": ("knee",),
    "leg": ("leg",),
    "ankle": ("ankle_foot",),
    "foot": ("ankle_foot",),
}


def regions_of(picture: Picture) -> frozenset[str]:
    """Regions of the atlas that the drawing touches."""
    places = (mark.place.split(".") for mark in picture.drawing.marks)
    return frozenset(r for parts in places for r in REGIONS.get(parts[1], ()))


def questions(picture: Picture, answer: Answer, known: Atlas, most: int = MOST) -> list[Exam]:
    """The questions to ask: what an open alert still owes first, then by weight; answered ones keep their place."""
    regions = regions_of(picture)
    weight: Counter[str] = Counter()
    for flag in known.flags:
        if flag.region == "general" or flag.region in regions:
            weight.update(_worth(flag))
    owed = [id for alert in answer.alerts for id in alert.ask]
    answered = [f.id for f in picture.findings]
    # Ties go by name, so that the order is the same every time.
    ranked = sorted(weight, key=lambda id: (-weight[id], id))
    shown = [e for id in dict.fromkeys((*owed, *ranked)) if (e := _question(known, id))][:most]
    more = [e for id in dict.fromkeys(answered) if (e := _question(known, id)) and e not in shown and id in weight]
    return [*shown, *more]


def _question(known: Atlas, id: str) -> Exam | None:
    """The history question with this id, if it has no side and is written as a question."""
    thing = known.records.get(known.current(id))
    return thing if isinstance(thing, Exam) and thing.method == "history" and thing.ask and not thing.sided else None


def _worth(flag: Flag) -> Counter[str]:
    worth: Counter[str] = Counter()
    for rule in flag.rules:
        for id in set(_named(rule.when)):
            worth[id] = max(worth[id], WEIGHT[rule.urgency])
    return worth


def _named(when: When) -> Iterable[str]:
    for part in (*(when.all or ()), *(when.any or ()), *(when.at_least.of if when.at_least else ())):
        yield from _named(part)
    yield from (id for id in (when.present, when.absent) if id)
