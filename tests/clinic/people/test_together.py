"""On a real file: many at once, and a sudden death. What was acknowledged is there, once, and the chains hold."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

HEAD = """
import os, sys, django
from concurrent.futures import ThreadPoolExecutor
os.environ["DJANGO_SETTINGS_MODULE"] = "tautband.clinic.project.settings"
django.setup()
from tautband.clinic.audit.log import verify_all
from tautband.clinic.people import actions
from tautband.clinic.people.models import Client, Member, Practice
def attempt(work):
    try:
        return work()
    except actions.AlreadySetUp:
        return None
"""
TOGETHER = """
def found(number):
    return attempt(lambda: actions.open_practice(
        practice_name="Harbour Lane", owner_name="Mara", login=f"mara{number}", password="a violin in the rain"))
def add(number):
    return actions.create_client(by=Member.objects.get(), name="Priya Raman", key=f"form {number % 3}").pk
with ThreadPoolExecutor(8) as pool:
    owners = [owner for owner in pool.map(found, range(8)) if owner]
    clients = set(pool.map(add, range(24)))
print(len(owners), Practice.objects.count(), Member.objects.count(), len(clients), Client.objects.count(),
      all(verdict.intact for verdict in verify_all()))
"""
UNTIL_DEATH = """
owner = actions.open_practice(
    practice_name="Harbour Lane", owner_name="Mara", login="mara", password="a violin in the rain")
for number in range(100_000):
    print(actions.create_client(by=owner, name=f"Client {number}").pk, flush=True)
"""
COUNT = """
acknowledged = sys.stdin.read().split()
print(len(acknowledged) - Client.objects.filter(pk__in=acknowledged).count(),
      all(verdict.intact for verdict in verify_all()), Client.objects.count() == len(verify_all()) - 1)
"""


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> str:
    """On a database server: the name of a database with all tables, to be copied."""
    server = os.environ.get("TAUTBAND_DATABASE")
    if not server:
        return ""
    address = empty_database(server)
    migrate = ("-m", "tautband.clinic.project", "migrate", "--verbosity", "0")
    run(tmp_path_factory.mktemp("migrated"), *migrate, TAUTBAND_DATABASE=address)
    return urlsplit(address).path.removeprefix("/")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, migrated: str) -> Path:
    """An empty installation; on a database server it gets a database of its own."""
    server = os.environ.get("TAUTBAND_DATABASE")
    if server:
        monkeypatch.setenv("TAUTBAND_DATABASE", empty_database(server, migrated))
        return tmp_path
    return Path(shutil.copytree(request.getfixturevalue("prepared"), tmp_path / "home"))


def empty_database(server: str, like: str = "template1") -> str:
    """Make a database beside the one an address names, a copy of `like`; return its address."""
    name = f"together_{uuid4().hex}"
    parts = urlsplit(server)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    return parts._replace(path=f"/{name}").geturl()


def run(home: Path, *words: str, given: str = "", **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        env={**os.environ, "TAUTBAND_HOME": str(home), **environment},
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,  # nothing here measures time
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_eight_at_once_found_one_practice_and_three_forms_make_three_clients(home: Path) -> None:
    assert run(home, "-c", HEAD + TOGETHER).split() == ["1", "1", "1", "3", "3", "True"]


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HEAD + UNTIL_DEATH],
        env={**os.environ, "TAUTBAND_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline() for _ in range(60)]
        writer.send_signal(signal.SIGKILL)
        acknowledged += writer.stdout.readlines()
    whole = [line for line in acknowledged if line.endswith("\n")]
    assert len(whole) >= 60
    assert run(home, "-c", HEAD + COUNT, given="".join(whole)).split() == ["0", "True", "True"]
