"""What the lexicon looks for: every name, synonym and phrase of the atlas, and the words for the quality of pain."""

from collections.abc import Iterator
from dataclasses import dataclass

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.lexicon.tokens import canonical, content_of
from tautband.knowledge.lexicon.vocabulary import Tokens, word_lists
from tautband.knowledge.records import Condition, Exam, Factor, Record
from tautband.terms.ids import kind_of

# Said of nearly everything in a clinic: alone they identify nothing, and several phrases may share one of them.
SHARED = frozenset(
    word
    for phrase in (
        "pain worse ease limit weak positive negative test sign muscle history syndrome nerve joint tender present"
        " painful onset range strength resisted left right side movement symptom feeling sensation numb tingle loss"
        " reduced increased area reflex length pressure palpation acute chronic recent previous past known prior"
        " worse with pain during examination manoeuvre maneuver normal abnormal bilateral ache discomfort"
        " disease disorder problem condition medical diagnosed diagnosis use take first day week month year"
    ).split()
    for word in content_of(phrase)
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to look for: its words, the id it stands for, and whether it says present or absent."""

    words: Tokens
    id: str
    kind: str
    absent: bool = False
    is_name: bool = False


def entries_of(atlas: Atlas) -> tuple[Entry, ...]:
    """All entries, without doubles; the same words may stand for things of different kinds."""
    found = dict.fromkeys(
        entry for entry in (*_records(atlas), *_areas(atlas), *_qualities()) if entry.words and _says_something(entry)
    )
    return tuple(found)


def kind_in_lexicon(record: Record) -> str:
    """The kind of a record as readings are expected: exams asked of the client count as history."""
    if isinstance(record, Exam) and record.method == "history":
        return "history"
    return kind_of(record.id)


def _records(atlas: Atlas) -> Iterator[Entry]:
    for id, record in atlas.records.items():
        kind = kind_in_lexicon(record)
        for name in (record.name.en, record.name.la, *record.synonyms):
            yield from (Entry(words, id, kind, is_name=True) for words in _name_forms(name))
        if isinstance(record, Exam | Factor | Condition):
            yield from (Entry(content_of(phrase), id, kind) for phrase in record.phrases)
        if isinstance(record, Exam):
            yield from (Entry(content_of(phrase), id, kind, absent=True) for phrase in record.not_phrases)


def _name_forms(name: str) -> Iterator[Tokens]:
    """A name, and the same without `test`, `sign`, `syndrome` and what stands in brackets or after a comma."""
    full = content_of(name)
    yield full
    short = tuple(w for w in full if w not in _FORMAL)
    if short and short != full:
        yield short
    before = name.partition("(")[0].strip(" ,")
    if before and before != name:
        yield content_of(before)


_FORMAL = frozenset(word for word in content_of("test sign muscle nerve syndrome manoeuvre maneuver musculus nervus"))


def _areas(atlas: Atlas) -> Iterator[Entry]:
    for id, area in atlas.areas.items():
        for phrase in (area.plain, area.clinical, *area.phrases):
            if phrase:
                yield Entry(content_of(phrase), id, "area")


def _qualities() -> Iterator[Entry]:
    for words, name in word_lists().qualities.items():
        yield Entry(canonical(words), f"quality.{name}", "quality")


def _says_something(entry: Entry) -> bool:
    return entry.kind == "quality" or any(word not in SHARED for word in entry.words) or len(entry.words) > 1
