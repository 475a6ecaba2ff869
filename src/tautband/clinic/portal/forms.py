"""The forms of the client's own pages, in words for everybody."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tautband.clinic.people.forms import OLDEST_YEARS, OnceForm


class AskForm(forms.Form):
    """The address to which a link is sent."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The one you gave to the practice."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": _("Type your e-mail address."),
            "invalid": _("That does not look like an e-mail address. It needs an @ and what comes after it."),
        },
    )


class BirthdayForm(forms.Form):
    """The second question: three small fields, since calendars are tiresome for days long ago."""

    day = forms.IntegerField(label=_("Day"), min_value=1, max_value=31)
    month = forms.TypedChoiceField(label=_("Month"), coerce=int, choices=())
    year = forms.IntegerField(label=_("Year"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        from django.utils.dates import MONTHS

        self.fields["month"].choices = [("", _("Month")), *MONTHS.items()]
        for name, hint in (("day", "bday-day"), ("month", "bday-month"), ("year", "bday-year")):
            self.fields[name].widget.attrs |= {"autocomplete": hint}
            self.fields[name].error_messages |= {"required": _("This is needed."), "invalid": _("A number, please.")}
        self.fields["day"].widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-day"})
        self.fields["year"].widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year"})

    def clean(self) -> dict[str, Any]:
        """All three make one day."""
        parts = super().clean() or {}
        if not {"day", "month", "year"} <= parts.keys():
            return parts
        try:
            born = date(parts["year"], parts["month"], parts["day"])
        except ValueError as error:
            raise ValidationError(_("There is no such day. Check day, month and year.")) from error
        today = timezone.localdate()
        if born > today:
            raise ValidationError(_("That day is still to come. Check the year?"))
        if born.year < today.year - OLDEST_YEARS:
            raise ValidationError(_("Write the year with all four digits."))
        parts["birth_date"] = born
        return parts


class SendForm(OnceForm):
    """One press."""
