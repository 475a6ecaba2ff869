"""The client's own door: pages that a client opens for themselves, without being part of the practice.

Who lets a client in (a link with a second question, a passkey, a tablet handed over) calls `enter`; every page behind
the door is `@client_only` and reads `request.client_person`. A client's session never is a member's session.

A form that is sent after the session ended is not lost: its words stand on the page that says so, to be sent again.
"""

from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from tautband.clinic.people import reads
from tautband.clinic.people.http import View
from tautband.clinic.people.lock import HANDED
from tautband.clinic.people.models import Client

SESSION_KEY = "as_client"
DOOR = "portal:enter"
"""Where somebody is sent who is not in yet."""


def enter(request: HttpRequest, client: Client) -> None:
    """Let this client in, in a fresh session: nothing of whoever used the browser before stays."""
    request.session.flush()
    request.session[SESSION_KEY] = str(client.pk)


def leave(request: HttpRequest) -> None:
    """End the client's session."""
    request.session.flush()


def client_of(request: HttpRequest) -> Client | None:
    """The client who is in, None for visitors, members and clients who no longer come.

    A client who holds a tablet that a member handed over is in, too: the member's session is locked meanwhile.
    """
    handed = request.session.get(HANDED)
    pk = handed or request.session.get(SESSION_KEY)
    if not pk or (request.user.is_authenticated and not handed):
        return None
    return Client.objects.select_related("practice").filter(pk=pk, archived_at__isnull=True).first()


def client_only(view: View) -> View:
    """Only a client who is in passes; the view reads `request.client_person`. Others are sent to the door."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if getattr(request, "client_person", None) is None:
            from tautband.clinic.project import errors

            return errors.signed_out_meanwhile(request, door=DOOR) if request.method == "POST" else redirect(DOOR)
        reads.saw_chart(request.client_person)
        return view(request, *args, **options)

    return login_not_required(guarded)
