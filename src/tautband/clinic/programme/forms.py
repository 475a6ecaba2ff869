"""Forms of the programme room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tautband.clinic.people.forms import OnceForm
from tautband.clinic.programme.offer import LEAST_MINUTES, MOST_MINUTES
from tautband.knowledge.records import Selfcare
from tautband.planning.home import COUNTS, Amount, HomeChoice
from tautband.terms.sides import Side

LABELS = {
    "sets": _("Sets"),
    "repetitions": _("Times"),
    "hold_s": _("Seconds each"),
    "per_day": _("Times a day"),
    "days_per_week": _("Days a week"),
}


class MinutesForm(OnceForm):
    """How many minutes a day the client will do."""

    minutes = forms.IntegerField(
        label=_("How many minutes a day will you do?"),
        min_value=LEAST_MINUTES,
        max_value=MOST_MINUTES,
        error_messages={
            "min_value": _("At least %(limit_value)s minutes; even two are worth something."),
            "max_value": _("At most %(limit_value)s minutes. What is not done helps nobody."),
            "invalid": _("Write a number of minutes, such as 10."),
        },
    )


class AmountForm(OnceForm):
    """How much of one thing, within the range of the atlas, and on which side."""

    side = forms.ChoiceField(label=_("Side"), required=False)

    def __init__(self, record: Selfcare, choice: HomeChoice, *args: Any, **options: Any) -> None:
        initial = {name: getattr(choice.amount, name) for name in COUNTS} | {"side": choice.side.value}
        super().__init__(*args, initial=initial, auto_id=f"id_{choice.key}_%s", **options)
        self.choice = choice
        if record.side == "none":
            del self.fields["side"]
        else:
            sides = [("right", _("Right")), ("left", _("Left")), ("bilateral", _("Both"))]
            self.fields["side"].choices = sides  # type: ignore[attr-defined]
        for name in COUNTS:
            span = getattr(record.dose, name)
            if span is None or span.low == span.high:
                continue
            self.fields[name] = forms.IntegerField(
                label=LABELS[name],
                min_value=int(span.low),
                max_value=int(span.high),
                help_text=_("%(low)g to %(high)g") % {"low": span.low, "high": span.high},
            )

    def changed_choice(self) -> HomeChoice:
        """The choice with what was typed."""
        given = {name: float(self.cleaned_data[name]) for name in COUNTS if name in self.cleaned_data}
        kept = {name: given.get(name, getattr(self.choice.amount, name)) for name in COUNTS}
        side = Side(self.cleaned_data["side"]) if self.cleaned_data.get("side") else self.choice.side
        return HomeChoice(
            self.choice.key,
            self.choice.item,
            side,
            Amount(**kept),
            self.choice.level,
            self.choice.why,
            self.choice.softer,
            self.choice.origin,
        )


class WordsForm(forms.Form):
    """A client's own words about one thing."""

    words = forms.CharField(
        label=_("In your words"), max_length=500, required=False, widget=forms.Textarea({"rows": 3})
    )
