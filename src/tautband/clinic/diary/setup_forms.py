"""The forms with which the diary is set up."""

import re
from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tautband.clinic.diary import queries
from tautband.clinic.diary.forms import CLOCK, DAY, whole
from tautband.clinic.diary.models import BookingRules, Room, Service, Shift, Who
from tautband.clinic.people.forms import OnceForm, SeveralField
from tautband.clinic.people.models import Location, Member

DAYS = [
    ("MO", _("Monday")),
    ("TU", _("Tuesday")),
    ("WE", _("Wednesday")),
    ("TH", _("Thursday")),
    ("FR", _("Friday")),
    ("SA", _("Saturday")),
    ("SU", _("Sunday")),
]
OFF_MOST = 60
HOST = re.compile(r"https://[a-z0-9.-]+(:\d{1,5})?", re.IGNORECASE)


class ServiceForm(OnceForm):
    """Something that can be booked."""

    plain_labels = True
    name = forms.CharField(label=_("Name"), max_length=80)
    about = forms.CharField(label=_("What a client should know"), max_length=300, required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480, validators=[whole])
    price = forms.DecimalField(label=_("Price"), min_value=0, max_digits=8, decimal_places=2)
    before_min = forms.IntegerField(label=_("Minutes kept free before"), min_value=0, max_value=120, validators=[whole])
    after_min = forms.IntegerField(label=_("Minutes kept free after"), min_value=0, max_value=120, validators=[whole])
    who = forms.ChoiceField(label=_("Who may book it"), choices=Who.choices)
    members = SeveralField(
        label=_("Done by"),
        queryset=Member.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody ticked means everybody."),
    )
    needs_room = forms.BooleanField(label=_("Needs a room"), required=False)
    active = forms.BooleanField(label=_("Offered"), required=False)

    def __init__(self, *args: Any, by: Member, service: Service | None, **options: Any) -> None:
        start: dict[str, Any] = {"minutes": 60, "before_min": 0, "after_min": 15, "needs_room": True, "active": True}
        if service is not None:
            start = {name: getattr(service, name) for name in self.base_fields if hasattr(service, name)}
            start["price"] = Decimal(service.price_minor) / 100
            start["members"] = [one.pk for one in service.members.all()]
        super().__init__(*args, initial=start, **options)
        field: Any = self.fields["members"]
        field.queryset = queries.therapists(by.practice)

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("key", "price")}
        given["members"] = list(given["members"])
        return {**given, "price_minor": int(self.cleaned_data["price"] * 100)}


class RoomForm(OnceForm):
    """A room at a place."""

    plain_labels = True
    name = forms.CharField(label=_("Name"), max_length=60)
    location = forms.ModelChoiceField(label=_("Where"), queryset=Location.objects.none(), empty_label=None)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, by: Member, room: Room | None, **options: Any) -> None:
        start = {"name": room.name, "location": room.location_id, "active": room.active} if room else None
        super().__init__(*args, initial=start, **options)
        field: Any = self.fields["location"]
        field.queryset = Location.objects.filter(practice=by.practice_id, active=True)


