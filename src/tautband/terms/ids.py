"""Readable, stable ids: `kind.name` or `kind.name.part`, and an id with its side.

`muscle.infraspinatus`, `trp.infraspinatus.1`, `entrapment.median.carpal_tunnel`, `root.c6`. The text form of a
sided id is `id/side` (`root.c6/left`), used as a key in files, forms and answers.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from tautband.terms.sides import Side

KINDS = frozenset(
    {
        "muscle",
        "trp",
        "nerve",
        "entrapment",
        "root",
        "joint",
        "tissue",
        "flag",
        "exam",
        "factor",
        "technique",
        "protocol",
        "condition",
        "selfcare",
        "benefit",
        "education",
        "guard",
        "instrument",
        "zone",
        "area",
        "motion",
    }
)

_FORM = re.compile(r"[a-z]+(\.[a-z0-9]+(_[a-z0-9]+)*)+")


class BadId(ValueError):
    """The text is not an id of this house; the message says what an id looks like."""


@lru_cache(maxsize=32_768)
def kind_of(id: str) -> str:
    """Return the kind of an id, the word before the first dot.

    Raises BadId when the text has another form or an unknown kind.
    """
    kind = id.partition(".")[0]
    if not _FORM.fullmatch(id) or kind not in KINDS:
        raise BadId(
            f"{id!r} is not an id. An id is a kind and lower-case names joined by dots, "
            f"like 'muscle.infraspinatus'; kinds are {', '.join(sorted(KINDS))}."
        )
    return kind


class Sided(NamedTuple):
    """An id together with the client's side."""

    id: str
    side: Side

    def __str__(self) -> str:
        return f"{self.id}/{self.side}"

    @property
    def mirrored(self) -> "Sided":
        return Sided(self.id, self.side.mirrored)

    @classmethod
    def parse(cls, text: str) -> "Sided":
        """Read `id/side`. Raises BadId when the id or the side is not one."""
        id, slash, side = text.partition("/")
        kind_of(id)
        if not slash or side not in {s.value for s in Side}:
            raise BadId(f"{text!r} lacks a side. Write it as '{id}/left', right, midline or bilateral.")
        return cls(id, Side(side))
