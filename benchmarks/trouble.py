"""Make the trouble that a practice may meet, really, and look at what a person is told.

    python benchmarks/trouble.py

- The disk is full: on a small disk in memory (needs the right to mount; else the size of files is limited, which the
  system reports in other words), filled to the last byte while the server runs. A form gets a page that says so and
  gives back what was typed; charts can still be read; once there is room the same form is saved, once.
- The disk is read-only: the start says so and touches nothing.
- The database is damaged in the middle: a page says so and names the last backup.
- Two servers on one folder: the second is refused and names the first.
- A wrong passphrase: nothing is replaced.
- The clock is set back: the start says so.

Nothing may be a stack trace. The last line is JSON; exit code 1 when anything was not as said above.
"""

import argparse
import http.client
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from durability import CSRF, Server

PASSPHRASE = "seven herons over the weir"
DISK_MB = 160
AHEAD = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tautband.clinic.project.settings"
django.setup()
from datetime import UTC, datetime, timedelta
from django.db import transaction
from tautband.clinic.audit.log import System, record
with transaction.atomic():
    record(verb="clock.tried", target="practice", by=System(), at=datetime.now(UTC) + timedelta(days=3))
"""


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A disk of its own on that folder; yields False where mounting is not allowed."""
    folder.mkdir()
    mounted = (
        shutil.which("mount")
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)], capture_output=True, check=False
        ).returncode
    )
    try:
        yield bool(mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def ask(server: Server, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
    """One request of the owner's; status and words."""
    headers = {"Cookie": f"tautband_session={server.session}; tautband_csrf={CSRF}"}
    body = None
    if fields is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode({"csrfmiddlewaretoken": CSRF, **fields})
    for _ in range(400):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        except (ConnectionError, http.client.HTTPException):
            time.sleep(0.05)  # it is starting
        finally:
            connection.close()
    raise RuntimeError("The server does not answer.")


def full_disk(server: Server, home: Path, *, mounted: bool) -> dict[str, Any]:
    """Fill the disk under the running server, write, look, make room, write again."""
    form = {"name": "Priya Raman", "recorded_sex": "not_stated", "key": "full-disk-1", "notes": "Typed with care"}
    saved = ask(server, "POST", "/clients/new/", {**form, "name": "Before", "key": "full-disk-0"})[0] == 302
    filler = home / "filler"
    if mounted:
        with filler.open("wb", buffering=0) as handle:
            try:
                while True:
                    handle.write(b"\0" * 65_536)
            except OSError:
                pass
            try:
                while True:
                    handle.write(b"\0")
            except OSError:
                pass
    else:
        size = (home / "tautband.sqlite3-wal").stat().st_size
        resource.prlimit(server.child, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    wrote, told = ask(server, "POST", "/clients/new/", form)
    read, page = ask(server, "GET", "/clients/")
    if mounted:
        filler.unlink()
    else:
        resource.prlimit(server.child, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    again = [ask(server, "POST", "/clients/new/", form)[0] for _ in range(2)]
    listed = ask(server, "GET", "/clients/")[1]
    return {
        "full disk: the form is refused in words": (saved, wrote, "disk is full" in told) == (True, 507, True),
        "full disk: what was typed is given back": "Typed with care" in told,
        "full disk: pages can still be read": read == 200 and "Before" in page,
        "full disk: with room again it is saved, once": again == [302, 302] and listed.count("Priya Raman") == 1,
        "full disk: no stack trace": "Traceback" not in told + page,
    }


def tautband(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "tautband", *words],
        env={**os.environ, "TAUTBAND_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def read_only(home: Path, port: int, *, mounted: bool) -> dict[str, Any]:
    """Start on a disk that cannot be written."""
    if not mounted:
        return {}
    subprocess.run(["mount", "-o", "remount,ro", str(home.parent)], check=True)
    try:
        done = tautband(home, "serve", "--no-browser", "--port", str(port))
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(home.parent)], check=True)
    return {
        "read-only disk: the start says so": done.returncode == 2 and "writ" in done.stderr,
        "read-only disk: no stack trace": "Traceback" not in done.stderr,
    }


def two_servers(home: Path, port: int) -> dict[str, Any]:
    """Open the same folder twice."""
    environment = {**os.environ, "TAUTBAND_HOME": str(home)}
    words = [sys.executable, "-m", "tautband", "serve", "--no-browser", "--port"]
    first = subprocess.Popen([*words, str(port)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert first.stdout is not None
        first.stdout.readline()
        second = tautband(home, "serve", "--no-browser", "--port", str(port + 1))
    finally:
        first.terminate()
        first.wait(timeout=60)
    said = second.returncode == 2 and f"process {first.pid}" in second.stderr
    return {"two servers: the second names the first": said, "two servers: no trace": "Traceback" not in second.stderr}


def wrong_passphrase(home: Path, backup: str, folder: Path) -> dict[str, Any]:
    """Restore with other words."""
    wrong = folder / "wrong.txt"
    wrong.write_text("six herons over the weir")
    before = (home / "tautband.sqlite3").read_bytes()
    done = tautband(home, "restore", backup, "--passphrase-file", str(wrong))
    same = (home / "tautband.sqlite3").read_bytes() == before
    return {
        "wrong passphrase: refused in words": done.returncode == 2 and "passphrase" in done.stderr.casefold(),
        "wrong passphrase: nothing was replaced": same and "Traceback" not in done.stderr,
    }


def damaged(server: Server, home: Path) -> dict[str, Any]:
    """Garbage in the middle of the file, as a failing disk leaves it."""
    file = home / "tautband.sqlite3"
    content = bytearray(file.read_bytes())
    place = content.index(b"Before")  # the page that holds the client's row
    page = place - place % 4096
    content[page : page + 4096] = os.urandom(4096)
    file.write_bytes(content)
    server.start()
    status, told = ask(server, "GET", "/clients/")
    server.kill()
    return {
        "damaged record: a page says so": status == 503 and "is damaged" in told,
        "damaged record: the last backup is named": "bin/tautband restore" in told,
        "damaged record: no stack trace": "Traceback" not in told,
    }


def clock_back(server: Server, home: Path) -> dict[str, Any]:
    """An entry from the day after tomorrow is what a clock set back looks like."""
    server._python(AHEAD)
    done = subprocess.run(
        [sys.executable, "-m", "tautband.clinic.project", "prepare"],
        env=server.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return {"clock set back: the start says so": "shows an earlier time" in done.stderr}


def main() -> int:
    """Make trouble, one kind after the other, and judge."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    with tempfile.TemporaryDirectory(prefix="tautband-trouble-") as work:
        folder = Path(work)
        with small_disk(folder / "disk") as mounted:
            home = folder / "disk" / "practice"
            home.mkdir()
            server = Server(home)
            words = folder / "words.txt"
            words.write_text(PASSPHRASE)
            server.start()
            found = full_disk(server, home, mounted=mounted)
            server.kill()
            time.sleep(0.3)
            made = tautband(home, "backup", "--passphrase-file", str(words))
            found |= {"a backup is made meanwhile": made.returncode == 0}
            found |= wrong_passphrase(home, made.stdout.strip(), folder)
            found |= read_only(home, server.port + 1, mounted=mounted)
            found |= two_servers(home, server.port + 2)
            found |= clock_back(server, home)
            found |= damaged(server, home)
            server.starter.terminate()
            server.starter.wait(timeout=10)
    passed = all(found.values())
    wrong = [what for what, so in found.items() if not so]
    print(
        json.dumps({"benchmark": "trouble", "passed": passed, "real_disk": mounted, "seen": len(found), "wrong": wrong})
    )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
