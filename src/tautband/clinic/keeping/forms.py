"""Forms of the keeping room."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tautband.clinic.keeping.sealed import LEAST_PASSPHRASE
from tautband.clinic.people.models import Member, Practice


def _secret(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, help_text=help_text, max_length=500, strip=False, widget=widget)


class BackupForm(forms.Form):
    """The passphrase, twice. The names hold "password", so that no error page gives them back."""

    password = _secret(_("Passphrase"), _("At least 12 signs, such as a sentence. Keep it away from this computer."))
    password_again = _secret(_("Once more"))

    def clean_password(self) -> str:
        """Long enough."""
        if len(self.cleaned_data["password"].strip()) < LEAST_PASSPHRASE:
            raise ValidationError(_("At least 12 signs. A sentence is easy to remember."))
        return str(self.cleaned_data["password"])

    def clean_password_again(self) -> str:
        """The same."""
        if self.cleaned_data.get("password") not in (None, self.cleaned_data["password_again"]):
            raise ValidationError(_("The two differ."))
        return str(self.cleaned_data["password_again"])


class ExportForm(forms.Form):
    """Whose charts, and why: the reason stands in each chart."""

    therapist = forms.ModelChoiceField(
        label=_("Charts of"), queryset=Member.objects.none(), required=False, empty_label=_("The whole practice")
    )
    reason = forms.CharField(
        label=_("Why do you export them?"),
        max_length=500,
        help_text=_("In your words. It is written into each chart, and your colleagues can read it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, practice: Practice, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["therapist"].queryset = Member.objects.filter(practice=practice)
