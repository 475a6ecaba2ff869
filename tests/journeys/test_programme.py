"""At home: chosen at the visit, opened on a phone by a code, ticked, too much, taken out, read back on Today."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

Open = Callable[..., Page]


def test_a_programme_from_the_visit_to_the_phone_and_back(
    demo: Any, open_page: Open, examine: Any, fits: Any, reachable: Any, picture: Any
) -> None:
    desk = open_page(demo, width=1280, signed_in=True)
    desk.get_by_role("link", name="Clients").first.click()
    desk.get_by_role("link", name="Ingrid Solheim").first.click()
    desk.get_by_role("link", name=re.compile("Go on with visit")).click()
    desk.get_by_role("link", name="Home").click()
    expect(desk.get_by_text("pinches in front of the shoulder")).to_be_visible()
    examine(desk)
    fits(desk)
    picture(desk, "home-1280")
    desk.get_by_role("button", name="Letting your arm swing").click()
    expect(desk.get_by_role("heading", name="Letting your arm swing")).to_be_visible()
    desk.get_by_role("button", name=re.compile("Give these")).click()
    expect(desk.get_by_role("link", name="Print one page")).to_be_visible()
    desk.get_by_role("link", name="Show the code").click()
    desk.get_by_role("button", name="Show the code").click()
    link = desk.get_by_text(re.compile(r"/my/enter/")).inner_text()

    phone = open_page(demo, width=360)
    phone.goto(link)
    phone.get_by_label("Day").fill("21")
    phone.get_by_label("Month").select_option("3")
    phone.get_by_label("Year").fill("1974")
    phone.get_by_role("button", name="Open my page").click()
    phone.wait_for_url(re.compile(r"/my/$"))
    phone.get_by_role("link", name="To do").click()
    expect(phone.get_by_role("heading", name=re.compile("Ingrid"))).to_be_visible()
    for each in (examine, fits, reachable):
        each(phone)
    tick = phone.get_by_role("button", name="Leaning on a ball behind your shoulder: done today")
    tick.click()
    expect(tick).to_have_attribute("aria-pressed", "true")
    expect(phone.locator("[data-save-state=saved]")).to_be_visible()
    phone.get_by_role("link", name="Letting your arm swing").last.click()
    expect(phone.get_by_role("heading", name="Letting your arm swing")).to_be_visible()
    examine(phone)
    picture(phone, "home-thing-360")
    phone.get_by_role("link", name="Too much").click()
    phone.get_by_role("button", name=re.compile("It tingled")).click()
    expect(phone.get_by_role("heading", name="Taken out for now")).to_be_visible()
    examine(phone)
    desk.goto("/")
    expect(desk.get_by_text(re.compile("tingled or went numb", re.IGNORECASE))).to_be_visible()
