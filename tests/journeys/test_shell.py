"""Walks through the shell: the first visit, the demo, a new client, themes, the keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

WIDTHS = (360, 820, 1280)
THEMES = ("light", "dark", "room")
PAGES = {
    "today": "/",
    "clients": "/clients/",
    "no-such-client": "/clients/?q=zzz",
    "new-client": "/clients/new/",
    "client": "CLIENT",
    "settings": "/settings/",
    "record": "/settings/record/",
    "help": "/help/",
    "gallery": "/gallery/",
    "not-found": "/nothing-here/",
}


def go(page: Page, path: str) -> None:
    if path == "CLIENT":
        page.goto("/clients/")
        page.locator(".people a").first.click()
    else:
        page.goto(path)


def set_theme(page: Page, theme: str) -> None:
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)


def test_the_first_visit(
    workbench: Any, open_page: Callable[..., Page], examine: Callable[[Page], None], picture: Callable[..., None]
) -> None:
    page = open_page(workbench)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your practice")
    examine(page)
    picture(page, "first-visit")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("alert")).to_contain_text("4 things to put right")
    expect(page.get_by_role("alert")).to_be_focused()
    examine(page)
    page.get_by_label("Practice name").fill("Harbour Lane Clinic")
    page.get_by_label("Your name").fill("Mara Quinn")
    page.get_by_label("E-mail or user name").fill("mara@example.org")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_label("Practice name")).to_have_value("Harbour Lane Clinic")
    page.get_by_label("Password").fill("a violin in the rain")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("Nobody here yet")).to_be_visible()
    examine(page)
    picture(page, "today-empty")


def test_a_colleague_gets_a_link_and_signs_in(workbench: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(workbench)
    page.goto("/")
    page.get_by_label("Practice name").fill("Harbour Lane Clinic")
    page.get_by_label("Your name").fill("Mara Quinn")
    page.get_by_label("E-mail or user name").fill("mara")
    page.get_by_label("Password").fill("a violin in the rain")
    page.get_by_role("button", name="Begin").click()
    page.goto("/settings/")
    page.get_by_label("Name", exact=True).fill("Daniel Okafor")
    page.get_by_label("E-mail or user name").fill("daniel")
    page.get_by_role("button", name="Add and make a link").click()
    link = page.get_by_label("Link", exact=True).input_value()
    colleague = open_page(workbench)
    colleague.goto(link)
    expect(colleague.get_by_text("Welcome, Daniel Okafor")).to_be_visible()
    colleague.get_by_label("Password", exact=True).fill("forty green bottles")
    colleague.get_by_label("Password again").fill("forty green bottles")
    colleague.get_by_role("button", name="Save and sign in").click()
    expect(colleague.get_by_text("Nobody here yet")).to_be_visible()
    again = open_page(workbench)
    again.goto(link)
    expect(again.get_by_role("heading", level=1)).to_have_text("This link has ended")


def test_the_demo_in_and_out(workbench: Any, open_page: Callable[..., Page], picture: Callable[..., None]) -> None:
    page = open_page(workbench)
    page.goto("/")
    page.get_by_role("button", name="Try it with a demo practice").click()
    expect(page.get_by_role("complementary", name="Demo practice")).to_contain_text("Everyone in it is invented")
    page.locator(".people").get_by_role("link", name="Ingrid Solheim").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ingrid Solheim")
    expect(page.get_by_role("complementary", name="Demo practice")).to_be_visible()
    page.get_by_role("complementary", name="Demo practice").get_by_role("button", name="Remove the demo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your practice")


def test_a_client_is_added_found_and_changed(workbench: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(workbench)
    page.goto("/")
    page.get_by_role("button", name="Try it with a demo practice").click()
    page.get_by_role("link", name="New client").click()
    page.get_by_label("Name").fill("Noor Haddad")
    page.get_by_label("Date of birth").fill("2999-01-01")
    page.get_by_label("Not stated").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".wrong")).to_contain_text("That day is still to come")
    expect(page.get_by_label("Name")).to_have_value("Noor Haddad")
    page.get_by_label("Date of birth").fill("1999-02-28")
    page.get_by_role("button", name="Save").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Noor Haddad")
    page.goto("/clients/")
    page.get_by_label("Find a client").press_sequentially("noor")
    expect(page.locator(".people li")).to_have_count(1)
    page.get_by_label("Find a client").fill("nobody such")
    expect(page.get_by_text("Nobody here is called")).to_be_visible()
    page.get_by_label("Find a client").fill("")
    expect(page.locator(".people li")).to_have_count(7)


def test_too_much_text_stays_on_the_page(demo: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(demo, signed_in=True)
    page.goto("/clients/new/")
    page.get_by_label("Name").fill("Luis")
    page.evaluate("id_notes.hidden = true, id_notes.value = 'long words\\n'.repeat(300_000)")
    page.evaluate("document.querySelector('form.card').requestSubmit()")
    expect(page.locator(".messages.live")).to_contain_text("Nothing was cut or sent")
    assert page.evaluate("document.getElementById('id_notes').value.length") == 3_300_000


def test_the_theme_is_chosen_at_once_and_remembered(demo: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(demo, theme="auto", color_scheme="dark", signed_in=True)
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(14, 22, 24)"
    page.get_by_role("button", name="Theme and account").click()
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Room").click()
    assert page.evaluate(ground) == "rgb(9, 7, 6)"
    page.reload()
    assert page.evaluate(ground) == "rgb(9, 7, 6)"


def test_the_keyboard_goes_everywhere(demo: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(demo, width=1280, signed_in=True)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_contain_text("New client")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("New client")
    page.goto("/gallery/")
    page.get_by_role("button", name="Open the sheet").press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Open the sheet")).to_be_focused()


def test_it_works_without_script(demo: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(demo, signed_in=True, java_script_enabled=False)
    page.goto("/clients/")
    page.get_by_label("Find a client").fill("vik")
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".people li")).to_have_count(1)
    page.goto("/clients/new/")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".summary")).to_contain_text("Not saved yet")


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_clean_in_every_light_and_width(
    name: str,
    demo: Any,
    open_page: Callable[..., Page],
    examine: Callable[[Page], None],
    fits: Callable[[Page], None],
    reachable: Callable[[Page], None],
    picture: Callable[..., None],
) -> None:
    page = open_page(demo, signed_in=True)
    go(page, PAGES[name])
    for width in (320, *WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)
        if width >= 360:
            reachable(page)
        for theme in THEMES if width in WIDTHS else ():
            set_theme(page, theme)
            examine(page, *(() if theme == "light" else ("color-contrast",)))
            picture(page, f"{name}-{width}-{theme}")


def test_mishaps_and_overlays_are_clean_too(
    demo: Any, open_page: Callable[..., Page], examine: Callable[..., None], picture: Callable[..., None]
) -> None:
    page = open_page(demo, signed_in=True)
    page.get_by_role("button", name="Theme and account").click()
    examine(page)
    page.goto("/gallery/")
    page.get_by_role("button", name="Open the sheet").click()
    examine(page)
    page.goto("/clients/new/")
    page.get_by_label("Date of birth").fill("2999-01-01")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".summary")).to_be_focused()
    examine(page)
    picture(page, "mishap-fields")
    page.goto("/clients/new/")
    page.get_by_label("Name").fill("Never saved")
    page.context.clear_cookies(name="tautband_csrf")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Name")).to_have_value("Never saved")
    examine(page)
    picture(page, "mishap-stale")


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/help/", "/set-password/MQ/none/"])
def test_doors_are_clean(
    path: str,
    demo: Any,
    open_page: Callable[..., Page],
    examine: Callable[[Page], None],
    fits: Callable[[Page], None],
    reachable: Callable[[Page], None],
) -> None:
    page = open_page(demo, width=360)
    page.goto(path)
    for theme in THEMES:
        set_theme(page, theme)
        examine(page)
    reachable(page)
    page.set_viewport_size({"width": 320, "height": 720})
    fits(page)


def test_no_connection_is_said_and_nothing_is_lost(demo: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(demo, signed_in=True, trouble=True)
    page.goto("/clients/")
    page.route("**/clients/?q=**", lambda route: route.abort())
    page.get_by_label("Find a client").press_sequentially("vik")
    expect(page.get_by_role("alert")).to_contain_text("No connection to the workbench")
    expect(page.get_by_label("Find a client")).to_have_value("vik")
    page.unroute("**/clients/?q=**")
    page.get_by_label("Find a client").press_sequentially(" h")
    expect(page.locator(".people li")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_first_load_is_light(demo: Any, open_page: Callable[..., Page]) -> None:
    """At most 120 KB over the wire for a page without a quotation (the italic comes only with one)."""
    page = open_page(demo, signed_in=True)
    fresh = open_page(demo, storage_state=page.context.storage_state())
    fresh.goto("/clients/", wait_until="networkidle")
    total = fresh.evaluate(
        """[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]
        .reduce((sum, entry) => sum + entry.transferSize, 0)"""
    )
    assert total <= 120_000, f"{total / 1000:.0f} KB"


def test_a_narrow_page_with_wide_letters_still_fits(
    demo: Any, open_page: Callable[..., Page], fits: Callable[[Page], None]
) -> None:
    """Text spacing of WCAG 1.4.12 breaks nothing."""
    page = open_page(demo, width=320, signed_in=True)
    for path in ("/", "/clients/", "/gallery/"):
        page.goto(path)
        page.evaluate(
            """() => { const sheet = new CSSStyleSheet();
            sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
              word-spacing: .16em !important }`);
            document.adoptedStyleSheets = [sheet]; }"""
        )
        fits(page)
