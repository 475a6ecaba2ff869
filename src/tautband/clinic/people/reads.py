"""Who looked at what: every page that shows client data leaves a trace in the chain of the chart it shows.

The gates of `people.queries` say what was opened (`saw_chart`, `saw_details`, `saw_list`); the middleware writes it
down once the page is answered. The same person on the same page of the same chart within a quarter of an hour is one
look, so that the chain is not flooded and a page that is looked at again costs nothing.

A look is written after the page was made. When it cannot be written (a full disk), the page is shown nevertheless and
the failure goes to the log of the program: a therapist with somebody on the table needs the record.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from typing import Protocol

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse

from tautband.clinic.audit.log import PRACTICE, Actor, record
from tautband.clinic.people.once import one_page

LOOKED, DETAILS, LISTED, OPENED = "chart.read", "details.read", "clients.listed", "attachment.read"
ONE_LOOK_S = 15 * 60
REMEMBERED = 20_000  # looks kept in memory; forgetting one only writes it a second time
SAFE = frozenset({"GET", "HEAD"})

log = logging.getLogger("tautband.reads")
_opened: ContextVar[set[tuple[str, str, str]] | None] = ContextVar("opened_charts", default=None)
_looks: OrderedDict[tuple[str, str, str, str], float] = OrderedDict()
_lock = threading.Lock()


class Charted(Protocol):
    """A client, or whatever else has a chain."""

    @property
    def chart_key(self) -> str:
        """The chain."""


def saw_chart(client: Charted) -> None:
    """The page that is being made shows clinical data of this client."""
    _note(LOOKED, client.chart_key)


def saw_details(client: Charted) -> None:
    """The page shows name and contact of this client."""
    _note(DETAILS, client.chart_key)


def saw_list() -> None:
    """The page shows names of several clients."""
    _note(LISTED, PRACTICE)


def saw_attachment(client: Charted, key: object) -> None:
    """The page shows, or gives, this one photo or document: an entry of its own says which."""
    _note(OPENED, client.chart_key, f"attachment/{key}")


def _note(verb: str, chart: str, thing: str = "") -> None:
    opened = _opened.get()
    if opened is not None:
        opened.add((verb, chart, thing))


def forget() -> None:
    """Forget which looks were written, as after a restart; tests use it."""
    with _lock:
        _looks.clear()


class WriteDownReads:
    """Writes the looks of a page that was shown. Changes are written by the actions themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Listen to the gates while the page is made, then write."""
        token = _opened.set(set())
        try:
            with one_page(keeps=request.method in SAFE):
                response = self.get_response(request)
            opened = _opened.get() or set()
        finally:
            _opened.reset(token)
        who: Actor | None = getattr(request, "member", None) or getattr(request, "client_person", None)
        if who is not None and opened and request.method in SAFE and response.status_code < 300:
            _write(who, request.resolver_match.view_name if request.resolver_match else "", opened)
        return response


def _write(who: Actor, page: str, opened: set[tuple[str, str, str]]) -> None:
    charts = {chart for verb, chart, _ in opened if verb == LOOKED}
    looks = [look for look in sorted(opened) if look[0] != DETAILS or look[1] not in charts]
    new = [look for look in looks if _is_new(_place(who, page, look))]
    if not new:
        return
    try:
        with transaction.atomic():
            for verb, chart, thing in new:
                record(verb=verb, target=thing or f"page/{page}", chart=chart, by=who)
    except DatabaseError:
        with _lock:
            for look in new:
                _looks.pop(_place(who, page, look), None)
        log.exception("A look of %s at %s could not be written down.", who.audit_key, [chart for _, chart, _ in new])


def _place(who: Actor, page: str, look: tuple[str, str, str]) -> tuple[str, str, str, str]:
    """What counts as the same look: one page of a chart, or one thing on whatever page."""
    verb, chart, thing = look
    return who.audit_key, thing or page, verb, chart


def _is_new(look: tuple[str, str, str, str]) -> bool:
    now = time.monotonic()
    with _lock:
        before = _looks.get(look)
        if before is not None and now - before < ONE_LOOK_S:
            return False
        _looks[look] = now
        _looks.move_to_end(look)
        while len(_looks) > REMEMBERED:
            _looks.popitem(last=False)
    return True
