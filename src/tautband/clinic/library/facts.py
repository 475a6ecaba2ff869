"""Facts of a record as a page shows them: under headings, in words with links, grouped by the sources they rest on."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel

from tautband.clinic.library import words
from tautband.knowledge import Atlas
from tautband.knowledge.records import (
    Accuracy,
    Action,
    Band,
    Change,
    Citation,
    Fact,
    FieldPart,
    FlagRule,
    Item,
    Licence,
    MeasuringError,
    Norm,
    Record,
    Scoring,
    Suggests,
    When,
)
from tautband.knowledge.records.anatomy import Attachment, Link, NerveSupply, Palpation, Presser, Stretch
from tautband.knowledge.records.care import Claim, Dose, ProtocolStage, ProtocolStep, Span, TechniqueStep
from tautband.knowledge.records.clinical import Reliability
from tautband.knowledge.records.home import HomeDose, Passage
from tautband.knowledge.walk import is_id
from tautband.terms.ids import kind_of

IN_ORDER = frozenset({"steps", "say", "passages"})
"""Keys whose facts are told one after the other, whatever they rest on."""

GRADE_ORDER = ("trial", "cohort", "case_series", "expert_opinion")
SPECTRA = {
    "consecutive": "consecutive clinic patients",
    "referred": "referred patients",
    "surgical": "patients on the way to surgery",
    "case_control": "cases against healthy people, which flatters",
    "pooled": "several studies pooled",
    "healthy": "healthy people",
    "unknown": "not said whom",
}


SHIPS = {
    "items": "The questions may be shown.",
    "own_words": "The question is in our own words.",
    "score_only": "The questions are not shown here; enter the total.",
}
CHANGES = {
    "important": "Least important change",
    "detectable": "Least change above the error",
    "error": "Standard error",
    "responder": "Border set beforehand",
}
ERRORS = {
    "sem": "Standard error",
    "mdc": "Least detectable change",
    "mdc90": "Least detectable change (90%)",
    "mdc95": "Least detectable change (95%)",
}
SPANS = {"ci95": "95% interval", "range": "range", "percentiles": "percentiles", "teaching": "teaching value"}
MISSING = {
    "none": "All must be answered.",
    "drop": "Missing ones are left out.",
    "mean": "Missing ones take the mean.",
}


@dataclass(frozen=True)
class Piece:
    """A run of words; with an id it is a link to that thing."""

    text: str
    id: str = ""


@dataclass(frozen=True)
class Line:
    """One fact in words, and what people differ in."""

    pieces: tuple[Piece, ...]
    note: str = ""


@dataclass(frozen=True)
class Cited:
    """One source under a fact: short name, place in the list of sources, grade, and whether it was read."""

    key: str
    short: str
    grade: str
    read: str


@dataclass(frozen=True)
class Group:
    """Facts that rest on the same sources; `read` when at least one of these was read."""

    lines: tuple[Line, ...]
    cited: tuple[Cited, ...] = ()

    @property
    def read(self) -> bool:
        return any(cited.read for cited in self.cited)

    @property
    def grade(self) -> str:
        """The best grade among what was read, else among all."""
        told = [c.grade for c in self.cited if c.read] or [c.grade for c in self.cited]
        return min(told, key=GRADE_ORDER.index) if told else ""


@dataclass(frozen=True)
class Row:
    """One heading with its facts."""

    key: str
    label: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Part:
    """One card of rows."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Teller:
    """Turns a record into cards."""

    atlas: Atlas
    record: Record

    def parts(self) -> list[Part]:
        """The cards of this kind in their order, then what is left over."""
        kind = kind_of(self.record.id)
        order = words.PARTS.get(kind, ())
        named = {key for _title, keys in order for key in keys}
        rest = [k for k in type(self.record).model_fields if k not in named and k not in words.UNSAID]
        titled = [*order, ((words.KINDS[kind][0] if not order else _("More")), tuple(rest))]
        made: list[Part] = []
        for title, keys in titled:
            if keys == ("stages",):
                made += self._stages()
            elif keys == ("singles",):
                made += self._singles()
            else:
                made.append(Part(str(title), tuple(filter(None, (self.row(key) for key in keys)))))
        return [part for part in made if part.rows]

    def _stages(self) -> Iterator[Part]:
        """One card for each stage of a staged protocol, with its usual days."""
        for stage in getattr(self.record, "stages", ()):
            rows = tuple(filter(None, (self.row(key, stage) for key in words.STAGE)))
            yield Part(f"{stage.name}{_days(stage)}", rows)

    def _singles(self) -> Iterator[Part]:
        """One card for each single muscle that is described together with its neighbours."""
        for single in getattr(self.record, "singles", ()):
            rows = tuple(filter(None, (self.row(key, single) for key in words.SINGLE)))
            yield Part(single.name, rows)

    def row(self, key: str, holder: BaseModel | None = None) -> Row | None:
        """One heading, or None when the record (or the part of it that holds it) says nothing under it."""
        value = getattr(holder or self.record, key, None)
        if value in (None, "", (), False):
            return None
        return Row(
            key,
            str(words.LABELS.get(key, key.replace("_", " ").capitalize())),
            self.groups(value, in_order=key in IN_ORDER),
        )

    def groups(self, value: Any, in_order: bool = False) -> tuple[Group, ...]:
        """Facts with the same sources together, in the order of the file; steps that follow each other stay so."""
        facts = [f for f in value if isinstance(f, Fact)] if isinstance(value, tuple) else [value]
        if not facts or not isinstance(facts[0], Fact):
            return (Group((Line(tuple(self.value(value))),)),)
        if in_order:
            runs = groupby(facts, key=lambda fact: tuple(fact.by))
            return tuple(
                Group(tuple(Line(tuple(self.say(f)), f.note) for f in run), cited(self.record, by)) for by, run in runs
            )
        found: dict[tuple[str, ...], list[Line]] = {}
        for fact in facts:
            found.setdefault(tuple(fact.by), []).append(Line(tuple(self.say(fact)), fact.note))
        return tuple(Group(tuple(lines), cited(self.record, by)) for by, lines in found.items())

    def say(self, fact: Fact) -> Iterator[Piece]:
        """One fact in words."""
        match fact:
            case Attachment():
                yield Piece(f"{fact.part}: " if fact.part else "")
                yield Piece(
                    _("from %(origin)s to %(insertion)s") % {"origin": fact.origin, "insertion": fact.insertion}
                )
            case Action():
                yield Piece(f"{action_words(fact)}{f' ({fact.part})' if fact.part else ''}")
            case NerveSupply():
                yield from self._supply(fact)
            case Palpation():
                yield Piece(f"{capital(fact.position)}. {capital(fact.grip)}: {fact.how}")
            case Link():
                yield self.link(fact.to)
            case Stretch():
                yield Piece(fact.position)
            case Presser():
                yield Piece(f"{fact.structure} ({str(fact.by_what).replace('_', ' ')}) ")
                if fact.muscle:
                    yield self.link(fact.muscle)
            case Accuracy():
                yield from self._accuracy(fact)
            case Suggests():
                yield Piece(_("speaks against ") if fact.against else f"{fact.strength}: ")
                yield from self._links(fact.sources)
            case Reliability():
                raters = f", {fact.raters}" if fact.raters else ""
                yield Piece(f"{fact.statistic.replace('_', ' ')} {fact.value:g}{raters}")
            case FlagRule():
                yield Piece(f"{str(fact.urgency).replace('_', ' ').capitalize()}: {fact.because} ({_('when')} ")
                yield from self._when(fact.when)
                yield Piece(")")
            case ProtocolStep():
                yield Piece(f"{fact.stage.capitalize()} ")
                yield self.link(fact.target)
                if fact.techniques:
                    yield Piece(f" {_('with')} ")
                    yield from self._links(fact.techniques)
                if fact.selfcare:
                    yield Piece(f" {_('with')} ")
                    yield from self._links(fact.selfcare)
                yield Piece(f". {capital(fact.reason)} ({fact.seconds} s)")
            case TechniqueStep():
                yield Piece(_technique_step(fact))
            case Dose():
                yield Piece("; ".join(_dose(fact)))
            case HomeDose():
                yield Piece(home_dose(fact))
            case Passage():
                yield Piece(f"{fact.title}: {fact.text}")
            case Claim():
                yield Piece(f"{fact.stance.capitalize()}: {fact.text}")
            case Norm():
                yield Piece(self._norm(fact))
            case MeasuringError():
                yield Piece(self._error(fact))
            case Change():
                yield Piece(self._change(fact))
            case Band():
                yield Piece(f"{fact.low:g} to {fact.high:g}: {fact.name}")
            case Licence():
                yield Piece(f"{SHIPS[fact.ships]} {fact.text}")
            case _:
                yield from self._other(fact)

    def _other(self, fact: Fact) -> Iterator[Piece]:
        for name in type(fact).model_fields:
            value = getattr(fact, name)
            if name not in ("by", "note") and value not in (None, "", (), False):
                yield from self.value(value)

    def _supply(self, fact: NerveSupply) -> Iterator[Piece]:
        if fact.part:
            yield Piece(f"{fact.part}: ")
        if fact.nerve:
            yield self.link(fact.nerve)
        if fact.name:
            yield Piece(f" ({fact.name})" if fact.nerve else fact.name)
        if fact.roots:
            yield Piece(", " if fact.nerve or fact.name else "")
            yield from self._links(fact.roots)
        if fact.variation:
            yield Piece(f" {_('in some people')}")

    def _accuracy(self, fact: Accuracy) -> Iterator[Piece]:
        yield from self._links(fact.sources)
        whom = SPECTRA[fact.spectrum]
        size = _("%(n)d people") % {"n": fact.n} if fact.n else _("number of people not on file")
        figures = _("sensitivity %(sens)d %%, specificity %(spec)d %%") % {
            "sens": round(100 * fact.sensitivity),
            "spec": round(100 * fact.specificity),
        }
        together = f"; {_('for the group taken together')}" if fact.joint else ""
        yield Piece(f": {figures}; {size}, {whom}{together}")

    def _norm(self, norm: Norm) -> str:
        unit = getattr(self.record, "unit", "")
        mean = f"{norm.value:g} {unit}" if norm.value is not None else ""
        spread = f" (SD {norm.sd:g})" if norm.sd is not None else ""
        ages = f", {norm.age_from or 0} to {norm.age_to} years" if norm.age_to is not None else ""
        span = f"{norm.low:g} to {norm.high:g} {unit}" if norm.low is not None else ""
        span = f"{SPANS.get(norm.span, '')} {span}".strip() if span else ""
        people = " ".join(filter(None, [norm.mode and f"{norm.mode},", norm.population])) + ages
        many = f", n = {norm.n}" if norm.n else ""
        return f"{', '.join(filter(None, [mean + spread, span]))}: {people}{f', {norm.sex}' if norm.sex else ''}{many}"

    def _error(self, error: MeasuringError) -> str:
        unit = getattr(self.record, "unit", "")
        value = f"{error.value:g}" if error.value is not None else f"{error.low:g} to {error.high:g}"
        whom = ", ".join(filter(None, [error.raters, error.population, f"n = {error.n}" if error.n else ""]))
        return f"{ERRORS[error.quantity]} {value} {unit}{f' ({whom})' if whom else ''}"

    def _change(self, change: Change) -> str:
        value = f"{change.value:g}" if change.value is not None else f"{change.low:g} to {change.high:g}"
        unit = "% of the first value" if change.unit == "percent_of_baseline" else getattr(self.record, "unit", "")
        sure = f", {change.confidence}% sure" if change.confidence else ""
        whom = "; ".join(filter(None, [change.method, change.population, f"n = {change.n}" if change.n else ""]))
        used = f" {_('This border is used.')}" if change.use else ""
        return f"{CHANGES[change.quantity]} {value} {unit}{sure} ({whom}).{used}"

    def _links(self, ids: Iterable[str]) -> Iterator[Piece]:
        for number, id in enumerate(ids):
            if number:
                yield Piece(", ")
            yield self.link(id)

    def link(self, id: str) -> Piece:
        """The thing by name; a link when the atlas has it."""
        now = self.atlas.current(id)
        if now in self.atlas:
            return Piece(self.atlas.name(now), now)
        return Piece(id.partition(".")[2].replace("_", " ").replace(".", ", "))

    def value(self, value: Any) -> Iterator[Piece]:
        """Any other value: ids as links, conditions in words."""
        if isinstance(value, When):
            yield from self._when(value)
        elif isinstance(value, tuple):
            for number, each in enumerate(value):
                if number:
                    yield Piece(", ")
                yield from self.value(each)
        elif isinstance(value, str) and is_id(value):
            yield self.link(value)
        elif isinstance(value, Item):
            yield Piece(f"“{value.text}”")
        elif isinstance(value, Scoring):
            yield Piece(scoring_words(value))
        elif isinstance(value, BaseModel):
            yield Piece(", ".join(f"{k.replace('_', ' ')} {v}" for k, v in value if v not in (None, "", ())))
        else:
            yield Piece(str(value).replace("_", " "))

    def _when(self, when: When) -> Iterator[Piece]:
        (key,) = when.model_fields_set
        value = getattr(when, key)
        if key in ("all", "any"):
            yield from self._joined(value, _(" and ") if key == "all" else _(" or "))
        elif key == "at_least":
            yield Piece(_("at least %(n)d of: ") % {"n": value.n})
            yield from self._joined(value.of, "; ")
        elif key == "present":
            yield self.link(value)
        elif key == "absent":
            yield Piece(_("looked for and not there: "))
            yield self.link(value)
        elif key == "value":
            yield self.link(value.of)
            yield Piece(f" ≥ {value.at_least:g}" if value.at_least is not None else f" ≤ {value.at_most:g}")
        elif key == "always":
            yield Piece(_("always"))
        else:
            yield Piece(f"{key.replace('_', ' ')} ")
            yield from self.value(value)

    def _joined(self, conditions: Iterable[When], between: str) -> Iterator[Piece]:
        yield Piece("(")
        for number, each in enumerate(conditions):
            if number:
                yield Piece(between)
            yield from self._when(each)
        yield Piece(")")


