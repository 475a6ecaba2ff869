"""The forms of the people room. Each says what would be right, and carries a key so it is never saved twice."""

import itertools
import re
import uuid
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.forms import SetPasswordForm as DjangoSetPasswordForm
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tautband.clinic.people.actions import CLIENT_FIELDS
from tautband.clinic.people.models import (
    CLINICAL_ROLES,
    COSIGNING_ROLES,
    SIGNING_ROLES,
    Client,
    Member,
    RecordedSex,
    Role,
    User,
)

OLDEST_YEARS = 120
NOTES_MAX = 20_000
FIRST_DAY, LAST_DAY = date(1880, 1, 1), date(2999, 12, 31)
"""No form means a day outside these, and the arithmetic of time zones ends near the year 9999."""


def new_key() -> str:
    """A fresh idempotency key for one opened form."""
    return uuid.uuid4().hex


def _within_calendar(day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(_("Write the year with four digits, between 1880 and 2999."))


class SeveralField(forms.ModelMultipleChoiceField):
    """Several of what is offered. A number too large for any database is no such thing, and never a fault of ours."""

    def clean(self, value: Any) -> Any:
        """The chosen rows. Raises ValidationError for what is not offered."""
        try:
            return super().clean(value)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid_choice"], params={"value": value}) from None


USUAL_REQUIRED = forms.Field.default_error_messages["required"]
"""Django's own words; a field that brings its own keeps them."""


class OnceForm(forms.Form):
    """A form with an idempotency key: sent twice, it is saved once."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False, initial=new_key)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if field.required and field.error_messages["required"] == USUAL_REQUIRED:
                field.error_messages["required"] = _("This is needed.")
            if isinstance(field, forms.DateField):
                field.validators = [*field.validators, _within_calendar]

    def fresh(self) -> None:
        """Give the bound form a new key, so that sending it again is a new wish."""
        self.data = self.data.copy()
        self.data[self.add_prefix("key")] = new_key()


def _login_field(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=150, help_text=help_text, widget=widget)


def clean_new_login(login: str) -> str:
    """Return the sign-in name if it is well formed and free. Raises ValidationError with what to do."""
    login = login.strip()
    if "@" in login:
        forms.EmailField().clean(login)
    else:
        User.username_validator(login)
    if User.objects.filter(Q(username__iexact=login) | Q(email__iexact=login)).exists():
        raise ValidationError(_("Somebody already signs in with this. Choose another."))
    return login


class FirstVisitForm(OnceForm):
    """Practice and owner in one page."""

    practice_name = forms.CharField(
        label=_("Practice name"),
        max_length=120,
        help_text=_("Clients see this on notes and letters."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    owner_name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("It signs your notes."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    login = _login_field(_("E-mail or user name"), _("To sign in with. Nothing is sent to it."))
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters. A short sentence is easy to remember."),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_login(self) -> str:
        """Well formed and free."""
        return clean_new_login(self.cleaned_data["login"])

    def clean_password(self) -> str:
        """Strong enough, and not the sign-in name again."""
        login = self.data.get(self.add_prefix("login"), "")
        validate_password(self.cleaned_data["password"], User(username=login, email=login if "@" in login else ""))
        return str(self.cleaned_data["password"])


class PracticeForm(OnceForm):
    """Name and emergency number."""

    name = forms.CharField(label=_("Practice name"), max_length=120)
    emergency_number = forms.CharField(
        label=_("Emergency number here"),
        required=False,
        max_length=20,
        help_text=_("Shown when a client needs help at once, such as 112 or 911."),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )


class TherapistForm(OnceForm):
    """A colleague who will choose a password by a one-time link."""

    display_name = forms.CharField(label=_("Name"), max_length=120, help_text=_("It signs their notes."))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.THERAPIST, required=False)
    login = _login_field(_("E-mail or user name"), _("To sign in with. Nothing is sent to it."))

    def clean_login(self) -> str:
        """Well formed and free."""
        return clean_new_login(self.cleaned_data["login"])


class MemberForm(OnceForm):
    """A colleague's name, role and supervisor."""

    display_name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        help_text=_(
            "Therapists and supervisors sign. Assistants record and do not sign. Reception has diary and contact, "
            "never a chart."
        ),
    )
    supervisor = forms.ModelChoiceField(
        label=_("Supervisor"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("May open the charts of this person and sign beside them."),
    )

    def __init__(self, *args: Any, member: Member, **options: Any) -> None:
        super().__init__(*args, **options)
        colleagues = Member.objects.filter(practice=member.practice_id, active=True, role__in=COSIGNING_ROLES)
        self.fields["supervisor"].queryset = colleagues.exclude(pk=member.pk)  # type: ignore[attr-defined]


def _zones() -> list[tuple[str, Any]]:
    return [("", _("As on this computer")), *((name, name) for name in sorted(available_timezones()) if "/" in name)]


class LocationForm(OnceForm):
    """A place where the practice works."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Harbour Lane, second floor."))
    address = forms.CharField(
        label=_("Address"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones, required=False)
    active = forms.BooleanField(label=_("We work here"), required=False, initial=True)


class AccessForm(OnceForm):
    """What the owner asks of everybody: second step, lock, who sees what; and how the practice writes."""

    second_step_from = forms.DateField(
        label=_("Everybody needs a second step from"),
        required=False,
        help_text=_("Until then it is only asked for. From that day nobody works without one."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    lock_after_min = forms.IntegerField(
        label=_("Lock a screen after (minutes)"),
        min_value=1,
        max_value=60,
        error_messages={"min_value": _("At least one minute."), "max_value": _("At most 60 minutes.")},
    )
    own_notes_only = forms.BooleanField(
        label=_("Colleagues on a care team read only their own visits"),
        required=False,
        help_text=_("The keeper of a chart reads all of it."),
    )
    reason_opens = forms.BooleanField(
        label=_("Therapists may open a colleague’s chart for a day, with a reason"),
        required=False,
        help_text=_("Owners and supervisors always may. The reason stays in the record, and the keeper is told."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone of the practice"), choices=_zones, required=False)
    languages = forms.CharField(
        label=_("Languages spoken here"),
        max_length=60,
        required=False,
        help_text=_("Codes with a space between, preferred first: en nb de"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    mail_from_name = forms.CharField(
        label=_("Name on e-mails"), max_length=120, required=False, help_text=_("Else the practice’s name.")
    )
    public_address = forms.URLField(
        label=_("Address under which clients reach these pages"),
        required=False,
        assume_scheme="https",
        help_text=_("Such as https://booking.example.org. Links in e-mails begin with it."),
        error_messages={"invalid": _("Write it whole, such as https://booking.example.org")},
    )
    heads_to = forms.EmailField(
        label=_("Mail the seal of the record once a day to"),
        required=False,
        help_text=_("Somebody outside, such as your accountant: then even a cut-off end would show. It holds no name."),
    )

    def clean_public_address(self) -> str:
        """Scheme and host, perhaps a port: pages are added to it."""
        given = self.cleaned_data["public_address"].rstrip("/")
        parts = urlsplit(given)
        if given and (parts.path or parts.query or parts.fragment or parts.username):
            raise ValidationError(_("Only the beginning, without a page: https://booking.example.org"))
        return given

    def clean_languages(self) -> list[str]:
        """Two or three letters each, perhaps with a region."""
        codes = self.cleaned_data["languages"].replace(",", " ").split()
        wrong = [code for code in codes if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?", code)]
        if wrong:
            raise ValidationError(
                _("%(code)s is no language code. Write two letters, such as en."), params={"code": wrong[0]}
            )
        return list(dict.fromkeys(code.lower() for code in codes))


class ClientForm(OnceForm, forms.ModelForm):  # type: ignore[type-arg]
    """A client's details. Only the name is needed; what is not known stays open."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    notes = forms.CharField(
        label=_("Good to know"),
        required=False,
        help_text=_("How to address them, what to avoid, who drives them. No clinical findings; those go in a visit."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        """Fields in the order they are asked."""

        model = Client
        fields = CLIENT_FIELDS
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "birth_date": forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
            "recorded_sex": forms.RadioSelect,
            "phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "recorded_sex": _("Only used where anatomy makes a source possible or not."),
            "occupation": _("Violinist, four hours a day. Warehouse, lifts to the left."),
        }
        error_messages = {"birth_date": {"invalid": _("Write the day as year-month-day, such as 1974-03-21.")}}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["version"].initial = self.instance.version
        self.fields["birth_date"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.fields["recorded_sex"].choices = RecordedSex.choices  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """One line, spaces tidied."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_birth_date(self) -> date | None:
        """Not in the future, and not older than anybody alive."""
        born: date | None = self.cleaned_data["birth_date"]
        if born is None:
            return None
        today = timezone.localdate()
        if born > today:
            raise ValidationError(_("That day is still to come. Check the year?"))
        if born < today - timedelta(days=int(OLDEST_YEARS * 365.25)):
            raise ValidationError(_("That is more than 120 years ago. Check the year?"))
        return born

    def clean_notes(self) -> str:
        """Long is fine, a book is not; what was typed stays in the field."""
        notes: str = self.cleaned_data["notes"]
        if len(notes) > NOTES_MAX:
            raise ValidationError(
                _("This is %(have)s signs long; %(most)s fit here. Nothing was cut: shorten it and save again."),
                params={"have": f"{len(notes):,}", "most": f"{NOTES_MAX:,}"},
            )
        return notes

    def values(self) -> dict[str, Any]:
        """The cleaned client fields alone, as `create_client` and `change_client` take them."""
        return {name: self.cleaned_data[name] for name in CLIENT_FIELDS}


class KeeperForm(forms.Form):
    """Whose chart it will be, when reception or an assistant adds a client."""

    keeper = forms.ModelChoiceField(
        label=_("Who treats them"),
        queryset=Member.objects.none(),
        empty_label=_("Choose a colleague"),
        error_messages={"required": _("Choose who will keep the chart.")},
    )

    def __init__(self, *args: Any, member: Member, **options: Any) -> None:
        super().__init__(*args, **options)
        keepers = Member.objects.filter(practice=member.practice_id, active=True, role__in=SIGNING_ROLES)
        self.fields["keeper"].queryset = keepers  # type: ignore[attr-defined]


class HandOverForm(KeeperForm, OnceForm):
    """Who keeps the chart from now on."""


class ShareForm(OnceForm):
    """Choose a colleague to share a chart with."""

    member = forms.ModelChoiceField(
        label=_("Share with"), queryset=Member.objects.none(), empty_label=_("Choose a colleague")
    )

    def __init__(self, *args: Any, client: Client, **options: Any) -> None:
        super().__init__(*args, **options)
        others = Member.objects.filter(practice=client.practice_id, active=True, role__in=CLINICAL_ROLES).exclude(
            care__in=client.team.filter(until=None)
        )
        self.fields["member"].queryset = others  # type: ignore[attr-defined]


class ReasonForm(OnceForm):
    """Why the owner opens a colleague's chart."""

    reason = forms.CharField(
        label=_("Why do you open this chart?"),
        max_length=500,
        help_text=_("In your words. It is written in the record, and your colleague can read it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TraceForm(forms.Form):
    """Narrow the list of who looked and who changed what. Nothing in it is needed."""

    by = forms.ChoiceField(label=_("Who"), required=False)
    kind = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[
            ("", _("Everything")),
            ("looked", _("Looked")),
            ("changed", _("Changed")),
            ("opened", _("Opened with a reason, or exported")),
        ],
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["by"].choices = [("", _("Everybody")), *people]  # type: ignore[attr-defined]


class SignInForm(LoginForm):  # type: ignore[misc]
    """Sign in with e-mail or user name."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"].label = _("E-mail or user name")
        self.fields["login"].widget.attrs.update({"autocapitalize": "none", "spellcheck": "false"})
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]
    """Change one's password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["oldpassword"].label = _("Password now")
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = _("At least 12 characters. A short sentence is easy to remember.")
        self.fields["password2"].label = _("New password again")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SetPasswordForm(DjangoSetPasswordForm):  # type: ignore[type-arg]
    """The first password, by one-time link."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["new_password1"].label = _("Password")
        self.fields["new_password1"].help_text = " ".join(password_validators_help_texts()[:1])
        self.fields["new_password2"].label = _("Password again")
        self.fields["new_password2"].help_text = ""


# --- The second step ----------------------------------------------------------------------------------------------


def _plain_code(form: forms.Form, label: Any) -> None:
    field = form.fields["code"]
    field.label = label
    field.max_length = 20  # type: ignore[attr-defined]
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update({"inputmode": "numeric", "autocapitalize": "none", "spellcheck": "false"})


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """A code of the app, or a recovery code, at sign-in."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain_code(self, _("Code"))


class CodeAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The same, before something that matters."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain_code(self, _("Code"))


class ActivateAppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code proves that the app was set up."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain_code(self, _("The six digits it shows"))


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey of this device."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("What to call it")
        self.fields["credential"].label = _("Passkey")
        self.fields["credential"].error_messages["required"] = _("The device made none. Try again.")
        self.fields["name"].help_text = _("So that you know it again: phone, tablet in room two.")


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("What to call it")


class PinForm(OnceForm):
    """Six digits that open a locked screen."""

    pin = forms.RegexField(
        r"^[0-9]{6}$",
        label=_("Six digits"),
        help_text=_("Not a birthday, not all alike. After five wrong tries it takes the password."),
        error_messages={"invalid": _("Type six digits.")},
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "6"}),
    )

    def clean_pin(self) -> str:
        """Not one that everybody tries first."""
        pin: str = self.cleaned_data["pin"]
        steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
        if steps <= {0} or steps == {1} or steps == {9}:
            raise ValidationError(_("That one is tried first by everybody. Choose another."))
        return pin
