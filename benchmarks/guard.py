"""Every contraindication of the evidence table fires as written; none is silently dropped. Prints one JSON line last.

    python benchmarks/guard.py [path/to/contraindications.csv]

For each row: which guards of the atlas cite it; whether, for somebody with that condition, a technique and place that
the row names is closed (absolute) or changed or asked about (relative, caution); whether the same guard is silent for
somebody without it; and whether the guard asks about what the row is about. Rows about things no technique of the
atlas does (needling, spinal manipulation) pass when none is offered. Exits non-zero when a row is missed.
"""

import csv
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tautband.findings import Drawing, Finding, Layer, Mark, Person, Picture, State
from tautband.knowledge import Atlas, atlas
from tautband.knowledge.areas import zones_in
from tautband.knowledge.records import Guard, Technique, Urgency, When
from tautband.planning import Gate, Limits, techniques_for
from tautband.planning.steps import region_of
from tautband.planning.touched import regions_touched
from tautband.reasoning import Alert
from tautband.reasoning.alerts import findings_in
from tautband.terms.sides import Side

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "evidence" / "contraindications.csv"
AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
STRICTNESS = ["open", "ask", "modify", "stop"]
# Where the row speaks of the place the trouble is in, and not of a place of the body, a change ("not there") is enough.
AT_THE_PLACE = {"CI010", "CI011", "CI012", "CI014", "CI015", "CI026", "CI039", "CI046", "CI052"}
NOT_OFFERED = {"CI024": r"manipulat|thrust", "CI038": r"needl|inject"}
# Rows that an open alert answers for, by closing everything: an emergency, and pain with any red flag.
BY_ALERT = {"CI002": "emergency", "CI055": "same_day"}
FIRM = r"pressure|compression|friction"
# What the row is about, as ids of findings name it: looked for in the condition of the guard that cites the row.
ABOUT = {
    "CI001": "fever|unwell|infection",
    "CI005": "swelling|clot",
    "CI006": "anticoag|bleed",
    "CI009": "steroid|osteopor",
    "CI013": "surgery",
    "CI015": "cancer|lump",
    "CI017": "pregnan",
    "CI018": "pulsat|aneurysm",
    "CI019": "abdominal|hernia|bowel|surgery",
    "CI020": "flank|urinary|stone|stent|kidney",
    "CI022": "headache|vision|drop|facial|slurred|arter",
    "CI023": "vascular|migraine|infection|manipulation|trauma",
    "CI025": "rheumatoid|lax|whiplash|down",
    "CI042": "hypermob|lax",
    "CI043": "slr|slump|ulnt|radicul",
    "CI047": "diabet|neuropath",
    "CI048": "numb|stocking|sens",
    "CI049": "widespread|fibromyalg|central",
    "CI050": "head_injury|concuss",
    "CI051": "heart|kidney|liver|lung|breath",
    "CI054": "headache|jaw|scalp|visual|temporal",
    "CI057": "epilep|seizure",
}
PLACES = {  # words of the region column -> muscles to try
    "anterior neck": "sternocleidomastoid|longus_colli|infrahyoid",
    "popliteal": "popliteus|plantaris",
    "femoral": "pectineus|adductor_longus|iliacus",
    "axilla": "subscapularis|coracobrachialis",
    "supraclavicular": "scalene",
    "medial elbow": "flexor_carpi_ulnaris|pronator_teres|triceps|anconeus",
    "radial forearm": "supinator",
    "fibular neck": "fibularis_longus",
    "sciatic notch": "piriformis|gemell|obturator_internus",
    "suboccipital": "suboccipital|rectus_capitis|obliquus_capitis",
    "xiphoid": "rectus_abdominis|quadratus_lumborum|diaphragm|external_oblique|serratus_posterior_inferior",
    "throat": "infrahyoid|sternocleidomastoid|longus_colli|digastric",
    "mouth": "pterygoid|masseter|digastric",
    "head": "temporalis|masseter",
    "flank": "quadratus_lumborum|iliocostalis",
    "abdomen": "psoas|rectus_abdominis|iliacus|oblique",
    "hamstring": "biceps_femoris|semimembranosus|semitendinosus",
    "neck": "scalene|sternocleidomastoid|splenius|semispinalis_capitis|levator",
    "spine": "multifidus|longissimus|iliocostalis|splenius",
    "leg": "gastrocnemius|soleus|adductor|rectus_femoris",
}


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    id: str
    technique: str
    region: str
    condition: str
    level: str

    @property
    def least(self) -> str:
        """How strict the guard must be."""
        return "stop" if self.level.startswith("absolute") and self.id not in AT_THE_PLACE else "ask"


