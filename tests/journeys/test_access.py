"""A sign-in that nobody can borrow: an app with codes, a passkey, the lock with its PIN and its passkey."""

import hmac
import struct
import time
from base64 import b32decode
from collections.abc import Callable
from hashlib import sha1

import pytest
from playwright.sync_api import Page, expect

from .conftest import Site

pytestmark = pytest.mark.browser
PASSWORD = "a violin in the rain"
PIN = "482915"


def totp(secret: str, steps_ahead: int = 0) -> str:
    """Six digits of RFC 6238, computed here anew."""
    counter = int(time.time()) // 30 + steps_ahead
    digest = hmac.new(b32decode(secret), struct.pack(">Q", counter), sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def sign_in(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail or user name").fill("mara")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Theme and account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def is_it_you(page: Page) -> None:
    """Before something that matters the password is asked for once more."""
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def test_codes_a_passkey_and_the_lock(
    workbench: Site,
    open_page: Callable[..., Page],
    examine: Callable[..., None],
    fits: Callable[[Page], None],
    reachable: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    site = Site(workbench.url.replace("127.0.0.1", "localhost"), workbench.home)  # passkeys belong to names
    page = open_page(site, width=820)
    page.goto("/")
    page.get_by_label("Practice name").fill("Harbour Lane")
    page.get_by_label("Your name").fill("Mara Quinn")
    page.get_by_label("E-mail or user name").fill("mara")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(f"{site.url}/")

    # An app with codes, and the recovery codes it brings.
    page.goto("/sign-in/own/")
    examine(page), fits(page), reachable(page), picture(page, "own")
    page.get_by_role("link", name="Set up an app").click()
    is_it_you(page)
    expect(page.get_by_role("heading", name="Set up an app")).to_be_visible()
    secret = page.locator("details code").text_content() or ""
    examine(page), picture(page, "app")
    page.get_by_label("The six digits it shows").fill(totp(secret))
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    examine(page), picture(page, "recovery")
    sign_out(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    examine(page), fits(page), picture(page, "code")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("That code is not right now").first).to_be_visible()
    page.get_by_label("Code").fill(totp(secret, 1))  # one step ahead: a code works once
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{site.url}/")

    # A passkey.
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    page.goto("/sign-in/own/webauthn/add/")
    is_it_you(page)
    examine(page), fits(page), picture(page, "passkey")
    page.get_by_label("What to call it").fill("Tablet in room two")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url(f"{site.url}/sign-in/own/")
    expect(page.get_by_text("Tablet in room two")).to_be_visible()
    sign_out(page)
    picture(page, "sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{site.url}/")

    # The lock, a PIN, and the passkey again.
    page.goto("/sign-in/pin/")
    page.get_by_label("Password now").fill(PASSWORD)
    page.get_by_label("Six digits").fill("123456")
    page.get_by_role("button", name="Save the PIN").click()
    expect(page.get_by_text("tried first by everybody").first).to_be_visible()
    page.get_by_label("Password now").fill(PASSWORD)
    page.get_by_label("Six digits").fill(PIN)
    page.get_by_role("button", name="Save the PIN").click()
    expect(page.get_by_text("It opens a locked screen")).to_be_visible()
    for unlock in (lambda: page.get_by_label("PIN").fill(PIN), None):
        page.goto("/clients/")
        page.get_by_role("button", name="Theme and account").click()
        page.get_by_role("button", name="Lock").click()
        expect(page.get_by_role("heading", name="Locked")).to_be_visible()
        if unlock:
            examine(page), fits(page), reachable(page), picture(page, "locked")
            unlock()
            page.get_by_role("button", name="Unlock", exact=True).first.click()
        else:
            page.get_by_role("button", name="Unlock with a passkey").click()
        page.wait_for_url(f"{site.url}/clients/")
    page.goto("/sign-in/browsers/")
    expect(page.get_by_text("this one")).to_be_visible()
    examine(page), fits(page), reachable(page), picture(page, "browsers")
