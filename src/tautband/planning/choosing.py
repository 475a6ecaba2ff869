"""Which technique for a target: the first the protocol names that is open, borne and did not fail before, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from tautband.findings import Layer
from tautband.knowledge.records import Technique
from tautband.planning.steps import Judge
from tautband.terms.sides import Side

PRESSURE = "technique.ischemic_compression"
SORE_FROM = 8
"""Worst pain of 10 from which firm pressure is not the first choice."""

FIRM = ("moderate", "deep")
_CLOSED, _FAILED, _TOO_FIRM, _WORSE_ONCE, _FITS, _HELPED = 5, 4, 3, 2, 1, 0


@dataclass(frozen=True, slots=True)
class Chosen:
    """A technique and why it was chosen before another; `why` is empty where the protocol's first choice stands."""

    technique: Technique | None
    why: str = ""


@dataclass(frozen=True)
class Chooser:
    """Chooses techniques for one client now."""

    judge: Judge

    def choose(self, target: str, side: Side, techniques: Sequence[str], position: str = "") -> Chosen:
        """The best of these techniques; the order they are given in decides where nothing speaks against it."""
        known = [t for t in map(self.judge.atlas.get, techniques) if isinstance(t, Technique)]
        if not known:
            return Chosen(None)
        told = {t.id: self._standing(target, side, t, position) for t in known}
        best = min(known, key=lambda t: told[t.id][0])
        return Chosen(best, self._why(best, known[0], told))

    def _standing(self, target: str, side: Side, technique: Technique, position: str) -> tuple[int, str]:
        """How a technique stands here, the lower the better, and what decides that."""
        verdict = self.judge.verdict(target, technique, position, side)
        if verdict.is_closed:
            return _CLOSED, next(why.text for why in verdict.why if why.level == "stop")
        rank = self.judge.history.rank(target, side, technique.id)
        remembered = self.judge.history.words(target, side, technique.id)
        if rank >= 2:
            return _FAILED, "worse after it twice"
        if self._too_firm(technique, verdict.caps.pressure or ""):
            return _TOO_FIRM, self._sore or "light pressure only for this client"
        if rank == 1:
            return _WORSE_ONCE, remembered
        return (_HELPED, remembered) if rank < 0 else (_FITS, "")

    def _too_firm(self, technique: Technique, cap: str) -> bool:
        if technique.pressure not in FIRM:
            return False
        return bool(self._sore) or (cap == "light")

    @property
    def _sore(self) -> str:
        """Why firm pressure is not the first choice for this client today; empty where it is."""
        least = self._least_number
        if self.judge.limits.most_tolerance < least:
            return f"firm pressure starts at {least:g} of 10, more than is accepted"
        worst = max((m.intensity or 0 for m in self.judge.picture.drawing.layer(Layer.PAIN)), default=0)
        return f"pain of {worst:g} of 10 is too sore for firm pressure first" if worst >= SORE_FROM else ""

    @property
    def _least_number(self) -> float:
        """The lowest number of 10 that steady pressure is taught to reach."""
        technique = self.judge.atlas.get(PRESSURE) if PRESSURE in self.judge.atlas else None
        doses = technique.dose if isinstance(technique, Technique) else ()
        return min((dose.tolerance_of_10.low for dose in doses if dose.tolerance_of_10), default=0.0)

    @staticmethod
    def _why(best: Technique, first: Technique, told: dict[str, tuple[int, str]]) -> str:
        if best.id != first.id:
            against = told[first.id][1]
            return f"instead of {first.name.en.lower()}: {against}" if against else told[best.id][1]
        return told[best.id][1] if told[best.id][0] == _HELPED else ""