class ShiftForm(OnceForm):
    """When somebody works: days of the week, a time, a break, and days off."""

    plain_labels = True
    member = forms.ModelChoiceField(label=_("Who"), queryset=Member.objects.none(), empty_label=None)
    location = forms.ModelChoiceField(label=_("Where"), queryset=Location.objects.none(), required=False)
    days = forms.MultipleChoiceField(label=_("Days"), choices=DAYS, widget=forms.CheckboxSelectMultiple)
    start = forms.TimeField(label=_("From"), widget=CLOCK)
    end = forms.TimeField(label=_("To"), widget=CLOCK)
    pause_from = forms.TimeField(label=_("Break from"), widget=CLOCK, required=False)
    pause_to = forms.TimeField(label=_("to"), widget=CLOCK, required=False)
    every = forms.TypedChoiceField(
        label=_("Every"),
        coerce=int,
        choices=[(1, _("week")), (2, _("second week")), (3, _("third week")), (4, _("fourth week"))],
    )
    first = forms.DateField(label=_("First day"), widget=DAY)
    last = forms.DateField(label=_("Last day, if there is one"), widget=DAY, required=False)
    off = forms.CharField(
        label=_("Days off"),
        required=False,
        max_length=900,
        help_text=_("Dates such as 2026-12-24, with spaces between."),
    )
    online = forms.BooleanField(label=_("Can be booked online"), required=False, initial=True)

    def __init__(self, *args: Any, by: Member, shift: Shift | None, **options: Any) -> None:
        start: dict[str, Any] = {
            "member": by.pk,
            "days": ["MO", "TU", "WE", "TH", "FR"],
            "start": time(9),
            "end": time(17),
            "pause_from": time(12),
            "pause_to": time(12, 45),
            "first": timezone.localdate(),
            "location": Location.objects.filter(practice=by.practice_id, active=True)
            .values_list("pk", flat=True)
            .first(),
        }
        if shift is not None:
            start = _as_initial(shift)
        super().__init__(*args, initial=start, **options)
        people = queries.therapists(by.practice)
        fields: Any = self.fields
        fields["member"].queryset = people if by.sees_contacts else people.filter(pk=by.pk)
        fields["location"].queryset = Location.objects.filter(practice=by.practice_id, active=True)

    def clean_off(self) -> list[str]:
        """Every word is a date."""
        words = self.cleaned_data["off"].replace(",", " ").split()
        try:
            found = sorted({date.fromisoformat(word).isoformat() for word in words})
        except ValueError as refusal:
            raise ValidationError(_("Write each day as 2026-12-24.")) from refusal
        if len(found) > OFF_MOST:
            raise ValidationError(_("So many days: better end these hours and begin new ones."))
        return found

    def clean(self) -> dict[str, Any]:
        """A break lies within the hours, and the last day after the first."""
        given = super().clean() or {}
        low, high = given.get("pause_from"), given.get("pause_to")
        if bool(low) != bool(high) or (low and high and low >= high):
            self.add_error("pause_to", _("A break needs a beginning and, later, an end."))
        if given.get("start") and given.get("start") == given.get("end"):
            self.add_error("end", _("This is the time it begins."))
        if given.get("last") and given.get("first") and given["last"] < given["first"]:
            self.add_error("last", _("This lies before the first day."))
        return given

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        low, high = given["pause_from"], given["pause_to"]
        return {
            **{name: given[name] for name in ("member", "location", "start", "end", "first", "last", "off", "online")},
            "rule": f"FREQ=WEEKLY;INTERVAL={given['every']};BYDAY={','.join(given['days'])}",
            "breaks": [[f"{low:%H:%M}", f"{high:%H:%M}"]] if low else [],
        }


def _as_initial(shift: Shift) -> dict[str, Any]:
    parts = dict(part.split("=", 1) for part in shift.rule.split(";") if "=" in part)
    low, high = next(iter(shift.breaks), (None, None))
    return {
        **{name: getattr(shift, name) for name in ("start", "end", "first", "last", "online")},
        "member": shift.member_id,
        "location": shift.location_id,
        "days": parts.get("BYDAY", "").split(","),
        "every": parts.get("INTERVAL", "1"),
        "pause_from": time.fromisoformat(low) if low else None,
        "pause_to": time.fromisoformat(high) if high else None,
        "off": " ".join(shift.off),
    }


class RulesForm(OnceForm, forms.ModelForm):
    """How the practice lets itself be booked."""

    plain_labels = True

    class Meta:
        """All but the practice."""

        model = BookingRules
        fields = (
            "online",
            "welcome",
            "notice_h",
            "horizon_days",
            "hold_min",
            "per_address",
            "free_until_h",
            "late_percent",
            "missed_percent",
            "currency",
            "remind_h",
            "quiet_from",
            "quiet_to",
            "framed",
            "frame_hosts",
        )
        widgets = {"quiet_from": CLOCK, "quiet_to": CLOCK}

    def clean_currency(self) -> str:
        """Three letters."""
        code = self.cleaned_data["currency"].upper()
        if len(code) != 3 or not code.isalpha():
            raise ValidationError(_("Use three letters, such as EUR or NOK."))
        return str(code)

    def clean_frame_hosts(self) -> str:
        """Addresses of websites, nothing that could change another rule of the page."""
        hosts = self.cleaned_data["frame_hosts"].split()
        if not all(HOST.fullmatch(host) for host in hosts):
            raise ValidationError(_("Write each as https://www.example.org, with spaces between."))
        return " ".join(hosts)
