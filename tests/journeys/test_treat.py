"""The guided session in a real browser: plan agreed, run by keys, interrupted, finished, told by the note."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import Page, expect
from tests.clinic.treat.test_run import STEPS, log_of

from tautband.clinic.treat.run import Run, run_of

REDUCER = Path(__file__).parents[2] / "src/tautband/clinic/treat/static/js/treat/run.js"


KEPT = """async () => {
  const opening = indexedDB.open("tautband-session");
  await new Promise(done => { opening.onsuccess = done; });
  const all = opening.result.transaction("events").objectStore("events").getAll();
  await new Promise(done => { all.onsuccess = done; });
  opening.result.close();
  const kept = [await caches.keys(), await navigator.serviceWorker.getRegistrations(), all.result];
  return kept.map(each => each.length);
}"""


def begin(page: Page, name: str) -> str:
    """Agree to the plan of a client's open visit and begin; the path of the visit."""
    page.goto("/clients/")
    page.get_by_role("link", name=re.compile(name)).first.click()
    page.get_by_role("link", name=re.compile("Go on with visit")).first.click()
    page.wait_for_url(re.compile("/visits/"))
    found = re.search(r"/visits/[0-9a-f-]+/", page.url)
    assert found
    page.goto(f"{found[0]}plan/")
    again = page.get_by_role("button", name="Told again, and they agree")
    if again.count():
        again.click()
    else:
        for box in page.locator("#consent input[type=checkbox]").all():
            box.check()
        page.locator("#consent button[type=submit]").last.click()
    expect(page.locator(".agreed")).to_contain_text("Agreed at")
    page.goto(f"{found[0]}treat/")
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.locator("[data-run]")).to_have_attribute("data-ready", "yes")
    return found[0]


def to_hands(page: Page) -> None:
    """Pass the tests that are owed, by the foot key, until hands can begin."""
    for _ in range(12):
        if page.locator("[data-act=begin]").count():
            return
        before = page.locator("[data-over-title]").inner_text()
        page.keyboard.press("PageDown")
        expect(page.locator("[data-over-title]")).not_to_have_text(before)
    raise AssertionError("no step with hands in this plan")


