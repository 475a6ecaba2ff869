"""Forms of the keeping room."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tautband.clinic.keeping.actions import names_the_client
from tautband.clinic.keeping.importing import Look
from tautband.clinic.keeping.models import Rule
from tautband.clinic.keeping.sealed import LEAST_PASSPHRASE
from tautband.clinic.people.forms import OnceForm
from tautband.clinic.people.models import Client, Member, Practice


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


class RuleForm(OnceForm, forms.ModelForm):
    """How long records are kept here, and by which rule."""

    plain_labels = True

    class Meta:
        """Fields."""

        model = Rule
        fields = ("years", "adult_at_years", "because")


class HoldForm(OnceForm):
    """Why nothing may be erased."""

    reason = forms.CharField(
        label=_("Why must it be kept?"),
        max_length=500,
        help_text=_("Such as: a claim was announced. The care team can read it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReleaseForm(OnceForm):
    """Why the hold ends."""

    because = forms.CharField(
        label=_("Why does the hold end?"), max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class EraseForm(OnceForm):
    """The ground, and the name once more, since nothing brings it back."""

    plain_labels = True

    ground = forms.CharField(
        label=_("On what ground?"),
        max_length=300,
        help_text=_("It stands on the certificate for good, so name nobody."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Write the client's name, as a check"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    early = forms.BooleanField(
        label=_("The time is not over. I have made sure that it may be erased before."), required=False
    )

    def __init__(self, *args: Any, client: Client, over: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.client, self.over = client, over
        if over:
            del self.fields["early"]

    def clean_ground(self) -> str:
        """It stays for good, so it names nobody."""
        ground = str(self.cleaned_data["ground"])
        if names_the_client(ground, self.client):
            raise ValidationError(_("It stays for good: leave out name, number, address and birth date."))
        return ground

    def clean_name(self) -> str:
        """The very name."""
        name = str(self.cleaned_data["name"])
        if name.strip().casefold() != self.client.name.strip().casefold():
            raise ValidationError(_("This is not the name in the record."))
        return name

    def clean_early(self) -> bool:
        """Said aloud, or nothing happens."""
        if not self.cleaned_data["early"]:
            raise ValidationError(_("Wait until the time is over, or say that it may be erased before."))
        return True
