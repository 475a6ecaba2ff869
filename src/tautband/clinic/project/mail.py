"""Where mails go: into files of the data folder until a mail server is named."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

FILES = "django.core.mail.backends.filebased.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
PORTS = {"smtp": 587, "smtps": 465}


def mail_settings(server: str) -> dict[str, Any]:
    """Django's settings for a mail server such as `smtp://user:password@host:587`; mails are always sent over TLS.

    Raises ImproperlyConfigured for an address that is none.
    """
    if not server:
        return {"EMAIL_BACKEND": FILES}
    parts = urlsplit(server)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ImproperlyConfigured(
            "TAUTBAND_MAIL_SERVER must look like smtp://user:password@host:587 or smtps://…:465."
        )
    return {
        "EMAIL_BACKEND": SMTP,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }
