"""One-time links with which somebody chooses a password. Used once, or after three days, they are dead."""

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from tautband.clinic.people.models import User


def password_path(user: User) -> str:
    """The path (no host) of a set-password link for this account."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("people:set_password", args=[uid, default_token_generator.make_token(user)])
