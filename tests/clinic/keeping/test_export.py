"""An export holds everything, proves itself without this program, and shows every way of tampering with it."""

import csv
import io
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.audit import chain, checker
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts.models import DrawingVersion, RecordedFinding, Visit
from tautband.clinic.keeping.export import HOUSE, clinic_models, export, path_to_client, tables
from tautband.clinic.people.models import CareTeam, Client, Member, Practice
from tautband.clinic.treatments.models import Addendum, Consent, SignedNote


@pytest.fixture
def practice(db: None) -> Member:
    """The demo practice: weeks of visits, drawings, signed notes."""
    call_command("load_demo", stdout=io.StringIO())
    return Member.objects.get(role="owner")


@pytest.fixture
def archive(practice: Member, tmp_path: Path) -> Path:
    """All of it exported."""
    file = tmp_path / "all.zip"
    with file.open("w+b") as target:
        export(scope="practice", clients=list(Client.objects.order_by("pk")), by=practice, to=target)
    return file


_once: dict[str, bytes] = {}


@pytest.fixture
def old_archive(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The same, from any earlier time: whoever checks a file does not have the database beside it."""
    if not _once:
        _once["all"] = request.getfixturevalue("archive").read_bytes()
    file = tmp_path / "old.zip"
    file.write_bytes(_once["all"])
    return file


def test_every_row_of_every_table_about_clients_is_in_it_exactly(archive: Path) -> None:
    clients = list(Client.objects.order_by("pk"))
    with zipfile.ZipFile(archive) as found:
        for model, rows in tables(clients):
            name = f"data/{model._meta.label_lower}"
            kept = json.loads(found.read(f"{name}.json"))
            assert len(kept) == len(rows), name
            if model is Member:
                continue
            guests = f"guests/{model._meta.label_lower}.json"
            of_guests = json.loads(found.read(guests)) if guests in found.namelist() else []
            assert len(rows) + len(of_guests) == model._default_manager.count(), name
            for given, row in zip(kept, rows, strict=True):  # round trip: JSON -> the fields' own types -> the row
                read = {f.attname: plain(f.to_python(given[f.attname])) for f in fields(model)}
                assert read == {f.attname: plain(row[f.attname]) for f in fields(model)}, name
            table = list(csv.reader(io.StringIO(found.read(f"{name}.csv").decode())))
            assert len(table) == (len(rows) + 1 if rows else 0), name
    assert SignedNote.objects.exists()


def plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def fields(model: type[models.Model]) -> list[Any]:
    return [f for f in model._meta.concrete_fields if not isinstance(f, (models.ForeignKey, models.JSONField))]


def test_the_way_to_the_client_is_found_from_every_table() -> None:
    assert path_to_client(Client) == "pk"
    assert path_to_client(CareTeam) == "client"
    assert path_to_client(RecordedFinding) == "visit__client"
    assert path_to_client(Consent) == "plan__visit__client"
    assert path_to_client(Addendum) == "note__visit__client"
    assert path_to_client(Practice) is None
    about_nobody = {model._meta.label for model in clinic_models() if path_to_client(model) is None}
    left_behind = {"audit.AuditEvent", "diary.Claim", "diary.NoMore", "errands.Errand", "people.User", "people.Member"}
    left_behind |= {"directory.Directory", "directory.Signer"}
    assert {label.lower() for label in about_nobody} == {label.lower() for label in left_behind} | set(HOUSE) | {
        label.lower() for label in about_nobody if label.startswith(("people.User_", "diary.Service_"))
    }


def test_the_checker_says_whole_and_agrees_with_the_program(archive: Path) -> None:
    assert checker.check(archive) == []
    with zipfile.ZipFile(archive) as found:
        chains = checker.chains(found)
    assert set(chains) == set(AuditEvent.objects.values_list("chart", flat=True))
    for chart, rows in chains.items():
        assert chain.check(chart, (chain.Entry(**row) for row in rows)).intact


def test_the_checker_runs_alone_with_nothing_but_python(old_archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(old_archive) as found:
        (tmp_path / "alone").mkdir()
        (tmp_path / "alone" / "check.py").write_bytes(found.read("check.py"))
    command = [sys.executable, "-I", "-S", "check.py", str(old_archive)]
    done = subprocess.run(command, cwd=tmp_path / "alone", capture_output=True, text=True, check=False, timeout=240)
    assert (done.returncode, done.stdout[:5]) == (0, "WHOLE")


def changed(archive: Path, change: Callable[[dict[str, bytes]], None], *, honest_manifest: bool) -> Path:
    """A forged copy of an archive; a careful forger writes the manifest anew."""
    with zipfile.ZipFile(archive) as found:
        files = {name: found.read(name) for name in found.namelist()}
    change(files)
    if honest_manifest:
        manifest = json.loads(files["manifest.json"])
        manifest["files"] = {n: checker.sha256(data) for n, data in files.items() if n != "manifest.json"}
        files["manifest.json"] = json.dumps(manifest).encode()
    forged = archive.with_name("forged.zip")
    with zipfile.ZipFile(forged, "w") as target:
        for name, data in files.items():
            target.writestr(name, data)
    return forged


def a_log(files: dict[str, bytes]) -> str:
    return max((name for name in files if name.startswith("audit/client-")), key=lambda name: len(files[name]))


def swap_lines(files: dict[str, bytes]) -> None:
    lines = files[a_log(files)].splitlines(keepends=True)
    files[a_log(files)] = b"".join([lines[0], lines[2], lines[1], *lines[3:]])


def drop_line(files: dict[str, bytes]) -> None:
    files[a_log(files)] = b"".join(files[a_log(files)].splitlines(keepends=True)[1:])


def cut_end(files: dict[str, bytes]) -> None:
    files[a_log(files)] = b"".join(files[a_log(files)].splitlines(keepends=True)[:-1])


def change_name(files: dict[str, bytes]) -> None:
    name = a_log(files)
    files[name] = files[name].replace(b'"by_name": "', b'"by_name": "X', 1)


def change_note(files: dict[str, bytes]) -> None:
    name = "data/treatments.signednote.json"
    rows = json.loads(files[name])
    rows[0]["content"] = rows[0]["content"].replace("right", "left", 1) + " "
    files[name] = json.dumps(rows).encode()


def drop_note(files: dict[str, bytes]) -> None:
    name = "data/treatments.signednote.json"
    files[name] = json.dumps(json.loads(files[name])[1:]).encode()


def media_name(files: dict[str, bytes]) -> str:
    return next(name for name in files if name.startswith("media/"))


def drop_photo(files: dict[str, bytes]) -> None:
    del files[media_name(files)]


def change_photo(files: dict[str, bytes]) -> None:
    files[media_name(files)] += b" "


CHANGES = [swap_lines, drop_line, cut_end, change_name, change_note, drop_note, drop_photo, change_photo]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("honest_manifest", [False, True], ids=["carelessly", "with a new manifest"])
def test_a_forged_archive_is_found(
    old_archive: Path, change: Callable[[dict[str, bytes]], None], honest_manifest: bool
) -> None:
    forged = changed(old_archive, change, honest_manifest=honest_manifest)
    assert checker.check(forged)
    assert checker.main([str(forged)]) == 1


def test_a_head_noted_before_shows_what_was_left_out_before_the_export(old_archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(old_archive) as found:
        (tmp_path / "noted.json").write_bytes(found.read("head.json"))

    def cut_everywhere(files: dict[str, bytes]) -> None:
        cut_end(files)
        head = json.loads(files["head.json"])
        last = json.loads(files[a_log(files)].splitlines()[-1])
        head["ends"][last["chart"]] = [last["number"], last["seal"]]
        del head["digest"]
        files["head.json"] = json.dumps({**head, "digest": checker.sha256(checker.plain(head))}).encode()

    forged = changed(old_archive, cut_everywhere, honest_manifest=True)
    assert checker.main([str(forged)]) == 0
    assert checker.main([str(forged), str(tmp_path / "noted.json")]) == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"{}"])
def test_what_is_no_export_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    assert checker.main([str(tmp_path / "x.zip")]) == 2


def test_drawings_and_notes_stand_alone(archive: Path) -> None:
    with zipfile.ZipFile(archive) as found:
        names = found.namelist()
        pictures = [name for name in names if name.endswith(".svg")]
        assert len(pictures) >= DrawingVersion.objects.count()
        for name in pictures[:4]:
            root = ET.fromstring(found.read(name))
            assert root.find("{http://www.w3.org/2000/svg}title") is not None
            assert b"http" not in found.read(name).replace(b"http://www.w3.org/2000/svg", b"")
        notes = [name for name in names if name.startswith("notes/") and name.endswith(".html")]
        papers = [name for name in names if name.startswith("notes/") and name.endswith(".pdf")]
        assert {name.removesuffix(".pdf") for name in papers} == {name.removesuffix(".html") for name in notes}
        assert found.read(papers[0]).startswith(b"%PDF")
        assert json.loads(found.read("data/people.practice.json"))[0]["name"]
        assert len(notes) == SignedNote.objects.count()
        text = found.read(notes[0]).decode()
        assert SignedNote.objects.filter(hash=text.rsplit("whole: ", 1)[1][:64]).exists()
        assert "<script" not in text


def test_an_export_of_one_client_names_nobody_else(practice: Member, tmp_path: Path) -> None:
    one, *others = Visit.objects.order_by("pk").first().client, *Client.objects.order_by("name")
    file = tmp_path / "one.zip"
    with file.open("w+b") as target:
        export(scope="client", clients=[one], by=practice, to=target)
    with zipfile.ZipFile(file) as found:
        everything = b"".join(found.read(name) for name in found.namelist()).decode(errors="replace")
    assert one.name in everything
    for other in others:
        assert other == one or (other.name not in everything and str(other.pk) not in everything)
    assert checker.check(file) == []


# --- Pages --------------------------------------------------------------------------------------------------------


def test_the_care_team_exports_and_the_chart_says_so(
    therapist: Member, daniels_client: Client, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of(therapist)
    assert "Export this chart" in browser.get(reverse("people:client", args=[daniels_client.pk])).content.decode()
    answer = browser.post(reverse("keeping:export_client", args=[daniels_client.pk]))
    assert "attachment" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as found:
        (entry,) = [e for e in map(json.loads, lines(found, daniels_client)) if e["verb"] == "chart.exported"]
    assert entry["by"] == therapist.audit_key


def lines(found: zipfile.ZipFile, client: Client) -> list[str]:
    return found.read(f"audit/client-{client.pk}.jsonl").decode().splitlines()


def test_the_owner_exports_colleagues_charts_only_with_a_reason_that_stays(
    owner: Member, therapist: Member, daniels_client: Client, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of(owner)
    assert browser.post(reverse("keeping:export_practice"), {"reason": " "}).status_code == 422
    assert not AuditEvent.objects.filter(verb="chart.exported").exists()
    data = {"reason": "Daniel moves to Bergen", "therapist": therapist.pk}
    answer = browser.post(reverse("keeping:export_practice"), data)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"PK")
    event = AuditEvent.objects.get(verb="chart.exported", chart=daniels_client.chart_key)
    assert "Daniel moves to Bergen" in event.details


def test_a_formula_does_not_run_in_a_spreadsheet(owner: Member, maras_client: Client, tmp_path: Path) -> None:
    Client.objects.filter(pk=maras_client.pk).update(notes="=1+1")
    with (tmp_path / "x.zip").open("w+b") as target:
        export(scope="client", clients=[maras_client], by=owner, to=target)
    with zipfile.ZipFile(tmp_path / "x.zip") as found:
        assert json.loads(found.read("data/people.client.json"))[0]["notes"] == "=1+1"
        assert "'=1+1" in found.read("data/people.client.csv").decode()
