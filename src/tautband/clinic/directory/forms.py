"""Forms of the directory."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tautband.clinic.directory import gazetteer
from tautband.clinic.directory.models import Access, Credential, Practitioner
from tautband.clinic.people.forms import OnceForm
from tautband.knowledge import atlas


def _choices(kind: str) -> list[tuple[str, str]]:
    rows = [(record.id, record.name.plain or record.name.en) for record in getattr(atlas(), kind)]
    return sorted(rows, key=lambda row: row[1])


class EntryForm(OnceForm, forms.ModelForm):
    """One's own entry. The town is looked up in the packaged gazetteer, so nothing is asked of the internet."""

    plain_labels = True
    conditions = forms.MultipleChoiceField(
        label=_("What people come to you with"), required=False, widget=forms.CheckboxSelectMultiple
    )
    techniques = forms.MultipleChoiceField(label=_("How you work"), required=False, widget=forms.CheckboxSelectMultiple)
    access = forms.MultipleChoiceField(
        label=_("Getting in"), required=False, choices=Access.choices, widget=forms.CheckboxSelectMultiple
    )
    public = forms.BooleanField(label=_("Show this entry in the directory"), required=False)

    class Meta:
        """What the entry holds."""

        model = Practitioner
        fields = [
            "name",
            "practice_name",
            "about",
            "languages",
            "sees_not",
            "town",
            "address",
            "price",
            "phone",
            "web",
            "conditions",
            "techniques",
            "access",
            "public",
        ]
        widgets = {"about": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "languages": _("With commas: English, Igbo"),
            "price": _("As people pay it: 84 for 75 minutes"),
            "town": _("The nearest town; distance is reckoned from there."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["conditions"].choices = _choices("conditions")
        self.fields["techniques"].choices = _choices("techniques")
        self.place: gazetteer.Place | None = None

    def clean_town(self) -> str:
        """A town the gazetteer knows."""
        town = self.cleaned_data["town"].strip()
        if not town:
            return ""
        found = gazetteer.find(town)
        if not found:
            raise ValidationError(_("This town is not known. Try the nearest larger one."))
        self.place = found[0]
        return str(found[0])

    def values(self) -> dict[str, Any]:
        """What is kept."""
        kept = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        place = self.place
        return kept | {"lat_deg": place.lat_deg if place else None, "lon_deg": place.lon_deg if place else None}


class CredentialForm(OnceForm, forms.ModelForm):
    """One credential."""

    plain_labels = True

    class Meta:
        """What is stated."""

        model = Credential
        fields = ("title", "issuer", "issued_on", "expires_on", "stated_by", "evidence", "seen_on")
        widgets = {name: forms.DateInput(attrs={"type": "date"}) for name in ("issued_on", "expires_on", "seen_on")}

    def clean(self) -> dict[str, Any]:
        """Days that can be; what was read or seen has a day."""
        told = super().clean() or {}
        today = timezone.localdate()
        for name in ("issued_on", "seen_on"):
            if told.get(name) and told[name] > today:
                self.add_error(name, _("That day is still to come."))
        if told.get("expires_on") and told.get("issued_on") and told["expires_on"] < told["issued_on"]:
            self.add_error("expires_on", _("It would end before it begins."))
        if told.get("stated_by") in {"register", "document"} and not told.get("seen_on"):
            self.add_error("seen_on", _("Say when it was read or seen."))
        return told

    def values(self) -> dict[str, Any]:
        """What is kept."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


class CardsForm(OnceForm):
    """A file of signed cards."""

    file = forms.FileField(label=_("File with cards (JSON, CSV or vCard)"))