def test_a_session_survives_reload_and_lost_network_and_stands_in_the_note(
    demo: Any,
    open_page: Callable[..., Page],
    examine: Callable[..., None],
    fits: Callable[[Page], None],
    reachable: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    page = open_page(demo, theme="room", signed_in=True, trouble=True)
    visit = begin(page, "Ingrid Solheim")
    run, saved = page.locator("[data-run]"), page.locator("[data-run-state]")
    to_hands(page)
    page.keyboard.press("PageDown")
    expect(run).to_have_attribute("data-phase", "running")
    page.keyboard.press("1")
    expect(page.locator("[data-numbers]")).to_have_text("1")
    examine(page)
    fits(page)
    reachable(page)
    picture(page, "treat-running-820-room")

    page.keyboard.press("8")
    expect(page.get_by_role("alert").filter(has_text="8. Ease off.")).to_be_visible()
    expect(run).to_have_attribute("data-phase", "over")
    expect(saved).to_contain_text("Saved")
    page.reload()
    expect(run).to_have_attribute("data-phase", "over")
    examine(page)

    expect(run).to_have_attribute("data-kept", "yes")
    page.context.set_offline(True)
    page.keyboard.press("PageDown")
    expect(run).to_have_attribute("data-phase", "running")
    page.keyboard.press("1")
    expect(saved).to_contain_text("Offline")
    page.reload()
    expect(run).to_have_attribute("data-from-device", "")
    expect(page.locator("[data-numbers]")).to_contain_text("1, 8, 1")
    expect(saved).to_contain_text("Offline")
    page.keyboard.press("PageUp")
    expect(run).to_have_attribute("data-phase", "paused")
    page.context.set_offline(False)
    expect(saved).to_contain_text("Saved")

    page.keyboard.press("Escape")
    expect(run).to_have_attribute("data-phase", "after")
    page.get_by_role("button", name="It eased").click()
    expect(page.get_by_role("button", name="It eased")).to_have_attribute("aria-pressed", "true")
    examine(page)
    reachable(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Draw where it is felt").click()
    sheet = page.locator("dialog.drawing-sheet")
    expect(sheet).to_be_visible()
    picture(page, "treat-sheet-820-room")
    sheet.get_by_role("button", name="Choose from a list instead").click()
    sheet.locator("[data-group=hand] summary").click()
    sheet.locator("[data-zone='zone.hand.thenar'][data-side=right] button").click()
    sheet.locator("button[type=submit]").click()
    expect(sheet).not_to_be_attached()
    expect(page.get_by_text("Drawn: ")).to_contain_text("thumb")
    page.context.set_offline(False)
    page.locator("[data-act=steps]").click()
    page.get_by_role("button", name="Finish the session").click()
    expect(page.get_by_role("heading", name="What was done")).to_be_visible()
    expect(page.locator(".doses")).to_contain_text("numbers 1, 8, 1 of 10; eased off above the limit; it eased")
    expect(page.locator(".felt-figure")).to_be_visible()
    assert page.evaluate(KEPT) == [0, 0, 0], "over and sent: nothing of it stays on the device"
    page.goto(f"{visit}note/")
    expect(page.locator("#read-plan")).to_contain_text("numbers 1, 8, 1 of 10")


def test_a_second_screen_asks_before_it_takes_over(demo: Any, open_page: Callable[..., Page]) -> None:
    one = open_page(demo, signed_in=True, trouble=True)
    visit = begin(one, "Luis Ferro")
    two = open_page(demo, width=360, signed_in=True, trouble=True)
    two.goto(f"{visit}treat/")
    expect(two.get_by_text("This session runs on another screen")).to_be_visible()
    two.get_by_role("button", name="Go on here").click()
    expect(two.locator("[data-acts] button").first).to_be_visible()
    one.keyboard.press("PageDown")
    expect(one.get_by_text("This session runs on another screen")).to_be_visible()


PARITY = """async ([source, steps, logs]) => {
  const { runOf } = await import(URL.createObjectURL(new Blob([source], {type: "text/javascript"})));
  return logs.map(events => { const run = runOf(steps, events); return {...run, done: [...run.done].sort()}; });
}"""


def plain(run: Run) -> dict[str, Any]:
    """What both must agree on."""
    doses = [
        [d.key, d.step, d.side, d.began_ms, d.ended_ms, d.hands_ms, d.unsure_ms, list(d.values), d.ended, d.beat]
        for d in run.doses
    ]
    return {
        "phase": run.phase,
        "step": run.step,
        "order": list(run.order),
        "driver": run.driver,
        "aside": list(run.aside),
        "since": run.since_ms,
        "next": run.next,
        "done": sorted(run.done),
        "doses": doses,
    }


def test_the_screen_and_the_server_work_out_the_same(open_page: Callable[..., Page], tmp_path: Path) -> None:
    """Two hundred logs of chance through both: the reducer of the page and that of the server."""
    chance = Random(9)
    logs = [log_of(chance) for _ in range(200)]
    sent = [[{**vars_of(event)} for event in events] for events in logs]
    page = open_page(type("Nowhere", (), {"url": "http://localhost"})())
    page.goto("about:blank")
    told = page.evaluate(PARITY, [REDUCER.read_text(), STEPS, json.loads(json.dumps(sent))])
    for events, there in zip(logs, told, strict=True):
        doses = [
            [
                *(d[n] for n in ("key", "step", "side", "began_ms", "ended_ms", "hands_ms", "unsure_ms")),
                [number["value"] for number in d["numbers"] if not number["withdrawn"]],
                d["ended"],
                d["beat"],
            ]
            for d in there["doses"]
        ]
        names = ("phase", "step", "order", "driver", "aside", "next", "done")
        assert {**{n: there[n] for n in names}, "since": there["since_ms"], "doses": doses} == plain(
            run_of(STEPS, events)
        )


def vars_of(event: Any) -> dict[str, Any]:
    """An event as a row."""
    return {name: getattr(event, name) for name in ("key", "device", "seq", "t_ms", "kind", "data")}
