"""A text as tokens: stemmed, equal forms brought together, each with its place, chunk and clause.

A clause ends at a full stop, semicolon or `but`; a chunk also at a comma, `and`, `or`, `to`. Places are read within
a chunk, so that "anterior chest and arm" holds no anterior arm; negation reaches as far as its clause.
"""

import re
from dataclasses import dataclass

from tautband.knowledge.lexicon.stems import stem
from tautband.knowledge.lexicon.vocabulary import Tokens, word_lists
from tautband.knowledge.words import folded_words

_CLAUSE_END = re.compile(r"[;.!?\n](?!\d)|:")
_CHUNK_END = re.compile(r"[,/()\u2013\u2014]|\s-\s|->")
_JOINING = frozenset({"and", "or", "to", "plus", "into", "towards", "toward", "through", "then"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word as compared, its span in the text, and the chunk and clause it stands in."""

    word: str
    start: int
    end: int
    chunk: int
    clause: int
    raw: str

    @property
    def is_small(self) -> bool:
        return self.word in word_lists().small


def tokens_of(text: str) -> tuple[Token, ...]:
    """Read a text into tokens; small words stay in (see `content_of`)."""
    plain = _plain_tokens(text)
    return _joined(plain)


def content_of(text: str) -> Tokens:
    """The words of a phrase that count when it is looked for: equal forms joined, small words dropped.

    A phrase made of small words only keeps them.
    """
    words = tuple(t.word for t in tokens_of(text))
    return tuple(w for w in words if w not in word_lists().small) or words


def canonical(words: Tokens) -> Tokens:
    """Bring equal forms in a run of stemmed words together."""
    runs = word_lists().same.runs
    out: list[str] = []
    at = 0
    while at < len(words):
        for run, to in runs.get(words[at], ()):
            if words[at : at + len(run)] == run:
                out.extend(to)
                at += len(run)
                break
        else:
            out.append(words[at])
            at += 1
    return tuple(out)


def _plain_tokens(text: str) -> list[Token]:
    found: list[Token] = []
    chunk = clause = end = 0
    for word, start, stop in folded_words(text):
        between = text[end:start]
        if found and _CLAUSE_END.search(between):
            clause, chunk = clause + 1, chunk + 1
        elif found and _CHUNK_END.search(between):
            chunk += 1
        if word in _JOINING:
            chunk += 1
        if word in word_lists().stops:
            clause, chunk = clause + 1, chunk + 1
        found.append(Token(stem(word), start, stop, chunk, clause, text[start:stop]))
        end = stop
    return found


def _joined(plain: list[Token]) -> tuple[Token, ...]:
    """Replace equal forms; every token of a replacement has the span of all it replaces."""
    runs = word_lists().same.runs
    out: list[Token] = []
    at = 0
    while at < len(plain):
        for run, to in runs.get(plain[at].word, ()):
            part = plain[at : at + len(run)]
            if tuple(t.word for t in part) == run and part[0].clause == part[-1].clause:
                first, last = part[0], part[-1]
                out += [Token(w, first.start, last.end, first.chunk, first.clause, first.raw) for w in to]
                at += len(run)
                break
        else:
            out.append(plain[at])
            at += 1
    return tuple(out)
