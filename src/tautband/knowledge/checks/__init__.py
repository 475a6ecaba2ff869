"""What `tautband check` looks for: rules over the whole atlas, each yielding problems with a cure."""

from collections.abc import Callable, Iterator

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.checks import (
    anatomy,
    care,
    claims,
    fields,
    measures,
    names,
    numbers,
    painted,
    references,
    safety,
    sources,
)
from tautband.knowledge.problems import Problem, Severity

Rule = Callable[[Atlas], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    *sources.RULES,
    *references.RULES,
    *names.RULES,
    *anatomy.RULES,
    *fields.RULES,
    *painted.RULES,
    *numbers.RULES,
    *claims.RULES,
    *safety.RULES,
    *measures.RULES,
    *care.RULES,
)


def check(atlas: Atlas) -> tuple[Problem, ...]:
    """Return everything to repair, errors first, then by file and line."""
    found = [*atlas.problems, *(problem for rule in RULES for problem in rule(atlas))]
    return tuple(sorted(set(found), key=lambda p: (p.severity is Severity.WARNING, p.file, p.line, p.code)))
