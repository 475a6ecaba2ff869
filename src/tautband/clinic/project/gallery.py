"""Sample values for the gallery page: every component in every state. Invented, to show form."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from tautband.clinic.project.drawing import STEPS

ICONS = (
    *("check", "activity", "archive", "calendar", "clipboard-list", "clock", "eye", "file-text", "hand", "history"),
    *("house", "info", "layers", "lock", "mic", "notebook-pen", "paintbrush", "pencil", "printer", "search"),
    *("settings", "shield", "stethoscope", "sun", "moon", "user", "users"),
)


class SampleForm(forms.Form):
    """Fields of each kind."""

    held_s = forms.IntegerField(
        label=_("Held for, seconds"),
        max_value=120,
        error_messages={"max_value": _("Longest hold is 120. Did you mean 90?")},
    )
    words = forms.CharField(label=_("In their words"), help_text=_("As it was said."), required=False)
    sex = forms.ChoiceField(
        label=_("Sex in the record"),
        choices=[("female", _("Female")), ("male", _("Male")), ("not_stated", _("Not stated"))],
        widget=forms.RadioSelect,
        required=False,
    )


def samples() -> dict[str, Any]:
    """Context of the gallery."""
    wrong = SampleForm({"held_s": "900", "words": "", "sex": "not_stated"})
    wrong.is_valid()
    return {
        "hour_done": ("story", "suspects"),
        "hour_urls": {key: f"#{key}" for key in STEPS},
        "wrong": wrong,
        "form": SampleForm(initial={"sex": "female"}),
        "layers": ("pain", "numbness", "tingling", "allodynia", "unexplained"),
        "verdicts": (
            ("changed", _("beyond error")),
            ("not_proven", _("matters, within error")),
            ("noise", _("within error")),
            ("no_verdict", _("error not on file")),
        ),
        "grades": ("expert_opinion", "case_series", "cohort", "trial"),
        "states": (
            ("saved", "", _("On disk. Nothing else is called saved.")),
            ("saving", "", _("Shown only after one second.")),
            ("offline", "", _("Twelve changes wait on this tablet.")),
            ("not_saved", _("Not saved: disk full"), _("Still on screen. Free space, then try again.")),
        ),
        "icons": ICONS,
        "themes": (("light", _("Light")), ("dark", _("Dark")), ("room", _("Room"))),
    }
