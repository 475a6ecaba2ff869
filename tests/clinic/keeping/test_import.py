"""An export goes into another Tautband whole, once, and with its proofs; what is there already is never overwritten."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import models, transaction
from django.urls import reverse

from tautband.cli.main import main
from tautband.clinic.attachments import store
from tautband.clinic.attachments.models import Attachment
from tautband.clinic.audit import checker
from tautband.clinic.audit.log import verify_all
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import Story
from tautband.clinic.keeping.export import as_row, clinic_models, export, path_to_client
from tautband.clinic.keeping.importing import NotImported, bring_in, look
from tautband.clinic.people import actions
from tautband.clinic.people.models import CareTeam, Client, Member, Practice, User
from tautband.clinic.treatments.actions import add_correction
from tautband.clinic.treatments.content import seal_of
from tautband.clinic.treatments.models import NoteVersion, SignedNote


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SEALING_KEYS = tmp_path / "sealing.keys"


_once: dict[str, Any] = {}


@pytest.fixture
def owner(owner: Member) -> Member:
    """Mara, whose practice is a demo too, since only invented clients come in."""
    Practice.objects.update(demo=True)
    owner.refresh_from_db()
    return owner


@pytest.fixture
def archive(owner: Member, tmp_path: Path) -> Path:
    """The demo practice, exported on another computer."""
    if not _once:
        with transaction.atomic():
            forget_practice()
            call_command("load_demo", stdout=io.StringIO())
            _once["archive"] = exported(Member.objects.get(role="owner"), tmp_path / "all.zip").read_bytes()
            _once["contents"] = contents()
            _once["photos"] = {one.pk: store.read(one.pk) for one in Attachment.objects.all()}
            transaction.set_rollback(True)
        for key in _once["photos"]:
            store.erase(key)
    (tmp_path / "all.zip").write_bytes(_once["archive"])
    return tmp_path / "all.zip"


def forget_practice() -> None:
    """As if nobody had been here, until the transaction is rolled back."""
    User.objects.all().delete()
    Practice.objects.all().delete()


def exported(by: Member, file: Path) -> Path:
    with file.open("w+b") as target:
        export(scope="practice", clients=list(Client.objects.order_by("pk")), by=by, to=target)
    return file


def about_clients() -> list[type[models.Model]]:
    return [model for model in clinic_models() if path_to_client(model) is not None]


def contents() -> dict[str, list[dict[str, Any]]]:
    """Every row about a client; members by name, since their numbers are a matter of each installation.

    What a practice keeps of its own, such as services and rooms, does not come along, so links to it are left out.
    """
    names = dict(Member.objects.values_list("pk", "display_name"))
    return {model._meta.label: [plain(model, row, names) for row in of_clients(model)] for model in about_clients()}


def of_clients(model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows that name a client; bookings of guests do not."""
    return model._default_manager.exclude(**{f"{path_to_client(model)}__isnull": True}).order_by("pk")


def plain(model: type[models.Model], row: models.Model, names: dict[int, str]) -> dict[str, Any]:
    found = as_row(row)
    for one in model._meta.concrete_fields:
        if one.related_model is Member and found[one.attname]:
            found[one.attname] = names[found[one.attname]]
        elif one.related_model is Practice:
            found[one.attname] = "practice"
        elif one.related_model is not None and path_to_client(one.related_model) is None:
            found[one.attname] = None
        elif isinstance(found[one.attname], memoryview):
            found[one.attname] = bytes(found[one.attname])
    return found


def test_into_an_empty_one_every_row_and_photo_comes_in_exactly(archive: Path, owner: Member) -> None:
    done = bring_in(archive, by=owner)
    assert (done.clients, done.renumbered) == (len(_once["contents"]["people.Client"]), {})
    came = contents()
    kept = came.pop("people.CareTeam"), _once["contents"]["people.CareTeam"]
    assert came == {label: rows for label, rows in _once["contents"].items() if label != "people.CareTeam"}
    assert {seat["client_id"] for seat in kept[0]} == {seat["client_id"] for seat in kept[1]}
    assert {key: store.read(key) for key in _once["photos"]} == _once["photos"]
    assert all(store.read(one.pk, "small") for one in Attachment.objects.filter(kind="photo"))
    assert all(verdict.intact for verdict in verify_all())
    assert AuditEvent.objects.filter(verb="chart.imported").count() == done.clients
    # a second time nothing happens
    before, entries = contents(), AuditEvent.objects.count()
    assert {client.state for client in look(archive, owner.practice).clients} == {"here"}
    again = bring_in(archive, by=owner)
    assert (again.clients, again.left, contents(), AuditEvent.objects.count()) == (0, 0, before, entries)


def test_beside_others_numbers_are_given_anew_and_every_proof_holds(
    archive: Path, owner: Member, tmp_path: Path
) -> None:
    other = actions.create_client(by=owner, name="Somebody Else")
    visit = charts.open_visit(by=owner, client=other)
    own = charts.save_story(by=owner, visit=visit, text="Mine.")
    taken = min(row["id"] for row in _once["contents"]["charts.Story"])
    Story.objects.filter(pk=own.pk).update(id=taken)  # a number that is in the archive too
    lowest = min(row["id"] for row in _once["contents"]["treatments.SignedNote"])
    sign_something(owner, other, lowest)
    done = bring_in(archive, by=owner)
    assert done.renumbered["charts.story"] > 0
    assert done.renumbered["treatments.signednote"] > 0
    assert Story.objects.get(pk=taken).text == "Mine."
    texts = [row["text"] for row in _once["contents"]["charts.Story"]]
    assert list(Story.objects.exclude(visit__client=other).order_by("pk").values_list("text", flat=True)) == texts
    came = SignedNote.objects.exclude(visit__client=other)
    assert came.count() == len(_once["contents"]["treatments.SignedNote"])
    assert all(seal_of(note).intact for note in came)
    note = came.first()
    assert note is not None
    add_correction(by=note.by, note=note, text="It was the left arm.")
    assert seal_of(SignedNote.objects.get(pk=note.pk)).intact
    came_from = list(Client.objects.exclude(pk=other.pk))
    with (tmp_path / "again.zip").open("w+b") as target:
        export(scope="therapist", clients=came_from, by=owner, to=target)
    assert checker.check(tmp_path / "again.zip") == []
    actions.create_client(by=owner, name="Added afterwards")  # the database counts on from there


