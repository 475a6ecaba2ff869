"""What a client does not want done, whatever the place: no deep pressure, no stretching, no oil, no cold, no heat.

A wish closes what it names at once and is asked no reason for; the plan says that it is the client's wish and what
opens it. A wish that only concerns the means (oil) changes the step instead of closing it. No needle is in the atlas,
so that wish closes nothing; it is kept to be read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tautband.knowledge.records import Selfcare, Technique

WISHES = ("deep", "stretch", "oil", "cold", "heat", "needles")
STRETCHING = frozenset(
    {
        "technique.static_stretch",
        "technique.pnf_contract_relax",
        "technique.met_post_isometric",
        "technique.soft_tissue_release",
        "technique.init",
    }
)
"""Techniques whose steps take a muscle to its end of length."""
GLIDING = frozenset({"technique.effleurage"})
"""Techniques that glide on oil or cream."""
MEANS: Mapping[str, frozenset[str]] = {
    "cold": frozenset({"selfcare.cold_pack"}),
    "heat": frozenset({"selfcare.warm_pack", "selfcare.jaw_warm_cloth", "selfcare.neck_warm_wrap"}),
}
OPENS = "the client says that they want it after all"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a wish does to a step: `stop` closes it, `modify` changes it as `how` says."""

    what: str
    level: Literal["stop", "modify"] = "stop"
    how: str = ""

    @property
    def text(self) -> str:
        """The wish as a reason."""
        return f"left out at the client's wish: {self.what}"


def against_wishes(technique: Technique, declined: frozenset[str]) -> Iterator[Wish]:
    """Reasons why a technique is closed, or done otherwise, because the client does not want something."""
    if "deep" in declined and technique.pressure == "deep":
        yield Wish("no deep pressure")
    if "stretch" in declined and technique.id in STRETCHING:
        yield Wish("no stretching")
    if "oil" in declined and technique.id in GLIDING:
        yield Wish("no oil or cream", "modify", "glide over a cloth or the clothes, without oil or cream")


def against_wishes_at_home(record: Selfcare, declined: frozenset[str]) -> Iterator[Wish]:
    """The same of what is done at home."""
    if "stretch" in declined and record.sort == "stretch":
        yield Wish("no stretching")
    for wish, things in MEANS.items():
        if wish in declined and record.id in things:
            yield Wish("no cold" if wish == "cold" else "no heat")
