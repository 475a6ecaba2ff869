"""Tags of the programme room."""

from django import template

from tautband.clinic.people.forms import new_key as fresh

register = template.Library()


@register.simple_tag
def new_key() -> str:
    """A fresh key, so that a form sent twice is kept once."""
    return fresh()
