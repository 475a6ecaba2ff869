"""Time a cold set-up and a second start, from a clean copy of the project to the first page.

    python benchmarks/setup.py

Copies the tracked files to a temporary folder, runs `bin/serve` there, and asks for the page until it answers. Prints
a table and one JSON line; exits non-zero on a miss. Needs the package registry, as a first start does.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BARS = {"cold_s": 60.0, "installed_mb": 600.0, "second_s": 3.0}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        checkout, home = Path(folder) / "tautband", Path(folder) / "home"
        checkout.mkdir()
        archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
        subprocess.run(["tar", "x"], cwd=checkout, input=archive, check=True)
        cold_s = start(checkout, home, limit_s=300)
        installed_mb = size_mb(checkout / ".venv")
        wait_for_compiling(checkout)
        second_s = start(checkout, home, limit_s=60)
    figures = {"cold_s": round(cold_s, 1), "installed_mb": round(installed_mb), "second_s": round(second_s, 2)}
    for name, value in figures.items():
        print(f"{name:14} {value:8} (at most {BARS[name]:g})")
    met = all(figures[name] <= bar for name, bar in BARS.items())
    print(json.dumps({"benchmark": "setup", **figures, "met": met}))
    return 0 if met else 1


def start(checkout: Path, home: Path, limit_s: float) -> float:
    """Seconds from the command to the first answered page; the server is closed again."""
    port = free_port()
    environment = {**os.environ, "TAUTBAND_HOME": str(home), "PIP_NO_CACHE_DIR": "1"}
    began = time.perf_counter()
    command = [str(checkout / "bin" / "serve"), "--no-browser", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not answers(f"http://localhost:{port}/welcome/"):
            if time.perf_counter() - began > limit_s or server.poll() is not None:
                raise SystemExit("The server did not open; run bin/serve by hand to see why.")
            time.sleep(0.05)
        return time.perf_counter() - began
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def wait_for_compiling(checkout: Path) -> None:
    """Let the compiled loops be built, as they are by the time anybody starts a second time."""
    python = checkout / ".venv" / "bin" / "python"
    subprocess.run([str(python), "-m", "tautband.reasoning.inference.warm"], check=True, capture_output=True)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as page:
            return bool(page.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def size_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink()) / 1e6


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
