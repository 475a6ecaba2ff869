"""A small true-to-form atlas on disk, one of each kind, that tests change and break."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tautband.knowledge import Atlas, load

BOOK = """\
id: gray
citation: A textbook of anatomy for tests, one volume, 1999
kind: book
seen: chapter on the arm, November 2026
"""
FLEXOR = """\
id: muscle.flexor
name: {en: Flexor, la: Musculus flexor, plain: the bending muscle}
synonyms: [bender]
region: arm_elbow
targets: [trigger_point.biceps_brachii]
cites:
  gray: {at: chapter 5, read: full, grade: expert_opinion}
attachments:
  - {origin: the front, insertion: below the elbow, by: gray}
actions:
  - {joint: elbow, motion: flexion, by: gray}
nerve_supply:
  - {nerve: nerve.flexing, roots: [root.c6], by: gray}
antagonists: [muscle.extensor]
trigger_points:
  - id: trp.flexor.1
    place: the middle
    landmark: arm_front
    refers_to:
      - {kind: essential, blob: arm_front, radius_cm: 4, by: gray}
"""
EXTENSOR = """\
id: muscle.extensor
name: {en: Extensor, plain: the stretching muscle}
region: arm_elbow
cites:
  gray: {at: chapter 6, grade: expert_opinion}
attachments:
  - {origin: the back, insertion: the tip of the elbow, by: gray}
actions:
  - {joint: elbow, motion: extension, by: gray}
nerve_supply:
  - {nerve: nerve.flexing, roots: [root.c6], by: gray}
"""
NERVE = """\
id: nerve.flexing
name: {en: Flexing nerve, plain: the nerve of the arm}
region: arm_elbow
cites: {gray: {at: chapter 7, grade: expert_opinion}}
roots:
  - {roots: [root.c6], by: gray}
muscles: [muscle.flexor, muscle.extensor]
"""
ROOT = """\
id: root.c6
name: {en: C6 nerve root, plain: the sixth neck nerve}
level: C6
region: neck
cites: {gray: {at: chapter 8, read: table, grade: cohort}}
dermatome:
  - {blob: thumb_tip, radius_cm: 2, by: gray}
weak_muscles: [muscle.flexor]
rivals:
  - {to: muscle.flexor, by: gray}
"""
EXAM = """\
id: exam.bend
name: {en: Bend test, plain: bending against the hand}
method: resisted
region: arm_elbow
positive: pain on bending
cites: {gray: {at: chapter 9, read: abstract, grade: cohort}}
suggests:
  - {sources: [muscle.flexor], strength: often, by: gray}
phrases: [painful bending]
not_phrases: [bending painless]
"""
AREAS = """\
- id: area.arm_front
  plain: front of the upper arm
  phrases: [anterior arm]
  zones: [zone.arm.*_anterior]
"""
FILES = {
    "sources/gray.yaml": BOOK,
    "muscles/arm_elbow/flexor.yaml": FLEXOR,
    "muscles/arm_elbow/extensor.yaml": EXTENSOR,
    "nerves/arm_elbow/flexing.yaml": NERVE,
    "roots/neck/c6.yaml": ROOT,
    "exams/resisted/bend.yaml": EXAM,
    "areas/arm.yaml": AREAS,
}

Write = Callable[..., Atlas]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has its own cache folder."""
    monkeypatch.setenv("TAUTBAND_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TAUTBAND_CACHE", str(tmp_path / "home" / "cache"))
    return tmp_path / "home" / "cache"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small atlas on disk."""
    for name, text in FILES.items():
        path = tmp_path / "atlas" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "atlas"


@pytest.fixture
def write(folder: Path) -> Write:
    """Write or change files of the small atlas and load it: `write({"muscles/..": (old, new)})`."""

    def change(changes: dict[str, str | tuple[str, str]]) -> Atlas:
        for name, change in changes.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = change if isinstance(change, str) else path.read_text(encoding="utf-8").replace(*change)
            assert isinstance(change, str) or change[0] in path.read_text(encoding="utf-8")
            path.write_text(text, encoding="utf-8")
        return load([folder], use_cache=False)

    return change
