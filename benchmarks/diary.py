"""Does the diary answer in time: its pages, a calendar of 2,000 visits, a year's free times from the database?

python benchmarks/diary.py

In a throw-away practice with the demo, 20 therapists and a year of visits. Processor time of this process counts, in
which SQLite runs too; the time by the clock is printed beside it. Bars: each page 150 ms at the 95th percentile, the
calendar 300 ms, free times of a year for 20 therapists 100 ms with all that the database does.
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter, process_time
from typing import Any

import web

PAGE_MS, FEED_MS, YEAR_MS = 150.0, 300.0, 100.0
EVENTS, THERAPISTS, VISITS_A_YEAR = 2000, 20, 1100
TIMES = 20


def main() -> int:
    """Build, measure, judge."""
    web.begin()
    from tautband.clinic.people.models import Client, Practice

    practice = Practice.objects.get()
    owner = practice.members.filter(role="owner").first()
    client = Client.objects.get(name="Ingrid Solheim")
    members = build(practice, owner, client)
    took = {name: measured(ask) for name, ask in pages(owner, client).items()}
    feed = measured(calendar(owner), times=5)
    whole, cells = year(practice, members)
    slow = sorted(name for name, ms in took.items() if ms["p95_ms"] > PAGE_MS)
    result = {
        "pages": took,
        "slow": slow,
        "feed_events": EVENTS,
        "feed_ms": feed["p95_ms"],
        "year_database_and_all_ms": whole,
        "year_cells_ms": cells,
        "bars_ms": {"page": PAGE_MS, "feed": FEED_MS, "year": YEAR_MS},
    }
    print(json.dumps(result))
    return int(bool(slow) or feed["p95_ms"] > FEED_MS or whole > YEAR_MS)


def build(practice: Any, owner: Any, client: Any) -> list[Any]:
    """Therapists with hours and a year of visits, as rows; the first 2,000 are the owner's, for the calendar."""
    from django.contrib.auth import get_user_model

    from tautband.clinic.diary import actions
    from tautband.clinic.diary.models import Appointment, Shift
    from tautband.clinic.people.models import Location, Member

    actions.keep_rules(by=owner, online=True)
    place = Location.objects.filter(practice=practice).first()
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    users = [get_user_model().objects.create(username=f"therapist-{n}") for n in range(THERAPISTS)]
    members = [
        Member.objects.create(practice=practice, user=user, display_name=user.username, role="therapist")
        for user in users
    ]
    weekly = {"rule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "first": date(2025, 1, 6), "breaks": [["12:00", "13:00"]]}
    Shift.objects.bulk_create(
        Shift(member=who, location=place, start=start, end=end, **weekly)
        for who in members
        for start, end in ((time(8), time(13)), (time(12), time(17)))
    )

    def visit(who: Any, start: datetime, **more: Any) -> Any:
        return Appointment(
            practice=practice,
            service_name="Treatment",
            member=who,
            location=place,
            start=start,
            end=start + timedelta(minutes=60),
            after_min=15,
            made_at=now,
            changed_at=now,
            **more,
        )

    Appointment.objects.bulk_create(
        visit(who, now + timedelta(minutes=(k * 475 + n * 35) // 5 * 5), guest_name="A Guest")
        for n, who in enumerate(members)
        for k in range(VISITS_A_YEAR)
    )
    Appointment.objects.bulk_create(
        visit(owner, now + timedelta(days=400, minutes=90 * k), guest_name='Ås; "Ø"') for k in range(EVENTS)
    )
    return members


def pages(owner: Any, client: Any) -> dict[str, Callable[[], Any]]:
    """What is asked, as whom."""
    from django.test import Client as Browser

    from tautband.clinic.people import clientdoor

    member, anybody, theirs = Browser(), Browser(), Browser()
    member.force_login(owner.user)
    session = theirs.session
    session[clientdoor.SESSION_KEY] = str(client.pk)
    session.save()
    day = (datetime.now(UTC) + timedelta(days=9)).date()
    asked = {
        "diary week": (member, "/diary/"),
        "diary week, full": (member, f"/diary/?day={day}"),
        "diary day": (member, f"/diary/?view=day&day={day}"),
        "diary setup": (member, "/diary/setup/"),
        "money": (member, "/diary/money/"),
        "waiting": (member, "/diary/waiting/"),
        "booking": (anybody, "/book/"),
        "directory": (member, "/find/"),
        "directory, near": (member, "/find/?where=bergen%2C+no&need=stiff+neck&km=500"),
        "own page": (theirs, "/my/"),
        "own messages": (theirs, "/my/messages/"),
        "own data": (theirs, "/my/data/"),
        "articles": (anybody, "/read/"),
    }
    return {name: _asking(name, browser, path) for name, (browser, path) in asked.items()}


def _asking(name: str, browser: Any, path: str) -> Callable[[], Any]:
    def ask() -> None:
        answer = browser.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{name}: {path} answered {answer.status_code}")

    return ask


def calendar(owner: Any) -> Callable[[], Any]:
    """The owner's calendar, by its secret address."""
    from django.test import Client as Browser
    from django.urls import reverse

    from tautband.clinic.diary import actions

    link = actions.new_calendar_link(by=owner, member=owner)
    browser = Browser()

    def ask() -> None:
        body = browser.get(reverse("diary:feed", args=[link.token])).content
        events = body.count(b"BEGIN:VEVENT")
        if events < EVENTS:
            raise SystemExit(f"The calendar holds {events} visits, not {EVENTS}.")

    return ask


def year(practice: Any, members: list[Any]) -> tuple[float, float]:
    """A year's free times of all therapists: with all that the database does, and the counting alone."""
    from tautband.clinic.diary import engine, queries

    start = datetime.now(UTC)
    window = engine.Window(start, start + timedelta(days=365))
    need = engine.Need(60, after=15)
    whole, alone = [], []
    for _run in range(5):
        began = process_time()
        board = queries.board_of(practice, members, window)
        fits = board.fits(need)
        for desk in board.desks:
            engine.starts(desk.cells, need, window, not_before=start, rooms=fits.get(desk.location.pk))
        whole.append((process_time() - began) * 1000)
        began = process_time()
        queries.taken_spans([one.pk for one in members], window.start, window.end)
        alone.append(whole[-1] - (process_time() - began) * 1000)
    return round(sorted(whole)[2], 1), round(sorted(alone)[2], 1)


def measured(ask: Callable[[], Any], times: int = TIMES) -> dict[str, float]:
    """The 95th percentile in processor time, and by the clock, after two that warm up."""
    for _warm in range(2):
        ask()
    busy, clock = [], []
    for _time in range(times):
        began, at = process_time(), perf_counter()
        ask()
        busy.append((process_time() - began) * 1000)
        clock.append((perf_counter() - at) * 1000)
    place = max(int(times * 0.95) - 1, 0)
    return {"p95_ms": round(sorted(busy)[place], 1), "clock_p95_ms": round(sorted(clock)[place], 1)}


if __name__ == "__main__":
    sys.exit(main())
