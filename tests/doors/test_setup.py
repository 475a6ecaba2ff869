"""Set-up says in words what is wrong, and never leaves something half-made that is then used."""

import importlib.util
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The set-up program, working in a folder of its own."""
    spec = importlib.util.spec_from_file_location("door_setup", ROOT / "bin" / "lib" / "setup.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "core.txt").write_text("one==1\n")
    (tmp_path / "requirements" / "dev.txt").write_text("one==1\ntwo==2\n")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return module


def pretend_environment(setup: ModuleType, lock: str) -> None:
    setup.PYTHON.parent.mkdir(parents=True)
    setup.PYTHON.touch()
    (setup.VENV / f"tautband-{lock}.stamp").write_text(setup.stamp_text(lock))


def test_the_dev_environment_serves_too_but_not_the_other_way(setup: ModuleType) -> None:
    pretend_environment(setup, "dev")
    assert setup.is_ready("core")
    assert setup.is_ready("dev")
    (setup.VENV / "tautband-dev.stamp").unlink()
    (setup.VENV / "tautband-core.stamp").write_text(setup.stamp_text("core"))
    assert setup.is_ready("core")
    assert not setup.is_ready("dev")


def test_a_changed_lock_or_a_missing_stamp_means_not_ready(setup: ModuleType) -> None:
    pretend_environment(setup, "core")
    assert setup.is_ready("core")
    (setup.ROOT / "requirements" / "core.txt").write_text("one==2\n")
    assert not setup.is_ready("core")


def test_an_interrupted_installation_is_not_taken_for_a_finished_one(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "make_venv", lambda: (setup.PYTHON.parent.mkdir(parents=True), setup.PYTHON.touch()))

    def interrupted(lock: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(setup, "install", interrupted)
    with pytest.raises(KeyboardInterrupt):
        setup.set_up("core")
    assert not setup.is_ready("core")


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "hash differs"),
        ("Failed to establish a new connection: [Errno -3] Temporary failure in name resolution", "network"),
        ("something else", "failed"),
    ],
)
def test_the_cause_is_told_in_words(setup: ModuleType, output: str, words: str) -> None:
    assert words in setup.cause_of(output)


def test_too_little_room_stops_before_anything_is_made(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 50_000_000

    monkeypatch.setattr(setup.shutil, "disk_usage", lambda path: Usage)
    with pytest.raises(setup.Stop, match="50 MB left"):
        setup.set_up("core")
    assert not setup.VENV.exists()


def test_a_second_set_up_waits_for_the_first(setup: ModuleType) -> None:
    order: list[str] = []

    def second() -> None:
        with setup.only_one():
            order.append("second")

    with setup.only_one():
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.7)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]


def test_a_python_that_is_too_old_is_named_with_what_to_do(tmp_path: Path) -> None:
    """A `python3` that fails the version question stands for an old one."""
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14", "python"):
        fake = tmp_path / name
        fake.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.8.10" && exit 0\nexit 1\n')
        fake.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "bin" / "tautband"), "--version"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "needs Python 3.11 or newer; this machine has Python 3.8.10" in done.stderr
    assert done.stdout == ""


def test_a_missing_network_is_named(tmp_path: Path) -> None:
    """The real installer, with a package index that nobody answers at."""
    spec = importlib.util.spec_from_file_location("door_setup_net", ROOT / "bin" / "lib" / "setup.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    command = [sys.executable, "-m", "pip", "install", "--isolated", "--no-input", "--retries", "1", "--index-url"]
    command += ["http://127.0.0.1:9/simple", "--no-deps", "--target", str(tmp_path), "six==1.16.0"]
    bare = {**os.environ, "PIP_CONFIG_FILE": os.devnull}
    done = subprocess.run(command, env=bare, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "network" in module.cause_of(done.stdout + done.stderr)
