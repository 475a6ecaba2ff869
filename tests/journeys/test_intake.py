"""A client answers on a phone-sized screen and meets an emergency; a therapist charts a whole re-visit."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

Open = Callable[..., Page]
Check = Callable[..., None]


def client_page(page: Page, name: str) -> None:
    page.goto("/clients/")
    page.get_by_role("link", name=re.compile(name)).first.click()
    expect(page.get_by_role("heading", level=1, name=re.compile(name))).to_be_visible()


def test_an_emergency_on_a_phone_is_acted_on_before_anything_is_sent(
    demo: Any, open_page: Open, examine: Check, fits: Check, reachable: Check, picture: Check
) -> None:
    page = open_page(demo, width=360, signed_in=True)
    client_page(page, "Priya")
    page.get_by_role("button", name="Intake on this tablet").click()
    expect(page.get_by_role("heading", name="Go on where you stopped")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name=re.compile("hit your head"))).to_be_visible()
    for check in (examine, fits, reachable):
        check(page)
    picture(page, "intake-question-360-light")
    page.goto("/my/intake/sleep/")
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)  # nothing is preset
    page.get_by_role("radio", name=re.compile("Broken")).check()
    examine(page)
    fits(page)
    picture(page, "intake-factor-360-light")
    page.get_by_role("button", name=re.compile("^Next")).click()
    expect(page.get_by_role("heading", name=re.compile("pressure"))).to_be_visible()
    page.goto("/my/intake/thunderclap/")
    page.get_by_role("button", name="Not sure").click()
    expect(page.get_by_role("heading", name="This needs a doctor now, not us.")).to_be_visible()
    expect(page.get_by_text("A sudden headache, at its worst within a minute.")).to_be_visible()
    for check in (examine, fits, reachable):
        check(page)
    picture(page, "intake-emergency-360-light")
    page.get_by_role("link", name="Give the tablet back").click()
    expect(page.get_by_role("heading", level=1, name=re.compile("Priya"))).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("link", name=re.compile("Emergency answer.*Priya"))).to_be_visible()
    picture(page, "intake-today-360-light")


def test_a_whole_revisit_is_charted_in_twenty_five_taps(
    demo: Any, open_page: Open, examine: Check, fits: Check, reachable: Check, picture: Check
) -> None:
    """From Today to the signature: history, drawing, tests, plan, consent, three places treated, note."""
    page = open_page(demo, width=820, signed_in=True)
    taps = 0

    def tap(target: Locator) -> None:
        nonlocal taps
        taps += 1
        target.first.click()

    page.get_by_label("Find a client").fill("Joe")
    tap(page.locator("#found").get_by_role("link", name=re.compile("Joe Abara")))
    tap(page.get_by_role("button", name="Start a visit"))
    page.wait_for_url("**/story/")
    visit = re.search(r"/visits/[0-9a-f-]+/", page.url)
    assert visit
    expect(page.locator(".before")).to_contain_text("Stairs down are fine")  # what was said last time
    tap(page.get_by_role("button", name="Felt as at visit 1"))
    expect(page.get_by_text("As at visit 1,")).to_be_visible()
    tap(page.get_by_role("link", name="Test again what was found"))
    expect(page.locator(".again-row").first).to_contain_text("Last time: positive")
    for check in (examine, fits, reachable):
        check(page)
    picture(page, "retest-820-light")
    tap(page.get_by_role("button", name=re.compile("as last time")))
    expect(page.locator(".again-row").first).to_contain_text("As at visit 1")
    tap(page.get_by_role("link", name="Next: plan"))
    tap(page.get_by_role("button", name="Told again, and they agree"))
    expect(page.locator(".agreed")).to_contain_text("Agreed at")
    tap(page.locator(".plan-acts").get_by_role("link", name="Treat", exact=True))
    tap(page.get_by_role("button", name="Begin", exact=True))
    run = page.locator("[data-run]")
    expect(run).to_have_attribute("data-ready", "yes")
    title, treated, acts = page.locator("[data-over-title]"), 0, page.locator("[data-acts]")
    while treated < 3:
        here = title.inner_text()
        if acts.locator("[data-act=begin]").count():
            tap(acts.locator("[data-act=begin]"))
            expect(run).to_have_attribute("data-phase", "running")
            tap(page.locator("[data-scale] button", has_text=re.compile("^2$")))
            expect(page.locator("[data-numbers]")).to_have_text("2")
            tap(acts.locator("[data-act=stop]"))
            expect(run).to_have_attribute("data-phase", "after")
            treated += 1
            tap(acts.locator("[data-go]"))  # the next place, or the end
        else:
            tap(acts.locator("[data-act=skip]"))  # a test that is owed
        if treated < 3:
            expect(title).not_to_have_text(here)
    expect(page.get_by_role("heading", name="What was done")).to_be_visible()
    tap(page.get_by_role("link", name="Go to the note"))
    expect(page.locator("#read-plan")).to_contain_text("Told again as at visit 1.")
    expect(page.locator("#read-plan")).to_contain_text("numbers 2")
    tap(page.get_by_role("button", name=re.compile("^Sign as")))
    expect(page.get_by_role("heading", name="Signed")).to_be_visible()
    assert taps <= 25, taps
    page.goto(f"{visit[0]}grid/?region=knee&panel=rom")
    for width in (820, 360):
        page.set_viewport_size({"width": width, "height": 780})
        for check in (fits, reachable):
            check(page)
    examine(page)
    picture(page, "grid-rom-360-light")
