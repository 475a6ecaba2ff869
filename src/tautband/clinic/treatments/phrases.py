"""Ready sentences: found by their code, filled with what is known, put where `.code` was typed. Writes nothing."""

import re
from collections.abc import Iterable, Mapping

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Member
from tautband.clinic.treatments.models import Phrase

CODE = re.compile(r"[a-z][a-z0-9-]{0,15}")
TYPED = re.compile(r"(?<![^\s(])\.([A-Za-z][A-Za-z0-9-]{0,15})(?=$|[\s,;:)])", re.MULTILINE)
"""A code as it is typed: a point, the code, then the end, a gap or a comma. `p.m.` and `5.5` are none."""
BLANK = re.compile(r"\{([^{}\n]{1,40})\}")
FILLED = {
    "client": gettext_lazy("the client's name"),
    "therapist": gettext_lazy("your name"),
    "date": gettext_lazy("the day of the visit"),
    "time": gettext_lazy("the time now"),
    "visit": gettext_lazy("the number of the visit"),
}
"""What is filled in by itself. Every other word in braces is a blank that somebody fills before signing."""


def phrases_of(member: Member) -> QuerySet[Phrase]:
    """The phrases a member can use: their own, then the practice's; by code."""
    mine = Q(member=member) | Q(member=None)
    standing = Phrase.objects.filter(mine, practice=member.practice_id, ended_at=None)
    return standing.order_by(F("member").asc(nulls_last=True), "code")


def by_code(phrases: Iterable[Phrase]) -> dict[str, Phrase]:
    """Code -> phrase; one's own goes before the practice's of the same code."""
    found: dict[str, Phrase] = {}
    for phrase in phrases:
        if phrase.code not in found or phrase.member_id is not None:
            found[phrase.code] = phrase
    return found


def known_of(visit: Visit, member: Member) -> dict[str, str]:
    """What fills a phrase at this visit."""
    return {
        "client": visit.client.name,
        "therapist": member.display_name,
        "date": date_format(timezone.localtime(visit.opened_at), "j F Y"),
        "time": time_format(timezone.localtime(timezone.now()).time(), "H:i"),
        "visit": str(visit.number),
    }


def filled(text: str, known: Mapping[str, str]) -> str:
    """The text with what is known; blanks stay, to be filled by a person."""
    return BLANK.sub(lambda found: known.get(found[1], found[0]), text)


def blanks_in(text: str) -> list[str]:
    """The blanks that nobody has filled yet, each once."""
    return list(dict.fromkeys(found[0] for found in BLANK.finditer(text)))


def expanded(text: str, phrases: Mapping[str, Phrase], known: Mapping[str, str]) -> str:
    """The text with every typed code written out; a code that nobody has stays as it was typed."""

    def written(found: re.Match[str]) -> str:
        phrase = phrases.get(found[1].lower())
        return filled(phrase.text, known) if phrase else found[0]

    return TYPED.sub(written, text)
