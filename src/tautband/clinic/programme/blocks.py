"""What this room adds to other pages: what waits from home, the programme of a client, the step of the hour."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tautband.clinic.charts.models import Visit
from tautband.clinic.episodes.happenings import Happening
from tautband.clinic.people.models import Client, Member
from tautband.clinic.people.queries import open_to
from tautband.clinic.programme import checkin, diary, mine, rows, words
from tautband.clinic.programme.models import DayNote, DiaryWord, Looked
from tautband.clinic.programme.offer import Body
from tautband.clinic.programme.queries import programme_of
from tautband.clinic.treatments.drafting import Line, sided
from tautband.knowledge import atlas
from tautband.knowledge.records import Selfcare

MOST = 6


def is_given(visit: Visit) -> bool:
    """True once something was given at this visit."""
    return visit.programmes.filter(given=True).exists()


def has_programme(visit: Visit) -> bool:
    """True once anything of a programme was kept with this visit."""
    return visit.programmes.exists()


@dataclass(frozen=True)
class FromHome:
    """One row on Today: whose, since when, what, and how urgent it reads."""

    client: Client
    at: datetime
    what: str
    is_worse: bool = False


def from_home(request: HttpRequest) -> dict[str, Any] | None:
    """What clients of this member said from home and nobody has looked at."""
    member = request.member  # type: ignore[attr-defined]
    found = sorted(_from_home(member), key=lambda row: (not row.is_worse, row.at))
    return {"from_home": found[:MOST], "more_from_home": max(0, len(found) - MOST)} if found else None


def _from_home(member: Member) -> Iterator[FromHome]:
    for client in _who_told(member):
        worse = checkin.needs_look(client)
        if worse is not None and worse.note is not None:
            yield FromHome(client, worse.note.at, worse_words(worse), is_worse=True)
        waiting = diary.waiting(client)
        if waiting:
            yield FromHome(client, waiting[0].at, _hurt_words(client, waiting))


def _who_told(member: Member) -> QuerySet[Client]:
    """Clients who may have said something that nobody answered: since somebody looked, and since they were here."""
    seen = Looked.objects.filter(client=OuterRef("client"), at__gte=OuterRef("at"))
    came = Visit.objects.filter(client=OuterRef("client"), opened_at__gte=OuterRef("at"), opened_at__lte=timezone.now())
    notes = DayNote.objects.filter(~Exists(seen), ~Exists(came)).order_by().values("client")
    said = DiaryWord.objects.filter(~Exists(seen), kind__in=(DiaryWord.Kind.HURTS, DiaryWord.Kind.TOO_MUCH))
    told = Q(pk__in=notes) | Q(pk__in=said.order_by().values("client"))
    return Client.objects.filter(told, open_to(member, "pk"), archived_at=None)


def worse_words(after: checkin.After) -> str:
    """Why somebody should look, in words."""
    parts = []
    if after.signs:
        parts.append(", ".join(str(checkin.SIGNS[sign]) for sign in after.signs if sign in checkin.SIGNS))
    if after.worse and after.note is not None:
        told = {"now": after.note.pain, "then": after.pain_then}
        parts.append(_("pain %(now)s of 10, was %(then)g at the visit") % told)
    if after.sore_long:
        parts.append(_("still sore after two days"))
    return "; ".join(parts)


def _hurt_words(client: Client, waiting: list[DiaryWord]) -> str:
    names = _names(client)
    told = [
        f"{names.get(word.thing, word.thing)}: {diary.what_was_said(word) or word.get_kind_display()}"
        for word in waiting
    ]
    return "; ".join(dict.fromkeys(told[:2]))


def _names(client: Client) -> dict[str, str]:
    known = atlas()
    return {
        row["key"]: known.plain_name(row["item"])
        for version in client.programmes.all()
        for row in version.body["choices"]
        if row["item"] in known
    }


def note_lines(visit: Visit) -> Iterator[Line]:
    """What was given for home at this visit, for the plan section of its note."""
    version = visit.programmes.filter(given=True).select_related("by").first()
    known = atlas()
    for choice in Body.read(version.body).choices if version else ():
        record = known.record(choice.item) if choice.item in known else None
        if version is not None and isinstance(record, Selfcare):
            name = sided(record.name.en, choice.side.value)
            told = {"name": name, "much": words.much(record, choice), "often": words.how_often(choice.amount).lower()}
            text = (
                _("For home: %(name)s: %(much)s; %(often)s.") if told["much"] else _("For home: %(name)s: %(often)s.")
            )
            yield Line(text % told, "home", choice.side.value, version.at, version.by.display_name)


def happenings(client: Client) -> Iterator[Happening]:
    """What was given, and what hurt, for the timeline."""
    known = atlas()
    for version in client.programmes.filter(given=True).select_related("visit"):
        names = [known.plain_name(row["item"]) for row in version.body["choices"] if row["item"] in known]
        url = reverse("programme:home", args=[version.visit_id])
        yield Happening(version.at, "home", "house", _("Given for home"), "; ".join(names), url, tried=tuple(names))
    told, days = _names(client), reverse("programme:days", args=[client.pk])
    for word in client.diary_words.filter(kind=DiaryWord.Kind.HURTS):
        what = f"{told.get(word.thing, word.thing)}: {diary.what_was_said(word) or word.get_kind_display()}"
        yield Happening(
            word.at, "home", "hand", _("It hurt at home"), what, reverse("programme:days", args=[client.pk])
        )
    for note in client.day_notes.filter(returned=True):
        url = reverse("programme:days", args=[client.pk])
        yield Happening(note.at, "home", "rotate-ccw", _("The old trouble came back"), "", days)


def client_programme(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """What the client has to do, what the diary says of it, and what waits to be looked at."""
    version = programme_of(client)
    worse, waiting = checkin.needs_look(client), diary.waiting(client)
    if version is None and worse is None:
        return None
    known = atlas()
    kept = diary.kept_since(client, version) if version else {}
    things = [
        {
            "name": words.name_of(record),
            "side": words.side_word(record, choice.side),
            "much": words.much(record, choice),
            "told": rows.told(kept[choice.key]),
            "said": next(iter(kept[choice.key].words), ""),
        }
        for choice in (Body.read(version.body).choices if version else ())
        if choice.item in known and isinstance(record := known.record(choice.item), Selfcare)
    ]
    return {
        "programme": version,
        "programme_things": things,
        "worse": worse_words(worse) if worse else "",
        "hurts": _hurt_words(client, waiting) if waiting else "",
    }


def my_today(request: HttpRequest, client: Client) -> dict[str, Any] | None:
    """Today's things on the client's own page."""
    page = mine.page_of(client)
    if page.version is None and page.after.visit is None:
        return None
    return {"my_things": page.open_things, "my_lead": page.lead, "my_worse": page.after.concerns}