def _days(stage: ProtocolStage) -> str:
    start, end = stage.usual_from_days, stage.usual_to_days
    if start is None:
        return ""
    if end is None:
        return ", " + _("usually from day %(start)d") % {"start": start}
    return ", " + _("usually days %(start)d to %(end)d") % {"start": start, "end": end}


def cited(record: Record, by: Iterable[str]) -> tuple[Cited, ...]:
    """The sources of a fact, read ones first."""
    named = [(key, record.cites[key]) for key in by if key in record.cites]
    named.sort(key=lambda pair: not pair[1].read)
    return tuple(Cited(key, short_name(c.source), str(c.grade), str(c.read or "")) for key, c in named)


def field_sources(record: Record, parts: Iterable[FieldPart]) -> tuple[Cited, ...]:
    """All sources a drawn field rests on."""
    return cited(record, dict.fromkeys(key for part in parts for key in part.by))


def sources_of(atlas: Atlas, record: Record) -> list[dict[str, Any]]:
    """The list at the foot of the page: every citation of the record in full."""
    return [_source(atlas, key, citation) for key, citation in record.cites.items()]


def _source(atlas: Atlas, key: str, citation: Citation) -> dict[str, Any]:
    source = atlas.sources.get(citation.source)
    return {
        "key": key,
        "short": short_name(citation.source),
        "citation": source.citation if source else "",
        "address": source.address if source and source.address.startswith("http") else "",
        "at": citation.at,
        "read": str(citation.read or ""),
        "grade": str(citation.grade),
        "road": short_name(source.road) if source and source.road and source.road != citation.source else "",
    }


