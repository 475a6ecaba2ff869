"""Reading one YAML file with the C loader: no silent loss of repeated keys, and the line of every value.

YAML itself lets a key be written twice and keeps the last; in a knowledge file that would lose a fact.
"""

from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 1_000_000


class BadYaml(ValueError):
    """The file cannot be read; carries the line (from 1) and the cure."""

    def __init__(self, message: str, line: int, cure: str) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.cure = cure


class _Loader(yaml.CSafeLoader):
    """The safe C loader that refuses a key written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = key_node.value
            if key in seen:
                raise BadYaml(
                    f"The key {key!r} is written twice.",
                    key_node.start_mark.line + 1,
                    "Join both under one key; YAML would keep only the last.",
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file.

    Raises BadYaml with line and cure when it is no YAML, too large, not UTF-8, or repeats a key.
    """
    return parse_yaml(_text(path))


def parse_yaml(text: str) -> Any:
    """Return the content of YAML text; raises BadYaml."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise BadYaml(
            f"This is not valid YAML: {error.problem or error.context}.",
            line,
            "Look at this line and the one above: a text with a colon needs quotes, lists need equal indentation.",
        ) from None
    except yaml.YAMLError as error:
        line = text[: getattr(error, "position", 0) or 0].count("\n") + 1
        raise BadYaml(f"This is not valid YAML: {error}.", line, "Remove characters that are not plain text.") from None


def line_of(path: Path, place: tuple[str | int, ...]) -> int:
    """Return the line (from 1) where a place such as ('trigger_points', 0, 'landmark') is written.

    When the place itself is not in the file (a missing key), the nearest place above it counts; 0 if unreadable.
    """
    try:
        node = yaml.compose(_text(path), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, BadYaml):
        return 0
    line = 1
    for step in place:
        found = _child(node, step)
        if found is None:
            break
        line, node = found
    return line


def _child(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    return None


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadYaml(
            f"The file cannot be read ({error.strerror}).", 0, "Check that it exists and may be read."
        ) from None
    if len(data) > MAX_BYTES:
        raise BadYaml(f"The file has {len(data)} bytes.", 0, "A knowledge file holds one thing; keep it under 1 MB.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadYaml("The file is not UTF-8 text.", line, "Save it as UTF-8.") from None
