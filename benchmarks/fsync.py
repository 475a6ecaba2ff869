"""Is a clinical write on the disk before the answer leaves? Watched from outside, call by call.

    python benchmarks/fsync.py [--writes 20]

The real server is watched by `strace` (Linux; needs it installed and allowed) while forms are sent to it. For each form
the order of its calls must be: the last write into the write-ahead log, then `fdatasync` or `fsync` of that log, then
the answer on the socket. This shows the order in which the system was asked; whether a disk keeps what it was asked to
keep when power is cut, it does not show.

The last line is JSON; exit code 1 when an answer left before the log was synced.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from durability import Server
from trouble import ask

CALLS = "pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync"
LOG = r"<[^>]*tautband\.sqlite3-wal>"
WROTE = re.compile(rf"\b(?:pwrite64|write|writev)\(\d+{LOG}")
SYNCED = re.compile(rf"\b(?:fsync|fdatasync)\(\d+{LOG}\)\s+= 0")
ANSWERED = re.compile(r"\b(?:sendto|write|sendmsg|writev)\(\d+<(?:TCP|socket)[^>]*>.*HTTP/1\.1 302")


def watched(server: Server, output: Path) -> subprocess.Popen[bytes]:
    """Attach to the running server; returns once the watcher watches."""
    command = ["strace", "-f", "-yy", "-s", "64", "-e", f"trace={CALLS}", "-o", str(output), "-p", str(server.child)]
    watcher = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    time.sleep(2)
    if watcher.poll() is not None:
        raise SystemExit("strace may not watch processes here; nothing was shown.")
    return watcher


def judge(lines: list[str]) -> dict[str, Any]:
    """What happened before each answer."""
    wrote = synced = False
    answers = well = 0
    for line in lines:
        if WROTE.search(line):
            wrote, synced = True, False
        elif SYNCED.search(line):
            synced = True
        elif ANSWERED.search(line):
            answers += 1
            well += wrote and synced
            wrote = synced = False
    return {"answers": answers, "synced_before_the_answer": well}


def main() -> int:
    """Send forms, one after the other, and read what was watched."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--writes", type=int, default=20)
    options = parser.parse_args()
    if not shutil.which("strace"):
        raise SystemExit("strace is not installed; nothing was shown.")
    with tempfile.TemporaryDirectory(prefix="tautband-fsync-") as work:
        home, output = Path(work) / "practice", Path(work) / "calls"
        home.mkdir()
        server = Server(home)
        server.start()
        ask(server, "GET", "/clients/")
        watcher = watched(server, output)
        try:
            for _ in range(options.writes):
                form = {"name": f"Client {uuid.uuid4().hex}", "recorded_sex": "not_stated", "key": uuid.uuid4().hex}
                status, _page = ask(server, "POST", "/clients/new/", form)
                if status != 302:
                    raise SystemExit(f"The form was answered with {status}.")
        finally:
            watcher.terminate()
            watcher.wait(timeout=20)
            server.end()
        found = judge(output.read_text("utf-8", "replace").splitlines())
    passed = found["answers"] == found["synced_before_the_answer"] == options.writes
    print(json.dumps({"benchmark": "fsync", "passed": passed, "writes": options.writes, **found}))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
