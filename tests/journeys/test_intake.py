"""A client answers on a phone-sized screen and meets an emergency; a therapist charts a re-visit by its grids."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

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


def test_the_examination_of_a_revisit_takes_few_taps(
    demo: Any, open_page: Open, examine: Check, fits: Check, reachable: Check, picture: Check
) -> None:
    page = open_page(demo, width=820, signed_in=True)
    client_page(page, "Ingrid")
    taps = 0

    def tap(role: Any, name: Any) -> None:
        nonlocal taps
        taps += 1
        page.get_by_role(role, name=name).first.click()

    started = page.get_by_role("button", name="Start a visit").count()
    tap(*(("button", "Start a visit") if started else ("link", re.compile("Go on with visit"))))
    page.wait_for_url(re.compile("/visits/"))
    visit = re.search(r"/visits/([0-9a-f-]+)/", page.url)
    assert visit
    if not page.url.endswith("story/"):
        page.goto(f"/visits/{visit[1]}/story/")
    take = page.get_by_role("button", name=re.compile("^Take"))
    if take.count():
        tap("button", re.compile("^Take"))
        expect(page.get_by_text(re.compile("answers? of the client taken over"))).to_be_visible()
    picture(page, "revisit-story-820-light")
    page.goto(f"/visits/{visit[1]}/grid/?region=shoulder&panel=rom")
    expect(page.get_by_role("heading", level=3).first).to_be_visible()
    for check in (examine, fits, reachable):
        check(page)
    for n in range(3):
        taps += 1
        group = page.locator(".grid-mark").nth(n)
        group.get_by_role("button").nth(0).click()
        expect(page.locator(".grid-mark").nth(n).get_by_role("button").nth(0)).to_have_attribute("aria-pressed", "true")
    page.locator(".grid-value input").first.fill("140")
    taps += 1
    page.get_by_role("button", name="Keep the values").last.click()
    expect(page.locator(".grid-value input").first).to_have_value("140")
    picture(page, "grid-rom-820-light")
    page.set_viewport_size({"width": 360, "height": 780})
    fits(page)
    picture(page, "grid-rom-360-light")
    tap("link", re.compile("^Next: Strength"))
    page.wait_for_url(re.compile("panel=strength"))
    fits(page)
    reachable(page)
    taps += 1
    first = page.locator(".grid-mark").first.get_by_role("button").first
    first.click()
    expect(page.locator(".grid-mark").first.get_by_role("button").first).to_have_attribute("aria-pressed", "true")
    picture(page, "grid-strength-360-light")
    assert taps <= 25
