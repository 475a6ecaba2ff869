"""The demo's own pages: Ingrid can be reached, wrote, was answered, and has one wish open."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tautband.clinic.people import actions as people
from tautband.clinic.people.models import Client, Member, Practice
from tautband.clinic.portal import actions
from tautband.clinic.portal.models import Message, Passkey, Release, SignInLink, Wish


def make(*, practice: Practice, clients: Mapping[str, Client], by: Member, now: datetime) -> None:
    """A short conversation."""
    ingrid = clients.get("ingrid")
    if ingrid is None:
        return
    people.change_client(
        by=by, client=ingrid, version=ingrid.version, **_details(ingrid) | {"email": "ingrid.solheim@example.org"}
    )
    ingrid.refresh_from_db()
    said = (
        (ingrid, 30, "The rehearsal went better. The arm was tired only in the last movement."),
        (by, 28, "Good to hear. Keep the breaks; we look at the bow arm again on your next visit."),
        (ingrid, 3, "May I do the wall ball twice a day before the concert?"),
    )
    for who, hours_ago, text in said:
        actions.write_message(by=who, client=ingrid, text=text, at=now - timedelta(hours=hours_ago))
    Message.objects.filter(client=ingrid, at__lt=now - timedelta(hours=10)).update(seen_at=now - timedelta(hours=9))


def _details(client: Client) -> dict[str, object]:
    return {name: getattr(client, name) for name in people.CLIENT_FIELDS}


def forget(*, practice: Practice) -> None:
    """Take it away again."""
    for model in (Message, Passkey, Release, Wish, SignInLink):
        model.objects.filter(client__practice=practice, client__demo=True).delete()
