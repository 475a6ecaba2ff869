"""System checks of our own, run by `check --deploy`."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register


@register(Tags.security, deploy=True)
def policy_stays_strict(**kwargs: Any) -> list[Error]:
    """The content policy must never allow inline or evaluated script."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    loose = [
        f"{name} {value}"
        for name, values in directives.items()
        for value in values
        if "unsafe" in value or value == "*" or value.startswith("http")
    ]
    if not loose:
        return []
    return [Error(f"The content policy is loosened: {', '.join(loose)}.", id="tautband.E001")]


@register(Tags.urls, deploy=True)
def links_in_mails_lead_somewhere(**kwargs: Any) -> list[Warning]:
    """With a mail server, mails leave; their links need an address that others reach."""
    if not settings.MAIL_SERVER or settings.PUBLIC_URL:
        return []
    hint = "Set TAUTBAND_PUBLIC_URL, or write the address down under Settings, Access."
    return [Warning("Mails leave this computer, and no setting says where their links lead.", hint, id="tautband.W001")]
