"""Two members examine the same client blind to each other: what is left to examine, the pairs, and what they say."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from tautband.clinic.charts.models import RecordedFinding, SecondExamination, Visit
from tautband.clinic.charts.queries import findings_of
from tautband.clinic.people.models import Member
from tautband.knowledge import atlas
from tautband.knowledge.records import Exam
from tautband.reasoning.repeatability import Agreement, published_kappa, record_of, reliance

Pairs = dict[str, list[tuple[bool, bool]]]


@dataclass(frozen=True)
class Row:
    """One sign of a therapist's record.

    usual      kappa of trained examiners in the studies that were read
    relied_on  share of what the sign tells that reasoning takes from this therapist, 0..1
    """

    name: str
    agreement: Agreement
    usual: float
    relied_on: float


def to_look_again(member: Member, visit: Visit) -> list[RecordedFinding]:
    """Signs of a visit that somebody else examined and this member has not: without their results, they are blind.

    Questions are left out: the client's answer is not an examiner's.
    """
    if all(row.by_id == member.pk for row in findings_of(visit)):
        return []
    found = visit.findings.filter(ended_at=None, state__in=("present", "absent")).exclude(by=member)
    return [row for row in found.exclude(second_looks__by=member).select_related("by") if _is_examined(row.finding)]


def _is_examined(id: str) -> bool:
    exam = atlas().records.get(atlas().current(id))
    return isinstance(exam, Exam) and exam.method not in ("history", "imaging")


def pairs_of(members: Iterable[int]) -> dict[int, Pairs]:
    """Member id -> sign -> pairs of results, the member's own first, from every visit examined twice."""
    wanted = set(members)
    looks = SecondExamination.objects.filter(Q(by__in=wanted) | Q(first__by__in=wanted))
    found: dict[int, Pairs] = {id: defaultdict(list) for id in wanted}
    rows = looks.values_list("first__finding", "first__by", "first__state", "by", "state").order_by("id")
    for sign, first, said, second, found_again in rows:
        one, other = said == "present", found_again == "present"
        for who, pair in ((first, (one, other)), (second, (other, one))):
            if who in wanted:
                found[who][atlas().current(sign)].append(pair)
    return found


def reliances(members: Iterable[int]) -> dict[int, dict[str, float]]:
    """Member id -> sign -> how far reasoning relies on this member for it; signs never examined twice are left out."""
    return {who: reliance(record_of(pairs), atlas()) for who, pairs in pairs_of(members).items() if pairs}


def table_of(member: Member) -> list[Row]:
    """A therapist's own record, sign by sign. Only figures: no client is named."""
    record = record_of(pairs_of([member.pk])[member.pk])
    relied = reliance(record, atlas())
    return [
        Row(atlas().name(row.sign), row, published_kappa(row.sign, atlas()), relied.get(row.sign, 1.0))
        for row in record
    ]


__all__ = ["Row", "pairs_of", "reliances", "table_of", "to_look_again"]
