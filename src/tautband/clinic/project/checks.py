"""System checks of our own, run by `check --deploy`."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


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
