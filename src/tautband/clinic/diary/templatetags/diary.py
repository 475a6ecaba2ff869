"""Times and money as the diary writes them."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def money(minor: int, currency: str = "") -> str:
    """An amount in the smallest unit as people write it: 7800, "EUR" -> 78.00 EUR."""
    amount = number_format(Decimal(minor) / 100, decimal_pos=2, use_l10n=True)
    return f"{amount} {currency}".strip()
