"""Forms of the keeping room."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tautband.clinic.keeping.importing import Look
from tautband.clinic.keeping.sealed import LEAST_PASSPHRASE
from tautband.clinic.people.models import Member, Practice


def _secret(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, help_text=help_text, max_length=500, strip=False, widget=widget)


class BackupForm(forms.Form):
    """The passphrase, twice. The names hold "password", so that no error page gives them back."""

    plain_labels = True

    password = _secret(_("Passphrase"), _("At least 12 signs, such as a sentence. Keep it away from this computer."))
    password_again = _secret(_("Once more"))
    daily = forms.BooleanField(label=_("From now on every day by itself, with this passphrase"), required=False)

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


class ArchiveForm(forms.Form):
    """The archive to look at."""

    archive = forms.FileField(
        label=_("The archive"),
        help_text=_("A .zip that “Export” made. Up to 60 MB here; a larger one by command: bin/tautband import FILE."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
    )


class BringForm(forms.Form):
    """Who wrote what, and what to do with clients who are here already. Built from what the archive holds."""

    plain_labels = True

    token = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, seen: Look, practice: Practice, **options: Any) -> None:
        super().__init__(*args, **options)
        self.seen = seen
        here = Member.objects.filter(practice=practice, active=True)
        for author in seen.authors if seen.fresh else ():
            self.fields[f"author_{author.id}"] = forms.ModelChoiceField(
                label=author.name,
                queryset=here,
                required=False,
                initial=author.here if author.here and author.here.active else None,
                empty_label=_("Only a name, without an account here"),
            )
        if seen.in_the_way:
            self.fields["leave"] = forms.BooleanField(label=_("Those who differ here stay as they are here"))
        if seen.doubtful:
            self.fields["doubtful_too"] = forms.BooleanField(label=_("They are other people; bring them in too"))

    def authors(self) -> dict[int, Member | None]:
        """Member id of the archive -> who that is here."""
        return {author.id: self.cleaned_data.get(f"author_{author.id}") for author in self.seen.authors}


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
