"""The demo practice: six invented people, unmistakably labelled, removed with one click.

Rooms above add the weeks of history by `slots.on_demo_history`. Any likeness to living people is chance.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import transaction

from tautband.clinic.people import actions, slots
from tautband.clinic.people.models import Client, Member, Role

DEMO_PRACTICE = "Harbour Lane Practice (demo)"
DEMO_OWNER = "Daniel Okafor"
DEMO_LOGIN = "demo"
DEMO_COLLEAGUE = "Mara Quinn"

DEMO_STAFF = (("Ada Lind", "demo-ada", Role.SUPERVISOR), ("Sam Reyes", "demo-sam", Role.RECEPTION))
DEMO_PLACES = (
    {"name": "Harbour Lane", "address": "4 Harbour Lane, second floor", "phone": "555 0140"},
    {"name": "Concert hall, room 12", "address": "Stage door, ask for the key"},
)


@dataclass(frozen=True)
class DemoClient:
    """One invented client. `story` is for the rooms that write their history."""

    slug: str
    name: str
    born: date
    sex: str
    occupation: str
    notes: str
    story: str


DEMO_CLIENTS = (
    DemoClient(
        "ingrid",
        "Ingrid Solheim",
        date(1974, 3, 21),
        "female",
        "Violist in an orchestra, right-handed, plays four to six hours a day",
        "Concert tour in eight weeks. Prefers short explanations and a written list.",
        "By the second movement I can’t hold the bow up.",
    ),
    DemoClient(
        "priya",
        "Priya Raman",
        date(1991, 11, 8),
        "female",
        "Software tester, two screens, works from a kitchen table three days a week",
        "First visit. Writes rather than phones.",
        "It starts at the back of my neck and ends behind the eye.",
    ),
    DemoClient(
        "tomasz",
        "Tomasz Wrona",
        date(1968, 6, 2),
        "male",
        "Furniture remover, lifts to the left all day",
        "Brings his daughter when he needs a word translated.",
        "Getting out of the van is the worst part of the day.",
    ),
    DemoClient(
        "joe",
        "Joe Abara",
        date(1983, 1, 17),
        "male",
        "School caretaker, runs on Sundays",
        "Knee operated on in 2019; has the letter at home.",
        "Stairs down are fine. Stairs up are not.",
    ),
    DemoClient(
        "hanne",
        "Hanne Vik",
        date(1997, 9, 30),
        "female",
        "Call-centre team lead, headset on the right ear",
        "Needs the chair upright; lying flat makes her dizzy.",
        "My jaw clicks and then my ear aches.",
    ),
    DemoClient(
        "luis",
        "Luis Ferro",
        date(1955, 4, 12),
        "male",
        "Retired tiler, now an allotment",
        "Hears better on the left. Takes a blood thinner.",
        "I can dig for ten minutes, then the arm goes to sleep.",
    ),
)


def create_demo_practice(*, now: datetime | None = None) -> Member:
    """Create the demo practice with its clients and history; return its owner. All of it or nothing.

    Raises AlreadySetUp when there is a practice.
    """
    now = now or datetime.now(UTC)
    with transaction.atomic():
        owner = actions.open_practice(
            practice_name=DEMO_PRACTICE,
            owner_name=DEMO_OWNER,
            login=DEMO_LOGIN,
            password=None,
            emergency_number="112",
            demo=True,
        )
        actions.add_therapist(by=owner, display_name=DEMO_COLLEAGUE, login="demo-mara")
        for name, login, role in DEMO_STAFF:
            actions.add_member(by=owner, display_name=name, login=login, role=role)
        for place in DEMO_PLACES:
            actions.keep_location(by=owner, **place)
        clients = {person.slug: _client(owner, person) for person in DEMO_CLIENTS}
        for make_history in slots.demo_histories():
            make_history(practice=owner.practice, clients=clients, by=owner, now=now)
    return owner


def _client(owner: Member, person: DemoClient) -> Client:
    return actions.create_client(
        by=owner,
        name=person.name,
        birth_date=person.born,
        recorded_sex=person.sex,
        occupation=person.occupation,
        notes=person.notes,
    )
