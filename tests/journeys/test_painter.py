"""Painting on the body: by mouse, touch and pen; kept when the server dies; one drawing with chart and every figure."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tautband.surface import landmark_vertex
from tautband.terms.sides import Side

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
Check = Callable[[Page], None]


def open_drawing(page: Page) -> str:
    """Go to Ingrid's drawing and wait for the body; gives the page's path."""
    page.goto("/clients/")
    client = page.get_by_role("link", name="Ingrid Solheim").first.get_attribute("href")
    page.goto(str(client), timeout=60_000)  # the first page that reasons, on a server that has just begun
    path = page.locator('a[href*="/visits/"]').first.get_attribute("href")
    visit = str(path).split("/visits/")[1].split("/")[0]
    page.goto(f"/visits/{visit}/drawing/", timeout=60_000)
    body_stands(page)
    return urlsplit(page.url).path


def body_stands(page: Page) -> None:
    expect(page.locator('[data-paints-on="body"]')).to_be_visible(timeout=30_000)


def start_bare(page: Page) -> None:
    """Clear every layer, and end with pain."""
    for layer in ("Numb", "Tingling", "Touch hurts", "Pain"):
        page.locator(".lay", has_text=layer).click()
        if page.get_by_role("button", name="Clear").is_enabled():
            page.get_by_role("button", name="Clear").click()
    expect(page.locator("[data-so-far]")).to_have_text("Nothing is marked yet.")


def place_of(page: Page, landmark: str, side: Side) -> tuple[float, float]:
    """Where a landmark stands on the screen."""
    vertex = landmark_vertex(landmark, side)
    page.locator("tb-pain-painter canvas").scroll_into_view_if_needed()
    at = page.evaluate(f"document.querySelector('tb-pain-painter').placeOf({vertex})")
    assert at["seen"], f"{landmark} is not seen"
    return at["x"], at["y"]


def mouse_stroke(page: Page, *places: tuple[str, Side]) -> None:
    spots = [place_of(page, *place) for place in places]
    page.mouse.move(*spots[0])
    page.mouse.down()
    for spot in spots[1:]:
        page.mouse.move(*spot, steps=5)
    page.mouse.up()


def touch_stroke(cdp: CDPSession, *spots: tuple[float, float]) -> None:
    for kind, spot in zip(("touchStart", "touchMove", "touchEnd"), (spots[0], spots[-1], None), strict=True):
        points = [{"x": spot[0], "y": spot[1]}] if spot else []
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def pen_stroke(cdp: CDPSession, force: float, *spots: tuple[float, float]) -> None:
    common = {"button": "left", "buttons": 1, "clickCount": 1, "pointerType": "pen", "force": force}
    for kind, spot in (("mousePressed", spots[0]), ("mouseMoved", spots[-1]), ("mouseReleased", spots[-1])):
        cdp.send("Input.dispatchMouseEvent", {"type": kind, "x": spot[0], "y": spot[1], **common})


def ink(page: Page) -> str:
    return page.evaluate("document.querySelector('tb-pain-painter').value")


def marks(page: Page) -> dict[tuple[str, str, str], Any]:
    found = page.evaluate("document.querySelector('tb-pain-painter').marks")
    return {(m["layer"], m["zone"], m["side"]): m for m in found}


def settled(page: Page) -> None:
    """Nothing waits on this device and the page says so."""
    page.wait_for_function(
        """() => new Promise((done) => {
          const opening = indexedDB.open("tautband", 1);
          opening.onsuccess = () => {
            const all = opening.result.transaction("parcels").objectStore("parcels").count();
            all.onsuccess = () => { opening.result.close(); done(all.result === 0); };
          };
        })"""
    )
    expect(page.locator("[data-drawing-state]")).to_contain_text("Saved")


def test_one_drawing_by_mouse_touch_and_pen_that_survives_a_dead_server(
    own_demo: Path,
    serve_at: Callable[..., Any],
    standing_port: int,
    open_page: Open,
    examine: Check,
    fits: Check,
    reachable: Check,
    picture: Callable[[Page, str], None],
) -> None:
    with serve_at(own_demo, standing_port) as site:
        page = open_page(site, signed_in=True, trouble=True, body=True, has_touch=True)
        cdp = page.context.new_cdp_session(page)
        path = open_drawing(page)
        start_bare(page)
        page.get_by_role("button", name="8", exact=True).click()
        page.get_by_text("What is it like, and where did it begin?").click()
        page.get_by_role("button", name="burning").click()
        page.get_by_role("button", name="Deep inside").click()
        page.get_by_role("button", name="it began here").click()
        mouse_stroke(page, ("shoulder_front", Side.RIGHT), ("arm_front", Side.RIGHT))
        expect(page.locator("[data-so-far]")).to_contain_text("pain in right")
        painted = [m for (layer, _, _), m in marks(page).items() if layer == "pain"]
        assert all(m["side"] == "right" for m in painted), "ink stays on the arm"
        assert {(m["intensity"], m["depth"], m["began_here"], tuple(m["quality"])) for m in painted} == {
            (8, "deep", True, ("burning",))
        }
        expect(page.locator(".pin-began span")).to_be_visible()
        page.locator(".lay", has_text="Tingling").click()
        touch_stroke(cdp, place_of(page, "thigh_front", Side.LEFT), place_of(page, "thigh_front_lower", Side.LEFT))
        page.locator(".lay", has_text="Numb").click()
        pen_stroke(cdp, 0.9, place_of(page, "shin", Side.RIGHT), place_of(page, "shin_lower", Side.RIGHT))
        expect(page.locator("[data-so-far]")).to_contain_text("numbness in right")
        expect(page.locator("[data-so-far]")).to_contain_text("tingling in left")
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("[data-so-far]")).not_to_contain_text("numbness")
        page.get_by_role("button", name="Redo").click()
        expect(page.locator("[data-so-far]")).to_contain_text("numbness")
        settled(page)
        examine(page)
        reachable(page)
        picture(page, "painter-820")
        before = ink(page)
        page.get_by_role("button", name="Broad", exact=True).click()
        page.get_by_role("button", name="Back", exact=True).click()
        expect(page.get_by_role("button", name="Back", exact=True)).to_have_attribute("aria-pressed", "true")
        expect(page.locator("tb-pain-painter .lr.at-left")).to_have_text("Lleft Your left")
        assert ink(page) == before, "a figure changes nothing that is kept"
    mouse_stroke(page, ("calf", Side.LEFT), ("calf_lower", Side.LEFT))
    expect(page.locator("[data-drawing-state]")).to_contain_text("Offline, kept here")
    kept = ink(page)
    assert kept != before
    context = page.context
    page.close()  # the tab goes too
    with serve_at(own_demo, standing_port):
        again = context.new_page()
        again.set_viewport_size({"width": 360, "height": 780})
        again.goto(path)
        body_stands(again)
        settled(again)
        assert ink(again) == kept
        fits(again)
        reachable(again)
        again.reload()
        body_stands(again)
        assert ink(again) == kept, "the server has it"
        goes_on_in_the_chart(again)
        marks_a_tooth(again)
        settled(again)
        compares_two_dates(again)
        examine(again)
        fits(again)
        reachable(again)
        picture(again, "drawings-360")


def goes_on_in_the_chart(page: Page) -> None:
    """A zone added on the flat chart joins the ink; what was painted keeps its shape; undo takes the zone back."""
    before, painted = marks(page), ink(page)
    page.get_by_role("button", name="Use the flat chart instead").click()
    page.locator(".lay", has_text="Touch hurts").click()
    page.get_by_role("button", name="Choose from a list instead").click()
    page.locator("summary", has_text="Chest").click()
    row = page.locator('.zone-row[data-zone="zone.chest.upper_outer"][data-side="left"] button')
    row.click()
    expect(row.locator(".level")).to_have_text("a little")
    page.get_by_role("button", name="Back to painting").click()
    page.get_by_role("button", name="Use the body to turn").click()
    now = marks(page)
    assert now.keys() - before.keys() == {("touch", "zone.chest.upper_outer", "left")}
    assert {key: now[key] for key in before} == before
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-so-far]")).not_to_contain_text("touch that hurts")
    assert ink(page) == painted


def marks_a_tooth(page: Page) -> None:
    """Teeth are never seen on the body: their close-up is a chart of its own, and the body comes back after it."""
    page.locator(".lay", has_text="Pain").click()
    page.get_by_role("button", name="Closer").click()
    page.get_by_role("button", name="Teeth", exact=True).click()
    page.locator('.zone[data-zone="zone.head.teeth_upper"][data-side="left"]').click()
    page.get_by_role("button", name="Whole body").click()
    body_stands(page)
    assert ("pain", "zone.head.teeth_upper", "left") in marks(page)


def compares_two_dates(page: Page) -> None:
    """From the drawing to all of them: two dates beside each other; a file of one comes back as the visit's drawing."""
    page.get_by_role("link", name="All drawings").click()
    page.wait_for_url("**/drawings/")
    page.get_by_label("Before", exact=True).select_option(index=2)
    page.get_by_role("button", name="Compare", exact=True).click()
    page.wait_for_url("**/drawings/?before=*")
    expect(page.locator(".since-words")).to_contain_text("new")
    expect(page.locator(".since-words")).to_contain_text("No verdict")
    expect(page.locator(".df-new").first).to_be_attached()
    with page.expect_download() as saved:
        page.get_by_role("link", name="JSON", exact=True).first.click()
    page.get_by_label("Drawing as JSON").set_input_files(saved.value.path())
    page.get_by_role("button", name="Bring it into").click()
    expect(page.get_by_text("The drawing was brought in")).to_be_visible()
