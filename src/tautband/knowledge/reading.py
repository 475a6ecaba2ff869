"""Reading an atlas folder into records; a broken file is named and the rest is still read."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from rapidfuzz import process

from tautband.knowledge.kinds import AREAS, FOLDERS, FORMS, KIND_OF_FOLDER, SOURCES
from tautband.knowledge.problems import Problem, Severity
from tautband.knowledge.records import Area, Record, Source
from tautband.knowledge.yamlfile import BadYaml, line_of, read_yaml
from tautband.terms.ids import BadId, kind_of

T = TypeVar("T")
RETIRED_KEYS = frozenset({"id", "replaced_by", "note"})


@dataclass(frozen=True, slots=True)
class FilePlace:
    """Where a thing is written: the atlas folder or overlay, and the file inside it."""

    folder: str
    file: str

    @property
    def path(self) -> Path:
        return Path(self.folder) / self.file


@dataclass(slots=True)
class Shelf:
    """What one folder holds, before it is joined with others."""

    records: dict[str, tuple[Record, FilePlace]]
    sources: dict[str, tuple[Source, FilePlace]]
    areas: dict[str, tuple[Area, FilePlace]]
    retired: dict[str, str]
    problems: list[Problem]


def atlas_files(folder: Path) -> list[Path]:
    """Every YAML file of an atlas folder, in a fixed order."""
    return sorted(p for sub in FOLDERS for p in (folder / sub).rglob("*.yaml"))


def read_folder(folder: Path) -> Shelf:
    """Read one atlas folder. Problems are collected, never raised; what is whole is read."""
    shelf = Shelf({}, {}, {}, {}, [])
    if not folder.is_dir():
        shelf.problems.append(
            Problem("no_folder", f"The atlas folder {folder} does not exist.", "Make it or leave it out.")
        )
        return shelf
    shelf.problems.extend(_strays(folder))
    for path in atlas_files(folder):
        where = FilePlace(str(folder), path.relative_to(folder).as_posix())
        try:
            data = read_yaml(path)
        except BadYaml as bad:
            shelf.problems.append(_problem("bad_yaml", bad.message, bad.cure, where, bad.line))
            continue
        _shelve(data, where, shelf)
    return shelf


def _strays(folder: Path) -> Iterator[Problem]:
    for path in sorted(folder.rglob("*")):
        where = FilePlace(str(folder), path.relative_to(folder).as_posix())
        top = where.file.split("/")[0]
        if path.suffix == ".yml":
            yield _problem("stray_file", "This file is not read.", "Rename it to end in .yaml.", where)
        elif path.suffix == ".yaml" and top not in FOLDERS:
            cure = f"Move it into one of {', '.join(FOLDERS)}."
            yield _problem("stray_file", f"Nothing is read from {top!r}.", cure, where)


def _shelve(data: Any, where: FilePlace, shelf: Shelf) -> None:
    top = where.file.split("/")[0]
    if top == AREAS:
        _shelve_areas(data, where, shelf)
    elif not isinstance(data, dict):
        cure = "Write one thing with keys and values, beginning with `id:`."
        shelf.problems.append(_problem("not_a_thing", "The file holds no keys.", cure, where, 1))
    elif top == SOURCES:
        source = _formed(Source, data, where, (), shelf.problems)
        if isinstance(source, Source):
            _put(shelf.sources, source.id, source, where, shelf.problems)
    elif set(data) <= RETIRED_KEYS and "replaced_by" in data:
        _retire(data, where, shelf)
    else:
        _shelve_record(data, top, where, shelf)


def _shelve_record(data: dict[str, Any], top: str, where: FilePlace, shelf: Shelf) -> None:
    kind = KIND_OF_FOLDER[top]
    id = data.get("id")
    if isinstance(id, str) and not id.startswith(f"{kind}."):
        cure = f"Write an id that begins with '{kind}.', or move the file to the folder of its kind."
        shelf.problems.append(_problem("wrong_folder", f"{id!r} lies in {top}/.", cure, where, 1, id))
        return
    record = _formed(FORMS[top], data, where, (), shelf.problems)
    if not isinstance(record, Record):
        return
    if record.replaced_by:
        shelf.retired[record.id] = record.replaced_by
    else:
        _put(shelf.records, record.id, record, where, shelf.problems)


def _shelve_areas(data: Any, where: FilePlace, shelf: Shelf) -> None:
    if not isinstance(data, list):
        cure = "Write a list: each area begins with `- id: area.`."
        shelf.problems.append(_problem("not_a_list", "A file of areas is a list.", cure, where, 1))
        return
    for number, item in enumerate(data):
        area = _formed(Area, item, where, (number,), shelf.problems)
        if isinstance(area, Area):
            _put(shelf.areas, area.id, area, where, shelf.problems, (number,))


def _retire(data: dict[str, Any], where: FilePlace, shelf: Shelf) -> None:
    try:
        kind_of(str(data.get("id")))
        kind_of(str(data["replaced_by"]))
    except BadId as bad:
        cure = "A retired thing is written as `id: old.id` and `replaced_by: new.id`."
        shelf.problems.append(_problem("bad_retired", str(bad), cure, where, 1))
        return
    shelf.retired[data["id"]] = data["replaced_by"]


def _put(
    into: dict[str, tuple[T, FilePlace]],
    id: str,
    thing: T,
    where: FilePlace,
    problems: list[Problem],
    place: tuple[str | int, ...] = (),
) -> None:
    if id in into:
        other = into[id][1].file
        cure = "Give one of them another id, or join both into one file; the first is kept."
        line = line_of(where.path, (*place, "id"))
        problems.append(_problem("duplicate_id", f"{id!r} is already written in {other}.", cure, where, line, id))
    else:
        into[id] = (thing, where)


def _formed(
    form: type[BaseModel], data: Any, where: FilePlace, start: tuple[str | int, ...], problems: list[Problem]
) -> BaseModel | None:
    try:
        return form.model_validate(data)
    except ValidationError as invalid:
        about = str(data.get("id", "")) if isinstance(data, dict) else ""
        for error in invalid.errors(include_url=False):
            message, cure = _said(form, error)
            line = line_of(where.path, (*start, *error["loc"]))
            problems.append(_problem("bad_form", message, cure, where, line, about))
        return None


def _said(form: type[BaseModel], error: Any) -> tuple[str, str]:
    """Message and cure in plain words for one pydantic error."""
    place = ".".join(str(step) for step in error["loc"]) or "the file"
    match error["type"]:
        case "missing":
            return f"`{place}` is missing.", "Add the key."
        case "extra_forbidden":
            return f"`{place}` is not a key known here.", _nearest_key(form, error["loc"])
        case "string_type":
            cure = "Write text; put quotes around yes, no, on, off, dates and bare numbers."
            return f"`{place}` is {error['input']!r}, not text.", cure
        case "enum" | "literal_error":
            return f"`{place}` is {error['input']!r}.", f"Write one of {error['ctx']['expected']}."
        case "value_error":
            return f"`{place}`: {error['ctx']['error']}", "Repair the value."
        case _:
            return f"`{place}`: {error['msg']}.", f"The file says {_short(error['input'])}."


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _nearest_key(form: type[BaseModel], loc: tuple[str | int, ...]) -> str:
    keys = list(_form_at(form, loc[:-1]).model_fields)
    near = process.extractOne(str(loc[-1]), keys, score_cutoff=60)
    hint = f"Did you mean `{near[0]}`? " if near else ""
    return f"{hint}Known keys: {', '.join(keys)}."


def _form_at(form: type[BaseModel], loc: tuple[str | int, ...]) -> type[BaseModel]:
    for step in loc:
        if isinstance(step, str) and step in form.model_fields:
            form = _form_in(form.model_fields[step].annotation) or form
    return form


def _form_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = _form_in(inner)
        if found:
            return found
    return None


def _problem(
    code: str,
    message: str,
    cure: str,
    where: FilePlace,
    line: int = 0,
    about: str = "",
    severity: Severity = Severity.ERROR,
) -> Problem:
    return Problem(code, message, cure, severity, where.file, line, about, where.folder)
