"""Reading a few words or a sentence into ids with side, state and value; what is not understood is handed back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.lexicon.entries import Entry, entries_of
from tautband.knowledge.lexicon.match import EXAMINED, SPARE, Index, Match, choose
from tautband.knowledge.lexicon.negation import denied, negator_at
from tautband.knowledge.lexicon.numbers import Number, numbers_in
from tautband.knowledge.lexicon.sides import side_at, side_words, turns_side
from tautband.knowledge.lexicon.tokens import Token, canonical, tokens_of
from tautband.knowledge.lexicon.vocabulary import word_lists
from tautband.knowledge.loading import atlas as usual_atlas
from tautband.terms.sides import Side

Expecting = Literal["region", "quality", "exam", "history", "muscle", "sensory", "result", "source", "any"]
State = Literal["present", "absent", "unknown"]

_SIGN = re.compile(r"\s*\(?\s*(\+(?:ve)?|[-\u2212](?:ve)?)(?=[\s,;).]|$)", re.IGNORECASE)
MAX_CHARS = 4_000
_SOURCES = frozenset({"muscle", "entrapment", "root", "joint", "tissue", "flag", "nerve"})
# What can be seen and what is asked overlap ("altered gait"); the less expected kind counts a little less.
SECOND = {"exam": frozenset({"observed"}), "history": frozenset({"observed"})}
KINDS: dict[str, frozenset[str]] = {
    "region": frozenset({"area"}),
    "quality": frozenset({"quality"}),
    "exam": frozenset({"exam", "observed"}),
    "history": frozenset({"history", "factor", "condition", "observed"}),
    "muscle": frozenset({"muscle"}),
    "sensory": frozenset({"area"}),
    "result": frozenset(),
    "source": _SOURCES,
    "any": frozenset({"area", "exam", "observed", "history", "factor", "condition", *_SOURCES}),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a stretch of text was read as.

    id           id of the atlas, or `quality.burning`
    side         the side named for it, None when none was
    state        present, absent (denied, or a phrase that says so), unknown (equivocal, not tested)
    value, unit  a number that belongs to it: 40.0 `deg`; None and empty when there is none
    span         start and end in the text
    score        how surely: rarity of the words matched, 0 and up; below 2 is a weak reading
    text         the words read
    """

    id: str
    side: Side | None
    state: State
    value: float | None
    unit: str
    span: tuple[int, int]
    score: float
    text: str


@dataclass(frozen=True, slots=True)
class Understood:
    """The readings in order of the text, and the stretches nothing was found for."""

    readings: tuple[Reading, ...]
    leftovers: tuple[str, ...]
    state: State | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(reading.id for reading in self.readings)


