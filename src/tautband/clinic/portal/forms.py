"""The forms of the client's own pages, in words for everybody."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tautband.clinic.people.forms import OLDEST_YEARS, OnceForm
from tautband.clinic.portal.models import WishKind


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


class PasskeyForm(forms.Form):
    """A passkey of this device; the script fills the answer of the device in."""

    name = forms.CharField(
        label=_("What to call it"), max_length=60, initial=_("This phone"), help_text=_("So that you know it again.")
    )
    credential = forms.CharField(
        widget=forms.HiddenInput, error_messages={"required": _("The device made no passkey. Try again.")}
    )


MESSAGE_MAX = 5_000


class MessageForm(OnceForm):
    """What one wants to say."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class PainForm(OnceForm):
    """One number, 0 to 10."""

    value = forms.IntegerField(min_value=0, max_value=10)


class WishForm(OnceForm):
    """A correction or an erasure."""

    kind = forms.ChoiceField(label=_("What we should do"), choices=WishKind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Which words or things, and what is right"),
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AnswerForm(OnceForm):
    """The practice's answer to a wish."""

    text = forms.CharField(
        label=_("Answer"),
        max_length=MESSAGE_MAX,
        help_text=_("What was done; or what must be kept, until when, and why. The client reads these words."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
