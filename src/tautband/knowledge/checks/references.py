"""Links lead somewhere: ids exist, retired ids are replaced, ids match their files, targets are in the vocabulary."""

from collections.abc import Iterator

from rapidfuzz import process

from tautband.knowledge.areas import reasoning_zones, surface_zones, zones_in
from tautband.knowledge.atlas import Atlas
from tautband.knowledge.checks.at import WARNING, problem_at
from tautband.knowledge.kinds import FOLDER_OF_KIND
from tautband.knowledge.problems import Problem
from tautband.knowledge.vocabulary import targets
from tautband.knowledge.walk import ids_in
from tautband.terms.ids import kind_of


def broken_links(atlas: Atlas) -> Iterator[Problem]:
    """Every id a record mentions exists; a retired one should be written anew."""
    everything = list(atlas.ids())
    for id, record in atlas.records.items():
        for place, other in ids_in(record):
            if place[0] == "targets" or other in surface_zones() or other in reasoning_zones():
                continue
            if other in atlas.retired:
                message = f"{other!r} is retired."
                yield problem_at(atlas, id, place, "retired_id", message, f"Write {atlas.current(other)!r}.", WARNING)
            elif other not in atlas:
                yield problem_at(
                    atlas, id, place, "broken_link", f"{other!r} does not exist.", _cure(other, everything)
                )


def retired_lead_somewhere(atlas: Atlas) -> Iterator[Problem]:
    """A retired id leads to a living thing, without going in a circle."""
    for old in atlas.retired:
        now = atlas.current(old)
        if now not in atlas:
            message = f"The retired id {old!r} leads to {now!r}, which does not exist."
            yield Problem("broken_link", message, "Name a living id in `replaced_by`.", about=old)


def id_matches_file(atlas: Atlas) -> Iterator[Problem]:
    """The file of a thing can be guessed from its id, and lies in the folder of its region or method."""
    for id, record in atlas.records.items():
        path = atlas.written[id].path
        tail = id.partition(".")[2]
        if tail not in (path.stem, f"{path.parent.name}.{path.stem}"):
            message = f"{id!r} lies in {path.name}."
            yield problem_at(
                atlas, id, ("id",), "id_is_not_path", message, f"Name the file {tail}.yaml or correct the id."
            )
        folder = str(getattr(record, "method", "") or getattr(record, "region", ""))
        parent = path.parent.name
        if folder and parent not in (folder, FOLDER_OF_KIND[kind_of(id)]):
            message = f"It says {folder!r} and lies in the folder {parent!r}."
            yield problem_at(
                atlas, id, ("id",), "folder_is_not_region", message, "Move the file or correct it.", WARNING
            )
    for id, (_, muscle) in atlas.points.items():
        if not id.startswith(f"trp.{muscle.partition('.')[2]}."):
            message = f"The point {id!r} stands in {muscle!r}."
            cure = f"Name it trp.{muscle.partition('.')[2]}.1, .2, ..."
            yield problem_at(atlas, muscle, ("trigger_points",), "point_is_not_muscle", message, cure)


def known_targets(atlas: Atlas) -> Iterator[Problem]:
    """Targets are ids of the shared case vocabulary."""
    known = sorted(targets())
    for id, record in atlas.records.items():
        for number, target in enumerate(getattr(record, "targets", ())):
            if target not in targets():
                message = f"The target {target!r} is not in the case vocabulary."
                yield problem_at(atlas, id, ("targets", number), "unknown_target", message, _cure(target, known))


def areas_have_zones(atlas: Atlas) -> Iterator[Problem]:
    """Every area stands for some chart zone."""
    for id in atlas.areas if surface_zones() else ():
        if not zones_in(id, atlas):
            message = f"{id!r} stands for no chart zone."
            yield problem_at(atlas, id, (), "empty_area", message, "The zones are listed in docs/developer/zones.md.")


def _cure(id: str, known: list[str]) -> str:
    same_kind = [k for k in known if k.partition(".")[0] == id.partition(".")[0]]
    near = [m[0] for m in process.extract(id, same_kind or known, limit=3, score_cutoff=70)]
    return f"Did you mean {', '.join(near)}?" if near else "Write its file, or remove the link."


RULES = (broken_links, retired_lead_somewhere, id_matches_file, known_targets, areas_have_zones)