class Lexicon:
    """All words of one atlas. `read` is the door; reading one phrase takes about a millisecond."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._index = Index(entries)
        self._remembered = lru_cache(maxsize=4_096)(self._read)

    @classmethod
    def of(cls, atlas: Atlas) -> "Lexicon":
        """Build the lexicon of an atlas."""
        return cls(entries_of(atlas))

    def read(self, text: str, expecting: Expecting = "any", spare: int = SPARE) -> Understood:
        """Read a text into ids of the kinds expected.

        `spare` is how many other words may stand between the words of a phrase; give 1 or 0 for running text.
        Never crosses sides or opposites; words under five letters match exactly or not at all. Raises ValueError for
        a text of more than MAX_CHARS characters.
        """
        if len(text) > MAX_CHARS:
            raise ValueError(f"A phrase of {len(text)} characters is too long to read; give at most {MAX_CHARS}.")
        return self._remembered(text, expecting, spare)

    def _read(self, text: str, expecting: Expecting, spare: int) -> Understood:
        tokens = self._index.corrected(tokens_of(text))
        second = SECOND.get(expecting, frozenset())
        chosen = choose(self._index.matches(tokens, KINDS[expecting], second, spare), tokens)
        denials = denied(tokens)
        readings = self._readings(text, tokens, chosen, denials)
        return Understood(readings, _leftovers(text, tokens, chosen), result_of(tokens, denials))

    @staticmethod
    def numbers(text: str) -> tuple[Number, ...]:
        """The numbers in a text with their units."""
        return numbers_in(text)

    def _readings(
        self, text: str, tokens: tuple[Token, ...], chosen: list[Match], denials: dict[int, int]
    ) -> tuple[Reading, ...]:
        sides, numbers = side_words(tokens), numbers_in(text)
        readings = []
        for at, match in enumerate(chosen):
            after = chosen[at + 1].first if at + 1 < len(chosen) else len(tokens)
            until = tokens[after].start if after < len(tokens) else len(text)
            reading = _with_number(_reading(text, tokens, match, sides, denials), numbers, until)
            if match.entry.kind in EXAMINED and not match.entry.absent:
                before = chosen[at - 1].last if at else -1
                told = _told(text, tokens, match, (before, after), denials)
                reading = replace(reading, state=told or reading.state)
            readings += [replace(reading, id=id) for id in match.entry.members or (reading.id,)]
        return tuple(_once(readings))


def _once(readings: list[Reading]) -> list[Reading]:
    """The same said twice ("whiplash injury") is one reading: the surer one."""
    kept: dict[tuple[str, Side | None, State], Reading] = {}
    for reading in readings:
        key = (reading.id, reading.side, reading.state)
        if key not in kept or reading.score > kept[key].score:
            kept[key] = reading
    return list(kept.values())


def result_of(tokens: tuple[Token, ...], denials: dict[int, int]) -> State | None:
    """The state that words of result in a text speak for: `4/5 painful` is present; None when there are none."""
    words = tuple(t.word for t in tokens)
    for state in ("unknown", "absent", "present"):
        for run in _result_runs()[state]:
            for at in _places(words, run) if run[0] in words else ():
                is_denied = at in denials and denials[at] not in range(at, at + len(run))
                if state == "unknown":
                    return "unknown"
                return "present" if (state == "present") != is_denied else "absent"
    return None


def _told(
    text: str, tokens: tuple[Token, ...], match: Match, between: tuple[int, int], denials: dict[int, int]
) -> State | None:
    """The result told of an examination by a sign or words right after or before it: `Phalen -`, `neg Spurling`."""
    sign = _SIGN.match(text, max(tokens[n].end for n in match.numbers))
    if sign:
        return "absent" if sign.group(1)[0] in "-\u2212" else "present"
    clause = tokens[match.first].clause
    after = tuple(t for t in tokens[match.last + 1 : between[1]] if t.clause == clause)
    told = result_of(after, {})
    if told is None:
        chunk = tokens[match.first].chunk
        told = result_of(tuple(t for t in tokens[between[0] + 1 : match.first] if t.chunk == chunk), {})
    denied_too = any(n in denials and denials[n] < match.first for n in match.numbers)
    return None if told == "present" and denied_too else told


@cache
def _result_runs() -> dict[str, tuple[tuple[str, ...], ...]]:
    return {state: tuple(canonical(run) for run in runs) for state, runs in word_lists().results.items()}


def _places(words: tuple[str, ...], run: tuple[str, ...]) -> list[int]:
    return [at for at in range(len(words) - len(run) + 1) if words[at : at + len(run)] == run]


def _reading(
    text: str, tokens: tuple[Token, ...], match: Match, sides: dict[int, Side], denials: dict[int, int]
) -> Reading:
    start = min(tokens[n].start for n in match.numbers)
    end = max(tokens[n].end for n in match.numbers)
    side = side_at(tokens, sides, match.first, match.last)
    if side and turns_side(tokens, match.first):
        side = None
    # A negator inside the phrase belongs to it: "cannot stand", "no relief".
    outside = [n for n in match.numbers if n in denials and denials[n] not in match.numbers]
    is_denied = bool(outside)
    absent = match.entry.absent != is_denied
    return Reading(
        id=match.entry.id,
        side=side,
        state="absent" if absent else "present",
        value=None,
        unit="",
        span=(start, end),
        score=round(match.score, 3),
        text=text[start:end],
    )


def _with_number(reading: Reading, numbers: tuple[Number, ...], until: int) -> Reading:
    for number in numbers:
        if reading.span[1] <= number.start < until:
            return replace(reading, value=number.value, unit=number.unit)
    return reading


def _leftovers(text: str, tokens: tuple[Token, ...], chosen: list[Match]) -> tuple[str, ...]:
    """Chunks that hold words of meaning, none of which was read."""
    read = {n for match in chosen for n in match.numbers}
    covered = {tokens[n].chunk for n in read}
    chunks: dict[int, list[int]] = {}
    sides = side_words(tokens)
    for number, token in enumerate(tokens):
        chunks.setdefault(token.chunk, []).append(number)
    left = []
    for chunk, numbers in chunks.items():
        meaning = [n for n in numbers if not tokens[n].is_small and n not in sides and not negator_at(tokens, n)]
        if chunk in covered or not any(tokens[n].word.isalpha() for n in meaning):
            continue
        left.append(text[tokens[numbers[0]].start : tokens[numbers[-1]].end])
    return tuple(left)


@cache
def lexicon() -> Lexicon:
    """The lexicon of this process's atlas."""
    return Lexicon.of(usual_atlas())
