"""Mails of the newsletter: the question for the second yes, and each number to each reader, with the way out."""

from django.urls import reverse
from django.utils.translation import gettext as _

from tautband.clinic.errands.actions import errand, send
from tautband.clinic.pages import actions
from tautband.clinic.pages.models import Newsletter, Subscriber
from tautband.clinic.people.models import Practice
from tautband.clinic.people.post import post

ASK, NUMBER = "pages.ask", "pages.number"


def ask(*, token: str, base: str) -> None:
    """Ask for the second yes."""
    send(ASK, key=f"ask/{token[-40:]}", token=token, base=base)


@errand(ASK, tries=4)
def mail_question(*, token: str, base: str) -> None:
    """Who did not ask for it does nothing, and hears no more."""
    reader = actions.reader_to_confirm(token)
    if reader is None or reader.confirmed_at:
        return
    practice: Practice = reader.practice
    words = {"practice": practice.sender_name, "url": base + reverse("pages:confirm", args=[token])}
    body = _(
        "Somebody, perhaps you, asked for the newsletter of %(practice)s.\n\nYes, I want it:\n%(url)s\n\n"
        "If not, do nothing: you get no more mails.\n"
    )
    post(practice=practice, to=reader.email, subject=_("The newsletter of %(practice)s?") % words, body=body % words)


def send_to_all(*, newsletter: Newsletter, base: str) -> None:
    """One errand a reader, so that none gets it twice and one bad address stops nobody."""
    for reader in Subscriber.objects.filter(practice=newsletter.practice, confirmed_at__isnull=False):
        key = f"number/{newsletter.pk}/{reader.pk}"
        send(NUMBER, key=key, newsletter=newsletter.pk, reader=reader.pk, base=base)


@errand(NUMBER, tries=4)
def mail_number(*, newsletter: int, reader: int, base: str) -> None:
    """One number to one reader, unless they left meanwhile."""
    found = Newsletter.objects.select_related("practice").filter(pk=newsletter).first()
    to = Subscriber.objects.filter(pk=reader, confirmed_at__isnull=False).first()
    if found is None or to is None:
        return
    url = base + reverse("pages:leave", args=[actions.leave_token(to)])
    practice: Practice = found.practice
    foot = _("You asked for this newsletter. One click and you get no more: %(url)s") % {"url": url}
    headers = {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    body = f"{found.body}\n\n-- \n{practice.sender_name}\n{foot}\n"
    post(practice=practice, to=to.email, subject=found.subject, body=body, headers=headers)
