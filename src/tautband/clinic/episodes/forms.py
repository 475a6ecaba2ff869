"""Forms of episodes and goals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tautband.clinic.episodes.models import Closing, Episode, Goal
from tautband.clinic.people.forms import OnceForm
from tautband.clinic.people.models import Client

REGIONS = [
    ("", _("None of these")),
    ("head_jaw", _("Head and jaw")),
    ("neck", _("Neck")),
    ("shoulder", _("Shoulder")),
    ("arm_elbow", _("Upper arm and elbow")),
    ("forearm_hand", _("Forearm and hand")),
    ("thorax", _("Chest")),
    ("upper_back", _("Upper back")),
    ("low_back", _("Low back")),
    ("abdomen", _("Belly")),
    ("pelvis", _("Pelvis")),
    ("hip_buttock", _("Hip and buttock")),
    ("thigh", _("Thigh")),
    ("knee", _("Knee")),
    ("leg", _("Lower leg")),
    ("ankle_foot", _("Ankle and foot")),
]


class EpisodeForm(OnceForm):
    """Take a problem on."""

    plain_labels = True
    title = forms.CharField(label=_("What it is about"), max_length=120)
    region = forms.ChoiceField(label=_("Region"), choices=REGIONS, required=False)
    began = forms.CharField(label=_("Since when, in their words"), max_length=120, required=False)
    returned = forms.ModelChoiceField(
        label=_("The same as before"), queryset=Episode.objects.none(), required=False, empty_label=_("No, it is new")
    )

    def __init__(self, *args: Any, client: Client, **options: Any) -> None:
        super().__init__(*args, **options)
        closed = Episode.objects.filter(client=client, closed_at__isnull=False)
        self.fields["returned"].queryset = closed  # type: ignore[attr-defined]
        if not closed.exists():
            del self.fields["returned"]


class GoalForm(OnceForm):
    """What the client wants to be able to do."""

    text = forms.CharField(label=_("What they want to be able to do again"), max_length=200)


class GoalStateForm(OnceForm):
    """Where a goal stands."""

    plain_labels = True
    state = forms.ChoiceField(choices=Goal.State.choices)
    said = forms.CharField(label=_("In their words"), max_length=200, required=False)


class ClosingForm(OnceForm):
    """Let a problem go."""

    plain_labels = True
    closing = forms.ChoiceField(label=_("How it ends"), choices=Closing.choices, widget=forms.RadioSelect)
    summary = forms.CharField(
        label=_("What is to be remembered"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Drafted from the record. Change what you like."),
    )