def short_name(key: str) -> str:
    """A source key as people write it: `simons1999` is Simons 1999."""
    spaced = re.sub(r"(?<=[a-z])(?=\d{4})", " ", key.replace("_", " "))
    return spaced[:1].upper() + spaced[1:]


def scoring_words(rule: Scoring) -> str:
    """How answers become the score, in words."""
    if rule.combine == "value":
        return "The value itself."
    said = [f"{rule.combine.capitalize()} of the questions."]
    if rule.of_possible:
        said.append("In percent of the highest sum possible.")
    if rule.reverse:
        said.append(f"Questions {', '.join(map(str, rule.reverse))} count the other way round.")
    if rule.minus or rule.times != 1:
        said.append(f"Less {rule.minus:g}, times {rule.times:g}.")
    return " ".join([*said, f"At least {rule.least_items} answered.", MISSING[rule.missing]])


def action_words(action: Action) -> str:
    """A joint and a motion in words: "hip extension"."""
    return f"{action.joint} {action.motion}".replace("_", " ")


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def home_dose(dose: HomeDose) -> str:
    """How much at home, in words: usual values, with the range where there is one."""
    parts = []
    for span, words_of in (
        (dose.sets, lambda n: _("%(n)s sets") % {"n": n} if n != "1" else _("1 set")),
        (dose.repetitions, lambda n: _("%(n)s times") % {"n": n} if n != "1" else _("once")),
        (dose.hold_s, lambda n: _("hold for %(n)s seconds") % {"n": n}),
        (dose.per_day, lambda n: _("%(n)s times a day") % {"n": n} if n != "1" else _("once a day")),
        (dose.days_per_week, lambda n: _("on %(n)s days a week") % {"n": n} if n != "7" else _("every day")),
    ):
        if span:
            wide = f" ({span.low:g}\u2013{span.high:g})" if span.low != span.high else ""
            parts.append(f"{words_of(f'{span.usual:g}')}{wide}")
    return ". ".join(filter(None, (", ".join(parts), dose.words)))


def _technique_step(step: TechniqueStep) -> str:
    time = f"{step.seconds:g} s" if step.seconds else ""
    times = _("%(n)d times") % {"n": step.repetitions} if step.repetitions and step.repetitions > 1 else ""
    much = ", ".join(filter(None, (times, time)))
    said = f" “{step.say_client}”" if step.say_client else ""
    asked = f" {_('Ask for a number of 10.')}" if step.ask == "tolerance" else ""
    ends = f" {_('Stop at once:')} {step.stop_when}." if step.stop_when else ""
    return f"{step.say_therapist.rstrip('.')}{f' ({much})' if much else ''}.{said}{asked}{ends}"


def _dose(dose: Dose) -> Iterator[str]:
    for name, unit in (
        ("hold_s", "s hold"),
        ("repetitions", "repetitions"),
        ("effort_percent", "% effort"),
        ("tolerance_of_10", "of 10 tolerance"),
        ("sets", "sets"),
    ):
        span: Span | None = getattr(dose, name)
        if span:
            yield f"{span.usual:g} {unit} ({span.low:g} to {span.high:g})"
    if dose.words:
        yield dose.words
