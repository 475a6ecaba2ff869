"""The forms of the diary. Each says what would be right, and is never saved twice."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tautband.clinic.diary import queries
from tautband.clinic.diary.engine import CELL_MIN, instant
from tautband.clinic.diary.models import Appointment, Room, Service
from tautband.clinic.people.forms import OnceForm
from tautband.clinic.people.models import Client, Location, Member

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CLOCK = forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M")


def whole(minutes: int | None) -> int | None:
    """Minutes in steps of five, or the reason."""
    if minutes is not None and minutes % CELL_MIN:
        raise ValidationError(_("Use steps of five minutes, such as 55 or 60."))
    return minutes


class WhenForm(OnceForm):
    """A day and a time on the wall of the place."""

    day = forms.DateField(label=_("Day"), widget=DAY)
    at = forms.TimeField(label=_("Time"), widget=CLOCK)

    zone: ZoneInfo

    def clean_at(self) -> Any:
        """Times lie on steps of five minutes."""
        at = self.cleaned_data["at"].replace(second=0, microsecond=0)
        whole(at.minute)
        return at

    def start(self) -> datetime:
        """The instant that was meant."""
        return instant(self.cleaned_data["day"], self.cleaned_data["at"], self.zone)


class BookForm(WhenForm):
    """A visit, booked by the practice."""

    service = forms.ModelChoiceField(label=_("What"), queryset=Service.objects.none(), empty_label=None)
    member = forms.ModelChoiceField(label=_("With"), queryset=Member.objects.none(), empty_label=None)
    location = forms.ModelChoiceField(label=_("Where"), queryset=Location.objects.none(), required=False)
    room = forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.none(), required=False)
    client = forms.ModelChoiceField(
        label=_("Client"), queryset=Client.objects.none(), required=False, empty_label=_("Somebody new")
    )
    name = forms.CharField(label=_("Name, if new"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    repeat = forms.IntegerField(label=_("Visits in a row"), min_value=1, max_value=26, initial=1, required=False)
    every = forms.TypedChoiceField(
        label=_("Every"),
        coerce=int,
        choices=[(1, _("week")), (2, _("two weeks")), (3, _("three weeks")), (4, _("four weeks"))],
        required=False,
        empty_value=1,
    )
    plain_labels = True

    def __init__(self, *args: Any, by: Member, zone: ZoneInfo, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = zone
        practice = by.practice
        fields: Any = self.fields
        fields["service"].queryset = queries.services_for(practice)
        fields["member"].queryset = queries.therapists(practice)
        fields["location"].queryset = Location.objects.filter(practice=practice, active=True)
        fields["room"].queryset = Room.objects.filter(location__practice=practice, active=True)
        fields["room"].empty_label = _("The first that is free")
        fields["client"].queryset = queries.bookable_clients(by)

    def clean(self) -> dict[str, Any]:
        """Somebody must come."""
        given = super().clean() or {}
        if not given.get("client") and not (given.get("name") or "").strip():
            self.add_error("name", _("Choose a client, or write the name of somebody new."))
        return given


class MoveForm(WhenForm):
    """Another time, length, therapist or room for a visit."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480, validators=[whole])
    member = forms.ModelChoiceField(label=_("With"), queryset=Member.objects.none(), empty_label=None)
    room = forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.none(), required=False, empty_label="-")
    plain_labels = True

    def __init__(self, *args: Any, one: Appointment, zone: ZoneInfo, **options: Any) -> None:
        local = one.start.astimezone(zone)
        options.setdefault(
            "initial",
            {
                "day": local.date(),
                "at": local.time(),
                "minutes": one.minutes,
                "member": one.member_id,
                "room": one.room_id,
            },
        )
        super().__init__(*args, **options)
        self.zone = zone
        fields: Any = self.fields
        fields["member"].queryset = queries.therapists(one.practice)
        fields["room"].queryset = Room.objects.filter(location__practice=one.practice, active=True)


class AwayForm(OnceForm):
    """From when until when somebody is away."""

    member = forms.ModelChoiceField(label=_("Who"), queryset=Member.objects.none(), empty_label=None)
    day = forms.DateField(label=_("From"), widget=DAY)
    at = forms.TimeField(label=_("at"), widget=CLOCK)
    last_day = forms.DateField(label=_("Until"), widget=DAY)
    to = forms.TimeField(label=_("at"), widget=CLOCK)
    label = forms.CharField(
        label=_("What for"), max_length=80, required=False, help_text=_("Colleagues see it. Clients do not.")
    )
    plain_labels = True

    def __init__(self, *args: Any, by: Member, zone: ZoneInfo, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = zone
        members = queries.therapists(by.practice)
        fields: Any = self.fields
        fields["member"].queryset = members if by.sees_contacts else members.filter(pk=by.pk)

    def clean(self) -> dict[str, Any]:
        """It ends after it starts."""
        given = super().clean() or {}
        if {"day", "at", "last_day", "to"} <= set(given):
            given["start"] = instant(given["day"], given["at"], self.zone)
            given["end"] = instant(given["last_day"], given["to"], self.zone, late=True)
            if given["end"] <= given["start"]:
                self.add_error("last_day", _("This lies before the beginning."))
        return given


class GuestForm(OnceForm):
    """Who comes, when somebody books online."""

    plain_labels = True
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Where shall we write to?"),
        help_text=_("One e-mail now, one the day before. Nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone, if you like"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))

    def clean_name(self) -> str:
        """A name, not an advertisement."""
        name = " ".join(self.cleaned_data["name"].split())
        if "http:" in name or "https:" in name or "www." in name:
            raise ValidationError(_("Please write your name only."))
        return name


class WaitForm(OnceForm):
    """Whom to tell when a time comes free."""

    plain_labels = True
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    service = forms.ModelChoiceField(queryset=Service.objects.none(), required=False, widget=forms.HiddenInput)
    wanted = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))
