"""A typed line changes the list, and practice on an invented client ends with what was true."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect


def test_a_typed_line_is_recorded_and_undone_and_practice_tells(
    demo: Any,
    open_page: Callable[..., Page],
    examine: Callable[..., None],
    fits: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    page = open_page(demo, signed_in=True, width=820)
    page.goto("/practise/?client=7", timeout=60_000)  # the first page of a new server builds the reasoner
    expect(page.get_by_role("heading", name="Practise on an invented client")).to_be_visible()
    examine(page)
    fits(page)
    picture(page, "practise")
    page.locator(".practise-tests button").first.click()
    page.wait_for_url(re.compile("test="))
    expect(page.locator("#tested .what")).to_have_count(1)
    page.get_by_label("Choose one").select_option(index=1)
    page.get_by_role("button", name="Show what was true").click()
    page.wait_for_url(re.compile("guess="))
    expect(page.get_by_role("heading", name="What each test would have told")).to_be_visible()
    examine(page)
    picture(page, "practise-told")
    page.goto("/practise/agreement/")
    expect(page.get_by_role("rowheader", name="Recognition of the familiar pain").first).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 800})
    fits(page)
    examine(page)
    page.goto("/settings/priors/")
    expect(page.get_by_role("heading", name="In use now")).to_be_visible()
    fits(page)
    examine(page)
    page.set_viewport_size({"width": 820, "height": 1180})
    page.goto("/")
    visit = page.locator("a[href*='/visits/']").first.get_attribute("href") or ""
    page.goto(re.sub(r"(/visits/[0-9a-f-]{36}/).*", r"\1", visit))
    page.locator("#quick summary").click()
    page.get_by_role("textbox", name="Type what you find").fill("R Spurling neg, worse overhead, blarg foo")
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_url(re.compile("typed="))
    expect(page.locator(".quick-said")).to_contain_text("blarg foo")
    examine(page)
    fits(page)
    picture(page, "quick-line")
    page.get_by_role("button", name="Undo all 2").click()
    expect(page.locator(".quick-said")).to_have_count(0)
    page.goto(page.url.partition("#")[0] + "?ahead=1")
    expect(page.locator("#tests")).to_contain_text("thought through")
    picture(page, "ahead")
