"""What the list sends: a session to begin, one step that was done, the end."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tautband.clinic.people.forms import OnceForm
from tautband.clinic.treat.events import MOST_WORDS

NOT_SAID = ("", _("Not noted"))
RESPONSE_CHOICES = (NOT_SAID, ("eased", _("It eased")), ("same", _("Stayed the same")), ("worse", _("It rose")))
REFERRAL_CHOICES = (
    NOT_SAID,
    ("familiar", _("Familiar pain")),
    ("other", _("Other pain")),
    ("none", _("Felt nowhere else")),
)
TWITCH_CHOICES = (NOT_SAID, ("yes", _("Yes")), ("no", _("No")))
STATE_CHOICES = (
    NOT_SAID,
    ("absent", _("Negative")),
    ("present", _("Positive")),
    ("cannot", _("Can’t test")),
)
MOST_NUMBERS = 40


class StepForm(OnceForm):
    """One step as it was done, typed afterwards."""

    step = forms.CharField(widget=forms.HiddenInput, max_length=40)
    side = forms.ChoiceField(label=_("Side that was treated"), required=False, choices=())
    minutes = forms.CharField(
        label=_("Time under hands"),
        required=False,
        max_length=12,
        help_text=_("Minutes and seconds: 1:30, or seconds: 90."),
    )
    numbers = forms.CharField(
        label=_("Numbers the client said"),
        required=False,
        max_length=160,
        help_text=_("0 to 10, in order: 7, 7, 6."),
    )
    response = forms.ChoiceField(label=_("Under the hands"), required=False, choices=RESPONSE_CHOICES)
    referral = forms.ChoiceField(label=_("Pressing brought"), required=False, choices=REFERRAL_CHOICES)
    words = forms.CharField(
        label=_("Felt where"),
        required=False,
        max_length=MOST_WORDS,
        help_text=_("As the client says it: outer elbow, thumb."),
    )
    twitch = forms.ChoiceField(label=_("Local twitch"), required=False, choices=TWITCH_CHOICES)
    pressure_kg_cm2 = forms.FloatField(label=_("Pressure, kg/cm²"), required=False, min_value=0, max_value=20)
    value = forms.FloatField(label=_("Retest"), required=False, min_value=-1000, max_value=10_000)
    state = forms.ChoiceField(label=_("Retest"), required=False, choices=STATE_CHOICES)

    def __init__(self, row: dict[str, Any], *args: Any, **options: Any) -> None:
        super().__init__(*args, prefix=row["key"], initial={"step": row["key"]}, **options)
        self.row = row
        side = self.fields["side"]
        if row["found_side"]:
            side.choices = (("", _("Say which")), ("right", _("Right")), ("left", _("Left")))  # type: ignore[attr-defined]
        else:
            side.choices = ((row["side"], row["side"]), ("", ""))  # type: ignore[attr-defined]
            side.widget = forms.HiddenInput()
            side.initial = row["side"]
        if row["stage"] != "treat":
            for name in ("numbers", "response", "referral", "words", "twitch", "pressure_kg_cm2", "minutes"):
                del self.fields[name]
        measured = bool(row["retest"] and row["retest"]["measured"])
        has_test = row["retest"] is not None or row["stage"] == "assess"
        if measured or not has_test:
            del self.fields["state"]
        if not measured:
            del self.fields["value"]
        elif row["retest"]["unit"]:
            self.fields["value"].label = _("Retest, in %(unit)s") % {"unit": row["retest"]["unit"]}

    def clean_side(self) -> str:
        """The side; where the finding was on the other one, it has to be said."""
        side: str = self.cleaned_data["side"]
        if self.row["found_side"] and not side and "skip" not in self.data:
            raise forms.ValidationError(_("Say which side was treated: it was found on the other one."))
        return side or str(self.row["side"])

    def clean_minutes(self) -> float:
        """Seconds."""
        words = self.cleaned_data["minutes"].strip().replace(",", ".")
        if not words:
            return 0.0
        found = re.fullmatch(r"(?:(\d{1,3}):)?(\d{1,4}(?:\.\d)?)", words)
        if not found or (found[1] and float(found[2]) >= 60):
            raise forms.ValidationError(_("Write it like 1:30 or, in seconds, 90."))
        seconds = 60 * int(found[1] or 0) + float(found[2])
        if seconds > 7200:
            raise forms.ValidationError(_("That is more than two hours."))
        return seconds

    def clean_numbers(self) -> list[float]:
        """The numbers, in order."""
        parts = [part for part in re.split(r"[\s;,/]+", self.cleaned_data["numbers"].strip()) if part]
        try:
            values = [float(part) for part in parts]
        except ValueError:
            raise forms.ValidationError(_("Numbers from 0 to 10, with commas between them: 7, 7, 6.")) from None
        if len(values) > MOST_NUMBERS or any(not 0 <= value <= 10 for value in values):
            raise forms.ValidationError(_("Each number lies between 0 and 10."))
        return values

    def clean(self) -> dict[str, Any]:
        """A step that was done took some time."""
        cleaned = super().clean() or {}
        takes_time = "minutes" in self.fields and "skip" not in self.data
        if takes_time and not self.errors and not cleaned.get("minutes"):
            self.add_error("minutes", _("Write how long it took, or skip the step."))
        return cleaned

    def event_data(self, *, skipped: bool) -> dict[str, Any]:
        """What belongs to the event."""
        given = self.cleaned_data
        data: dict[str, Any] = {"step": self.row["key"], "side": given["side"]}
        if skipped:
            return {**data, "skipped": True}
        if given.get("minutes"):
            data["seconds"] = given["minutes"]
        if given.get("numbers"):
            data["numbers"] = given["numbers"]
        for name in ("response", "referral", "words", "twitch"):
            if given.get(name):
                data[name] = given[name]
        if given.get("pressure_kg_cm2") is not None:
            data["pressure_kg_cm2"] = given["pressure_kg_cm2"]
        measured = {name: given[name] for name in ("value", "state") if given.get(name) not in (None, "")}
        if measured:
            data["retest"] = measured
        return data
