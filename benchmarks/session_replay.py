"""An hour at the table with twenty interruptions: does the log lose a second, and how soon does the screen answer?

    python benchmarks/session_replay.py            # prints what it did; one JSON line last; exit 1 on a miss

A screen logs sixty minutes of steps, pauses and numbers over HTTP to a real server, while the network goes, the page is
loaded anew from what the device kept, parcels arrive twice and out of order, and the server is killed with -9 with a
parcel in hand and started again. What the server then holds is compared with what happened. Then the page of that
session is opened in a real browser: from a key to the next drawn frame, with the hour's whole log in hand. Aims: no
second lost, at most 100 ms.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[1]
SCREEN_MS, INTERRUPTIONS, MINUTES = 100.0, 20, 60
PRESSES = 40
TOKEN = "benchmarkbenchmarkbenchmark12345"
SERVER = """
import sys
from cheroot.wsgi import Server
from tautband.clinic.project.wsgi import application
server = Server(("127.0.0.1", int(sys.argv[1])), application, numthreads=4)
server.prepare()
print(server.bind_addr[1], flush=True)
server.serve()
"""
SET_UP = """
import json, os
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tautband.clinic.project.settings")
django.setup()
from datetime import UTC, datetime, timedelta
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tautband.clinic.charts.actions import open_visit
from tautband.clinic.people.actions import create_client, open_practice
from tautband.clinic.treat.models import Session
from tautband.clinic.treatments.models import Consent, PlanVersion
owner = open_practice(practice_name="Bench", owner_name="Bench", login="bench", password="a violin in the rain")
visit = open_visit(by=owner, client=create_client(by=owner, name="Nobody"))
now = datetime.now(UTC)
plan = PlanVersion.objects.create(visit=visit, number=1, body={"minutes": 60, "choices": []}, by=owner, at=now)
told = dict.fromkeys(("told_areas", "told_touch", "told_stop", "agreed"), True)
Consent.objects.create(plan=plan, areas=["shoulder", "upper_back", "thorax", "arm_elbow"], by=owner, at=now, **told)
beat = {"key": "hold", "round": 1, "do": "Hold.", "say": "", "seconds": 600, "repetitions": None, "asks_number": False}
step = {
    **dict.fromkeys(("found_side", "closed", "variant_of", "ease", "position", "ease_position", "reason", "dose"), ""),
    **{"side": "right", "limit_of_10": 6.0, "stop_of_10": 8.0, "stage": "treat", "region": "shoulder", "seconds": 600},
    **{"target": "muscle.infraspinatus", "target_name": "Infraspinatus", "technique": "technique.ischemic_compression"},
    **{"technique_name": "Ischemic compression", "beats": [{**beat, "stop_when": ""}], "by_number": True},
    **{"cautions": [], "retest": None, "stretch": "", "remembered": "", "grade": ""},
}
steps = [{**step, "key": f"s{n}"} for n in range(12)]
begun = now - timedelta(minutes=61)
made = Session.objects.create(
    visit=visit, plan=plan, number=1, steps=steps, device="tablet-bench", by=owner, started_at=begun
)
signed = SessionStore()
signed[SESSION_KEY] = str(owner.user.pk)
signed[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
signed[HASH_SESSION_KEY] = owner.user.get_session_auth_hash()
signed.create()
print(json.dumps({"visit": str(visit.pk), "session": made.pk, "cookie": signed.session_key}))
"""
READ = """
import json, os
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tautband.clinic.project.settings")
django.setup()
from tautband.clinic.treat.models import Session, SessionEvent
from tautband.clinic.treat.queries import run_of_session
run = run_of_session(Session.objects.order_by("-id").first())
doses = [[d.step, d.hands_ms, list(d.values)] for d in run.doses]
print(json.dumps({"events": SessionEvent.objects.count(), "doses": doses}))
"""


def hour(chance: random.Random) -> tuple[list[dict[str, object]], list[list[object]]]:
    """Sixty minutes of events, and the doses they must come to."""
    events: list[dict[str, object]] = []
    doses: list[list[object]] = []

    def at(t_ms: int, kind: str, **data: object) -> None:
        number = len(events) + 1
        row = {"key": f"bench-{number:05}", "device": "tablet-bench", "seq": number, "t_ms": t_ms, "kind": kind}
        events.append({**row, "data": data})

    at(0, "took")
    t, end = 1000, MINUTES * 60_000
    number = 0
    while t < end - 200_000:
        step = f"s{number % 12}"
        at(t, "opened", step=step)
        t += chance.randint(2000, 9000)
        at(t, "began")
        hands, said = 0, []
        for _ in range(chance.randint(2, 5)):
            on = chance.randint(8000, 40_000)
            hands, t = hands + on, t + on
            value = chance.randint(3, 6)
            said.append(value)
            at(t, "number", value=value)
            if chance.random() < 0.4:
                at(t, "paused")
                t += chance.randint(1000, 20_000)
                at(t, "resumed")
        at(t, "done")
        at(t + 500, "logged", response="eased")
        doses.append([step, hands, [float(value) for value in said]])
        t += 4000
        number += 1
    return events, doses


def _standing_port() -> int:
    """A free port below those the system lends to clients, so that nobody takes it while the server is down."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("No port is free.")


class Server:
    """A real server of the workbench, which can be killed; `post` and `kill` speak HTTP as the screen does."""

    def __init__(self, home: Path, told: dict[str, str]) -> None:
        self.home, self.told = home, told
        self.port = _standing_port()
        self.start()

    def start(self) -> None:
        environment = {**os.environ, "TAUTBAND_HOME": str(self.home)}
        command = [sys.executable, "-c", SERVER, str(self.port)]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        if not self.process.stdout.readline():
            raise RuntimeError("The server did not start; its messages stand above.")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def cookies(self) -> dict[str, str]:
        return {"tautband_session": self.told["cookie"], "tautband_csrf": TOKEN}

    def _request(self, rows: list[dict[str, object]]) -> tuple[str, bytes, dict[str, str]]:
        body = {"csrfmiddlewaretoken": TOKEN, "session": self.told["session"], "events": json.dumps(rows)}
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        return f"/visits/{self.told['visit']}/treat/log/", urllib.parse.urlencode(body).encode(), headers

    def post(self, rows: list[dict[str, object]]) -> bool:
        """True once the server said that it has all of them."""
        path, body, headers = self._request(rows)
        request = urllib.request.Request(self.address + path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                kept = json.load(answer)["kept"]
        except (urllib.error.URLError, HTTPException, OSError):
            return False
        return {row["key"] for row in rows} <= set(kept)

    def kill(self, rows: list[dict[str, object]], after_s: float) -> None:
        """Die by -9 with a parcel in hand: nobody knows whether it was written. Then start again."""
        path, body, headers = self._request(rows)
        lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Content-Length: {len(body)}"]
        head = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""])
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            line.sendall(head.encode() + body)
            try:
                self.process.wait(timeout=after_s)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.start()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def replay(server: Server, seed: int) -> tuple[dict[str, int], bool, int]:
    """Log the hour with its interruptions; how often each came, whether nothing was lost, milliseconds lost."""
    chance = random.Random(seed)
    events, doses = hour(chance)
    waiting: list[dict[str, object]] = []
    kinds = ["offline", "duplicate", "kill", "reload"]
    came = dict.fromkeys(kinds, 0)
    places = sorted(chance.sample(range(5, len(events) - 5), INTERRUPTIONS))
    offline_until = -1
    for place, event in enumerate(events):
        waiting.append(event)
        if place in places:
            kind = kinds[places.index(place) % 4]
            came[kind] += 1
            if kind == "offline":
                offline_until = place + chance.randint(3, 12)
            elif kind == "duplicate":
                server.post(chance.sample(events[: place + 1], min(12, place + 1)))
            elif kind == "kill":
                server.kill(waiting, chance.choice((0.0, 0.005, 0.02, 0.05, 0.2)))
            else:
                waiting = json.loads(json.dumps(waiting))  # the page is gone; the device kept what was not confirmed
        if place >= offline_until and (len(waiting) >= 5 or place == len(events) - 1):
            chance.shuffle(waiting)
            if server.post(waiting):
                waiting = []
    for _again in range(20):
        if not waiting or server.post(waiting):
            waiting = []
            break
    held = json.loads(_python(server.home, READ))
    lost = sum(abs(a[1] - b[1]) for a, b in zip(held["doses"], doses, strict=False))
    same = not waiting and held["events"] == len(events) and held["doses"] == doses
    return came, same, lost


