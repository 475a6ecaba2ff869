"""The same record on a real PostgreSQL: several servers and several workers over one database.

That every other test of the clinic holds there too is shown by running them there: `bin/test --postgres`.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres import fresh_postgresql

from tautband.clinic.project.database import postgresql
from tautband.clinic.project.home import HomeNotUsable

HEAD = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tautband.clinic.project.settings"
django.setup()
from tautband.clinic.audit.log import verify_all
from tautband.clinic.people import actions
from tautband.clinic.people.models import Client, Member
"""
FOUND = (
    HEAD
    + """
from django.core.management import call_command
call_command("migrate", verbosity=0)
owner = actions.open_practice(practice_name="P", owner_name="Mara", login="mara", password="a violin in the rain")
actions.create_client(by=owner, name="Shared")
"""
)
WRITE = (
    HEAD
    + """
owner, shared, mine = Member.objects.get(), Client.objects.get(name="Shared"), sys.argv[1]
for number in range(25):
    actions.archive_client(by=owner, client=shared, archived=number % 2 == 0)  # both writers on one chain
    actions.create_client(by=owner, name=f"Client {number}", key=f"form {number}")  # the same forms from both
"""
)
COUNT = (
    HEAD
    + """
verdicts = verify_all()
print(Client.objects.count(), all(v.intact for v in verdicts), max(v.checked for v in verdicts))
"""
)
ERRANDS = """
from tautband.clinic.errands import actions as errands
from tautband.clinic.errands.models import Errand

@errands.errand("test.write", tries=8)
def write(*, number: int) -> None:
    owner, shared = Member.objects.get(), Client.objects.get(name="Shared")
    if number % 3 == 0 and not Errand.objects.get(key=f"e/{number}").tries:
        raise RuntimeError("the first try of every third fails")
    actions.create_client(by=owner, name=f"Errand {number}")
"""
SEND = (
    HEAD
    + ERRANDS
    + """
for number in range(15):
    errands.send("test.write", key=f"e/{number}", number=number)
"""
)
WORK = (
    HEAD
    + ERRANDS
    + """
import time
from datetime import timedelta
from tautband.clinic.errands.worker import Worker
errands.wait_after = lambda tries: timedelta(0)  # what failed comes back at once
worker, did = Worker(), 0
while Errand.objects.filter(state="waiting", name="test.write").exists():
    did += worker.run_waiting()
    time.sleep(0.05)
print(did)
"""
)
DONE = (
    HEAD
    + """
from collections import Counter
from tautband.clinic.errands.models import Errand
names = Counter(Client.objects.filter(name__startswith="Errand").values_list("name", flat=True))
print(len(names), max(names.values()), Errand.objects.filter(state="done", name="test.write").count(),
      all(v.intact for v in verify_all()))
"""
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An environment in which the workbench finds a fresh PostgreSQL."""
    with fresh_postgresql() as address:
        home = tmp_path_factory.mktemp("clinic")
        yield {**os.environ, "TAUTBAND_DATABASE": address, "TAUTBAND_HOME": str(home)}


def start(server: dict[str, str], *words: str) -> subprocess.Popen[str]:
    root = Path(__file__).parents[3]
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, *words], env=server, cwd=root, stdout=pipe, stderr=pipe, text=True)


def finish(process: subprocess.Popen[str]) -> str:
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, out[-3000:] + errors[-3000:]
    return out


def test_two_processes_write_one_chain_without_a_fork_or_a_loss(server: dict[str, str]) -> None:
    finish(start(server, "-c", FOUND))
    for writer in [start(server, "-c", WRITE, name) for name in ("one", "two")]:
        finish(writer)
    # the practice's client and 25 forms sent by both; on the shared chain its creation and 2 x 25 changes
    assert finish(start(server, "-c", COUNT)).split() == ["26", "True", "51"]


def test_two_workers_do_every_errand_once_though_tries_fail(server: dict[str, str]) -> None:
    finish(start(server, "-c", SEND))
    finish(start(server, "-c", SEND))  # the same keys again
    did = [int(finish(worker)) for worker in [start(server, "-c", WORK) for _ in range(2)]]
    assert sum(did) >= 15
    assert finish(start(server, "-c", DONE)).split() == ["15", "1", "15", "True"]


def test_the_address_is_read_and_a_bad_one_never_repeats_the_password() -> None:
    read = postgresql("postgresql://mara:p%40ss@db.example:5433/clinic?sslmode=require")
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["PORT"]) == ("mara", "p@ss", "db.example", "5433")
    assert (read["NAME"], read["OPTIONS"]) == ("clinic", {"sslmode": "require"})
    for bad in ("mysql://mara:secret@db/clinic", "postgresql://mara:secret@db", "secret"):
        with pytest.raises(HomeNotUsable, match="must look like") as refusal:
            postgresql(bad)
        assert "secret" not in str(refusal.value)
