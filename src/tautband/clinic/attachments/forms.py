"""The form for adding photos and documents."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tautband.clinic.attachments.actions import LONGEST_TITLE
from tautband.clinic.attachments.taking import LARGEST_BYTES, NotTaken, Taken, take
from tautband.clinic.people.forms import OnceForm

ACCEPT = "image/jpeg,image/png,image/webp,image/gif,application/pdf"
MOST_FILES = 10


class ManyFiles(forms.FileField):
    """Several files at once, each taken in; the value is a list of (name, Taken)."""

    def __init__(self, **options: Any) -> None:
        widget = forms.ClearableFileInput(attrs={"accept": ACCEPT})
        widget.allow_multiple_selected = True  # type: ignore[misc]
        widget.attrs["multiple"] = True
        super().__init__(widget=widget, **options)

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, Taken]]:
        """Each file looked into. Raises ValidationError naming those that cannot be kept."""
        files: list[UploadedFile] = [file for file in (data or []) if file]
        if not files:
            raise forms.ValidationError(_("Choose at least one photo or PDF."))
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("At most %(most)d at once."), params={"most": MOST_FILES})
        taken, wrong = [], []
        for file in files:
            try:
                too_long = (file.size or 0) > LARGEST_BYTES
                taken.append(
                    (
                        file.name or "",
                        take(file.read(LARGEST_BYTES + 1) if not too_long else b" " * (LARGEST_BYTES + 1)),
                    )
                )
            except NotTaken as refusal:
                wrong.append(
                    forms.ValidationError("%(name)s: %(why)s", params={"name": file.name, "why": str(refusal)})
                )
        if wrong:
            raise forms.ValidationError(wrong)
        return taken


class AttachForm(OnceForm):
    """Files and what they show."""

    plain_labels = True

    files = ManyFiles(
        label=_("Photos or PDF documents"),
        help_text=_("Up to 20 MB each. Place and camera are taken out of photos. Nothing is sent anywhere."),
    )
    title = forms.CharField(
        label=_("What do they show?"),
        required=False,
        max_length=LONGEST_TITLE,
        help_text=_("Standing from behind. Letter of the surgeon. Empty: the name of the file."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NameForm(OnceForm):
    """What one of them shows."""

    title = forms.CharField(
        label=_("What it shows"), max_length=LONGEST_TITLE, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
