"""Nothing leaves this computer: sockets are watched while every page is walked and a backup and an export are made."""

import io
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tautband.clinic.charts.models import Visit
from tautband.clinic.people.models import Client, Member

_seen: list[tuple[str, Any]] = []
_watching = False


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event in {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"}:
        _seen.append((event, arguments[1:] if event != "socket.getaddrinfo" else arguments))


@pytest.fixture
def watched() -> Iterator[list[tuple[str, Any]]]:
    """Every connection, datagram and name look-up of this process, by Python's own audit events."""
    global _watching
    if not _seen and not getattr(sys, "_tautband_hook", False):
        sys.addaudithook(_hook)
        sys._tautband_hook = True  # type: ignore[attr-defined]  # a hook cannot be taken away again
    _seen.clear()
    _watching = True
    yield _seen
    _watching = False


def names(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, set[str]]]:
    """Each URL's name and parameters."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and entry.name:
            yield prefix + entry.name, set(entry.pattern.regex.groupindex)


def test_the_watch_sees_a_call(watched: list[tuple[str, Any]]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.connect(("127.0.0.1", 9))
    assert [event for event, _ in watched] == ["socket.connect"]


@pytest.mark.django_db
def test_no_page_and_no_export_calls_anybody(
    watched: list[tuple[str, Any]], browser_of: Callable[..., Browser], tmp_path: Path
) -> None:
    call_command("load_demo", stdout=io.StringIO())
    owner = Member.objects.get(role="owner")
    visit = Visit.objects.filter(client__team__member=owner).order_by("pk").first()
    assert visit is not None
    known = {
        "client_id": visit.client_id,
        "visit_id": visit.pk,
        "member_id": owner.pk,
        "pk": 0,
        "uidb64": "MQ",
        "token": "set-password",
    }
    browser, walked = browser_of(owner), 0
    for name, parameters in names():
        if parameters <= set(known):
            try:
                path = reverse(name, kwargs={each: known[each] for each in parameters})
            except NoReverseMatch:  # a pattern that takes its parts by position
                continue
            answer = browser.get(path)
            assert answer.status_code < 500, name
            walked += answer.status_code == 200
    assert walked > 15
    browser.post(reverse("keeping:export_client", args=[Client.objects.get(pk=visit.client_id).pk])).close()
    assert watched == []
