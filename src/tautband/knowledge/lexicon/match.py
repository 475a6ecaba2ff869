"""Finding entries in a text: an index on the rarest word, windows instead of exact order, no opposites inside."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from tautband.knowledge.lexicon.entries import SHARED, Entry
from tautband.knowledge.lexicon.tokens import Token
from tautband.knowledge.lexicon.vocabulary import word_lists

SPARE = 4  # other words that may stand between the words of a phrase
SPARE_IN_PLACE = 2
LEAST_FUZZY = 5
SECOND_COUNTS = 0.8
EXAMINED = frozenset({"exam", "observed"})
_BOTH = re.compile(
    r"^(hands|arms|forearms|legs|feet|shoulders|elbows|wrists|knees|hips|thighs|calves|ankles|limbs)$", re.I
)
_BOTH_WORDS = frozenset({"both", "bilateral", "bilat"})
_NARROWING = frozenset(
    {"lateral", "medial", "anterior", "posterior", "upper", "lower", "dorsal", "volar", "radial", "ulnar"}
)
_OPPOSITE_STARTS = (
    ("ab", "ad"),
    ("hyper", "hypo"),
    ("supra", "infra"),
    ("inter", "intra"),
    ("pre", "post"),
    ("in", "e"),
    ("pro", "su"),
    ("ante", "poste"),
    ("flex", "exten"),
)


@dataclass(frozen=True, slots=True)
class Match:
    """An entry found: the numbers of its tokens and its score (rarity of the words, less for gaps)."""

    entry: Entry
    numbers: tuple[int, ...]
    score: float

    @property
    def first(self) -> int:
        return self.numbers[0]

    @property
    def last(self) -> int:
        return self.numbers[-1]


class Index:
    """All entries, ready to be looked up."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        counts: dict[str, int] = defaultdict(int)
        for entry in self.entries:
            for word in set(entry.words):
                counts[word] += 1
        total = len(self.entries) + 1
        self.rarity = {word: math.log(1 + total / count) for word, count in counts.items()}
        self.by_word: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            self.by_word[max(entry.words, key=self._rarest)].append(entry)
        self.place_nouns = frozenset(e.words[0] for e in self.entries if e.kind == "area" and len(e.words) == 1)
        self.long_words = sorted(w for w in counts if len(w) >= LEAST_FUZZY and w.isalpha())
        self.nearest = lru_cache(maxsize=4_000)(self._nearest)

    def _rarest(self, word: str) -> tuple[float, str]:
        return (self.rarity[word], word)

    def corrected(self, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        """Replace words nobody knows by the one known word they are a misspelling of."""
        return tuple(
            Token(self.nearest(t.word), t.start, t.end, t.chunk, t.clause, t.raw)
            if t.word not in self.rarity and not t.is_small
            else t
            for t in tokens
        )

    def _nearest(self, word: str) -> str:
        """The one known word this is a misspelling of, or the word itself.

        Never across opposites (abduction, adduction), never a short word, never a guess between two.
        """
        if len(word) < LEAST_FUZZY or not word.isalpha():
            return word
        # One wrong letter in five to eleven, two in sixteen and more: "hyperextension" is no "hypertension".
        cutoff = 0.8 if len(word) < 8 else 0.87
        found = process.extract(
            word, self.long_words, scorer=DamerauLevenshtein.normalized_similarity, limit=2, score_cutoff=cutoff
        )
        if not found or not _same_frame(word, found[0][0]) or crosses_opposites(word, found[0][0]):
            return word
        if len(found) > 1 and found[0][1] - found[1][1] < 0.03:
            return word
        if any(other in self.rarity for other in _other_endings(word)):
            return word
        return str(found[0][0])

    def matches(
        self,
        tokens: tuple[Token, ...],
        kinds: frozenset[str],
        second: frozenset[str] = frozenset(),
        spare: int = SPARE,
    ) -> list[Match]:
        """All entries of these kinds found in the tokens, best first; they may overlap. `second` kinds count less."""
        places: dict[str, list[int]] = defaultdict(list)
        for number, token in enumerate(tokens):
            places[token.word].append(number)
        found = []
        for word in places:
            for entry in self.by_word.get(word, ()):
                if entry.kind in kinds and all(w in places for w in entry.words):
                    match = self._window(entry, tokens, places, spare)
                    if match:
                        found.append(match)
        found = [replace(m, score=m.score * SECOND_COUNTS) if m.entry.kind in second else m for m in found]
        return sorted(found, key=lambda m: (-m.score, -len(m.entry.words), m.first, m.entry.id))

    def _window(
        self, entry: Entry, tokens: tuple[Token, ...], places: dict[str, list[int]], spare: int
    ) -> Match | None:
        """The tightest place where all words of the entry stand together."""
        best: Match | None = None
        for start in places[min(entry.words, key=lambda w: len(places[w]))]:
            numbers = self._around(entry, start, tokens, places, spare)
            if numbers is None:
                continue
            score = self._score(entry, numbers, tokens)
            if best is None or score > best.score:
                best = Match(entry, numbers, score)
        return best

    def _around(
        self, entry: Entry, start: int, tokens: tuple[Token, ...], places: dict[str, list[int]], spare: int
    ) -> tuple[int, ...] | None:
        taken: list[int] = []
        for word in entry.words:
            free = [n for n in places[word] if n not in taken and tokens[n].clause == tokens[start].clause]
            if not free:
                return None
            taken.append(min(free, key=lambda n: (abs(n - start), n)))
        numbers = tuple(sorted(taken))
        clause = [n for n, t in enumerate(tokens) if t.clause == tokens[start].clause]
        between = [n for n in range(numbers[0], numbers[-1]) if n not in numbers and not tokens[n].is_small]
        chunks = tokens[numbers[-1]].chunk - tokens[numbers[0]].chunk
        most = min(spare, SPARE_IN_PLACE) if entry.kind == "area" else spare
        if len(between) > most or self._opposed(entry, tokens, between):
            return None
        if entry.kind == "area" and chunks and not self._joined(entry):
            return None
        if all(w in SHARED for w in entry.words) and (between or taken != sorted(taken) or chunks):
            return None
        if entry.kind in EXAMINED and self._elsewhere(tokens, numbers):
            return None
        if entry.both and not any(_BOTH.search(tokens[n].raw) or tokens[n].word in _BOTH_WORDS for n in clause):
            return None
        return numbers

    def _elsewhere(self, tokens: tuple[Token, ...], numbers: tuple[int, ...]) -> bool:
        """Whether a place in the match is narrowed to another one: the lateral elbow is not the elbow at large."""
        return any(
            tokens[n].word in self.place_nouns and n > 0 and n - 1 not in numbers and tokens[n - 1].word in _NARROWING
            for n in numbers
        )

    @staticmethod
    def _joined(entry: Entry) -> bool:
        """Areas made of two ("ring and little finger") are written with both, so they may cross chunks."""
        return len(entry.words) >= 3

    @staticmethod
    def _opposed(entry: Entry, tokens: tuple[Token, ...], between: list[int]) -> bool:
        opposite = word_lists().opposite
        against = {o for word in entry.words for o in opposite.get(word, ())} - set(entry.words)
        return any(tokens[n].word in against for n in between)

    def _score(self, entry: Entry, numbers: tuple[int, ...], tokens: tuple[Token, ...]) -> float:
        worth = sum(self.rarity[w] * (0.3 if w in SHARED else 1.0) for w in entry.words)
        between = sum(n not in numbers and not tokens[n].is_small for n in range(numbers[0], numbers[-1]))
        chunks = tokens[numbers[-1]].chunk - tokens[numbers[0]].chunk
        return worth * 0.88**between * 0.85**chunks


def choose(matches: list[Match], tokens: tuple[Token, ...]) -> list[Match]:
    """The best matches that do not claim the same words; words said of many things may be shared."""
    taken: set[int] = set()
    chosen: list[Match] = []
    for match in matches:
        own = {n for n in match.numbers if tokens[n].word not in SHARED}
        claimed = own or set(match.numbers)
        if claimed & taken or (not own and any(set(match.numbers) <= set(other.numbers) for other in chosen)):
            continue
        taken |= claimed
        chosen.append(match)
    return sorted(chosen, key=lambda m: (m.first, m.last))


def crosses_opposites(word: str, other: str) -> bool:
    """Whether two words differ by an opposite beginning, such as ab- and ad-."""
    for one, two in _OPPOSITE_STARTS:
        if word.startswith(one) and other.startswith(two) and not other.startswith(one):
            return True
        if word.startswith(two) and other.startswith(one) and not word.startswith(one):
            return True
    return False


def _same_frame(word: str, other: str) -> bool:
    """Misspellings keep the first letter; in short words the last one too."""
    return word[0] == other[0] and (len(word) >= 7 or word[-1] == other[-1])


def _other_endings(word: str) -> tuple[str, ...]:
    return (word + "e", word + "s", word[:-1] if word.endswith("e") else word)
