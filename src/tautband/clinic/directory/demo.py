"""Two hundred invented practitioners, so that the demo's directory can be searched. Each says that it is invented."""

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tautband.clinic.directory import actions, cards, gazetteer
from tautband.clinic.directory.models import Access, Credential, Directory, Practitioner, Signer, StatedBy
from tautband.clinic.people.models import Client, Member, Practice
from tautband.knowledge import atlas

HOW_MANY = 200
FIRST = [
    "Ada",
    "Bo",
    "Carla",
    "Dario",
    "Edda",
    "Femi",
    "Gita",
    "Hugo",
    "Ines",
    "Jonas",
    "Kaja",
    "Lev",
    "Mina",
    "Noor",
    "Otto",
    "Pia",
    "Quentin",
    "Rosa",
    "Sam",
    "Tove",
]
LAST = [
    "Abel",
    "Brandt",
    "Castro",
    "Diallo",
    "Eriksen",
    "Fabre",
    "Greco",
    "Holm",
    "Ito",
    "Jansen",
    "Kovac",
    "Lund",
    "Moreau",
    "Novak",
    "Okoro",
    "Pohl",
    "Rossi",
]
TOWNS = [
    "Bergen, NO",
    "Oslo, NO",
    "Stavanger, NO",
    "Trondheim, NO",
    "London, GB",
    "Leeds, GB",
    "Dublin, IE",
    "Lyon, FR",
    "Paris, FR",
    "Berlin, DE",
    "Hamburg, DE",
    "Zürich, CH",
    "Vienna, AT",
    "Madrid, ES",
    "Lisbon, PT",
    "Milan, IT",
    "Chicago, US",
    "Boston, US",
    "Toronto, CA",
    "Sydney, AU",
]
LANGUAGES = ["English", "Norwegian", "French", "German", "Spanish", "Italian", "Portuguese", "Polish", "Arabic", "Igbo"]


def make(*, practice: Practice, clients: Mapping[str, Client], by: Member, now: datetime) -> None:
    """Two hundred strangers by one invented association's signature, and the entry of the practice's owner."""
    dice = random.Random(1)  # noqa: S311 - the same invented people in every demo
    signer = Signer.objects.create(
        key=cards.public_key(cards.new_seed()),
        name="Association of invented practices (demo)",
        accepted_by=by,
        accepted_at=now,
    )
    people = [_person(dice, signer, number, now) for number in range(HOW_MANY)]
    Practitioner.objects.bulk_create(people)
    Credential.objects.bulk_create(_credential(dice, person, now.date()) for person in people)
    town = gazetteer.find("Bergen, NO")[0]
    values = _said(dice) | {
        "name": by.display_name,
        "practice_name": practice.name,
        "about": "I work region by region and stop when it is not mine to treat. (Invented, as everybody here.)",
        "languages": "English, Igbo",
        "access": ["lift", "chair"],
        "town": str(town),
        "lat_deg": town.lat_deg,
        "lon_deg": town.lon_deg,
        "address": "4 Harbour Lane, second floor",
        "price": "84 for 75 minutes",
        "phone": "555 0140",
        "public": True,
    }
    values["conditions"] = _first(["headache", "neck", "shoulder", "musician"])
    entry = actions.keep_entry(by=by, member=by, values=values, at=now)
    for credential in (
        {"title": "Diploma in neuromuscular therapy", "issuer": "Invented School", "issued_on": date(2014, 6, 1)},
        {
            "title": "Insured",
            "issuer": "Invented Mutual",
            "expires_on": now.date() + timedelta(days=200),
            "stated_by": StatedBy.DOCUMENT,
            "seen_on": now.date() - timedelta(days=200),
        },
    ):
        actions.add_credential(by=by, entry=entry, values=credential)
    actions.switch(by=by, on=True)


def _first(words: list[str]) -> list[str]:
    ids = [record.id for record in atlas().conditions if any(word in record.id for word in words)]
    return ids or [record.id for record in atlas().conditions][:3]


def _said(dice: random.Random) -> dict[str, Any]:
    known = atlas()
    return {
        "techniques": dice.sample([t.id for t in known.techniques], 4),
        "conditions": dice.sample([c.id for c in known.conditions], 6),
    }


def _person(dice: random.Random, signer: Signer, number: int, now: datetime) -> Practitioner:
    town = gazetteer.find(TOWNS[number % len(TOWNS)])[0]
    name = f"{dice.choice(FIRST)} {dice.choice(LAST)}"
    return Practitioner(
        signer=signer,
        issued_at=now,
        name=name,
        practice_name=f"{name.split()[1]} practice (invented)",
        about="Invented for the demo.",
        languages=", ".join(dice.sample(LANGUAGES, 2)),
        access=dice.sample(Access.values, 2),
        town=str(town),
        lat_deg=town.lat_deg + dice.uniform(-0.08, 0.08),
        lon_deg=town.lon_deg + dice.uniform(-0.08, 0.08),
        price=f"{dice.randrange(60, 110)}",
        public=True,
        demo=True,
        **_said(dice),
    )


def _credential(dice: random.Random, person: Practitioner, today: date) -> Credential:
    stated_by = dice.choice(StatedBy.values)
    return Credential(
        practitioner=person,
        title=dice.choice(("NMT certificate", "NMT diploma", "Sports massage diploma")),
        issuer="Invented School",
        issued_on=date(dice.randrange(2005, 2026), dice.randrange(1, 13), 1),
        stated_by=stated_by,
        seen_on=None if stated_by == StatedBy.SELF else today - timedelta(days=dice.randrange(300)),
    )


def forget(*, practice: Practice) -> None:
    """Take all of it away."""
    signers = list(Practitioner.objects.filter(demo=True).values_list("signer", flat=True).distinct())
    Practitioner.objects.filter(demo=True).delete()
    Practitioner.objects.filter(member__practice=practice).delete()
    Signer.objects.filter(pk__in=signers).delete()
    Directory.objects.filter(practice=practice).delete()
