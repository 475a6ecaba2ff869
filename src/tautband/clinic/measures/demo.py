"""Weeks of invented readings for the demo clients. Any likeness is chance."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tautband.clinic.measures import actions
from tautband.clinic.measures.models import Reading
from tautband.clinic.people.models import Client, Member, Practice

READINGS: dict[str, tuple[tuple[str, str, tuple[tuple[int, float], ...]], ...]] = {
    "ingrid": (
        ("instrument.nprs", "worst in a day", ((19, 8), (14, 8), (9, 6), (5, 4), (0, 3))),
        ("instrument.quickdash", "", ((19, 45), (0, 31))),
        ("instrument.ppt", "infraspinatus, right", ((19, 210), (9, 228), (0, 248))),
    ),
    "tomasz": (
        ("instrument.odi", "", ((26, 42), (12, 34))),
        ("instrument.nprs", "getting out of the van", ((26, 7), (19, 6), (12, 6))),
    ),
    "priya": (("instrument.hit6", "", ((3, 60),)),),
}
ACTIVITIES = (
    (19, (("Two movements without dropping the bow", 3), ("Comb her hair", 4))),
    (0, (("Two movements without dropping the bow", 6), ("Comb her hair", 8))),
)


def make_readings(practice: Practice, clients: Mapping[str, Client], by: Member, now: datetime) -> None:
    """Write the readings of each invented client."""
    for slug, lines in READINGS.items():
        for instrument, of, points in lines:
            for days, value in points:
                at = now - timedelta(days=days)
                actions.keep_reading(by=by, client=clients[slug], instrument=instrument, of=of, value=value, at=at)
    for days, named in ACTIVITIES:
        mean = sum(rate for _name, rate in named) / len(named)
        actions.keep_reading(
            by=by,
            client=clients["ingrid"],
            instrument="instrument.psfs",
            value=mean,
            answers=[list(each) for each in named],
            at=now - timedelta(days=days),
        )


def forget_readings(practice: Practice) -> None:
    """Delete the readings of the demo clients."""
    Reading.objects.filter(client__practice=practice, client__demo=True).delete()
