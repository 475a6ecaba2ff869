"""The things of a programme as the therapist's page shows them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tautband.clinic.programme import offer, pictures, words
from tautband.clinic.programme.forms import AmountForm
from tautband.clinic.programme.offer import Now
from tautband.knowledge import atlas
from tautband.planning.home import HomeItem, Kept


@dataclass(frozen=True)
class Row:
    """One thing on the page.

    told    what the diary says of it, in one line; empty for what is new
    move    what is proposed after it, and in which words; empty for nothing
    softer  what is offered when it hurts, by name
    """

    item: HomeItem
    name: str
    much: str
    often: str
    side: str
    picture: pictures.Picture | None
    form: AmountForm
    told: str = ""
    said: str = ""
    move: str = ""
    move_words: str = ""
    softer: str = ""
    others: tuple[HomeItem, ...] = ()

    @property
    def key(self) -> str:
        return self.item.choice.key


def rows_of(now: Now, *, changing: str = "") -> list[Row]:
    """The rows; `changing` names the thing whose alternatives are looked up."""
    moves = offer.proposed_moves(now) if not now.fresh else {}
    return [_row(now, item, moves.get(item.choice.key, ""), changing) for item in now.programme.items]


def _row(now: Now, item: HomeItem, move: str, changing: str) -> Row:
    record, choice = item.record, item.choice
    kept = now.kept.get(choice.key) if not now.fresh else None
    known = atlas()
    others = offer.alternatives(now, item) if move == "swap" or changing == choice.key else ()
    return Row(
        item,
        words.name_of(record),
        words.much(record, choice),
        words.how_often(choice.amount),
        words.side_word(record, choice.side),
        None if item.is_closed else pictures.first(record, choice.side),
        AmountForm(record, choice),
        told(kept) if kept else "",
        kept.words[0] if kept and kept.words else "",
        move,
        move_words(move),
        known.plain_name(choice.softer) if choice.softer in known else "",
        others,
    )


def told(kept: Kept) -> str:
    """What the diary says, in one line: facts, no blame."""
    if not (kept.done or kept.skipped or kept.too_much or kept.hurts):
        return _("Nothing in the diary.") if kept.days else ""
    parts = []
    if kept.done:
        parts.append(
            _("done on %(done)d of about %(days)d days") % {"done": kept.done, "days": max(kept.days, kept.done)}
        )
    if kept.skipped:
        parts.append(ngettext("not done once", "not done %(n)d times", kept.skipped) % {"n": kept.skipped})
    if kept.too_much:
        parts.append(ngettext("too much once", "too much %(n)d times", kept.too_much) % {"n": kept.too_much})
    if kept.hurts:
        parts.append(ngettext("hurt once", "hurt %(n)d times", kept.hurts) % {"n": kept.hurts})
    line = ", ".join(parts)
    return f"{line[:1].upper()}{line[1:]}."


def move_words(move: str) -> str:
    """A proposal in words."""
    return {
        "swap": _("Instead of it:"),
        "easier": _("Make it easier"),
        "harder": _("It has become easy: make it harder"),
        "less_often": _("Ask for less often"),
    }.get(move, "")
