"""The letter's form: its texts, which rows of what was found go along, and what signing needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tautband.clinic.letters.care import ITEMS
from tautband.clinic.letters.drafting import URGENCIES, Body
from tautband.clinic.letters.models import Sending
from tautband.clinic.people.forms import OnceForm

MOST_SIGNS = 6000
MOST_REPORT_SIGNS = 20_000


def _text(label: Any, rows: int, help_text: Any = "", required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, required=required, max_length=MOST_SIGNS, strip=True, widget=widget, help_text=help_text
    )


class LetterForm(OnceForm):
    """All a letter says. `seen` is the version on the screen."""

    plain_labels = True  # a draft may be empty; what signing needs is said there

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    to_name = forms.CharField(label=_("To"), max_length=120, required=False)
    to_address = _text(_("Address"), 3)
    urgency = forms.ChoiceField(label=_("How soon"), choices=list(URGENCIES.items()), required=False)
    title = forms.CharField(label=_("In one line"), max_length=160, required=False)
    greeting = forms.CharField(label=_("Greeting"), max_length=120, required=False)
    question = _text(_("What you ask"), 3, _("It stands first. Say what you would like to be done."))
    found = forms.TypedMultipleChoiceField(
        label=_("What goes along"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    untested = _text(_("What was not tested"), 2)
    feels = _text(_("What the client feels"), 4)
    thought = _text(_("What you think, and do not know"), 4)
    meanwhile = _text(_("What you do meanwhile"), 3)

    def __init__(self, *args: Any, body: Body, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = [
            (n, f"{row.sign}{f', {row.side}' if row.side else ''}: {row.result}") for n, row in enumerate(body.found)
        ]
        self.fields["found"].choices = rows  # type: ignore[attr-defined]

    def letter(self, body: Body) -> Body:
        """The body with what was typed; only known fields and rows."""
        given = {key: value for key, value in self.cleaned_data.items() if key not in ("key", "seen")}
        return body.with_texts(given, self.cleaned_data["found"])


class ReportForm(OnceForm):
    """The thirteen items of a case report. `seen` is the version on the screen."""

    plain_labels = True

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for key, (label, help_text) in ITEMS.items():
            text = str((self.data or self.initial).get(key, ""))
            rows = min(14, max(2, sum(1 + len(line) // 80 for line in text.splitlines()) + 1))
            self.fields[key] = forms.CharField(
                label=label,
                help_text=help_text,
                required=False,
                max_length=MOST_REPORT_SIGNS,
                widget=forms.Textarea(attrs={"rows": rows}),
            )

    @property
    def items(self) -> list[forms.BoundField]:
        """The items as fields, in order."""
        return [self[key] for key in ITEMS]

    def sections(self) -> dict[str, str]:
        """Item -> text; line ends are told alike whatever the browser sends."""
        return {key: self.cleaned_data[key].replace("\r\n", "\n") for key in ITEMS}


class SendingForm(OnceForm):
    """How a signed letter left."""

    how = forms.ChoiceField(label=_("How it went"), choices=Sending.How.choices, widget=forms.RadioSelect)
