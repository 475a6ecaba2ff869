"""What can be put into a plan by hand: suspects first, then whatever is searched for."""

from dataclasses import dataclass

from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts.models import Visit
from tautband.clinic.treatments.plans import Current
from tautband.knowledge import atlas
from tautband.knowledge.search import search
from tautband.planning import Choice
from tautband.terms.probability import POSSIBLE_FROM, band
from tautband.terms.sides import Side

KINDS = ("muscle", "joint", "entrapment", "tissue")
MOST = 8


@dataclass(frozen=True)
class Target:
    """One thing to treat: by search, or as a suspect with its side and band."""

    id: str
    name: str
    plain: str
    side: str = ""
    band: str = ""


def suggested(now: Current) -> list[Target]:
    """Muscles with a suspected point that the plan does not treat yet, the likeliest first."""
    there = {(choice.target, choice.side) for choice in now.plan.choices if choice.stage == "treat"}
    found = [
        s
        for s in now.answer.suspects
        if s.kind == "trp" and s.probability >= POSSIBLE_FROM and (s.of, s.side) not in there
    ]
    return [Target(s.of, atlas().name(s.of), s.plain, s.side.value, band(s.probability).value) for s in found[:MOST]]


def found(words: str) -> list[Target]:
    """What the atlas knows under these words."""
    return [Target(hit.id, hit.name, hit.plain) for hit in search(atlas(), words, MOST, KINDS)]


def named(id: str) -> Target | None:
    """A target by its id; None for what the atlas does not know."""
    known = atlas()
    if not id or known.current(id) not in known:
        return None
    return Target(known.current(id), known.name(id), known.plain_name(id))


def found_on_other_side(now: Current, choice: Choice) -> Side | None:
    """The side this was suspected on, where a step is to treat only the other one; else None."""
    if choice.side not in (Side.LEFT, Side.RIGHT):
        return None
    sides = {s.side for s in now.answer.suspects if s.of == choice.target and s.probability >= POSSIBLE_FROM}
    return choice.side.mirrored if sides == {choice.side.mirrored} else None


def used_key(key: str, visit: Visit) -> bool:
    """Whether this form was saved already, for this client."""
    return bool(key) and AuditEvent.objects.filter(idempotency_key=key, chart=visit.client.chart_key).exists()
