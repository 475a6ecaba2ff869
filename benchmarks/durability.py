"""Kill the server again and again while it writes: is anything lost that it said was saved, or anything broken?

    python benchmarks/durability.py --kills 1000

Four writers add clients over HTTP through the real application and server; each sends the same form again until it is
told that it is saved. Meanwhile the server is killed (SIGKILL) at random moments and started anew. Then the record is
read: each form that was acknowledged must be there once, no form twice, the file whole, every chain whole.

This is not a power cut: what the system holds in memory survives the death of a process. For that, the settings are
asserted (`synchronous=FULL`, write-ahead log), see `tests/clinic/project/test_settings.py`.

The last line is JSON; exit code 1 on any loss.
"""

import argparse
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from urllib.parse import urlencode

WRITERS = 4
CSRF = "k" * 32
SHORTEST_S, LONGEST_S = 0.02, 0.25

PREPARE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tautband.clinic.project.settings"
django.setup()
from django.core.management import call_command
call_command("prepare")
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from tautband.clinic.people import actions
owner = actions.open_practice(practice_name="P", owner_name="Mara", login="mara", password="a violin in the rain")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY] = str(owner.user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = owner.user.get_session_auth_hash()
session.create()
print(session.session_key)
"""
# Everything is imported once; each server is a fork of this, so that starting one costs milliseconds.
STARTER = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tautband.clinic.project.settings"
django.setup()
from tautband.clinic.project.wsgi import application
from tautband.clinic.doors.server import local_door
from django.urls import get_resolver
get_resolver().url_patterns
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        local_door(application, int(sys.argv[1])).safe_start()
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
"""
COUNT = """
import sqlite3, sys
from pathlib import Path
from tautband.clinic.keeping.proof import prove
file = Path(sys.argv[1])
proof = prove(file)
names = [row[0] for row in sqlite3.connect(file).execute("SELECT name FROM people_client")]
import json
print(json.dumps({"trouble": list(proof.trouble), "names": names, "entries": proof.entries}))
"""


class Server:
    """The server under test; `kill` ends it at once, `start` brings the next one up."""

    def __init__(self, home: Path) -> None:
        self.environment = {**os.environ, "TAUTBAND_HOME": str(home)}
        self.session = self._python(PREPARE).split()[-1]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.starter = subprocess.Popen(
            [sys.executable, "-c", STARTER, str(self.port)],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def _python(self, code: str, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code, *words], env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    def start(self) -> None:
        assert self.starter.stdin is not None
        assert self.starter.stdout is not None
        self.starter.stdin.write("go\n")
        self.starter.stdin.flush()
        self.child = int(self.starter.stdout.readline())

    def kill(self) -> None:
        os.kill(self.child, signal.SIGKILL)

    def end(self) -> None:
        self.kill()
        self.starter.terminate()
        self.starter.wait(timeout=10)

    def count(self, file: Path) -> dict[str, object]:
        found: dict[str, object] = json.loads(self._python(COUNT, str(file)))
        return found


class Writer(threading.Thread):
    """Adds clients; remembers which the server said it has saved, and which were only tried."""

    def __init__(self, server: Server, stopped: threading.Event) -> None:
        super().__init__(daemon=True)
        self.server, self.stopped = server, stopped
        self.saved: list[str] = []
        self.tried: list[str] = []
        self.again = 0

    def run(self) -> None:
        while not self.stopped.is_set():
            key = uuid.uuid4().hex
            name = f"Client {key}"
            self.tried.append(name)
            while not self.stopped.is_set():
                try:
                    if self.send(name, key):
                        self.saved.append(name)
                        break
                except (OSError, http.client.HTTPException):
                    time.sleep(0.01)  # the server is gone; ask the next one
                self.again += 1

    def send(self, name: str, key: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        body = urlencode({"csrfmiddlewaretoken": CSRF, "name": name, "recorded_sex": "not_stated", "key": key})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"tautband_session={self.server.session}; tautband_csrf={CSRF}",
        }
        try:
            connection.request("POST", "/clients/new/", body, headers)
            answer = connection.getresponse()
            answer.read()
        finally:
            connection.close()
        if answer.status not in (302, 500):
            raise RuntimeError(f"The form was answered with {answer.status}, which tests nothing.")
        return answer.status == 302


def run(kills: int, home: Path) -> dict[str, object]:
    """Write and kill; what was found."""
    server, stopped = Server(home), threading.Event()
    writers = [Writer(server, stopped) for _ in range(WRITERS)]
    began = time.monotonic()
    server.start()
    for writer in writers:
        writer.start()
    chance = random.Random(7)
    for number in range(kills):
        seen = sum(len(writer.saved) for writer in writers)
        waited = time.monotonic() + 20
        while sum(len(w.saved) for w in writers) == seen and time.monotonic() < waited and number % 4 == 0:
            time.sleep(0.005)  # now and then wait for a write, so that kills do not only hit the start
        time.sleep(chance.uniform(SHORTEST_S, LONGEST_S))
        server.kill()
        server.start()
    stopped.set()
    for writer in writers:
        writer.join(timeout=30)
    server.end()
    found = server.count(home / "tautband.sqlite3")
    names = list(found["names"])  # type: ignore[call-overload]
    saved = [name for writer in writers for name in writer.saved]
    tried = {name for writer in writers for name in writer.tried}
    return {
        "kills": kills,
        "acknowledged": len(saved),
        "sent_again": sum(writer.again for writer in writers),
        "lost": len(set(saved) - set(names)),
        "twice": len(names) - len(set(names)),
        "from_nowhere": len(set(names) - tried),
        "damage": found["trouble"],
        "entries": found["entries"],
        "seconds": round(time.monotonic() - began, 1),
    }


def main() -> int:
    """Run and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tautband-durability-") as home:
        found = run(options.kills, Path(home))
    whole = not (found["lost"] or found["twice"] or found["from_nowhere"] or found["damage"])
    passed = whole and int(str(found["acknowledged"])) > options.kills // 4
    print(json.dumps({"benchmark": "durability", "passed": passed, **found}))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