def screen_ms(server: Server) -> float:
    """From a key to the next drawn frame (95 of 100), on the real page of the session with the hour's log in hand."""
    from playwright.sync_api import sync_playwright

    script = """async (presses) => {
      const took = [];
      const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      for (let n = 0; n < presses; n += 1) {
        await frame();
        const start = performance.now();
        document.body.dispatchEvent(new KeyboardEvent("keydown", {key: String(1 + n % 5), bubbles: true}));
        await frame();
        took.push(performance.now() - start);
      }
      took.sort((a, b) => a - b);
      return took[Math.floor(took.length * 0.95)];
    }"""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport={"width": 820, "height": 1180})
        context.add_cookies([{"name": n, "value": v, "url": server.address} for n, v in server.cookies.items()])
        context.add_init_script("localStorage.setItem('tautband:screen', 'tablet-bench')")
        page = context.new_page()
        page.goto(f"{server.address}/visits/{server.told['visit']}/treat/", timeout=120_000)
        page.wait_for_selector("[data-run][data-ready=yes]", timeout=60_000)
        page.click("[data-act=again]")
        page.wait_for_selector("[data-run][data-phase=running]")
        found = float(page.evaluate(script, PRESSES))
        assert page.locator("[data-numbers]").inner_text().count(",") >= PRESSES - 1, "the keys were taken"
        browser.close()
    return found


def _python(home: Path, code: str) -> str:
    environment = {**os.environ, "TAUTBAND_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def main() -> int:
    """Run it; 0 when both aims are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=7)
    seed = parser.parse_args().seed
    start = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        command = [sys.executable, "-m", "tautband.clinic.project", "prepare"]
        subprocess.run(command, env={**os.environ, "TAUTBAND_HOME": folder}, check=True, capture_output=True)
        server = Server(home, json.loads(_python(home, SET_UP)))
        try:
            came, same, lost = replay(server, seed)
            answer = screen_ms(server)
        finally:
            server.stop()
    print(f"{MINUTES} minutes, interruptions {came}: {'nothing lost' if same else f'{lost} ms differ'}")
    print(f"the screen answers in {answer:.1f} ms (95 of 100)")
    result = {
        "benchmark": "session_replay",
        "minutes": MINUTES,
        "interruptions": came,
        "log_whole": same,
        "lost_ms": lost,
        "screen_p95_ms": round(answer, 1),
        "screen_aim_ms": SCREEN_MS,
        "seconds": round(perf_counter() - start, 1),
        "ok": same and answer <= SCREEN_MS,
    }
    print(json.dumps(result))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
