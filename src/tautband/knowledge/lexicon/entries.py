"""What the lexicon looks for: every name, synonym and phrase of the atlas, and the words for the quality of pain."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import resources

import yaml

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.lexicon.tokens import canonical, content_of, tokens_of
from tautband.knowledge.lexicon.vocabulary import Tokens, word_lists
from tautband.knowledge.records import (
    Benefit,
    Condition,
    Education,
    Exam,
    Factor,
    Instrument,
    Protocol,
    Record,
    Selfcare,
)
from tautband.knowledge.words import fold
from tautband.terms.ids import kind_of

# Said of nearly everything in a clinic: alone they identify nothing, and several phrases may share one of them.
_SAID_OF_MANY = (
    "pain worse ease limit weak positive negative test sign muscle history syndrome nerve joint tender present "
    "painful onset range strength resisted left right side movement symptom feeling sensation numb tingle loss "
    "reduced increased area reflex length pressure palpation acute chronic recent previous past known prior "
    "worse with pain during examination manoeuvre maneuver normal abnormal bilateral ache discomfort disease "
    "disorder problem condition medical diagnosed diagnosis use take first day week month year "
)
SHARED = frozenset(content_of(_SAID_OF_MANY))
OBSERVED = frozenset({"observation", "gait", "posture", "sensation", "strength", "vital", "balance", "imaging"})
# A score in a note is entered as a score, and pages for reading are no findings: "bridge" is not an exercise done.
UNREAD = (Instrument, Condition, Protocol, Selfcare, Benefit, Education)
_BOTH = re.compile(
    r"\b(hands|arms|forearms|legs|feet|shoulders|elbows|wrists|knees|hips|thighs|calves|ankles|limbs)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to look for: its words, the id it stands for, and whether it says present or absent."""

    words: Tokens
    id: str
    kind: str
    absent: bool = False
    is_name: bool = False
    both: bool = False  # "numb hands": only where both sides are spoken of
    members: tuple[str, ...] = ()  # a group of muscles is read as each of them


def entries_of(atlas: Atlas) -> tuple[Entry, ...]:
    """All entries, without doubles; the same words may stand for things of different kinds."""
    found = dict.fromkeys(
        entry
        for entry in (*_records(atlas), *_more_phrases(atlas), *_groups(atlas), *_areas(atlas), *_qualities())
        if entry.words and _says_something(entry)
    )
    return tuple(found)


def kind_in_lexicon(record: Record) -> str:
    """The kind of a record as readings are expected: `history` is asked, `observed` can be seen or told by anyone,
    `exam` is what an examiner does."""
    if isinstance(record, Exam) and record.method == "history":
        return "history"
    if isinstance(record, Exam) and record.method in OBSERVED:
        return "observed"
    return kind_of(record.id)


def _records(atlas: Atlas) -> Iterator[Entry]:
    for id, record in atlas.records.items():
        if isinstance(record, UNREAD):
            continue
        if isinstance(record, Exam) and not record.phrases and record.grid:
            continue  # a row of a grid is charted; "neck flexion" in a note says no result
        kind = kind_in_lexicon(record)
        for name in (record.name.en, record.name.la, *record.synonyms):
            both = isinstance(record, Exam) and bool(_BOTH.search(name))
            yield from (Entry(words, id, kind, is_name=True, both=both) for words in _name_forms(name))
        if isinstance(record, Exam | Factor):
            for phrase in record.phrases:
                yield (entry := _phrase(phrase, id, kind))
                yield replace(entry, words=tuple(w for w in entry.words if w not in _TEST))
        if isinstance(record, Exam):
            yield from (Entry(_words(phrase), id, kind, absent=True) for phrase in record.not_phrases)


def _more_phrases(atlas: Atlas) -> Iterator[Entry]:
    """Further ways to say what the atlas asks about; an id that the atlas does not have is passed over."""
    file = resources.files(__package__ or __name__).joinpath("phrases.yaml")
    for id, phrases in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).items():
        record = atlas.records.get(id)
        if record is not None:
            yield from (_phrase(phrase, id, kind_in_lexicon(record)) for phrase in phrases)


def _phrase(phrase: str, id: str, kind: str) -> Entry:
    return Entry(_words(phrase), id, kind, both=bool(_BOTH.search(phrase)))


def _words(phrase: str) -> Tokens:
    """The words that count; where only one of several is left ("had this before"), all of them."""
    content, full = content_of(phrase), tuple(t.word for t in tokens_of(phrase))
    return full if len(content) == 1 and len(full) >= 3 else content


def _name_forms(name: str) -> Iterator[Tokens]:
    """A name, and the same without `test`, `sign`, `syndrome` and what stands in brackets or after a comma."""
    for form in dict.fromkeys((name, name.partition("(")[0].strip(" ,"))):
        full = content_of(form) if form else ()
        yield full
        yield tuple(w for w in full if w not in _FORMAL)


_FINDINGS = frozenset(word for name in ("tender", "numb", "tingle", "weak") for word in content_of(name))
_TEST = frozenset(content_of("test sign manoeuvre maneuver"))
_FORMAL = frozenset(word for word in content_of("test sign muscle nerve syndrome manoeuvre maneuver musculus nervus"))


def _groups(atlas: Atlas) -> Iterator[Entry]:
    """Names of several muscles; a muscle that goes by the very name itself comes first."""
    file = resources.files(__package__ or __name__).joinpath("groups.yaml")
    for group in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        members = tuple(f"muscle.{name}" for name in group["muscles"] if f"muscle.{name}" in atlas.records)
        for name in group["names"] if members else ():
            if not any(kind_of(id) == "muscle" for id in atlas.by_name.get(fold(name), ())):
                yield Entry(content_of(name), members[0], "muscle", is_name=True, members=members)


def _areas(atlas: Atlas) -> Iterator[Entry]:
    for id, area in atlas.areas.items():
        for phrase in (area.plain, area.clinical, *area.phrases):
            if phrase:
                yield Entry(content_of(phrase), id, "area")


def _qualities() -> Iterator[Entry]:
    for words, name in word_lists().qualities.items():
        yield Entry(canonical(words), f"quality.{name}", "quality")


def _says_something(entry: Entry) -> bool:
    """A single word said of nearly everything is no entry, unless it names a finding of its own."""
    if entry.kind == "quality" or len(entry.words) > 1:
        return True
    return entry.words[0] not in SHARED or entry.words[0] in _FINDINGS
