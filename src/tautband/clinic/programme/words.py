"""Words for a client: the side said right, how much in three cells, what it is for. Plain and kind, never a command."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tautband.knowledge import atlas
from tautband.knowledge.records import Selfcare
from tautband.planning.home import WOVEN, Amount, HomeChoice
from tautband.terms.sides import Side

# "right" as a side of the body; not "all right", "right angle", "right at the heel".
_SIDED = re.compile(r"(?<!all )(?<!one )\b(right|left|Right|Left)\b(?! angles?\b)(?! at )", re.IGNORECASE)
_OTHER = {"right": "left", "left": "right", "Right": "Left", "Left": "Right"}


def mirrored(text: str) -> str:
    """A sentence with left and right exchanged. Exercises are written for the right side of the body."""
    return _SIDED.sub(lambda found: _OTHER[found[0]], text)


def sentences(facts: Sequence[object], side: Side = Side.RIGHT) -> list[str]:
    """The sentences of a record for this side."""
    texts = [str(getattr(fact, "text", fact)) for fact in facts]
    return [mirrored(text) for text in texts] if side is Side.LEFT else texts


def name_of(record: Selfcare) -> str:
    """What a client calls it."""
    return record.name.plain[:1].upper() + record.name.plain[1:]


@dataclass(frozen=True)
class Cell:
    """One of three cells: a number or a short word, and what it counts."""

    value: str
    unit: str


def cells(record: Selfcare, choice: HomeChoice) -> list[Cell]:
    """How much, in three cells: how long, how often, on which side or how many times a day."""
    amount = choice.amount
    found = []
    if amount.hold_s:
        found.append(_time(amount.hold_s))
    if (amount.repetitions or 1) * (amount.sets or 1) > 1:
        found.append(_times(amount))
    if not found and record.sort not in WOVEN:
        found.append(_time(record.minutes * 60))
    side = _side(record, choice.side)
    if side:
        found.append(side)
    if len(found) < 3:
        found.append(_per_day(amount))
    if len(found) < 3:
        n = round(amount.days_per_week)
        found.append(Cell(f"{n}", ngettext("day a week", "days a week", n)))
    return found[:3]


def _time(seconds: float) -> Cell:
    if seconds >= 120 or (seconds >= 60 and seconds % 60 == 0):
        minutes = seconds / 60
        return Cell(f"{minutes:g}", ngettext("minute", "minutes", 1 if minutes == 1 else 2))
    return Cell(f"{seconds:g}", ngettext("second", "seconds", 1 if seconds == 1 else 2))


def _times(amount: Amount) -> Cell:
    sets, repetitions = round(amount.sets or 1), round(amount.repetitions or 1)
    if sets > 1 and repetitions > 1:
        return Cell(f"{sets} × {repetitions}", _("times"))
    n = max(sets, repetitions)
    return Cell(f"{n}", ngettext("time", "times", n))


def _per_day(amount: Amount) -> Cell:
    n = round(amount.per_day)
    return Cell(f"{n}", ngettext("time a day", "times a day", n))


def _side(record: Selfcare, side: Side) -> Cell | None:
    if record.side == "none":
        return None
    if side in (Side.LEFT, Side.RIGHT):
        return Cell(_("right") if side is Side.RIGHT else _("left"), _("side only"))
    return Cell(_("both"), _("sides"))


def how_often(amount: Amount) -> str:
    """How often, in a sentence: "Twice a day, on 5 days a week"."""
    n, days = round(amount.per_day), round(amount.days_per_week)
    a_day = {1: _("Once a day"), 2: _("Twice a day")}.get(n) or _("%(n)d times a day") % {"n": n}
    if days >= 7:
        return a_day
    return _("%(often)s, on %(days)d days a week") % {"often": a_day, "days": days}


def much(record: Selfcare, choice: HomeChoice) -> str:
    """How much, in one line: "30 seconds, 3 times, right side only"."""
    often = (ngettext("time a day", "times a day", round(choice.amount.per_day)), _("day a week"), _("days a week"))
    shown = [cell for cell in cells(record, choice) if cell.unit not in often]
    return ", ".join(f"{cell.value} {cell.unit}" for cell in shown)


def what_for(record: Selfcare, choice: HomeChoice) -> str:
    """Why this one, for the client: the muscle or habit it was chosen for, in plain words; else its purpose."""
    known = atlas()
    for id in choice.why:
        if id in known and not id.startswith("factor."):
            return _("For %(what)s.") % {"what": known.plain_name(id)}
    return f"{record.purpose[0].text.rstrip('.')}."


def side_word(record: Selfcare, side: Side) -> str:
    """The side for the chip on a picture: "right" or "left"; empty where both or none."""
    return side.value if record.side != "none" and side in (Side.LEFT, Side.RIGHT) else ""
