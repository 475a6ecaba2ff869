"""Noor, second term, with a tablet and no client: she finds things in the atlas and can trust what she reads."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

PAGES = {
    "atlas": "/atlas/",
    "muscle": "/atlas/muscle.infraspinatus/",
    "entrapment": "/atlas/entrapment.median.carpal_tunnel/",
    "flag": "/atlas/flag.angina/",
    "body": "/atlas/body/?zone=zone.shoulder.front&side=right",
}


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (820, "room"), (1280, "dark")])
def test_pages_are_open_to_everyone(
    demo: Any,
    open_page: Callable[..., Page],
    examine: Any,
    fits: Any,
    reachable: Any,
    picture: Any,
    width: int,
    theme: str,
) -> None:
    page = open_page(demo, width=width, theme=theme, signed_in=True)
    for name, address in PAGES.items():
        page.goto(address)
        fits(page)
        examine(page)
        reachable(page)
        picture(page, f"atlas-{name}-{width}-{theme}")


def test_typing_finds_and_leads_on(demo: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(demo, signed_in=True)
    page.goto("/atlas/")
    page.get_by_role("searchbox").press_sequentially("infraspin")
    page.locator("#hits").get_by_role("link", name="Infraspinatus").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Infraspinatus")
    rivals = page.get_by_role("region", name="Looks the same")
    expect(rivals.get_by_text("First test:").first).to_be_visible()
    page.locator("p.source a").first.click()
    expect(page.locator(".sources li:target")).to_be_visible()


def test_a_tap_on_the_body_names_muscles_nerves_joints_and_what_is_not_from_here(
    demo: Any, open_page: Callable[..., Page]
) -> None:
    page = open_page(demo, signed_in=True)
    page.goto("/atlas/body/")
    page.get_by_role("link", name="right, front of the shoulder").click()
    for title in ("Muscles", "Nerves and roots", "Joints and other tissue", "Not from here"):
        expect(page.get_by_role("region", name=title, exact=True)).to_be_visible()
    expect(page.locator(".tap.chosen")).to_have_count(1)
