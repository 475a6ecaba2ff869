"""A small atlas with two regions, one protocol, techniques and guards; and answers made by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tautband.knowledge import Atlas, load
from tautband.knowledge.records import Urgency
from tautband.reasoning import Alert, Answer, Suspect, Unexplained
from tautband.terms.probability import band
from tautband.terms.sides import Side

BOOK = """\
id: gray
citation: A textbook for tests, one volume, 1999
kind: book
seen: chapter on the arm, November 2026
"""
MUSCLE = """\
id: muscle.{name}
name: {{en: {name}, plain: the muscle called {name}}}
region: {region}
cites: {{gray: {{at: chapter 5, read: full, grade: expert_opinion}}}}
attachments: [{{origin: the front, insertion: the back, by: gray}}]
actions: [{{joint: elbow, motion: flexion, by: gray}}]
nerve_supply: [{{nerve: nerve.arm, by: gray}}]
trigger_points:
  - id: trp.{name}.1
    place: the middle
    landmark: arm_front
    refers_to: [{{kind: essential, blob: arm_front, radius_cm: 4, by: gray}}]
"""
NERVE = """\
id: nerve.arm
name: {en: Nerve, plain: the nerve of the arm}
region: arm_elbow
cites: {gray: {at: chapter 7, grade: expert_opinion}}
roots: [{roots: [root.c6], by: gray}]
"""
ROOT = """\
id: root.c6
name: {en: C6 nerve root, plain: the sixth neck nerve}
level: C6
region: neck
cites: {gray: {at: chapter 8, grade: expert_opinion}}
dermatome: [{blob: thumb_tip, radius_cm: 2, by: gray}]
"""
EXAM = """\
id: exam.{name}
name: {{en: {name}, plain: {name}}}
method: {method}
region: {region}
positive: pain
provokes: [{provokes}]
cites: {{gray: {{at: chapter 9, read: abstract, grade: cohort}}}}
"""
TECHNIQUE = """\
id: technique.{name}
name: {{en: {name}, plain: {name}}}
cites: {{gray: {{at: chapter 9, read: abstract, grade: {grade}}}, memory: {{}}}}
aims_at: [{{text: a band, by: gray}}]
treats: [trp, muscle]
tools: [thumb]
steps: [{{key: press, say_therapist: press, seconds: 10, by: gray}}]
dose: [{{hold_s: {{low: 30, usual: 60, high: 90}}, tolerance_of_10: {{low: 4, usual: 6, high: 7}}, by: gray}}]
claims: [{{stance: convention, text: taught so, by: gray}}]
pressure: {pressure}
{inside}
"""
PROTOCOL = """\
id: protocol.arm
name: {en: Arm, plain: arm}
cites: {gray: {at: chapter 1, grade: expert_opinion}}
region: arm_elbow
steps:
- {stage: assess, target: exam.bend, reason: baseline, seconds: 60, only_if_ranked: false, by: gray}
- {stage: treat, target: muscle.one, techniques: [technique.stroke], reason: warm up, seconds: 120,
   only_if_ranked: false, by: gray}
- {stage: treat, target: muscle.two, techniques: [technique.press, technique.stroke], reason: the key, seconds: 300,
   by: gray}
- {stage: treat, target: muscle.three, techniques: [technique.press], reason: the partner, seconds: 240, by: gray}
- {stage: retest, target: exam.bend, reason: the same again, seconds: 60, only_if_ranked: false, by: gray}
- {stage: home, target: muscle.two, techniques: [technique.stroke], reason: keeps it, seconds: 60, by: gray}
"""
GUARD = """\
id: guard.{name}
name: {{en: {name}, plain: {name}}}
cites: {{gray: {{at: chapter 2, read: full, grade: expert_opinion}}}}
level: {level}
when: {when}
{more}
reason: [{{text: because of {name}, by: gray}}]
how: softer
opens_when: it has gone
"""


def _files() -> dict[str, str]:
    regions = {"one": "arm_elbow", "two": "arm_elbow", "three": "arm_elbow", "far": "knee"}
    files = {
        "sources/gray.yaml": BOOK,
        "nerves/arm_elbow/arm.yaml": NERVE,
        "roots/neck/c6.yaml": ROOT,
        "protocols/arm.yaml": PROTOCOL,
        "exams/resisted/bend.yaml": EXAM.format(name="bend", method="resisted", region="arm_elbow", provokes="limb"),
        "exams/history/fever.yaml": EXAM.format(name="fever", method="history", region="general", provokes=""),
        "exams/history/cough.yaml": EXAM.format(name="cough", method="history", region="general", provokes=""),
    }
    for name, region in regions.items():
        files[f"muscles/{region}/{name}.yaml"] = MUSCLE.format(name=name, region=region)
    for name, pressure, grade, inside in (
        ("press", "deep", "trial", ""),
        ("stroke", "light", "expert_opinion", ""),
        ("inside", "light", "expert_opinion", "inside: mouth"),
    ):
        files[f"techniques/{name}.yaml"] = TECHNIQUE.format(name=name, pressure=pressure, grade=grade, inside=inside)
    return files


Write = Callable[..., Atlas]


@pytest.fixture(scope="session")
def write(tmp_path_factory: pytest.TempPathFactory) -> Write:
    """The small atlas with these guards: `write(fever={"level": "stop", "when": "exam.fever"})`."""

    def make(_protocols: dict[str, str] | None = None, **guards: dict[str, str]) -> Atlas:
        folder: Path = tmp_path_factory.mktemp("atlas")
        files = _files()
        for name, guard in guards.items():
            files[f"guards/{name}.yaml"] = (
                GUARD.format(name=name, more="", **guard) if "more" not in guard else (GUARD.format(name=name, **guard))
            )
        files |= {f"protocols/{name}.yaml": text for name, text in (_protocols or {}).items()}
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        atlas = load([folder], use_cache=False)
        assert not [p for p in atlas.problems if "guard" in str(p) or "protocol" in str(p)], atlas.problems
        return atlas

    return make


@pytest.fixture(scope="session")
def small(write: Write) -> Atlas:
    """The small atlas without guards."""
    return write()


def suspect(muscle: str, probability: float, side: str = "right") -> Suspect:
    """A suspected trigger point of a muscle."""
    return Suspect(
        id=f"trp.{muscle}.1",
        side=Side(side),
        of=f"muscle.{muscle}",
        kind="trp",
        name=muscle,
        plain=muscle,
        targets=(),
        probability=probability,
        low=probability / 2,
        high=(1 + probability) / 2,
        band=band(probability),
        explains=0.4,
        zones=frozenset(),
        pressed_by=(),
        reasons=(),
    )


def alert(urgency: str = "emergency", closes: tuple[str, ...] = (), flag: str = "flag.cord") -> Alert:
    """An alert raised by a rule."""
    return Alert(
        flag,
        "Cord",
        (),
        Urgency(urgency),
        ("unsteady",),
        ("refer",),
        (),
        ("exam.cough",),
        closes,
        ("gray",),
        "rule",
        True,
    )


def answer(suspects: Any = (), alerts: Any = ()) -> Answer:
    """An answer with these suspects and alerts."""
    return Answer(tuple(suspects), Unexplained(0.0, ()), tuple(alerts), (), (), "exact", 0.0, 0.0)
