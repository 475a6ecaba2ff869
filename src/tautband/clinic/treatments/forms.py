"""The forms of the treatments room. Each says what would be right; nothing typed is lost."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tautband.clinic.people.forms import OnceForm
from tautband.clinic.people.models import Client
from tautband.clinic.treatments.actions import MOST_SIGNS
from tautband.clinic.treatments.drafting import DECLINED, REGIONS, SECTIONS
from tautband.clinic.treatments.inside import PLACES, place_words
from tautband.clinic.treatments.phrases import CODE
from tautband.clinic.treatments.plans import BY_HAND, LEAST_TOTAL, MOST_TOTAL
from tautband.knowledge import atlas
from tautband.planning import Choice, OwnStep, offers
from tautband.planning.declined import WISHES
from tautband.terms.sides import Side

MOST_GOALS = 3
MOST_WAY_STEPS = 8
TOO_LONG = gettext_lazy("This is %(have)s signs long; %(most)s fit here. Nothing was cut: shorten it and save again.")


def _whole(label: Any, low: int, high: int, help_text: Any = "") -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": low, "max": high})
    wrong = {
        name: _("Give a whole number from %(low)d to %(high)d.") % {"low": low, "high": high}
        for name in ("invalid", "min_value", "max_value", "required")
    }
    return forms.IntegerField(
        label=label, min_value=low, max_value=high, help_text=help_text, widget=widget, error_messages=wrong
    )


class LimitsForm(forms.Form):
    """What the plan must keep to: minutes, the client's tolerance, what the client does not want touched today."""

    minutes = _whole(gettext_lazy("Minutes left, with home and note"), LEAST_TOTAL, MOST_TOTAL)
    tolerance = _whole(gettext_lazy("Most discomfort, of 10"), 1, 10)
    protocol = forms.ChoiceField(label=gettext_lazy("Protocol"), required=False)
    since = forms.DateField(
        label=gettext_lazy("Began, or day of injury or operation"),
        required=False,
        help_text=gettext_lazy("About is enough. It decides how many visits are proposed, and which stage is usual."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    excluded = forms.MultipleChoiceField(
        label=gettext_lazy("Not to be touched today"),
        required=False,
        choices=list(REGIONS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    declined = forms.MultipleChoiceField(
        label=gettext_lazy("Not wanted"),
        required=False,
        choices=[(key, DECLINED[key]) for key in WISHES],
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_since(self) -> str:
        """ISO 8601; empty where it is not known."""
        day: date | None = self.cleaned_data["since"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        return day.isoformat() if day else ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        named = [(protocol.id, protocol.name.en) for protocol in atlas().protocols if protocol.stage == "usual"]
        choices = [("", _("The one that fits best")), *named, (BY_HAND, _("None: fill it by hand")), *_staged()]
        self.fields["protocol"].choices = choices  # type: ignore[attr-defined]


def _staged() -> list[tuple[str, list[tuple[str, str]]]]:
    """Staged protocols, in groups: after an injury, after an operation, for sport and dance."""
    titles = {
        "acute": _("After an injury"),
        "post_operative": _("After an operation"),
        "prevention": _("Sport and dance, before it hurts"),
    }
    groups: dict[str, list[tuple[str, str]]] = {}
    for offer in offers(atlas()):
        name = f"{offer.name}: {offer.stage}" if offer.stage else offer.name
        groups.setdefault(titles[offer.kind], []).append((offer.id, name))
    return list(groups.items())


class GoalsForm(forms.Form):
    """What the client wants to be able to do again, one a line."""

    goals = forms.CharField(
        label=gettext_lazy("Goals, in the client’s words"),
        help_text=gettext_lazy("One a line, three at most. The series ends when they are reached."),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_goals(self) -> tuple[str, ...]:
        """At most three lines."""
        lines = tuple(line.strip() for line in self.cleaned_data["goals"].splitlines() if line.strip())
        if len(lines) > MOST_GOALS:
            raise ValidationError(_("Three goals at most. Keep those that matter most."))
        return lines


class OverrideForm(forms.Form):
    """Why a closed step is done all the same."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is done all the same"),
        max_length=400,
        error_messages={"required": gettext_lazy("Give the reason. It stands in the note with your name.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class LicenceForm(OnceForm):
    """A therapist's licence to work inside the body, as they state it."""

    issuer = forms.CharField(label=gettext_lazy("Who gave it"), max_length=160)
    number = forms.CharField(label=gettext_lazy("Its number"), max_length=80)
    expires_on = forms.DateField(
        label=gettext_lazy("Valid until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    places = forms.MultipleChoiceField(
        label=gettext_lazy("It allows work"),
        choices=[(place, place_words(place)) for place in PLACES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick what it allows, or take the licence back.")},
    )

    def clean_expires_on(self) -> date:
        """A licence that has run out opens nothing."""
        day: date = self.cleaned_data["expires_on"]
        if day < timezone.localdate():
            raise ValidationError(_("This day is over. Give the licence that is valid now."))
        return day


class InsideForm(OnceForm):
    """What the client signs about work inside the body: name, and who is with them."""

    place = forms.ChoiceField(choices=[(place, place) for place in PLACES], widget=forms.HiddenInput)
    signed = forms.CharField(
        label=gettext_lazy("Name, written by the client"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
        error_messages={"required": gettext_lazy("The client writes their own name. Without it nothing is signed.")},
    )
    company = forms.ChoiceField(
        label=gettext_lazy("Somebody with them"),
        choices=[
            ("", gettext_lazy("Ask the client")),
            ("with", gettext_lazy("Yes")),
            ("alone", gettext_lazy("Asked, and not wanted")),
        ],
        error_messages={"required": gettext_lazy("Ask whether the client wants somebody in the room.")},
    )
    chaperone = forms.CharField(label=gettext_lazy("Who"), max_length=120, required=False)
    read = forms.BooleanField(
        label=gettext_lazy("The client has read the text above, or it was read to them"),
        error_messages={"required": gettext_lazy("The client reads it first.")},
    )

    def clean(self) -> dict[str, Any]:
        """Whoever is with them has a name."""
        cleaned = super().clean() or {}
        if cleaned.get("company") == "with" and not (cleaned.get("chaperone") or "").strip():
            self.add_error("chaperone", _("Write who is with them."))
        if cleaned.get("company") == "alone":
            cleaned["chaperone"] = ""
        return cleaned


class WayForm(OnceForm):
    """A therapist's own steps of a technique, as rows; rows without words are left out."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, steps: Sequence[OwnStep] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        for n in range(MOST_WAY_STEPS):
            step = steps[n] if n < len(steps) else None
            self.fields[f"do_{n}"] = forms.CharField(
                label=_("What you do"), max_length=300, required=False, initial=step.do if step else ""
            )
            self.fields[f"say_{n}"] = forms.CharField(
                label=_("What you say"), max_length=200, required=False, initial=step.say if step else ""
            )
            self.fields[f"seconds_{n}"] = _whole(_("Seconds"), 1, 1800)
            self.fields[f"seconds_{n}"].required = False
            self.fields[f"seconds_{n}"].initial = round(step.seconds) if step else None
            self.fields[f"asks_{n}"] = forms.BooleanField(
                label=_("Ask for a number of 10"), required=False, initial=bool(step and step.asks_number)
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields, row by row."""
        names = ("do", "say", "seconds", "asks")
        return [{name: self[f"{name}_{n}"] for name in names} | {"n": n + 1} for n in range(MOST_WAY_STEPS)]

    def clean(self) -> dict[str, Any]:
        """A step that is timed or said says what is done."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for n in range(MOST_WAY_STEPS):
            says_more = given.get(f"say_{n}") or given.get(f"seconds_{n}")
            if says_more and not given.get(f"do_{n}"):
                self.add_error(f"do_{n}", _("Say what you do in this step, or empty the row."))
            if given.get(f"do_{n}") and not given.get(f"seconds_{n}") and f"seconds_{n}" not in self.errors:
                self.add_error(f"seconds_{n}", _("Say how many seconds it takes."))
        return given

    def steps(self) -> tuple[OwnStep, ...]:
        """The rows that were filled."""
        given = self.cleaned_data
        return tuple(
            OwnStep(given[f"do_{n}"], given[f"say_{n}"], float(given[f"seconds_{n}"]), given[f"asks_{n}"])
            for n in range(MOST_WAY_STEPS)
            if given[f"do_{n}"]
        )


class StepForm(OnceForm):
    """A step added by hand."""

    target = forms.CharField(max_length=120, error_messages={"required": gettext_lazy("Choose what to treat.")})
    technique = forms.ChoiceField(
        label=gettext_lazy("Technique"),
        error_messages={"required": gettext_lazy("Choose how."), "invalid_choice": gettext_lazy("Choose how.")},
    )
    side = forms.ChoiceField(
        label=gettext_lazy("Side"),
        choices=[("right", gettext_lazy("Right")), ("left", gettext_lazy("Left")), ("bilateral", gettext_lazy("Both"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a side.")},
    )
    minutes = _whole(gettext_lazy("Minutes"), 1, 60)
    position = forms.CharField(label=gettext_lazy("Position"), max_length=120, required=False)
    sure_of_side = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        named = [(technique.id, technique.name.en) for technique in atlas().techniques]
        self.fields["technique"].choices = [("", _("Choose")), *named]  # type: ignore[attr-defined]

    def clean_target(self) -> str:
        """Something of the atlas that hands can treat."""
        target: str = atlas().current(self.cleaned_data["target"])
        if target not in atlas() or target.partition(".")[0] not in ("muscle", "trp", "joint", "entrapment", "tissue"):
            raise ValidationError(_("The atlas has no such muscle. Choose one from the list."))
        return target

    def choice(self) -> Choice:
        """The step as planning takes it."""
        given = self.cleaned_data
        return Choice(
            "treat",
            given["target"],
            Side(given["side"]),
            given["technique"],
            given["position"],
            given["minutes"] * 60,
            _("added by hand"),
            "hand",
        )


class ConsentForm(OnceForm):
    """What was told, and that the client agreed. Whole or not at all."""

    told_areas = forms.BooleanField(label=gettext_lazy("Told which areas will be touched"))
    told_touch = forms.BooleanField(label=gettext_lazy("Told what the touch is like, and how strong"))
    told_stop = forms.BooleanField(label=gettext_lazy("Told: you can stop at any time, without a reason"))
    agreed = forms.BooleanField(label=gettext_lazy("The client agreed"))
    guardian = forms.CharField(
        label=gettext_lazy("Parent or guardian who agreed, by name"),
        max_length=120,
    )

    again = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, minor: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if minor:
            self.fields["agreed"].label = _("The parent or guardian agreed, and the client too")
            needed = _("The client is under 18: write who agreed for them.")
            self.fields["guardian"].error_messages["required"] = needed
        else:
            del self.fields["guardian"]

    @property
    def ticks(self) -> list[forms.BoundField]:
        """What is ticked."""
        return [self[name] for name in ("told_areas", "told_touch", "told_stop", "agreed")]


class NoteForm(OnceForm):
    """The four sections. `seen` is the version on the screen, `drafted` what it was drafted from."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    said = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    drafted = forms.JSONField(required=False, widget=forms.HiddenInput)
    subjective = forms.CharField(label=gettext_lazy("Said"), required=False, strip=False)
    objective = forms.CharField(label=gettext_lazy("Found"), required=False, strip=False)
    assessment = forms.CharField(label=gettext_lazy("Thought"), required=False, strip=False)
    plan = forms.CharField(label=gettext_lazy("Plan"), required=False, strip=False)

    def clean(self) -> dict[str, Any]:
        """Long is fine, a book is not; line ends are told alike whatever the browser sends."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for key in SECTIONS:
            text = given.get(key, "").replace("\r\n", "\n").replace("\r", "\n")
            given[key] = text
            if len(text) > MOST_SIGNS:
                self.add_error(
                    key, ValidationError(TOO_LONG, params={"have": f"{len(text):,}", "most": f"{MOST_SIGNS:,}"})
                )
        given["said"] = given.get("said", "").replace("\r\n", "\n")
        return given

    def clean_drafted(self) -> dict[str, list[str]]:
        """Section -> lines; anything else is not from this page."""
        given = self.cleaned_data["drafted"] or {}
        if not isinstance(given, dict) or not all(isinstance(given.get(key, []), list) for key in SECTIONS):
            raise ValidationError(_("This page is too old. Load it again."))
        return {key: [str(line) for line in given.get(key, [])] for key in SECTIONS}

    def sections(self) -> dict[str, str]:
        """Section -> text."""
        return {key: self.cleaned_data[key] for key in SECTIONS}


class MoveForm(OnceForm):
    """Into which chart a visit belongs, and why it is moved."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("The right client"),
        queryset=Client.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choose the client this was written about."),
            "invalid_choice": gettext_lazy("Choose a client whose chart you may open."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("It stands in both charts."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Say in a few words how it came about.")},
    )


class PhraseForm(OnceForm):
    """A ready sentence with its code."""

    plain_labels = True

    code = forms.CharField(
        label=gettext_lazy("Short code"),
        help_text=gettext_lazy("A few letters you will remember. In a note, type a point before it: .arm"),
        max_length=17,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What it writes"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    section = forms.ChoiceField(
        label=gettext_lazy("Offered in"),
        required=False,
        choices=[
            ("", gettext_lazy("Every section")),
            ("subjective", gettext_lazy("Said")),
            ("objective", gettext_lazy("Found")),
            ("assessment", gettext_lazy("Thought")),
            ("plan", gettext_lazy("Plan")),
        ],
    )
    shared = forms.BooleanField(label=gettext_lazy("For everybody in the practice"), required=False)

    def __init__(self, *args: Any, may_share: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_share:
            del self.fields["shared"]

    def clean_code(self) -> str:
        """Small letters, digits and hyphens; a point that was typed with it is not part of it."""
        code: str = self.cleaned_data["code"].strip().lstrip(".").lower()
        if not CODE.fullmatch(code):
            raise ValidationError(_("Use up to 16 letters a to z, digits and hyphens, beginning with a letter."))
        return code

    def clean_text(self) -> str:
        """Line ends are told alike whatever the browser sends."""
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        return text


class CorrectionForm(OnceForm):
    """A dated correction below a signed note."""

    text = forms.CharField(
        label=gettext_lazy("Correction"),
        help_text=gettext_lazy("It stands below the note with today’s date and your name. The note stays as it is."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write what is to be corrected.")},
    )

    def clean_text(self) -> str:
        """Long is fine, a book is not."""
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        if len(text) > MOST_SIGNS:
            raise ValidationError(TOO_LONG, params={"have": f"{len(text):,}", "most": f"{MOST_SIGNS:,}"})
        return text
