"""Calendars out and in, by the `icalendar` library. Out: initials, time and place, nothing about health: of the client
in a therapist's calendar, of the therapist in a client's. In: only when somebody is busy."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Parameters, vText
from icalendar.parser import Contentline

from tautband.clinic.diary.models import Appointment, State

PRODUCT = "-//Tautband//Diary//EN"
MOST_BYTES = 2_000_000
MOST_TIMES = 3000
LOOK_BACK = timedelta(days=2)
LOOK_AHEAD = timedelta(days=400)


class NotACalendar(ValueError):
    """The text cannot be read as a calendar; the message says why and what to do."""


def initials(name: str) -> str:
    """The first letters of a name, so that a calendar on a phone tells strangers nothing."""
    return "".join(f"{word[0].upper()}." for word in name.split() if word[0].isalpha())[:8] or _("Visit")


def uid_of(one: Appointment) -> str:
    """The name of a visit in every calendar, for good."""
    return f"{one.pk}@tautband"


def feed(appointments: Iterable[Appointment], name: str, *, for_client: bool) -> bytes:
    """A calendar to subscribe to. Thousands of visits are written at once, so each is written as lines; what escapes
    and folds a line is the library's."""
    calendar = _calendar()
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", "PT1H")
    head, end = bytes(calendar.to_ical()).rsplit(b"END:VCALENDAR", 1)
    return b"".join([head, *(_event(one, for_client=for_client) for one in appointments), b"END:VCALENDAR", end])


def one_visit(one: Appointment, *, method: str = "PUBLISH") -> bytes:
    """One visit as a file for the client."""
    calendar = _calendar()
    calendar.add("method", method)
    head, end = bytes(calendar.to_ical()).rsplit(b"END:VCALENDAR", 1)
    return b"".join([head, _event(one, for_client=True, whole=True), b"END:VCALENDAR", end])


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(one: Appointment, *, for_client: bool, whole: bool = False) -> bytes:
    """A visit as lines. `whole`: for the file a client asked for or was mailed, which says where to go."""
    summary = initials(one.member.display_name if for_client else one.who)
    places = [one.room.name if one.room else "", one.location.name if one.location else ""]
    if whole:
        summary = one.practice.name
        places = [one.location.name, " ".join(one.location.address.split())] if one.location else []
    place = ", ".join(filter(None, places))
    gone = one.state in (State.CANCELLED, State.LATE)
    lines = [
        "BEGIN:VEVENT",
        _line("SUMMARY", summary),
        f"DTSTART:{_utc(one.start)}",
        f"DTEND:{_utc(one.end)}",
        f"DTSTAMP:{_utc(one.changed_at)}",
        f"UID:{uid_of(one)}",
        f"SEQUENCE:{one.version}",
        "CLASS:PRIVATE",
        *([_line("LOCATION", place)] if place else []),
        f"STATUS:{'CANCELLED' if gone else 'CONFIRMED'}",
        "END:VEVENT",
        "",
    ]
    return "\r\n".join(lines).encode()


@lru_cache(maxsize=4096)
def _line(name: str, words: str) -> str:
    """A property with text in it, escaped and folded."""
    return Contentline.from_parts(name, Parameters(), vText(words)).to_ical().decode()


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


# --- In --------------------------------------------------------------------------------------------------------------


def busy_times(text: bytes, zone: ZoneInfo, now: datetime) -> list[tuple[str, tuple[datetime, datetime]]]:
    """When a calendar says somebody is busy, from now on: (UID, (start, end)). Titles and notes are not read.

    Raises NotACalendar for what is too long, no calendar, or holds more than we follow.
    """
    if len(text) > MOST_BYTES:
        raise NotACalendar(_("This calendar is too long. Export only the coming year."))
    try:
        calendar = Calendar.from_ical(text)
    except (ValueError, IndexError, KeyError, TypeError, RecursionError) as error:
        raise NotACalendar(_("This is not a calendar file. Export one that ends in .ics and choose that.")) from error
    if getattr(calendar, "name", "") != "VCALENDAR":
        raise NotACalendar(_("This is not a calendar file. Export one that ends in .ics and choose that."))
    found: list[tuple[str, tuple[datetime, datetime]]] = []
    for event in calendar.walk("VEVENT"):
        if _free(event):
            continue
        try:
            spans = _occurrences(event, zone, now)
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError) as error:
            raise NotACalendar(_("One time in this calendar cannot be read. Nothing was taken over.")) from error
        found += [(str(event.get("uid", ""))[:200], span) for span in spans]
        if len(found) > MOST_TIMES:
            raise NotACalendar(_("This calendar holds more times than we follow. Export only the coming year."))
    return found


def _free(event: Event) -> bool:
    return str(event.get("transp", "")).upper() == "TRANSPARENT" or str(event.get("status", "")).upper() == "CANCELLED"


def _aware(value: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        return datetime.combine(value, time.min, zone)
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _occurrences(event: Event, zone: ZoneInfo, now: datetime) -> list[tuple[datetime, datetime]]:
    first = event.decoded("dtstart")
    start = _aware(first, zone)
    if "dtend" in event:
        long = _aware(event.decoded("dtend"), zone) - start
    elif "duration" in event:
        long = event.decoded("duration")
    else:
        long = timedelta(days=1) if not isinstance(first, datetime) else timedelta(0)
    if not timedelta(0) < long <= timedelta(days=60):
        return []
    low, high = now - LOOK_BACK - long, now + LOOK_AHEAD
    starts = _repeated(event, start, low, high) if "rrule" in event else [start]
    gone = _excluded(event, zone)
    spans = [(at.astimezone(UTC), (at + long).astimezone(UTC)) for at in starts if at.astimezone(UTC) not in gone]
    return [span for span in spans if span[1] > now and span[0] < high]


def _repeated(event: Event, start: datetime, low: datetime, high: datetime) -> list[datetime]:
    rules = event["rrule"]
    if isinstance(rules, list):
        raise ValueError("One rule for each time.")
    text = rules.to_ical().decode()
    if any(fast in text for fast in ("SECONDLY", "MINUTELY")):
        raise ValueError("Nobody is busy by the minute.")
    until = rules.get("until")
    if until:  # dateutil wants UTC when the start knows its zone
        rules = rules.copy()
        rules["until"] = [_aware(until[0], start.tzinfo).astimezone(UTC)]  # type: ignore[arg-type]
        text = rules.to_ical().decode()
    found = []
    for count, at in enumerate(rrulestr(text, dtstart=start)):
        if at > high or count > 20 * MOST_TIMES:
            break
        if at >= low:
            found.append(at)
        if len(found) > MOST_TIMES:
            break
    return found


def _excluded(event: Event, zone: ZoneInfo) -> set[datetime]:
    given = event.get("exdate", [])
    lists = given if isinstance(given, list) else [given]
    return {_aware(each.dt, zone).astimezone(UTC) for one in lists for each in one.dts}
