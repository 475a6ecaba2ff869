"""A home programme for Ingrid with a believable diary: mostly done, one thing that pinched. Any likeness is chance."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from tautband.clinic.people.models import Client, Member, Practice
from tautband.clinic.programme import actions
from tautband.clinic.programme.models import DayNote, DiaryWord, Looked, ProgrammeVersion, ReminderWish
from tautband.clinic.programme.offer import Body
from tautband.knowledge import atlas
from tautband.planning.home import HomeChoice, amount_of
from tautband.terms.sides import Side

GIVEN = (
    ("infraspinatus_ball", "muscle.infraspinatus", "self_hug"),
    ("cross_body", "muscle.infraspinatus", "pendulum"),
    ("instrument_breaks", "factor.instrument", ""),
)
# Days after the visit -> what she said of each thing: d done, e easy, r right, n not today, p pinched, . nothing
DIARY = {
    "infraspinatus_ball": "r.re.rd",
    "cross_body": "rdp....",
    "instrument_breaks": "ddeeded",
}
PAIN = (5, 4, 4, None, 3, 3, 4)
LONG_PLAYING = (1, 2, 6)


def make_programmes(*, practice: Practice, clients: Mapping[str, Client], by: Member, now: datetime) -> None:
    """What Ingrid was given at her second visit, and nine days of diary."""
    client = clients["ingrid"]
    visit = client.visits.exclude(closed_at=None).first()
    if visit is None or client.programmes.exists():
        return
    known = atlas()
    choices = tuple(
        HomeChoice(
            name,
            f"selfcare.{name}",
            Side.MIDLINE if known.record(f"selfcare.{name}").side == "none" else Side.RIGHT,  # type: ignore[union-attr]
            amount_of(known.record(f"selfcare.{name}").dose),  # type: ignore[union-attr]
            why=(why,),
            softer=f"selfcare.{softer}" if softer else "",
        )
        for name, why, softer in GIVEN
    )
    at = visit.opened_at + timedelta(minutes=52)
    version = actions.write_past_programme(by=by, visit=visit, body=Body(10, choices).as_json(), at=at)
    for name, letters in DIARY.items():
        for number, letter in enumerate(letters, 1):
            _say(client, version, name, letter, at + timedelta(days=number, hours=9))
    for number, pain in enumerate(PAIN, 1):
        when = at + timedelta(days=number, hours=9)
        factors = ["factor.instrument"] if number in LONG_PLAYING else []
        day = timezone.localdate(when)
        actions.note_day(by=client, pain=pain, sore=number < 2, factors=factors, returned=number == 7, day=day, at=when)
    actions.look(
        by=by, client=client, note="Rang her: the cross-body stretch rests until the visit.", at=now - timedelta(days=1)
    )


def _say(client: Client, version: ProgrammeVersion, name: str, letter: str, at: datetime) -> None:
    kinds = {
        "d": ("done", "", ""),
        "e": ("done", "easy", ""),
        "r": ("done", "right", ""),
        "n": ("not_tonight", "", ""),
        "p": ("hurts", "pinched", "pinches in front of the shoulder"),
    }
    if letter in kinds:
        kind, how, words = kinds[letter]
        day = timezone.localdate(at)
        actions.say(by=client, version=version, thing=name, kind=kind, how=how, words=words, day=day, at=at)


def forget_programmes(*, practice: Practice) -> None:
    """Delete what this room wrote for the demo's clients."""
    for model in (DayNote, DiaryWord, Looked, ReminderWish, ProgrammeVersion):
        model.objects.filter(client__practice=practice).delete()
