"""The atlas in memory: frozen records, found by id, kind, name, region, target, landmark, and by who mentions whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from rapidfuzz import process

from tautband.knowledge.problems import Problem, Severity
from tautband.knowledge.reading import FilePlace
from tautband.knowledge.records import (
    Area,
    Benefit,
    Condition,
    Education,
    Entrapment,
    Exam,
    Factor,
    Flag,
    Guard,
    Instrument,
    Joint,
    Muscle,
    Nerve,
    Protocol,
    Record,
    Root,
    Selfcare,
    Source,
    Technique,
    Tissue,
    TriggerPoint,
)
from tautband.knowledge.vocabulary.motions import motion_words
from tautband.terms.ids import kind_of

Kind = TypeVar("Kind", bound=Record)


class UnknownId(KeyError):
    """No such thing in the atlas; the message names the nearest ids."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing that speaks of another: `by` does so under the key `role` of its file (`nerve_supply`)."""

    by: str
    role: str


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Atlas:
    """All knowledge, frozen. Build it with `tautband.knowledge.load`.

    records    id -> record of every kind
    points     trigger point id -> (point, id of its muscle)
    sources    key -> publication
    areas      area id -> named place of the body
    retired    old id -> the id that replaced it
    written    id -> file it stands in
    problems   what is wrong with the files; the rest is here all the same
    """

    records: Mapping[str, Record]
    points: Mapping[str, tuple[TriggerPoint, str]]
    sources: Mapping[str, Source]
    areas: Mapping[str, Area]
    retired: Mapping[str, str]
    written: Mapping[str, FilePlace]
    problems: tuple[Problem, ...] = ()
    by_kind: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_region: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_target: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_name: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_landmark: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_citation: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mentioned: Mapping[str, tuple[Mention, ...]] = field(default_factory=dict)

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and (id in self.records or id in self.points or id in self.areas)

    def __len__(self) -> int:
        return len(self.records) + len(self.points) + len(self.areas)

    def ids(self) -> Iterator[str]:
        """Every id: records, trigger points, areas."""
        yield from self.records
        yield from self.points
        yield from self.areas

    def current(self, id: str) -> str:
        """The id that is used today: follows retired ids to their replacement, leaves others as they are."""
        seen = {id}
        while id in self.retired and self.retired[id] not in seen:
            id = self.retired[id]
            seen.add(id)
        return id

    def get(self, id: str) -> Record | TriggerPoint | Area:
        """Return the thing with this id (a retired id gives its replacement).

        Raises UnknownId, which names the nearest ids.
        """
        now = self.current(id)
        if now in self.records:
            return self.records[now]
        if now in self.points:
            return self.points[now][0]
        if now in self.areas:
            return self.areas[now]
        near = [match[0] for match in process.extract(id, list(self.ids()), limit=3, score_cutoff=60)]
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        raise UnknownId(f"The atlas has no {id!r}.{hint}")

    def record(self, id: str) -> Record:
        """Return the record with this id; for a trigger point its muscle. Raises UnknownId."""
        now = self.current(id)
        return self.records[self.points[now][1]] if now in self.points else self._is_record(id)

    def _is_record(self, id: str) -> Record:
        thing = self.get(id)
        if not isinstance(thing, Record):
            raise UnknownId(f"{id!r} is an area, not a record.")
        return thing

    def name(self, id: str) -> str:
        """The clinical name, `Infraspinatus`; a trigger point is named by its muscle and place."""
        now = self.current(id)
        if now.startswith("motion."):
            return motion_words(now)
        if now in self.points:
            point, muscle = self.points[now]
            part = point.part or point.place
            return f"{self.records[muscle].name.en} ({part})"
        thing = self.get(now)
        if isinstance(thing, Area):
            return thing.clinical or thing.plain
        assert isinstance(thing, Record)
        return thing.name.en

    def plain_name(self, id: str) -> str:
        """What a client is told."""
        now = self.current(id)
        if now in self.areas:
            return self.areas[now].plain
        return self.record(now).name.plain

    # Kinds

    def of(self, form: type[Kind]) -> tuple[Kind, ...]:
        """All records of one form, `atlas.of(Muscle)`, in order of id."""
        kind = form.__name__.lower()
        return tuple(cast(Kind, self.records[id]) for id in self.by_kind.get(kind, ()))

    @property
    def muscles(self) -> tuple[Muscle, ...]:
        return self.of(Muscle)

    @property
    def nerves(self) -> tuple[Nerve, ...]:
        return self.of(Nerve)

    @property
    def entrapments(self) -> tuple[Entrapment, ...]:
        return self.of(Entrapment)

    @property
    def roots(self) -> tuple[Root, ...]:
        return self.of(Root)

    @property
    def joints(self) -> tuple[Joint, ...]:
        return self.of(Joint)

    @property
    def tissues(self) -> tuple[Tissue, ...]:
        return self.of(Tissue)

    @property
    def flags(self) -> tuple[Flag, ...]:
        return self.of(Flag)

    @property
    def exams(self) -> tuple[Exam, ...]:
        return self.of(Exam)

    @property
    def factors(self) -> tuple[Factor, ...]:
        return self.of(Factor)

    @property
    def techniques(self) -> tuple[Technique, ...]:
        return self.of(Technique)

    @property
    def protocols(self) -> tuple[Protocol, ...]:
        return self.of(Protocol)

    @property
    def guards(self) -> tuple[Guard, ...]:
        return self.of(Guard)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return self.of(Condition)

    @property
    def selfcare(self) -> tuple[Selfcare, ...]:
        return self.of(Selfcare)

    @property
    def benefits(self) -> tuple[Benefit, ...]:
        return self.of(Benefit)

    @property
    def education(self) -> tuple[Education, ...]:
        return self.of(Education)

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        return self.of(Instrument)

    # Links

    def mentions(self, id: str, kind: str = "", role: str = "") -> tuple[str, ...]:
        """Ids of the records that mention this one, narrowed by their kind and the key they do it under."""
        found = (m.by for m in self.mentioned.get(self.current(id), ()) if not role or m.role == role)
        return tuple(dict.fromkeys(by for by in found if not kind or kind_of(by) == kind))

    def muscles_of(self, nerve_or_root: str) -> tuple[str, ...]:
        """Muscles a nerve supplies or a root feeds, said by either side."""
        by_muscles = self.mentions(nerve_or_root, kind="muscle", role="nerve_supply")
        thing = self.records.get(self.current(nerve_or_root))
        own = thing.muscles if isinstance(thing, Nerve) else thing.weak_muscles if isinstance(thing, Root) else ()
        return tuple(dict.fromkeys((*own, *by_muscles)))

    def rivals_of(self, id: str) -> tuple[str, ...]:
        """Sources that look alike, whichever of the two files says so."""
        own = tuple(link.to for link in getattr(self.records.get(self.current(id)), "rivals", ()))
        return tuple(dict.fromkeys((*own, *self.mentions(id, role="rivals"))))

    def exams_of(self, source: str) -> tuple[str, ...]:
        """Examinations that say something about a source; for a trigger point also those naming its muscle."""
        ids = [self.current(source)]
        if ids[0] in self.points:
            ids.append(self.points[ids[0]][1])
        found = [by for id in ids for role in ("accuracy", "suggests") for by in self.mentions(id, "exam", role)]
        thing = self.records.get(ids[0])
        tests = getattr(thing, "tests", ()) if isinstance(thing, Entrapment) else ()
        return tuple(dict.fromkeys((*found, *tests)))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that fail a check."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)
