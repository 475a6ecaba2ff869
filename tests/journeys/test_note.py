"""The second half of the hour in a real browser: plan, consent, note, signature, correction, paper.

One demo for the file: tests that write each have a client of their own, and the walk to the signature comes last.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

WIDTHS = (360, 820, 1280)
THEMES = ("light", "dark", "room")


def open_visit(page: Page, name: str = "Ingrid Solheim") -> str:
    """The path of a client's open visit."""
    page.goto("/clients/")
    page.get_by_role("link", name=re.compile(name)).first.click()
    page.get_by_role("link", name=re.compile("Go on with visit")).first.click()
    page.wait_for_url(re.compile("/visits/"))
    found = re.search(r"/visits/[0-9a-f-]+/", page.url)
    assert found
    return found[0]


def test_two_windows_and_nothing_is_lost(demo: Any, open_page: Callable[..., Page]) -> None:
    one, two = (open_page(demo, width=820, signed_in=True, trouble=True) for _ in range(2))
    visit = open_visit(one, "Luis Ferro")
    for page in (one, two):
        page.goto(f"{visit}note/")
        page.locator("#edit-objective > summary").click()
    with one.expect_response("**/note/"):
        one.get_by_label("Found", exact=True).fill("From the first window.")
    expect(one.locator("#id_seen")).to_have_value("1")
    with two.expect_response("**/note/"):
        two.get_by_label("Found", exact=True).fill("From the second window.")
    expect(two.locator("#conflict")).to_contain_text("From the first window.")
    expect(two.locator("#conflict")).to_contain_text("From the second window.")
    expect(two.get_by_label("Found", exact=True)).to_have_value("From the second window.")
    two.get_by_role("button", name="Keep yours").click()
    expect(two.locator("#read-objective")).to_contain_text("From the second window.")
    two.get_by_text("Earlier versions").click()
    two.get_by_role("link", name="Version 1", exact=True).click()
    expect(two.locator("article")).to_contain_text("From the first window.")