def sign_something(owner: Member, client: Client, number: int) -> None:
    """A signed note with a number that is taken in the archive."""
    visit = charts.open_visit(by=owner, client=client)
    version = NoteVersion.objects.create(
        visit=visit, number=1, sections={}, drafted={}, how="drafted", by=owner, at=visit.opened_at
    )
    SignedNote.objects.create(
        id=number, visit=visit, version=version, content="{}", hash="0" * 64, by=owner, by_name="M", at=visit.opened_at
    )


def test_what_changed_here_since_is_asked_and_never_overwritten(archive: Path, owner: Member) -> None:
    bring_in(archive, by=owner)
    one = Client.objects.order_by("pk").first()
    assert one is not None
    actions.change_client(by=owner, client=one, version=one.version, phone="0123 999")
    found = {client.id: client.state for client in look(archive, owner.practice).clients}
    assert found[str(one.pk)] == "newer"
    with pytest.raises(NotImported, match="other content"):
        bring_in(archive, by=owner)
    assert bring_in(archive, by=owner, leave=True).left == 1
    assert Client.objects.get(pk=one.pk).phone == "0123 999"


def test_somebody_of_the_same_name_and_birthday_is_asked_about(archive: Path, owner: Member) -> None:
    twin = _once["contents"]["people.Client"][0]
    actions.create_client(by=owner, name=twin["name"].upper(), birth_date=twin["birth_date"])
    with pytest.raises(NotImported, match="Perhaps here already"):
        bring_in(archive, by=owner)
    assert bring_in(archive, by=owner, doubtful_too=True).clients > 1


def test_an_author_nobody_knows_is_a_name_and_the_bringer_keeps_the_chart(archive: Path, owner: Member) -> None:
    done = bring_in(archive, by=owner)
    assert done.clients
    names = Member.objects.filter(active=False)
    assert names.exists()
    assert not any(member.user.has_usable_password() or member.user.is_active for member in names)
    keepers = CareTeam.objects.filter(keeper=True)
    assert {seat.member_id for seat in keepers} == {owner.pk}
    assert keepers.count() == done.clients


def test_nothing_is_left_when_it_fails_at_the_end(
    archive: Path, owner: Member, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    entries = AuditEvent.objects.count()

    def fails(_self: object) -> None:
        raise OSError("no space left on the disk")

    monkeypatch.setattr("tautband.clinic.keeping.importing._Import._care", fails)
    with pytest.raises(NotImported, match="no space left"):
        bring_in(archive, by=owner)
    assert not Client.objects.exists()
    assert AuditEvent.objects.count() == entries
    assert not list((tmp_path / "media").rglob("*.sealed"))


def test_what_was_changed_or_is_none_is_refused(archive: Path, owner: Member, tmp_path: Path) -> None:
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(archive) as found, zipfile.ZipFile(forged, "w") as target:
        for name in found.namelist():
            data = found.read(name)
            target.writestr(name, data.replace(b"right", b"left ") if name.endswith("signednote.json") else data)
    with pytest.raises(NotImported, match="not whole"):
        look(forged, owner.practice)
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("data/x.json", b"0" * 50_000_000)
    with pytest.raises(NotImported, match="far more"):
        look(bomb, owner.practice)
    (tmp_path / "none.zip").write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(NotImported, match="cannot be read"):
        look(tmp_path / "none.zip", owner.practice)


def test_invented_and_real_people_do_not_mix(archive: Path, owner: Member) -> None:
    Practice.objects.update(demo=False)
    with pytest.raises(NotImported, match="Invented"):
        look(archive, Practice.objects.get())


def test_by_command(archive: Path, owner: Member, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(archive), "--look"]) == 0
    assert "new      Ingrid Solheim" in capsys.readouterr().out
    assert not Client.objects.exists()
    assert main(["import", str(archive), "--by", "nobody"]) == 2
    assert main(["import", str(archive)]) == 0
    assert Client.objects.filter(name="Ingrid Solheim").exists()


def test_by_page(archive: Path, owner: Member, browser_of: Any, settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    browser, url = browser_of(owner), reverse("keeping:import")
    none = browser.post(url, {"archive": SimpleUploadedFile("x.zip", b"no")})
    assert none.status_code == 422
    assert "cannot be read" in none.content.decode()
    page = browser.post(url, {"archive": SimpleUploadedFile("x.zip", archive.read_bytes())}).content.decode()
    assert "Ingrid Solheim" in page
    assert "Who is that here?" in page
    assert not Client.objects.exists()
    (waiting,) = (tmp_path / "imports").iterdir()
    assert waiting.stat().st_mode & 0o077 == 0
    browser.post(url, {"token": waiting.stem})
    assert Client.objects.filter(name="Ingrid Solheim").exists()
    assert not list((tmp_path / "imports").iterdir())
    assert browser.post(url, {"token": waiting.stem}).status_code == 302  # sent twice: it is no longer here
    assert browser.post(url, {"token": "../../secret"}).status_code == 302
