"""What a client's own pages show: today's few things, what each is, and how the last days went."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tautband.clinic.people.forms import new_key
from tautband.clinic.people.models import Client
from tautband.clinic.programme import checkin, diary, offer, pictures, words
from tautband.clinic.programme.models import DiaryWord, ProgrammeVersion
from tautband.clinic.programme.offer import Body
from tautband.clinic.programme.queries import programme_of
from tautband.knowledge import atlas
from tautband.knowledge.records import Selfcare
from tautband.planning.guard import Verdict
from tautband.planning.home import HomeChoice, amount_of, minutes_a_day
from tautband.terms.sides import Side

Kind = DiaryWord.Kind
MOST_FACTORS = 6


@dataclass(frozen=True)
class Thing:
    """One thing of the programme today.

    word     what was said of it today; None for nothing yet
    out      the word that took it out; it stays out until the therapist has seen the client
    closed   the guard closed it since it was given: it is paused
    softer   what is offered instead; None where nothing is
    """

    choice: HomeChoice
    record: Selfcare
    word: DiaryWord | None
    this_week: int
    out: DiaryWord | None
    verdict: Verdict
    softer: Selfcare | None

    @property
    def key(self) -> str:
        return self.choice.key

    @property
    def is_out(self) -> bool:
        return self.out is not None

    @property
    def took_softer(self) -> bool:
        return self.out is not None and self.out.kind == Kind.SOFTER and self.softer is not None

    @property
    def is_done(self) -> bool:
        return self.word is not None and self.word.kind == Kind.DONE

    @property
    def is_skipped(self) -> bool:
        return self.word is not None and self.word.kind == Kind.NOT_TONIGHT

    @property
    def was_too_much(self) -> bool:
        return self.word is not None and self.word.kind == Kind.TOO_MUCH

    @property
    def paused(self) -> bool:
        """Closed by a guard since it was given, or judged closed for any other reason."""
        return self.verdict.level == "stop"

    @cached_property
    def shown(self) -> tuple[Selfcare, HomeChoice]:
        """What is shown: the thing, or the softer one the client took instead."""
        if self.took_softer and self.softer is not None:
            side = Side.MIDLINE if self.softer.side == "none" else self.choice.side
            if self.softer.side != "none" and side is Side.MIDLINE:
                side = Side.BILATERAL
            why = tuple(id for id in self.choice.why if id in self.softer.serves)
            return self.softer, HomeChoice(
                self.key, self.softer.id, side, amount_of(self.softer.dose, "easier"), why=why
            )
        return self.record, self.choice

    @property
    def name(self) -> str:
        return words.name_of(self.shown[0])

    @property
    def much(self) -> str:
        return words.much(*self.shown)

    @property
    def often(self) -> str:
        return words.how_often(self.shown[1].amount)

    @property
    def what_for(self) -> str:
        if self.took_softer:
            return _("Instead of the one that hurt.")
        return words.what_for(self.record, self.choice)

    @property
    def side(self) -> str:
        return words.side_word(self.shown[0], self.shown[1].side)

    @property
    def picture(self) -> pictures.Picture:
        record, choice = self.shown
        return pictures.first(record, choice.side)

    @property
    def new_key(self) -> str:
        """A fresh key for each form that speaks of it."""
        return new_key()

    @property
    def softer_name(self) -> str:
        return words.name_of(self.softer) if self.softer else ""


@dataclass(frozen=True)
class Card:
    """All of one thing: for the phone page and for paper."""

    name: str
    side: str
    pictures: Sequence[pictures.Picture]
    cells: Sequence[words.Cell]
    often: str
    how: Sequence[str]
    stop: Sequence[str]
    cautions: Sequence[str]
    easier: Sequence[str]
    need: str
    felt: str
    what_for: str
    both: bool


def card_of(thing: Thing) -> Card:
    """The card of one thing as it is shown to the client."""
    record, choice = thing.shown
    return card(record, choice, thing.what_for)


def card(record: Selfcare, choice: HomeChoice, what_for: str = "") -> Card:
    """The card of a choice."""
    return Card(
        words.name_of(record),
        words.side_word(record, choice.side),
        pictures.pictures(record, choice.side),
        words.cells(record, choice),
        words.how_often(choice.amount),
        words.sentences(record.say, choice.side),
        words.sentences(record.stop_when, choice.side),
        words.sentences(record.cautions, choice.side),
        words.sentences(record.easier, choice.side),
        ", ".join(record.equipment),
        pictures.felt_words(record),
        what_for or words.what_for(record, choice),
        record.side == "each" and choice.side not in (Side.LEFT, Side.RIGHT),
    )


@dataclass(frozen=True)
class Page:
    """The client's page today."""

    client: Client
    version: ProgrammeVersion | None
    things: tuple[Thing, ...]
    after: checkin.After
    factors: tuple[tuple[str, str], ...]

    @property
    def greeting(self) -> str:
        """Good morning, afternoon or evening, by first name."""
        hour = timezone.localtime().hour
        part = _("Good morning") if hour < 12 else _("Good afternoon") if hour < 18 else _("Good evening")
        return f"{part}, {self.client.name.split()[0]}"

    @property
    def open_things(self) -> tuple[Thing, ...]:
        return tuple(t for t in self.things if not t.paused and (not t.is_out or t.took_softer))

    @property
    def out_things(self) -> tuple[Thing, ...]:
        return tuple(t for t in self.things if t.paused or (t.is_out and not t.took_softer))

    @property
    def left(self) -> tuple[Thing, ...]:
        return tuple(t for t in self.open_things if t.word is None or t.word.kind == Kind.SOFTER)

    @property
    def lead(self) -> str:
        """One sentence on what there is today."""
        n = len(self.open_things)
        if not n:
            return ""
        minutes = round(sum(minutes_a_day(t.shown[0], t.shown[1].side, t.shown[1].amount) for t in self.open_things))
        things = ngettext("One small thing for today.", "%(n)d small things for today.", n) % {"n": n}
        lasts = ngettext("About %(m)d minute.", "About %(m)d minutes.", max(1, minutes)) % {"m": max(1, minutes)}
        return f"{things} {lasts}"

    @property
    def new_key(self) -> str:
        return new_key()

    @property
    def therapist(self) -> str:
        return self.version.by.display_name.split()[0] if self.version else ""

    @property
    def scale(self) -> range:
        """The numbers to choose from."""
        return range(11)

    @property
    def signs(self) -> list[tuple[str, str]]:
        """What to ring about, by key."""
        return [(key, str(words)) for key, words in checkin.SIGNS.items()]

    @property
    def asks_pain(self) -> bool:
        """Today's number was not given yet."""
        note = self.client.day_notes.first()
        return note is None or note.day != timezone.localdate()

    def number_of(self, thing: Thing) -> int:
        return self.open_things.index(thing) + 1 if thing in self.open_things else 0

    def next_after(self, thing: Thing) -> Thing | None:
        """The next thing that nothing was said of yet."""
        return next((t for t in self.left if t.key != thing.key), None)


