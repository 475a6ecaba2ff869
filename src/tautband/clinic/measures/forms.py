"""One form for every instrument, made from its file: items where they may be shown, else item numbers or the total."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tautband.clinic.people.forms import OnceForm
from tautband.knowledge.records import Instrument
from tautband.outcomes import CannotScore, TooFewAnswers, item_range, score

USUAL_WITHOUT_END = 2000
"""For a measurement without an upper end: above this we ask."""
SIDES = [("right", gettext_lazy("Right")), ("left", gettext_lazy("Left"))]


class ReadingForm(OnceForm):
    """Answers, or a total, of one instrument.

    After `is_valid`: `value` (the score), `answers` (as the record keeps them), `of` (what it was taken of), `unusual`.
    """

    plain_labels = True
    total = forms.FloatField(required=False)
    site = forms.CharField(label=gettext_lazy("Where"), max_length=80, required=False)
    side = forms.ChoiceField(label=gettext_lazy("Side"), choices=SIDES, widget=forms.RadioSelect, required=False)
    movement = forms.CharField(label=gettext_lazy("Movement"), max_length=60, required=False)
    sure = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, instrument: Instrument, last: list[tuple[str, float | None]] | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.instrument, self.last = instrument, last or []
        self.value, self.answers, self.of = 0.0, [], ""
        self.unusual = self.asks_whether_sure = False
        for name in ("site", "side", "movement"):
            if name not in instrument.of:
                del self.fields[name]
            elif name != "site":
                self.fields[name].required = True
        self._add_answers()
        for field in self.fields.values():
            field.error_messages["required"] = _("This is needed.")

    def _add_answers(self) -> None:
        if self.by_activity:
            self._add_activities()
        elif self.shows_items:
            for n, item in enumerate(self.instrument.items, 1):
                self.fields[f"item{n}"] = self._item_field(n, item.text)
            del self.fields["total"]
        else:
            self.fields["total"].label = self._total_label()
            for n in range(1, self.instrument.item_count + 1) if self.takes_numbers else ():
                self.fields[f"item{n}"] = self._number_field(n)

    # --- What kind of form it is ------------------------------------------------------------------------------------

    @property
    def by_activity(self) -> bool:
        """The client names what is rated, and the score is the mean."""
        return "activity" in self.instrument.of

    @property
    def shows_items(self) -> bool:
        """The questions may be shown here."""
        return bool(self.instrument.items) and len(self.instrument.items) == self.instrument.item_count

    @property
    def takes_numbers(self) -> bool:
        """The answers on the paper may be typed as numbers, so that the rule for missing items does its work."""
        rule = self.instrument.scoring
        return rule.combine != "value" and self.instrument.item_count > 1 and item_range(self.instrument) is not None

    @property
    def place_fields(self) -> list[forms.BoundField]:
        """What the value was taken of."""
        return [self[name] for name in ("site", "movement", "side") if name in self.fields]

    @property
    def item_fields(self) -> list[forms.BoundField]:
        """The items in their order."""
        return [self[name] for name in self.fields if name.startswith("item")]

    @property
    def activity_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Name and number of each activity."""
        return [(self[f"name{n}"], self[f"rate{n}"]) for n in range(1, self.instrument.item_count + 1)]

    # --- Fields -----------------------------------------------------------------------------------------------------

    def _total_label(self) -> str:
        ends = f"{self.instrument.low:g}" + (f"–{self.instrument.high:g}" if self.instrument.high is not None else "+")
        what = _("Value") if self.instrument.scoring.combine == "value" else _("Total")
        return f"{what} ({ends} {self.instrument.unit})"

    def _item_field(self, n: int, text: str) -> forms.Field:
        item = self.instrument.items[n - 1]
        choices = item.choices or self.instrument.choices
        needed = self.instrument.scoring.missing == "none"
        if choices:
            named = [(f"{choice.value:g}", choice.label) for choice in choices]
            return forms.TypedChoiceField(
                label=text, choices=named, coerce=float, empty_value=None, required=needed, widget=forms.RadioSelect
            )
        low, high = item_range(self.instrument, n) or (self.instrument.low, self.instrument.high)
        if high is not None and high - low <= 20 and float(low).is_integer():
            steps = [(str(step), str(step)) for step in range(int(low), int(high) + 1)]
            return forms.TypedChoiceField(
                label=text, choices=steps, coerce=float, empty_value=None, required=needed, widget=forms.RadioSelect
            )
        return forms.FloatField(label=text, required=needed, min_value=low, max_value=high)

    def _number_field(self, n: int) -> forms.Field:
        low, high = item_range(self.instrument) or (0.0, 0.0)
        return forms.FloatField(label=str(n), required=False, min_value=low, max_value=high)

    def _add_activities(self) -> None:
        del self.fields["total"]
        before = [name for name, _value in self.last]
        for n in range(1, self.instrument.item_count + 1):
            first = before[n - 1] if n <= len(before) else ""
            self.fields[f"name{n}"] = forms.CharField(
                label=_("Activity %(n)d") % {"n": n}, max_length=80, required=False, initial=first
            )
            self.fields[f"rate{n}"] = forms.FloatField(
                label=_("0 to 10"), required=False, min_value=self.instrument.low, max_value=self.instrument.high
            )

    # --- Cleaning ---------------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """Score what was given; say in words what is missing."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return given
        parts = [given.get("site", "").strip(), given.get("movement", "").strip(), given.get("side", "")]
        self.of = ", ".join(part for part in parts if part)
        try:
            self._take(given)
        except TooFewAnswers as few:
            text = _("%(answered)d of %(of)d answered. A score needs at least %(least)d.")
            raise ValidationError(text % {"answered": few.answered, "of": few.of, "least": few.least}) from few
        except CannotScore as refusal:
            raise ValidationError(str(refusal)) from refusal
        return given

    def _take(self, given: dict[str, Any]) -> None:
        if self.by_activity:
            named = [(given[f"name{n}"].strip(), given[f"rate{n}"]) for n in range(1, self.instrument.item_count + 1)]
            self.answers = [[name, rate] for name, rate in named if name and rate is not None]
            if any(rate is not None and not name for name, rate in named):
                raise ValidationError(_("Name the activity beside each number."))
            self.value = score(self.instrument, [rate for _name, rate in self.answers]).value
            return
        numbers = [given.get(name) for name in self.fields if name.startswith("item")]
        total = given.get("total")
        if any(number is not None for number in numbers):
            self.value = score(self.instrument, numbers).value
            self.answers = [["", number] for number in numbers]
            if total is not None and abs(total - self.value) > 0.51:
                text = _("The answers give %(sum)g, the total says %(total)g. Keep one of them.")
                raise ValidationError(text % {"sum": self.value, "total": total})
        elif total is None:
            raise ValidationError(_("Enter the total, or the answers."))
        else:
            self.value = self._plausible(total, bool(given.get("sure")))

    def _plausible(self, total: float, sure: bool) -> float:
        """A questionnaire has ends nobody can pass. A body may surprise us: there we ask, and keep it."""
        high = self.instrument.high
        beyond = total < self.instrument.low or total > (high if high is not None else USUAL_WITHOUT_END)
        if beyond and self.instrument.sort != "measurement":
            ends = {"low": f"{self.instrument.low:g}", "high": f"{high:g}" if high is not None else "…"}
            raise ValidationError(_("This scale runs from %(low)s to %(high)s.") % ends)
        if beyond and not sure:
            self.asks_whether_sure = True
            text = _("%(value)g %(unit)s is beyond what is usual. Check it; tick below to keep it.")
            raise ValidationError(text % {"value": total, "unit": self.instrument.unit})
        self.unusual = beyond
        return total
