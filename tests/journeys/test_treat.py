"""The guided session, interrupted and told by the note; then what goes home, on the client's phone and back."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import Page, expect
from tests.clinic.treat.test_run import STEPS, log_of

from tautband.clinic.treat.run import Run, run_of

SCRIPTS = Path(__file__).parents[2] / "src/tautband/clinic/treat/static/js/treat"


KEPT = """async () => {
  const opening = indexedDB.open("tautband-session");
  await new Promise(done => { opening.onsuccess = done; });
  const all = opening.result.transaction("events").objectStore("events").getAll();
  await new Promise(done => { all.onsuccess = done; });
  opening.result.close();
  const kept = [await caches.keys(), await navigator.serviceWorker.getRegistrations(), all.result];
  return kept.map(each => each.length);
}"""


def agreed(page: Page, name: str) -> str:
    """Agree to the plan of a client's open visit; the path of the visit."""
    page.goto("/clients/")
    page.get_by_role("link", name=re.compile(name)).first.click()
    link = page.get_by_role("link", name=re.compile("Go on with visit")).first.get_attribute("href")
    found = re.search(r"/visits/[0-9a-f-]+/", str(link))
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


def open_inside_and_close_again(
    page: Page, visit: str, examine: Callable[..., None], fits: Callable[[Page], None]
) -> None:
    """Licence and signature open work inside the mouth; taken back, it is closed again and the licence gone."""
    page.goto(f"{visit}inside/")
    mouth = page.locator("section:has(#inside-mouth)")
    expect(mouth).to_contain_text("no licence of the therapist is recorded", ignore_case=True)
    mouth.get_by_role("link", name="State your licence").click()
    page.get_by_label("Who gave it").fill("Chamber of the north")
    page.get_by_label("Its number").fill("17")
    page.get_by_label("Valid until").fill((date.today() + timedelta(days=90)).isoformat())
    page.get_by_label("Inside the mouth").check()
    fits(page)
    page.get_by_role("button", name="I hold this licence").click()
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    page.goto(f"{visit}inside/")
    sign = mouth.get_by_role("button", name="Signed by the client")
    sign.click()
    expect(mouth).to_contain_text("The client writes their own name.")
    examine(page)
    mouth.get_by_label("The client has read the text above").check()
    mouth.get_by_label("Name, written by the client").fill("Ingrid Solheim")
    mouth.get_by_label("Somebody with them").select_option("alone")
    sign.click()
    expect(mouth.get_by_text("Open today")).to_be_visible()
    expect(mouth).to_contain_text("Asked; nobody with them was wanted.")
    mouth.get_by_role("button", name="The client takes it back").click()
    expect(mouth.get_by_text("Closed", exact=True)).to_be_visible()
    page.goto("/settings/licence/")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("button", name="Take it back")).to_have_count(0)


def test_a_session_survives_another_screen_reload_and_lost_network_and_stands_in_the_note(
    demo: Any,
    open_page: Callable[..., Page],
    examine: Callable[..., None],
    fits: Callable[[Page], None],
    reachable: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    page = open_page(demo, theme="room", signed_in=True, trouble=True)
    visit = agreed(page, "Ingrid Solheim")
    open_inside_and_close_again(page, visit, examine, fits)
    page.goto(f"{visit}treat/")
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.locator("[data-run]")).to_have_attribute("data-ready", "yes")
    run, saved = page.locator("[data-run]"), page.locator("[data-run-state]")
    to_hands(page)
    page.keyboard.press("PageDown")
    expect(run).to_have_attribute("data-phase", "running")
    page.keyboard.press("1")
    expect(page.locator("[data-numbers]")).to_have_text("1")
    expect(page.get_by_text("this device has no voice of its own")).to_be_visible()
    expect(page.get_by_text("this device recognises no speech by itself")).to_be_visible()
    examine(page)
    fits(page)
    reachable(page)
    picture(page, "treat-running-820-room")

    page.keyboard.press("8")
    expect(page.get_by_role("alert").filter(has_text="8. Ease off.")).to_be_visible()
    expect(run).to_have_attribute("data-phase", "over")
    expect(saved).to_contain_text("Saved")

    two = open_page(demo, width=360, signed_in=True, trouble=True)
    two.goto(f"{visit}treat/")
    expect(two.get_by_text("This session runs on another screen")).to_be_visible()
    two.get_by_role("button", name="Go on here").click()
    expect(two.locator("[data-run]")).to_have_attribute("data-phase", "over")
    page.reload()
    expect(page.get_by_text("This session runs on another screen")).to_be_visible()
    page.get_by_role("button", name="Go on here").click()
    expect(run).to_have_attribute("data-phase", "over")
    expect(saved).to_contain_text("Saved")
    two.context.close()

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
    expect(page.get_by_text("Drawn: pain in right, ball of the thumb")).to_be_visible()
    page.context.set_offline(False)
    page.locator("[data-act=steps]").click()
    page.get_by_role("button", name="Finish the session").click()
    expect(page.get_by_role("heading", name="What was done")).to_be_visible()
    expect(page.locator(".doses")).to_contain_text("numbers 1, 8, 1 of 10; eased off above the limit; it eased")
    expect(page.locator(".felt-figure")).to_be_visible()
    assert page.evaluate(KEPT) == [0, 0, 0], "over and sent: nothing of it stays on the device"
    page.goto(f"{visit}note/")
    expect(page.locator("#read-plan")).to_contain_text("numbers 1, 8, 1 of 10")