def rows(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        names = ("id", "technique", "region", "condition", "level")
        return [Row(*(row[name] for name in names)) for row in csv.DictReader(file)]


def cites(guard: Guard, row: str) -> bool:
    """Whether a citation of the guard names the row: `evidence row CI021`, `CI021, CI022`, `CI017 to CI019`."""
    for citation in guard.cites.values():
        for low, high in re.findall(r"CI(\d{3})(?: to CI(\d{3}))?", citation.at):
            if int(low) <= int(row[2:]) <= int(high or low):
                return True
    return False


def with_condition(when: When) -> Iterator[tuple[Person, Drawing, tuple[Finding, ...]]]:
    """Somebody of whom the condition holds: one way of meeting it for each alternative."""
    if when.always:
        yield Person(), Drawing((), complete=False), ()
    elif when.present:
        yield Person(), Drawing((), complete=False), (Finding(when.present, at=AT),)
    elif when.absent:
        yield Person(), Drawing((), complete=False), (Finding(when.absent, state=State.ABSENT, at=AT),)
    elif when.any:
        for part in when.any:
            yield from with_condition(part)
    elif when.all or when.at_least:
        parts = when.all or when.at_least.of[: when.at_least.n]  # type: ignore[union-attr]
        ways = [next(with_condition(part)) for part in parts]
        age = max((way[0].age or 0 for way in ways), default=0) or None
        marks = tuple(mark for way in ways for mark in way[1].marks)
        yield Person(age), Drawing(marks, complete=False), tuple(f for way in ways for f in way[2])
    elif when.age_from is not None or when.age_below is not None:
        age = when.age_from if when.age_from is not None else max((when.age_below or 1) - 1, 0)
        yield Person(age), Drawing((), complete=False), ()
    elif when.value:
        value = when.value.at_least if when.value.at_least is not None else when.value.at_most
        yield Person(), Drawing((), complete=False), (Finding(when.value.of, value=value, at=AT),)
    elif when.pain_in or when.numb_in or when.tingling_in:
        layer = Layer.PAIN if when.pain_in else Layer.NUMBNESS if when.numb_in else Layer.TINGLING
        area = (when.pain_in or when.numb_in or when.tingling_in or ("",))[0]
        place = sorted(zones_in(area))[0]
        yield Person(), Drawing((Mark(place, Side.RIGHT, layer, 5),), complete=False), ()


def techniques_of(row: Row, known: Atlas) -> list[Technique]:
    """Techniques the row is about, by its own words."""
    words = row.technique.lower()
    if "met" in words.split() or "met /" in words or "pnf" in words or "end-range" in words:
        return [
            t for t in known.techniques if "own_contraction" in t.tools or "stretch" in t.id or "position" in t.tools
        ]
    if "stretch" in words:
        return [t for t in known.techniques if "stretch" in t.id or "pnf" in t.id]
    if "counterstrain" in words:
        return [t for t in known.techniques if "positional" in t.id]
    if re.search(FIRM, words) and "any" not in words.split():
        return [t for t in known.techniques if t.pressure in ("moderate", "deep") or "friction" in t.id]
    return list(known.techniques)


def targets_of(row: Row, known: Atlas) -> list[str]:
    """Muscles in the place the row is about; any muscle where it is about the whole body."""
    words = row.region.lower()
    pattern = next((muscles for place, muscles in PLACES.items() if place in words), "")
    found = [m.id for m in known.muscles if not pattern or re.search(pattern, m.id)]
    return found or [m.id for m in known.muscles]


def fires(guard: Guard, row: Row, known: Atlas) -> str:
    """The strictest this guard says for the row's techniques and places, for somebody with the condition."""
    strictest = "open"
    for person, drawing, findings in with_condition(guard.when):
        gate = Gate(
            Picture(person, drawing, findings), (), Limits(internal=frozenset({"mouth", "pelvic_floor"})), known
        )
        mine = [why for speaking, why in gate.speaking if speaking.id == guard.id]
        if not mine:
            return "silent"  # one way of meeting its own condition does not reach it
        here = max((level for level in _levels(gate, guard, row, known)), key=STRICTNESS.index, default="open")
        strictest = max(strictest, here, key=STRICTNESS.index)
    return strictest


def _levels(gate: Gate, guard: Guard, row: Row, known: Atlas) -> Iterator[str]:
    techniques = techniques_of(row, known)
    for target in targets_of(row, known):
        for technique in techniques_for(target, known):
            if technique in techniques:
                verdict = gate.step(target, region_of(target, known), technique, alone=False)
                yield from (why.level for why in verdict.why if why.guard == guard.id)


def silent_without(guard: Guard, known: Atlas) -> bool:
    """Nothing is said to somebody of whom nothing is known; guards of a place always speak."""
    gate = Gate(Picture(), (), Limits(), known)
    return bool(guard.when.always) or guard.id not in {speaking.id for speaking, _ in gate.speaking}


def closed_by_alert(urgency: str, known: Atlas) -> str:
    """Whether an open alert of this urgency closes every technique; empty when it does."""
    alert = Alert("flag.any", "Any", (), Urgency(urgency), (), (), (), (), (), (), "rule", read=True)
    gate = Gate(Picture(), (alert,), Limits(internal=frozenset({"mouth", "pelvic_floor"})), known)
    muscle = known.muscles[0]
    left = [t.id for t in known.techniques if not gate.step(muscle.id, muscle.region, t, alone=False).is_closed]
    return f"an alert leaves open: {left}" if left else ""


def trouble_with(row: Row, known: Atlas) -> str:
    """What is wrong with a row; empty when it fires as written."""
    if row.id in NOT_OFFERED:
        offered = [t.id for t in known.techniques if re.search(NOT_OFFERED[row.id], t.id)]
        return f"offered: {offered}" if offered else ""
    if row.id in BY_ALERT:
        return closed_by_alert(BY_ALERT[row.id], known)
    guards = [guard for guard in known.guards if cites(guard, row.id)]
    if not guards:
        return "no guard cites it"
    levels = {guard.id: fires(guard, row, known) for guard in guards}
    strictest = max(levels.values(), key=lambda level: STRICTNESS.index(level) if level in STRICTNESS else -1)
    if strictest not in STRICTNESS or STRICTNESS.index(strictest) < STRICTNESS.index(row.least):
        return f"says {strictest}, not {row.least} ({', '.join(levels)})"
    if row.id in ABOUT and not any(re.search(ABOUT[row.id], " ".join(findings_in(g.when))) for g in guards):
        return f"asks about something else ({', '.join(levels)})"
    if row.condition == "all clients" and not any(g.when.always for g in guards):
        return "does not hold for all clients"
    loud = [guard.id for guard in guards if not silent_without(guard, known)]
    return f"speaks without its condition: {loud}" if loud else ""


def main() -> int:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    known = atlas()
    regions_touched("muscle.infraspinatus", known)
    table = rows(path)
    missed = {row.id: trouble for row in table if (trouble := trouble_with(row, known))}
    for row in table:
        if row.id in missed:
            print(f"{row.id} {row.condition[:60]}: {missed[row.id]}")
    fired = len(table) - len(missed)
    print(json.dumps({"benchmark": "guard", "rows": len(table), "fired": fired, "missed": sorted(missed)}))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
