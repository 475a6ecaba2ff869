"""The note beside the data: your words, what the data say that the note does not, what they no longer say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tautband.clinic.treatments.drafting import SECTIONS, Draft


@dataclass(frozen=True)
class Difference:
    """One section.

    new    recorded since this note was drafted
    gone   drafted once, still in the note, but the data no longer say so
    out    drafted, and left out by hand
    own    in your words
    """

    section: str
    new: tuple[str, ...]
    gone: tuple[str, ...]
    out: tuple[str, ...]
    own: tuple[str, ...]

    @property
    def is_stale(self) -> bool:
        """The data moved on."""
        return bool(self.new or self.gone)


def text_lines(text: str) -> list[str]:
    """The lines of a section, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def differences(sections: Mapping[str, str], drafted: Mapping[str, Sequence[str]], now: Draft) -> list[Difference]:
    """Compare a note with what it was drafted from and with what the data say now."""
    found = []
    fresh = now.lines()
    for key in SECTIONS:
        have, once, says = text_lines(sections[key]), drafted.get(key, ()), fresh[key]
        found.append(
            Difference(
                key,
                new=tuple(line for line in says if line not in once and line not in have),
                gone=tuple(line for line in have if line in once and line not in says),
                out=tuple(line for line in says if line in once and line not in have),
                own=tuple(line for line in have if line not in once and line not in says),
            )
        )
    return found


def drafted_anew(sections: Mapping[str, str], drafted: Mapping[str, Sequence[str]], now: Draft) -> dict[str, str]:
    """The draft of now, with your own words kept below it in each section."""
    fresh = now.lines()
    own = {d.section: d.own for d in differences(sections, drafted, now)}
    return {key: "\n".join([*fresh[key], *own[key]]) for key in SECTIONS}
