"""Set up the house in `.venv` and open one of its doors: serve, test or tautband.

Standard library only, since it runs before anything is installed. Everything it says goes to stderr; a second start
compares one stamp and goes straight through. The virtual environment is made whole or not at all: the stamp that
lets a start skip installation is written last.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {"serve": "core", "tautband": "core", "test": "dev"}
NEEDED_MB = {"core": 900, "dev": 1400}


class Stop(Exception):
    """Set-up cannot go on; the message says why and what to do."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def stamp_text(lock: str) -> str:
    """What the environment was made from: the lock's hash and the Python that made it."""
    digest = hashlib.sha256((ROOT / "requirements" / f"{lock}.txt").read_bytes()).hexdigest()
    return f"{digest} {sys.version_info.major}.{sys.version_info.minor} {sys.base_prefix}\n"


def is_ready(lock: str) -> bool:
    """Whether the environment holds this lock. The dev lock holds all of the core lock."""
    if not PYTHON.exists():
        return False
    stamps = {VENV / f"tautband-{name}.stamp": stamp_text(name) for name in {lock, "dev"}}
    return any(path.is_file() and path.read_text() == text for path, text in stamps.items())


@contextmanager
def only_one() -> Iterator[None]:
    """Keep a second set-up waiting while the first one works. The system frees the lock when a process dies."""
    path = ROOT / ".venv.lock"
    try:
        handle = path.open("a+")
    except OSError as error:
        raise Stop(
            f"This folder cannot be written to ({error.strerror}): {ROOT}\nMove it, or change its rights."
        ) from None
    with handle:
        if not lock_now(handle.fileno()):
            say("Another set-up is running in this folder; waiting for it.")
            while not lock_now(handle.fileno()):
                time.sleep(0.5)
        yield


def lock_now(descriptor: int) -> bool:
    """Take the file lock if it is free."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def check_space(lock: str) -> None:
    free_mb = shutil.disk_usage(ROOT).free // 1_000_000
    if free_mb < NEEDED_MB[lock]:
        raise Stop(
            f"The disk has {free_mb} MB left; setting up needs about {NEEDED_MB[lock]} MB. Make room and try again."
        )


def make_venv() -> None:
    if PYTHON.exists():
        return
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if done.returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if "ensurepip" in done.stdout + done.stderr:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Stop(
            "This Python cannot make virtual environments: its ensurepip part is missing.\n"
            f"On Debian and Ubuntu: apt install python{version}-venv"
        )
    raise Stop(f"The virtual environment could not be made:\n{done.stdout}{done.stderr}")


def install(lock: str) -> None:
    """Install the locked packages, every file checked against its hash."""
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--disable-pip-version-check",
    ]
    command += ["--no-compile", "--quiet", "--no-input", "-r", str(ROOT / "requirements" / f"{lock}.txt")]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode == 0:
        return
    raise Stop(
        f"{cause_of(done.stdout)}\n\nThe last lines of the installer:\n" + "\n".join(done.stdout.splitlines()[-8:])
    )


def cause_of(output: str) -> str:
    """Say in plain words why the installer failed."""
    if "No space left" in output:
        return "The disk is full. Make room and start again; what was there is unharmed."
    if "DO NOT MATCH THE HASHES" in output:
        return "A downloaded package is not the one we know: its hash differs. Nothing was installed. Try again later."
    unreachable = (
        "Failed to establish a new connection",
        "Temporary failure in name resolution",
        "Network is unreachable",
    )
    if any(words in output for words in (*unreachable, "ProxyError", "Read timed out", "ConnectionResetError")):
        return "No package registry could be reached. Setting up needs the network once; connect and start again."
    return "Installing the packages failed."


def find_source() -> None:
    """Let the environment see `src` without copying it."""
    (site,) = {*VENV.glob("lib/python3*/site-packages"), *VENV.glob("Lib/site-packages")}
    (site / "tautband-src.pth").write_text(f"{ROOT / 'src'}\n")


def read_atlas() -> None:
    """Compile the knowledge files and draw all fields once, so that the first page need not wait for it.

    Only time is lost when this fails: whoever needs them first does it then, and says what is wrong.
    """
    say("Reading the atlas.")
    build = "from tautband.reasoning.loading import reasoner; reasoner()"
    done = subprocess.run([str(PYTHON), "-c", build], capture_output=True, text=True)
    if done.returncode != 0:
        say(f"The atlas could not be read beforehand:\n{done.stderr.strip().splitlines()[-1]}")


def set_up(lock: str) -> None:
    """Make `.venv` hold the lock, or raise Stop with the reason. Does nothing when it already does."""
    if is_ready(lock):
        return
    with only_one():
        if is_ready(lock):
            return
        start = time.monotonic()
        say("Setting up Tautband. This happens once and takes about half a minute.")
        check_space(lock)
        make_venv()
        install(lock)
        find_source()
        read_atlas()
        (VENV / f"tautband-{lock}.stamp").write_text(stamp_text(lock))
        say(f"Set up in {time.monotonic() - start:.0f} s.")


def door(name: str, arguments: list[str]) -> list[str]:
    """The command behind a door."""
    if name == "test":
        return [str(PYTHON), str(ROOT / "tests" / "run.py"), *arguments]
    return [str(PYTHON), "-m", "tautband", *(["serve"] if name == "serve" else []), *arguments]


def main() -> int:
    name, *arguments = sys.argv[1:]
    try:
        set_up(LOCKS[name])
    except Stop as stop:
        say(str(stop))
        return 4
    except KeyboardInterrupt:
        say("\nStopped. Nothing half-made is used: the next start goes on from here.")
        return 130
    command = door(name, arguments)
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606 - the door takes this process over, signals and all
    return subprocess.run(command).returncode


if __name__ == "__main__":
    sys.exit(main())
