"""Mails that bring a client to their own page; errands, so that the page which asks tells nothing by its speed."""

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _

from tautband.clinic.audit.log import System
from tautband.clinic.errands.actions import errand, send
from tautband.clinic.people.models import Client, Member, Practice
from tautband.clinic.people.post import post
from tautband.clinic.people.queries import the_practice
from tautband.clinic.portal import actions, queries

LINK = "portal.link"
ASKED = "portal.asked"


def send_link(*, client: Client, base: str, by: Member | None = None) -> None:
    """Mail a link to the address on file."""
    who = str(by.pk) if by else ""
    send(LINK, key=f"link/{uuid.uuid4().hex}", client=str(client.pk), base=base, by=who)


def ask_for_link(*, address: str, base: str) -> None:
    """Somebody typed an address: whether anyone has it is looked up later, so that nobody learns it here."""
    send(ASKED, key=f"asked/{uuid.uuid4().hex}", address=address, base=base)


@errand(LINK, tries=4)
def mail_link(*, client: str, base: str, by: str = "") -> None:
    """Make a link and mail it. The link's quarter of an hour begins now."""
    found = Client.objects.select_related("practice").filter(pk=client, archived_at__isnull=True).first()
    member = Member.objects.filter(pk=by).first() if by else None
    if found and found.email and found.birth_date:
        _mail(found, base, member)


@errand(ASKED, tries=4)
def mail_who_has(*, address: str, base: str) -> None:
    """Mail a link to each client with this address, if there is any; nothing happens otherwise."""
    practice = the_practice()
    for found in queries.clients_at(practice, address) if practice else ():
        if found.birth_date:
            _mail(found, base, None)


NEWS = "portal.news"


def tell_of_news(*, client: Client, base: str, about: str) -> None:
    """Mail that something new is on the client's page; not what. `about` names it once, so it is mailed once."""
    if client.email:
        send(NEWS, key=f"news/{about}", client=str(client.pk), base=base)


@errand(NEWS, tries=4)
def mail_news(*, client: str, base: str) -> None:
    """One short mail without a word of what the news is."""
    found = Client.objects.select_related("practice").filter(pk=client, archived_at__isnull=True).first()
    if found is None or not found.email:
        return
    practice: Practice = found.practice
    words = {"name": found.name.split()[0], "practice": practice.sender_name, "url": base + reverse("portal:home")}
    post(
        practice=practice,
        to=found.email,
        subject=_("Something new on your page at %(practice)s") % words,
        body=_("Hello %(name)s,\n\nthere is something new for you to read on your page:\n\n%(url)s\n\n%(practice)s\n")
        % words,
    )


def _mail(client: Client, base: str, member: Member | None) -> None:
    token = actions.make_link(client=client, by=member or System(), how="mailed")
    url = base + reverse("portal:link", args=[token])
    practice: Practice = client.practice
    words = {"name": client.name.split()[0], "practice": practice.sender_name, "url": url, "min": actions.LINK_MIN}
    post(
        practice=practice,
        to=client.email,
        subject=_("Your page at %(practice)s") % words,
        body=_(
            "Hello %(name)s,\n\nthis opens your own page at %(practice)s:\n\n%(url)s\n\n"
            "It works once, for %(min)s minutes, and asks for your date of birth.\n"
            "If it has ended, open it all the same: the page sends you a new one.\n\n"
            "You did not ask for it? Then leave it alone; nobody gets in without your date of birth.\n\n%(practice)s\n"
        )
        % words,
    )
