"""What the programme's tests share: a browser that a client is in with."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.conf import settings
from django.test import Client as Browser

from tautband.clinic.people.clientdoor import SESSION_KEY
from tautband.clinic.people.models import Client


@pytest.fixture
def phone_of() -> Callable[[Client], Browser]:
    """A test browser in which a client is in, as `clientdoor.enter` leaves it."""

    def phone(client: Client) -> Browser:
        browser = Browser()
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(client.pk)
        session.save()
        browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        return browser

    return phone
