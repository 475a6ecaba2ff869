"""Finding things by what people type: exact names, spelling variants, and a ranked search over everything."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.indexing import names_of
from tautband.knowledge.records import Exam, Factor, Record
from tautband.knowledge.umbrellas import whole
from tautband.knowledge.vocabulary import targets
from tautband.knowledge.walk import texts_of
from tautband.knowledge.words import fold
from tautband.terms.ids import kind_of

GENERIC = frozenset(
    {
        "muscle",
        "nerve",
        "joint",
        "test",
        "sign",
        "syndrome",
        "trigger",
        "point",
        "root",
        "the",
        "of",
        "a",
        "an",
        "entrapment",
        "myofascial",
        "pain",
    }
)
SMALL = frozenset(
    {"the", "of", "a", "an", "and", "or", "in", "on", "at", "to", "by", "with", "from", "is", "are", "for"}
)
NAME, SYNONYM, PLAIN, PHRASE, TEXT = 10.0, 8.0, 6.0, 4.0, 1.0
KIND_WEIGHT = {
    "muscle": 1.3,
    "area": 0.6,
    "guard": 0.7,
    "factor": 0.9,
    "trp": 0.8,
    "selfcare": 0.6,
    "education": 0.6,
    "benefit": 0.6,
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: higher `score` first; `name` and `plain` to show."""

    id: str
    kind: str
    name: str
    plain: str
    score: float


def find(atlas: Atlas, name: str) -> tuple[str, ...]:
    """Ids meant by an id, name, synonym, plain name or spelling variant; empty when nothing is near enough.

    The name of a whole (`quadriceps`) means each of its muscles.
    """
    id = atlas.current(name.strip())
    if id in atlas:
        return (id,)
    folded = fold(name)
    if together := whole(atlas, name):
        return tuple(dict.fromkeys((*together.muscles, *atlas.by_name.get(folded, ()))))
    if folded in atlas.by_name:
        return atlas.by_name[folded]
    if name.strip() in targets():
        return atlas.by_target.get(name.strip(), ())
    index = _index(atlas)
    bare = _bare(folded)
    if bare and bare in index.bare:
        return tuple(index.bare[bare])
    return index.like(folded)


def near(atlas: Atlas, name: str, limit: int = 5) -> tuple[str, ...]:
    """The nearest things, for a message that the name is unknown."""
    names = list(atlas.by_name)
    found = process.extract(fold(name), names, scorer=fuzz.WRatio, limit=limit * 2, score_cutoff=55)
    return tuple(dict.fromkeys(id for match in found for id in atlas.by_name[match[0]]))[:limit]


def search(atlas: Atlas, text: str, limit: int = 20, kinds: Iterable[str] = ()) -> tuple[Hit, ...]:
    """Ranked things for what was typed so far; the last word may be incomplete. `kinds` narrows, `("muscle",)`."""
    return _index(atlas).search(text, limit, frozenset(kinds))


class _Index:
    """Words of everything in the atlas, with the weight of where they stand."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.bare: dict[str, dict[str, None]] = defaultdict(dict)
        postings: dict[str, dict[str, float]] = defaultdict(dict)
        for id, weight, text in _texts(atlas):
            folded = fold(text)
            if weight >= PLAIN:
                self.bare[_bare(folded)][id] = None
            for word in set(folded.split()) - SMALL:
                postings[word][id] = max(weight, postings[word].get(id, 0.0))
        self.postings = dict(postings)
        self.words = sorted(self.postings)
        self.things = max(1, len(atlas))

    def like(self, folded: str) -> tuple[str, ...]:
        """Ids of the one name that differs by spelling only; empty when two names are as near."""
        bare = _bare(folded)
        if len(bare) < 5:
            return ()
        found = process.extract(bare, list(self.bare), scorer=fuzz.ratio, limit=2, score_cutoff=86)
        if not found or (len(found) > 1 and found[0][1] - found[1][1] < 2):
            return ()
        return tuple(self.bare[found[0][0]])

    def search(self, text: str, limit: int, kinds: frozenset[str]) -> tuple[Hit, ...]:
        folded = fold(text)
        words = [w for w in folded.split() if w not in SMALL] or folded.split()
        if not words:
            return ()
        scores: dict[str, float] = defaultdict(float)
        matched: dict[str, int] = defaultdict(int)
        for number, word in enumerate(words):
            for id, weight in self._word(word, last=number == len(words) - 1).items():
                scores[id] += weight
                matched[id] += 1
        for id in self.atlas.by_name.get(folded, ()):
            scores[id] += 3 * NAME
        best = max(matched.values(), default=0)
        # A thing that answers all words comes before one that answers some of them.
        ranked = sorted(
            (
                (scores[id] * (matched[id] / best) ** 2 * KIND_WEIGHT.get(kind_of(id), 1.0), id)
                for id in scores
                if not kinds or kind_of(id) in kinds
            ),
            key=lambda pair: (-pair[0], pair[1]),
        )
        return tuple(self._hit(id, score) for score, id in ranked[:limit])

    def _word(self, word: str, last: bool) -> dict[str, float]:
        found = dict(self._rated(word, 1.0))
        for longer in self._starting(word) if last or len(word) >= 4 else ():
            for id, weight in self._rated(longer, 0.75).items():
                found[id] = max(weight, found.get(id, 0.0))
        if not found and len(word) >= 5:
            for similar, score, _ in process.extract(
                word, self.words, scorer=DamerauLevenshtein.normalized_similarity, limit=4, score_cutoff=0.75
            ):
                for id, weight in self._rated(similar, 0.5 * score).items():
                    found[id] = max(weight, found.get(id, 0.0))
        return found

    def _rated(self, word: str, factor: float) -> dict[str, float]:
        posted = self.postings.get(word, {})
        rarity = math.log(1 + self.things / (1 + len(posted)))
        return {id: weight * factor * rarity for id, weight in posted.items()}

    def _starting(self, word: str) -> Iterator[str]:
        at = bisect_left(self.words, word)
        while at < len(self.words) and self.words[at].startswith(word):
            yield self.words[at]
            at += 1

    def _hit(self, id: str, score: float) -> Hit:
        return Hit(id, kind_of(id), self.atlas.name(id), self.atlas.plain_name(id), round(score, 3))


_INDEXES: WeakKeyDictionary[Atlas, _Index] = WeakKeyDictionary()


def _index(atlas: Atlas) -> _Index:
    if atlas not in _INDEXES:
        _INDEXES[atlas] = _Index(atlas)
    return _INDEXES[atlas]


def _texts(atlas: Atlas) -> Iterator[tuple[str, float, str]]:
    for id, record in atlas.records.items():
        yield id, NAME, record.name.en
        yield id, PLAIN, record.name.plain
        for name in names_of(record):
            yield id, SYNONYM, name
        if isinstance(record, Exam | Factor):
            yield from ((id, PHRASE, phrase) for phrase in record.phrases)
        yield from ((id, TEXT, text) for text in _inner_texts(record))
    for id, area in atlas.areas.items():
        yield id, NAME, area.plain
        yield from ((id, SYNONYM, phrase) for phrase in (area.clinical, *area.phrases) if phrase)


def _inner_texts(record: Record) -> Iterator[str]:
    for place, text in texts_of(record):
        if place[0] not in ("name", "synonyms", "phrases") and place[-1] not in ("blob", "landmark"):
            yield text


def _bare(folded: str) -> str:
    """The name without words such as `muscle` and without word order: 'major pectoralis' is pectoralis major."""
    words = [w for w in folded.split() if w not in GENERIC]
    return " ".join(sorted(words))
