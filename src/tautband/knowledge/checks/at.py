"""Placing a problem in its file: the line is only looked up when there is something to say."""

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.problems import Problem, Severity
from tautband.knowledge.walk import Place
from tautband.knowledge.yamlfile import line_of

ERROR = Severity.ERROR
WARNING = Severity.WARNING


def problem_at(
    atlas: Atlas, id: str, place: Place, code: str, message: str, cure: str, severity: Severity = ERROR
) -> Problem:
    """A problem of the thing `id` (or `source:key`) at a place inside its file."""
    written = atlas.written.get(id)
    if written is None:
        return Problem(code, message, cure, severity, about=id)
    line = line_of(written.path, place)
    return Problem(code, message, cure, severity, written.file, line, id, written.folder)