def test_no_connection_is_said_and_the_words_stay(demo: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(demo, signed_in=True, trouble=True)
    page.goto("/")
    page.get_by_role("link", name=re.compile("Note to sign.*Priya Raman", re.DOTALL)).click()
    page.wait_for_url("**/note/")
    page.route("**/note/", lambda route: route.abort())
    page.locator("#edit-plan > summary").click()
    page.get_by_label("Plan", exact=True).fill("Kept on the page.")
    expect(page.locator(".messages.live")).to_contain_text("No connection")
    expect(page.get_by_label("Plan", exact=True)).to_have_value("Kept on the page.")
    page.unroute("**/note/")
    with page.expect_response("**/note/"):
        page.get_by_label("Plan", exact=True).press_sequentially(" And then on disk.")
    page.reload()
    expect(page.locator("#read-plan")).to_contain_text("Kept on the page. And then on disk.")


def test_it_works_without_script(demo: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(demo, signed_in=True, java_script_enabled=False)
    visit = open_visit(page, "Luis Ferro")
    page.goto(f"{visit}plan/")
    count = page.locator(".step").count()
    page.locator(".step").first.locator(".pick summary").click()
    page.locator(".step").first.get_by_role("button", name="Leave out").click()
    expect(page.locator(".step")).to_have_count(count - 1)
    page.goto(f"{visit}plan/add/?q=soleus")
    page.locator(".more-steps a").first.click()
    page.get_by_label("Left", exact=True).check()
    page.get_by_label("Technique").select_option("technique.effleurage")
    page.get_by_role("button", name="Add to the plan").click()
    expect(page.locator(".steps")).to_contain_text("Soleus")
    page.goto(f"{visit}note/")
    page.locator("#edit-plan > summary").click()
    page.get_by_label("Plan", exact=True).fill("Written without script.")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator("#read-plan")).to_contain_text("Written without script.")


def test_a_plan_is_shaped_by_keys_by_pointer_and_taken_back(demo: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(demo, width=1280, signed_in=True)
    visit = open_visit(page, "Luis Ferro")
    page.goto(f"{visit}plan/")
    names = page.locator(".step .nm > b")
    grips = page.locator("[data-grip]")
    expect(grips.first).to_be_visible()
    before = names.all_inner_texts()
    place = int(page.locator(".step:has([data-grip])").first.get_attribute("data-place") or 0)
    grips.first.focus()
    page.keyboard.press("ArrowUp")
    expect(names.nth(place - 1)).to_have_text(before[place])
    expect(grips.first).to_be_focused()  # so that it can be moved again
    page.keyboard.press("ArrowDown")
    expect(names.nth(place)).to_have_text(before[place])
    page.set_viewport_size({"width": 1280, "height": 2000})  # both ends of the way are on the screen
    box, goal = grips.first.bounding_box(), page.locator(".step").first.bounding_box()
    assert box
    assert goal
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 10, goal["y"] + 4, steps=4)
    expect(page.locator(".drop-before")).to_have_count(1)
    page.mouse.up()
    expect(names.first).to_have_text(before[place])
    page.get_by_role("button", name="Undo").click()
    expect(names.nth(place)).to_have_text(before[place])

    page.get_by_text("Set goals").click()
    page.get_by_label("Goals, in the client’s words").fill("Dig the allotment over again")
    page.get_by_role("button", name="Keep the goals").click()
    expect(page.locator(".goals")).to_contain_text("Dig the allotment over again")
    shut = page.locator(".step.shut", has=page.locator(".override")).first
    shut.locator(".pick summary").click()
    shut.get_by_label("Why it is done all the same").fill("His doctor rang and cleared the neck.")
    shut.get_by_role("button", name="Open it, with this reason").click()
    expect(page.locator(".overridden")).to_contain_text("His doctor rang and cleared the neck.")


def test_the_document_is_paper(demo: Any, open_page: Callable[..., Page], tmp_path: Any) -> None:
    page = open_page(demo, theme="room", signed_in=True)
    page.goto("/clients/")
    page.get_by_role("link", name=re.compile("Ingrid Solheim")).first.click()
    page.get_by_role("link", name=re.compile("Visit 1, .*Signed")).click()
    page.emulate_media(media="print")
    for hidden in (".bar", ".hour", ".note-side", ".demo", ".edit"):
        assert not page.locator(hidden).first.is_visible(), hidden
    ground = "getComputedStyle(document.querySelector('.document')).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    expect(page.locator(".doc-foot")).to_contain_text(re.compile("SHA-256 [0-9a-f]{64}"))
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    assert re.search(rb"/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]", paper)


PAGES = ("plan", "plan/add/?q=infra", "note", "signed", "blocked", "move", "phrases")


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_clean_in_every_light_and_width(
    name: str,
    demo: Any,
    open_page: Callable[..., Page],
    examine: Callable[..., None],
    fits: Callable[[Page], None],
    reachable: Callable[[Page], None],
    picture: Callable[..., None],
) -> None:
    page = open_page(demo, signed_in=True)
    if name == "signed":
        page.goto("/clients/")
        page.get_by_role("link", name=re.compile("Tomasz Wrona")).first.click()
        page.get_by_role("link", name=re.compile("Visit 1, .*Signed")).click()
    elif name == "blocked":
        page.goto(f"{open_visit(page, 'Luis Ferro')}plan/")
        expect(page.locator(".step.shut").first).to_contain_text("What opens it")  # closed in place
    elif name == "phrases":
        page.goto("/phrases/")
    else:
        visit = open_visit(page)
        page.goto(visit + (name if "?" in name else f"{name}/"))
    for details in page.locator("main details:not(.edit)").all()[:4]:
        details.evaluate("each => each.open = true")
    for width in (320, *WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)
        if width >= 360:
            reachable(page)
        for theme in THEMES if width in WIDTHS else ():
            page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
            if width == 820:  # what axe looks at does not change with the width
                examine(page, *(() if theme == "light" else ("color-contrast",)))
            picture(page, f"{name.split('?')[0].replace('/', '-')}-{width}-{theme}")


def test_from_the_plan_to_the_signed_note_and_its_correction(
    demo: Any, open_page: Callable[..., Page], examine: Callable[..., None], picture: Callable[..., None]
) -> None:
    page = open_page(demo, width=1280, signed_in=True)
    visit = open_visit(page)
    page.goto(f"{visit}plan/")
    steps = page.locator(".step .nm > b")
    before = steps.all_inner_texts()
    page.locator(".step").nth(1).locator(".pick summary").click()
    page.locator(".step").nth(1).get_by_role("button", name="Earlier").click()
    expect(steps.first).to_have_text(before[1])
    expect(page.locator(".step").first.locator(".pick")).to_have_attribute("open", "")  # it can be moved again
    page.locator(".step").first.get_by_role("button", name="Leave out").click()
    expect(steps).to_have_count(len(before) - 1)
    picture(page, "plan-changed")
    examine(page)
    page.get_by_role("link", name="Use this plan, then consent").click()
    one_by_one = page.get_by_text("Or tick each one")
    if one_by_one.count():
        one_by_one.click()
    page.get_by_role("button", name="Use this plan", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Without it there is no touch")
    for label in ("Told which areas", "Told what the touch", "Told: you can stop", "The client agreed"):
        page.get_by_label(re.compile(label)).check()
    page.get_by_role("button", name="Use this plan", exact=True).click()
    expect(page.locator(".agreed")).to_contain_text("Agreed at")

    page.get_by_role("link", name="Go to the note").click()
    expect(page.locator("blockquote")).to_contain_text("Better in front")
    expect(page.locator("#checks")).to_contain_text("What was done?")
    page.get_by_role("link", name=re.compile("Write")).click()
    words = page.get_by_label("Plan", exact=True)
    expect(words).to_be_focused()
    with page.expect_response("**/note/"):
        words.press("Control+End")
        words.press_sequentially("\nPressed twice, 5 of 10, eased in 20 s. .sore ")
    expect(words).to_have_value(re.compile("soreness for a day or two is common"))  # the code was written out
    expect(page.locator("#checks")).to_contain_text("What was done is in your words")
    expect(page.locator("#read-plan")).to_contain_text("eased in 20 s", use_inner_text=False)
    expect(page.locator("#id_seen")).to_have_value("1")
    examine(page)
    page.reload()
    expect(page.locator("#read-plan")).to_contain_text("Pressed twice, 5 of 10, eased in 20 s.")
    page.get_by_role("button", name="Sign as Daniel Okafor").click()

    expect(page.locator(".signature")).to_contain_text("Seal")
    expect(page.locator(".document")).to_contain_text("Pressed twice, 5 of 10, eased in 20 s.")
    expect(page.get_by_role("img", name=re.compile("Pain drawing"))).to_have_count(2)
    page.get_by_label("Correction", exact=True).fill("Eased in 30 s, not in 20.")
    page.get_by_role("button", name="Add with today").dblclick()
    expect(page.locator(".addendum")).to_have_count(1)
    expect(page.locator(".addendum")).to_contain_text("Eased in 30 s, not in 20.")
    examine(page)
