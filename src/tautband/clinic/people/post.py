"""Mails of the practice: short, plain text, in its name, and never with anything about health.

A mail lies open on its way and in the mailbox, so it says that there is something to read, not what. Rooms send from an
errand (`errands`), so that a mail that fails is tried again and no page waits for a mail server.
"""

from email.headerregistry import Address

from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest

from tautband.clinic.people.models import Practice


def public_address(practice: Practice | None) -> str:
    """Scheme and host under which clients reach us: `TAUTBAND_PUBLIC_URL`, else what the owner wrote down, else ''."""
    return str(settings.PUBLIC_URL or (practice.public_address if practice else ""))


def base_url(request: HttpRequest) -> str:
    """The same; while nobody said it, the address of this request."""
    said = public_address(request.practice)  # type: ignore[attr-defined]
    return said or request.build_absolute_uri("/").rstrip("/")


def leaves_this_computer() -> bool:
    """False while mails are only written into files of the data folder."""
    return bool(settings.MAIL_SERVER)


def post(*, practice: Practice, to: str, subject: str, body: str, headers: dict[str, str] | None = None) -> None:
    """Send one mail in the practice's name. Raises what the mail server raises; the errand then tries again."""
    if not leaves_this_computer():
        settings.EMAIL_FILE_PATH.mkdir(mode=0o700, parents=True, exist_ok=True)  # a mail may hold a link
    user, _at, domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")
    name = " ".join(practice.sender_name.split())
    sender = str(Address(display_name=name, username=user, domain=domain))
    EmailMessage(subject=" ".join(subject.split()), body=body, from_email=sender, to=[to], headers=headers).send()
