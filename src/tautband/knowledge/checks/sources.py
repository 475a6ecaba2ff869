"""Every fact leads to a source file; every source can be found by a reader."""

from collections.abc import Iterator

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.checks.at import ERROR, WARNING, problem_at
from tautband.knowledge.problems import Problem
from tautband.knowledge.records import Citation
from tautband.knowledge.walk import facts_of


def citation_keys(atlas: Atlas) -> Iterator[Problem]:
    """Each `by:` names a citation of the same file; each citation is used and leads to a source file."""
    for id, record in atlas.records.items():
        used: set[str] = set()
        for place, fact in facts_of(record):
            used.update(fact.by)
            for key in fact.by:
                if key not in record.cites:
                    cure = f"Add `{key}` under `cites:` or use one of {', '.join(record.cites) or 'none yet'}."
                    message = f"`by: {key}` is not among the citations of this file."
                    yield problem_at(atlas, id, (*place, "by"), "missing_citation", message, cure)
        for key, citation in record.cites.items():
            if citation.source not in atlas.sources:
                cure = f"Write sources/{citation.source}.yaml or correct the key."
                message = f"The source {citation.source!r} has no file."
                yield problem_at(atlas, id, ("cites", key), "missing_source", message, cure)
            if key not in used:
                message = f"The citation {key!r} supports no fact here."
                yield problem_at(
                    atlas,
                    id,
                    ("cites", key),
                    "unused_citation",
                    message,
                    "Use it in a `by:` or remove it.",
                    WARNING,
                )


def read_of_unseen(atlas: Atlas) -> Iterator[Problem]:
    """A citation cannot be read when its source file says that it was not seen."""
    for id, record in atlas.records.items():
        for key, citation in record.cites.items():
            source = atlas.sources.get(citation.source)
            if citation.read and source and source.seen.lower().startswith("not "):
                message = f"{key!r} is marked as read, but its source file says {source.seen!r}."
                cure = "Remove `read:` here, or say in the source file what was seen and where."
                yield problem_at(atlas, id, ("cites", key), "read_of_unseen", message, cure)
            if citation.read and _vague(citation):
                message = f"The locator {citation.at!r} does not say where to look."
                cure = "Name the heading, table, page or row that was seen."
                yield problem_at(atlas, id, ("cites", key), "vague_locator", message, cure)


def source_files(atlas: Atlas) -> Iterator[Problem]:
    """A source has the id of its file, can be found, and its road exists."""
    for key, source in atlas.sources.items():
        id = f"source:{key}"
        stem = atlas.written[id].path.stem
        if stem != key:
            yield problem_at(
                atlas,
                id,
                ("id",),
                "id_is_not_path",
                f"{key!r} lies in {stem}.yaml.",
                f"Name the file {key}.yaml.",
            )
        if source.kind == "web_page" and not source.address:
            # A page known only through another one has no address that was seen.
            severity = WARNING if source.seen.lower().startswith("secondary") else ERROR
            message = "A web page needs its address."
            yield problem_at(atlas, id, (), "no_address", message, "Add `address:` as it was seen.", severity)
        if source.road and source.road not in atlas.sources:
            message = f"The road {source.road!r} is no source."
            yield problem_at(atlas, id, ("road",), "broken_link", message, f"Write sources/{source.road}.yaml.")
        if len(source.citation) < 15:
            message = "The citation is too short to find the work."
            yield problem_at(
                atlas,
                id,
                ("citation",),
                "thin_citation",
                message,
                "Give authors, title, place and year.",
                WARNING,
            )


def _vague(citation: Citation) -> bool:
    return len(citation.at.strip()) < 3 or citation.at.strip().lower() in {
        "page",
        "web page",
        "text",
        "book",
        "website",
    }


RULES = (citation_keys, read_of_unseen, source_files)
