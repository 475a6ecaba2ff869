"""Forms of the published pages."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tautband.clinic.people.forms import OnceForm


class ArticleForm(OnceForm):
    """An article in Markdown."""

    plain_labels = True
    title = forms.CharField(label=_("Title"), max_length=120)
    body = forms.CharField(
        label=_("Text"),
        max_length=60_000,
        help_text=_("Markdown: an empty line makes a paragraph, ## a heading, - a list."),
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class _ForPeople(OnceForm):
    """A form with a field that people do not see and machines fill in."""

    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def clean_website(self) -> str:
        """Empty, or a machine wrote it."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave the last field empty."))
        return ""


class CommentForm(_ForPeople):
    """A comment; it waits until somebody has read it."""

    plain_labels = True
    name = forms.CharField(label=_("A name to show"), max_length=60)
    text = forms.CharField(
        label=_("Comment"),
        max_length=2_000,
        help_text=_("Everybody can read it. Nothing about your own health here: write to your therapist instead."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NewsForm(_ForPeople):
    """The first yes."""

    email = forms.EmailField(label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class NewsletterForm(OnceForm):
    """One number."""

    subject = forms.CharField(label=_("Subject"), max_length=120)
    body = forms.CharField(label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}))
