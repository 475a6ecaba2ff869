"""What a client says, held against the cited sentences that the atlas holds of each source.

The lexicon reads what it has an examination for. A case or a story says more: "worse putting on socks", "after a long
bicycle ride". The atlas holds such sentences of most sources, each with its citation; sentences that share enough
telling words with one thing said speak for their source, a little and bounded. Places do not count here (the drawing
speaks of them), words count by how few sources they are told of, and a word that is denied matches only its denial.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from tautband.knowledge import Atlas
from tautband.knowledge.lexicon.entries import SHARED
from tautband.knowledge.lexicon.negation import denied, negator_at
from tautband.knowledge.lexicon.tokens import Token, content_of, tokens_of
from tautband.knowledge.records import Entrapment, Joint, Muscle, Record, Root, Tissue
from tautband.knowledge.records.anatomy import Said
from tautband.reasoning.network.hypotheses import is_read

LEAST_SHARE = 0.4
"""Share of a sentence's weight that one thing said must hold before it counts at all."""

LEAST_WORDS = 2
TELLING = 4
"""A single shared word counts only when at most this many sources are described with it."""

Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One cited sentence of a source: its record, the text, its telling words, and the keys of its read sources."""

    of: str
    text: str
    words: Words
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence that something said fits: how much of it, 0..1, and what was said."""

    sentence: Sentence
    share: float
    said: str


@dataclass(frozen=True)
class Sayings:
    """All cited sentences of an atlas, ready to be looked up."""

    sentences: tuple[Sentence, ...]
    weight: dict[str, float]
    sources: dict[str, int]
    places: Words

    def heard(self, said: Iterable[str]) -> dict[str, tuple[Heard, ...]]:
        """Record id -> the sentences that fit something said, each with its best fit."""
        best: dict[Sentence, Heard] = {}
        for phrase in dict.fromkeys(said):
            words = telling(phrase, self.places)
            for sentence, share in self._fitting(words):
                if sentence not in best or share > best[sentence].share:
                    best[sentence] = Heard(sentence, share, phrase)
        found: dict[str, list[Heard]] = defaultdict(list)
        for heard in best.values():
            found[heard.sentence.of].append(heard)
        return {of: tuple(rows) for of, rows in found.items()}

    def _fitting(self, words: Words) -> Iterator[tuple[Sentence, float]]:
        for sentence in self.sentences:
            shared = words & sentence.words
            if not shared or (len(shared) < LEAST_WORDS and self.sources[next(iter(shared))] > TELLING):
                continue
            share = sum(self.weight[w] for w in shared) / sum(self.weight[w] for w in sentence.words)
            if share >= LEAST_SHARE:
                yield sentence, share


def telling(text: str, places: Words) -> Words:
    """The words of a text that can tell sources apart; what is denied is marked with a minus."""
    tokens = tokens_of(text)
    reached = denied(tokens)
    return frozenset(
        f"-{t.word}" if n in reached else t.word for n, t in enumerate(tokens) if _counts(t, tokens, n, places)
    )


def _counts(token: Token, tokens: tuple[Token, ...], number: int, places: Words) -> bool:
    if token.is_small or token.word in SHARED or token.word in places or negator_at(tokens, number):
        return False
    return len(token.word) > 2 and token.word.isalpha()


@lru_cache(maxsize=2)
def sayings_of(atlas: Atlas) -> Sayings:
    """Compile the cited sentences of an atlas, once a process."""
    places = place_words(atlas)
    found = tuple(s for s in _sentences(atlas, places) if s.words)
    sources: dict[str, set[str]] = defaultdict(set)
    for sentence in found:
        for word in sentence.words:
            sources[word].add(sentence.of)
    of = len({sentence.of for sentence in found}) + 1
    weight = {word: log(of / len(ids)) for word, ids in sources.items()}
    return Sayings(found, weight, {word: len(ids) for word, ids in sources.items()}, places)


def place_words(atlas: Atlas) -> Words:
    """Every word that a place of the body is named with."""
    phrases = (p for a in atlas.areas.values() for p in (a.plain, a.clinical, *a.phrases) if p)
    return frozenset(word for phrase in phrases for word in content_of(phrase))


def _sentences(atlas: Atlas, places: Words) -> Iterator[Sentence]:
    kinds: tuple[Sequence[Record], ...] = (
        atlas.of(Muscle),
        atlas.entrapments,
        atlas.roots,
        atlas.joints,
        atlas.tissues,
    )
    for record in (record for records in kinds for record in records):
        for said in _said_of(record):
            if is_read(said, record):
                cited = tuple(record.cites[key].source for key in said.by if key in record.cites)
                yield Sentence(record.id, said.text, telling(said.text, places), cited)


def _said_of(record: Record) -> Iterator[Said]:
    if isinstance(record, Muscle | Entrapment | Root | Joint | Tissue):
        yield from record.symptoms
    if isinstance(record, Muscle):
        yield from record.activated_by