def page_of(client: Client) -> Page:
    """What this client sees today."""
    version = programme_of(client)
    things = tuple(_things(client, version)) if version else ()
    return Page(client, version, things, checkin.after(client), tuple(factors_of(client).items()))


def _things(client: Client, version: ProgrammeVersion) -> list[Thing]:
    known = atlas()
    body = Body.read(version.body)
    today = diary.today_of(client, [choice.key for choice in body.choices])
    out = diary.out_now(client, version)
    verdicts = offer.verdicts_for_client(
        client, [(id, choice.side) for choice in body.choices for id in (choice.item, choice.softer) if id]
    )
    found = []
    for choice in body.choices:
        record = known.record(choice.item) if choice.item in known else None
        if not isinstance(record, Selfcare):
            continue
        softer = known.record(choice.softer) if choice.softer in known else None
        gentle = verdicts.get((choice.softer, choice.side), Verdict())
        may_softer = isinstance(softer, Selfcare) and gentle.level != "stop"
        now = today[choice.key]
        found.append(
            Thing(
                choice,
                record,
                now.word,
                now.this_week,
                out.get(choice.key),
                verdicts.get((choice.item, choice.side), Verdict()),
                softer if may_softer and isinstance(softer, Selfcare) else None,
            )
        )
    return found


def factors_of(client: Client) -> dict[str, str]:
    """Factors to log lightly: those found at the newest visit, and those the programme is for; id -> plain words."""
    known = atlas()
    visit = client.visits.first()
    ids: list[str] = []
    if visit is not None:
        rows = visit.client.visits.filter(findings__finding__startswith="factor.", findings__state="present")
        ids += list(rows.values_list("findings__finding", flat=True))
    version = programme_of(client)
    if version is not None:
        for choice in Body.read(version.body).choices:
            record = known.record(choice.item) if choice.item in known else None
            ids += [id for id in choice.why if id.startswith("factor.")]
            ids += [id for id in getattr(record, "serves", ()) if id.startswith("factor.")][:2]
    wanted = [id for id in dict.fromkeys(ids) if id.startswith("factor.") and id in known][:MOST_FACTORS]
    return {id: known.plain_name(id) for id in wanted}
