"""The lexicon's word lists, compiled: equal forms, qualities, results, negators, opposites."""

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from tautband.knowledge.lexicon.stems import stem
from tautband.knowledge.words import folded_words

Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Equal:
    """Replacements of word runs: first word -> (run, what it is replaced by), longest run first."""

    runs: dict[str, tuple[tuple[Tokens, Tokens], ...]]


@dataclass(frozen=True, slots=True)
class WordLists:
    """Everything of words.yaml in stemmed form."""

    same: Equal
    qualities: dict[Tokens, str]
    results: dict[str, tuple[Tokens, ...]]
    negators: dict[str, tuple[Tokens, ...]]
    after_negators: dict[str, tuple[Tokens, ...]]
    stops: frozenset[str]
    small: frozenset[str]
    opposite: dict[str, frozenset[str]]


def stems(text: str) -> Tokens:
    """The stemmed words of a text, small words included."""
    return tuple(stem(word) for word, _, _ in folded_words(text))


@cache
def word_lists() -> WordLists:
    """Read and compile words.yaml, once per process."""
    file = resources.files(__package__ or __name__).joinpath("words.yaml")
    data = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    opposite: dict[str, set[str]] = {}
    for one, other in data["opposites"]:
        opposite.setdefault(stem(one), set()).add(stem(other))
        opposite.setdefault(stem(other), set()).add(stem(one))
    return WordLists(
        same=_equal([*data["same"], *data["places"]]),
        qualities={stems(form): name for name, forms in data["qualities"].items() for form in forms},
        results={state: tuple(stems(form) for form in forms) for state, forms in data["results"].items()},
        negators=_runs(data["negators"]),
        after_negators=_runs(data["after_negators"]),
        stops=frozenset(stems(form)[0] for form in data["stops"]),
        small=frozenset(stem(word) for word in data["small"]),
        opposite={word: frozenset(others) for word, others in opposite.items()},
    )


def _runs(forms: list[str]) -> dict[str, tuple[Tokens, ...]]:
    """Runs of words by their first word, longest first."""
    runs: dict[str, list[Tokens]] = {}
    for run in sorted((stems(str(form)) for form in forms), key=len, reverse=True):
        runs.setdefault(run[0], []).append(run)
    return {first: tuple(found) for first, found in runs.items()}


def _equal(groups: list[list[str]]) -> Equal:
    runs: dict[str, list[tuple[Tokens, Tokens]]] = {}
    for first, *others in groups:
        to = stems(str(first))
        # The first form stands for itself too, so that none of its words is replaced singly.
        for run in dict.fromkeys((to, *(stems(str(other)) for other in others))):
            runs.setdefault(run[0], []).append((run, to))
    return Equal({word: tuple(sorted(pairs, key=lambda p: -len(p[0]))) for word, pairs in runs.items()})
