"""How this therapist does a technique, and a step of the plan as it will be run."""

from tautband.clinic.people.models import Member
from tautband.clinic.treatments.models import OwnWay
from tautband.knowledge import atlas
from tautband.knowledge.records import Technique
from tautband.planning import OwnStep, Pattern, PlanStep, pattern_of


def way_of(member: Member, technique: str) -> OwnWay | None:
    """The newest version of a therapist's own way; None where there never was one."""
    return OwnWay.objects.filter(member=member, technique=technique).first()


def own_steps(member: Member, technique: str) -> tuple[OwnStep, ...]:
    """The therapist's own steps; empty where it is done as it is taught."""
    way = way_of(member, technique)
    return tuple(OwnStep(**row) for row in way.steps) if way else ()


def pattern_for(step: PlanStep, member: Member) -> Pattern | None:
    """A step of the plan, ready to run, in this therapist's own way where there is one; None without a technique."""
    found = atlas().get(step.technique) if step.technique else None
    if not isinstance(found, Technique):
        return None
    return pattern_of(found, step.dosage, own_steps(member, found.id))


def techniques_of(member: Member) -> frozenset[str]:
    """Techniques this therapist does in their own way now."""
    newest: dict[str, bool] = {}
    for way in OwnWay.objects.filter(member=member).order_by("-number"):
        newest.setdefault(way.technique, bool(way.steps))
    return frozenset(technique for technique, has_steps in newest.items() if has_steps)
