"""One demo practice. At phone width: a client enters by a link, draws, adds a passkey and comes back by it; a guest
books in three taps, moves and cancels by the mailed link. On a desk: a therapist moves visits by hand and by keys."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

LINK = """
from tautband.clinic.audit.log import System
from tautband.clinic.people.models import Client
from tautband.clinic.portal.actions import make_link
print("TOKEN", make_link(client=Client.objects.get(name="Ingrid Solheim"), by=System(), how="shown"))
"""
SEND = "from tautband.clinic.errands.actions import run_due; run_due()"
NAV = "Your pages, small screen"
BUSY = f"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//a test//\r
BEGIN:VEVENT\r
UID:busy@example.org\r
DTSTAMP:20260101T000000Z\r
DTSTART:{date.today() + timedelta(days=50):%Y%m%d}T100000Z\r
DTEND:{date.today() + timedelta(days=50):%Y%m%d}T110000Z\r
END:VEVENT\r
END:VCALENDAR\r
""".encode()


def _shell(site: Any, words: str) -> str:
    command = [sys.executable, "-m", "tautband.clinic.project", "shell", "-c", words]
    environment = {**os.environ, "TAUTBAND_HOME": str(site.home)}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=180).stdout


def _pick(page: Page) -> str:
    """Tap the second free time; what it said."""
    free = page.locator(".dy-slots button").nth(1)
    clock = free.inner_text()
    free.click()
    return clock


def test_a_client_enters_draws_writes_and_comes_back(
    demo: Any, open_page: Any, examine: Any, fits: Any, reachable: Any, picture: Any
) -> None:
    site = replace(demo, url=demo.url.replace("127.0.0.1", "localhost"))  # passkeys need a name
    page: Page = open_page(site, width=360, trouble=True)

    def good(name: str) -> None:
        for check in (examine, fits, reachable):
            check(page)
        picture(page, name)

    page.goto(f"/my/enter/{_shell(demo, LINK).split('TOKEN ')[1].strip()}/")
    page.get_by_label("Day").fill("21")
    page.get_by_label("Month").select_option("3")
    page.get_by_label("Year").fill("1974")
    page.get_by_role("button", name="Open my page").click()
    expect(page.get_by_role("heading", name="Ingrid")).to_be_visible()
    good("own-page")
    page.get_by_role("button", name="4", exact=True).click()
    expect(page.get_by_text("You said 4 today")).to_be_visible()

    # Where it hurts, from the list; kept by itself.
    page.get_by_role("navigation", name=NAV).get_by_role("link", name="Draw").click()
    page.get_by_role("button", name="Choose from a list instead").click()
    page.locator("[data-zone-search]").fill("front of the shoulder")
    page.locator(".zone-row:visible button").first.click()
    good("own-drawing")
    page.get_by_role("button", name="Done with the drawing").click()
    page.wait_for_url("**/my/draw/kept/")

    # A passkey of this phone.
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    page.goto("/my/passkeys/")
    good("own-passkeys")
    page.get_by_role("button", name="Use this device").click()
    expect(page.get_by_role("button", name="Take This phone away")).to_be_visible()
    page.context.clear_cookies(name="tautband_session")
    page.goto("/my/enter/")
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("heading", name="Ingrid")).to_be_visible()

    page.goto("/my/passkeys/")  # and taken away again
    page.get_by_role("button", name="Take This phone away").click()
    expect(page.get_by_role("button", name="Use this device")).to_be_visible()
    expect(page.get_by_role("button", name="Take This phone away")).to_have_count(0)

    page.get_by_role("navigation", name=NAV).get_by_role("link", name="Messages").click()
    page.get_by_label("Your message").fill("The stand is higher now.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("The stand is higher now.")).to_be_visible()
    assert "In an emergency" in page.inner_text("footer")
    good("own-messages")
    for path in ("/my/data/", "/my/calendar/"):
        page.goto(path)
        good(path.strip("/").replace("/", "-"))

    page.goto("/find/")
    page.get_by_label("Where").fill("bergen, no")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text(re.compile("within 25 km of Bergen"))).to_be_visible()
    good("directory")
    page.get_by_role("link", name="Daniel Okafor").click()
    expect(page.get_by_role("heading", name="Credentials, as stated")).to_be_visible()
    assert "not checked" in page.inner_text("main")
    good("profile")


