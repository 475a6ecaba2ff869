"""One name means one thing within a kind; a phrase is read as one examination."""

from collections import defaultdict
from collections.abc import Iterator

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.checks.at import WARNING, problem_at
from tautband.knowledge.indexing import names_of
from tautband.knowledge.problems import Problem
from tautband.knowledge.records import Exam, Factor
from tautband.knowledge.words import fold
from tautband.terms.ids import kind_of


def one_name_one_thing(atlas: Atlas) -> Iterator[Problem]:
    """Two things of one kind do not share a name or synonym (what clients are told may repeat)."""
    seen: dict[tuple[str, str], str] = {}
    for id, record in atlas.records.items():
        clinical = {fold(n) for n in names_of(record) if n != record.name.plain} - {""}
        for name in sorted(clinical):
            other = seen.setdefault((kind_of(id), name), id)
            if other != id:
                message = f"The name {name!r} is also used by {other!r}."
                yield problem_at(atlas, id, ("synonyms",), "name_clash", message, "Leave it to the one it means.")


def one_phrase_one_reading(atlas: Atlas) -> Iterator[Problem]:
    """A phrase listed for two examinations cannot be read; one listed as positive and negative is a contradiction."""
    seen: dict[str, set[str]] = defaultdict(set)
    read: tuple[Exam | Factor, ...] = (*atlas.exams, *atlas.factors)
    for exam in read:
        for phrase in exam.phrases:
            seen[fold(phrase)].add(exam.id)
        both = {fold(p) for p in exam.phrases} & {fold(p) for p in getattr(exam, "not_phrases", ())}
        if both:
            message = f"{', '.join(sorted(both))!r} is listed as present and as absent."
            yield problem_at(atlas, exam.id, ("not_phrases",), "phrase_clash", message, "Keep it in one of the lists.")
    for phrase, ids in seen.items():
        if len(ids) > 1:
            first, *others = sorted(ids)
            message = f"The phrase {phrase!r} is also read as {', '.join(others)}."
            cure = "Leave it to the one it means; the lexicon asks when both stay."
            yield problem_at(atlas, first, ("phrases",), "phrase_clash", message, cure, WARNING)


def one_area_one_phrase(atlas: Atlas) -> Iterator[Problem]:
    """An area phrase means one area."""
    seen: dict[str, str] = {}
    for id, area in atlas.areas.items():
        for phrase in {fold(p) for p in (area.plain, area.clinical, *area.phrases) if p}:
            other = seen.setdefault(phrase, id)
            if other != id:
                message = f"{id!r}: the phrase {phrase!r} is also used by {other!r}."
                yield problem_at(atlas, id, (), "name_clash", message, "Leave it to the one it means.")


RULES = (one_name_one_thing, one_phrase_one_reading, one_area_one_phrase)