def test_a_programme_from_the_visit_to_the_phone_and_back(
    demo: Any, open_page: Callable[..., Page], examine: Any, fits: Any, reachable: Any, picture: Any
) -> None:
    desk = open_page(demo, width=1280, signed_in=True)
    desk.goto("/clients/")
    desk.get_by_role("link", name="Ingrid Solheim").first.click()
    link = desk.get_by_role("link", name=re.compile("Go on with visit")).get_attribute("href")
    desk.goto(f"{link}at-home/")
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
    """A hundred logs of chance through both: the reducer of the page and that of the server."""
    chance = Random(9)
    logs = [log_of(chance) for _ in range(100)]
    sent = [[{**vars_of(event)} for event in events] for events in logs]
    page = open_page(type("Nowhere", (), {"url": "http://localhost"})())
    page.goto("about:blank")
    told = page.evaluate(PARITY, [(SCRIPTS / "run.js").read_text(), STEPS, json.loads(json.dumps(sent))])
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


VOICES = """async (source) => {
  const said = [];
  const net = {name: "net", lang: "en-US", localService: false}, own = {name: "own", lang: "en-GB", localService: true};
  let voices = [net];
  Object.defineProperty(globalThis, "speechSynthesis", {configurable: true, value:
    {getVoices: () => voices, cancel: () => undefined, speak: (one) => said.push([one.voice.name, one.text])}});
  globalThis.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  document.documentElement.lang = "en";
  const cues = await import(URL.createObjectURL(new Blob([source], {type: "text/javascript"})));
  cues.speak("of a network: never");
  const withoutOwn = cues.localVoice();
  voices = [net, own];
  cues.speak("ease off");
  const heard = {};
  globalThis.SpeechRecognition = undefined;
  heard.none = await cues.localListener(() => undefined) !== null;
  class Cloud { start() {} addEventListener() {} }
  globalThis.SpeechRecognition = Cloud;
  heard.cloud = await cues.localListener(() => undefined) !== null;
  class Local extends Cloud {
    static available = async ({processLocally}) => processLocally ? Local.told : "unavailable";
  }
  Object.defineProperty(Local.prototype, "processLocally", {writable: true, value: false});
  globalThis.SpeechRecognition = Local;
  Local.told = "downloadable";
  heard.notHere = await cues.localListener(() => undefined) !== null;
  Local.told = "available";
  heard.here = (await cues.localListener(() => undefined))?.processLocally;
  const words = ["seven", "pause please", "stop", "it is a 10", "next", "hm"];
  return {said, withoutOwn, heard, meant: words.map(cues.meaning)};
}"""


def test_only_voices_and_ears_of_the_device_are_used(open_page: Callable[..., Page]) -> None:
    """A voice of a network is never given a word; recognition that may leave the device is never begun."""
    page = open_page(type("Nowhere", (), {"url": "http://localhost"})())
    page.goto("about:blank")
    told = page.evaluate(VOICES, (SCRIPTS / "cues.js").read_text())
    assert told["said"] == [["own", "ease off"]]
    assert told["withoutOwn"] is None
    assert told["heard"] == {"none": False, "cloud": False, "notHere": False, "here": True}
    meant = [{"number": 7}, {"act": "pause"}, {"act": "stop"}, {"number": 10}, {"act": "go"}, None]
    assert told["meant"] == meant


def vars_of(event: Any) -> dict[str, Any]:
    """An event as a row."""
    return {name: getattr(event, name) for name in ("key", "device", "seq", "t_ms", "kind", "data")}