def test_a_guest_books_moves_and_cancels(
    demo: Any, open_page: Any, examine: Any, fits: Any, reachable: Any, picture: Any
) -> None:
    page: Page = open_page(demo, width=360, trouble=True)

    def good(name: str) -> None:
        for check in (examine, fits, reachable):
            check(page)
        picture(page, name)

    # Three taps.
    page.goto("/book/")
    good("book-1")
    page.locator(".dy-days a").last.click()  # days ahead, so that it can still be moved
    expect(page.locator(".dy-days a").last).to_have_attribute("aria-current", "date")
    clock = _pick(page)
    page.get_by_label("Your name").fill("Ella Brandt")
    page.get_by_label("Where shall we write to?").fill("ella@example.org")
    good("book-2")
    again, booked = page.get_by_text("That was quick"), page.get_by_text("expects you")
    for _try in range(30):  # nobody fills it in within two seconds; we do, and are asked to look it over
        page.get_by_role("button", name="Book it").click()
        page.wait_for_load_state()
        expect(again.or_(booked).first).to_be_visible()
        if booked.is_visible():
            break
    expect(page.get_by_text("expects you")).to_be_visible()
    expect(page.get_by_text(f"{clock} to")).to_be_visible()
    good("book-3")

    # The mail arrives, and its link moves and cancels.
    _shell(demo, SEND)
    mails = [file.read_text() for file in (demo.home / "mail").iterdir()]
    (mail,) = [text for text in mails if "To: ella@example.org" in text]
    assert "BEGIN:VCALENDAR" in mail or "text/calendar" in mail
    link = re.search(r"/book/yours/\S+/", mail.replace("=\n", ""))
    assert link is not None
    page.goto(link[0])
    page.get_by_role("link", name="Change").click()
    expect(page.get_by_role("heading", name="Another time")).to_be_visible()
    good("book-change")
    clock = _pick(page)
    page.get_by_role("button", name="Move it here").click()
    expect(page.get_by_text(f"{clock} to")).to_be_visible()

    page.get_by_text("I cannot come").click()
    page.get_by_role("button", name="Cancel the visit").click()
    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
    good("book-cancelled")


def test_a_therapist_keeps_the_diary(
    demo: Any, open_page: Any, examine: Any, fits: Any, reachable: Any, picture: Any
) -> None:
    page: Page = open_page(demo, width=1280, signed_in=True)

    def good(name: str) -> None:
        for check in (examine, fits, reachable):
            check(page)
        picture(page, name)

    def entry(day: date, clock: str) -> Locator:
        column = page.locator(f'.dy-col[data-day="{day}"]')
        return column.locator(".dy-e.vis", has_text="Alva Dahl").filter(has_text=clock)

    # Two visits in a row, four weeks ahead, where the demo has none.
    monday = date.today() + timedelta(weeks=4, days=-date.today().weekday())
    page.goto(f"/diary/book/?day={monday}&at=09:00")
    page.get_by_label("Name, if new").fill("Alva Dahl")
    page.get_by_text("Room, or several visits in a row").click()
    page.get_by_label("Visits in a row").fill("2")
    good("diary-book")
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_text("Booked 2 visits")).to_be_visible()
    expect(entry(monday, "09:00")).to_be_visible()
    good("diary-week")

    # By keys, and back again.
    entry(monday, "09:00").get_by_role("link").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(entry(monday, "09:15")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(entry(monday, "09:00")).to_be_visible()

    # By hand: to the day after, and an hour later.
    there = monday + timedelta(days=1)
    start = entry(monday, "09:00").bounding_box()
    column = page.locator(f'.dy-col[data-day="{there}"]').bounding_box()
    cell = page.locator(".dy-grid").evaluate("e => parseFloat(getComputedStyle(e).getPropertyValue('--cell'))")
    assert start is not None
    assert column is not None
    page.mouse.move(start["x"] + 20, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(column["x"] + 30, start["y"] + 12 + 12 * cell, steps=4)
    page.mouse.up()
    expect(entry(there, "10:00")).to_be_visible()

    # Half an hour longer, by its lower edge.
    expect(entry(there, "10:00").locator(".grip")).to_have_count(1)
    long = int(entry(there, "10:00").get_attribute("data-minutes") or 0)
    entry(there, "10:00").scroll_into_view_if_needed()
    edge = entry(there, "10:00").locator(".grip").bounding_box()
    assert edge is not None
    page.mouse.move(edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2)
    page.mouse.down()
    page.mouse.move(edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2 + 6 * cell, steps=4)
    page.mouse.up()
    expect(entry(there, "10:00")).to_have_attribute("data-minutes", str(long + 30))

    # Away on the day after that; then one visit, and the pages behind the diary.
    page.goto(f"/diary/away/?day={there + timedelta(days=1)}")
    page.get_by_role("button", name="Keep it free").click()
    expect(page.locator(f'.dy-col[data-day="{there + timedelta(days=1)}"] .dy-e.away')).to_be_visible()
    page.goto(f"/diary/?day={there}")
    entry(there, "10:00").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Alva Dahl")).to_be_visible()
    good("diary-visit")
    for path in (f"/diary/?range=day&day={there}", "/diary/setup/", "/diary/money/", "/diary/waiting/"):
        page.goto(path)
        good(path.split("?")[0].strip("/").replace("/", "-"))

    # A file chosen, the sign-in over before it was sent: the file comes back with the form.
    page.goto("/diary/calendar/")
    expect(page.locator("html")).to_have_attribute("data-late-files", "ready")
    busy = {"name": "busy.ics", "mimeType": "text/calendar", "buffer": BUSY}
    page.locator("#file").set_input_files([busy])
    expect(page.locator("html")).to_have_attribute("data-late-files", "kept")
    cookies = page.context.cookies()
    page.context.clear_cookies(name="tautband_session")
    page.locator("form[enctype]").get_by_role("button").last.click()
    expect(page.get_by_text("Kept on this device and put in again: busy.ics.")).to_be_visible()
    good("late-file")
    page.context.add_cookies([cookie for cookie in cookies if cookie["name"] == "tautband_session"])
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("1 busy time is here now.")).to_be_visible()
