"""What is kept until when, what holds it, and that an erasure leaves nothing but a log that is still whole."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st

from tautband.clinic.audit.log import head_now, record, verify, verify_all
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.charts import actions as charts
from tautband.clinic.charts.models import Visit
from tautband.clinic.keeping import actions, daily, queries
from tautband.clinic.keeping.backup import backup, restore, to_erase_again
from tautband.clinic.keeping.export import export
from tautband.clinic.keeping.models import Erasure
from tautband.clinic.keeping.retention import kept
from tautband.clinic.people import actions as people
from tautband.clinic.people.actions import NotAllowed
from tautband.clinic.people.models import Client, Member
from tautband.clinic.treatments import actions as treatments
from tautband.clinic.treatments.models import PlanVersion

PASSPHRASE = "seven herons over the weir"
DAYS = st.dates(date(1920, 1, 1), date(2090, 1, 1))
LAW = "Professional code, section 10"


@given(DAYS, DAYS | st.none(), st.integers(1, 30), st.integers(0, 25))
def test_nobodys_time_ends_before_the_years_after_the_visit_nor_before_those_after_coming_of_age(
    seen: date, born: date | None, years: int, adult: int
) -> None:
    end = kept(last_seen=seen, born=born, years=years, adult_at_years=adult)
    assert (end.until.year - end.counted_from.year, end.counted_from >= seen) == (years, True)
    if born and end.from_majority:
        assert end.counted_from.year - born.year == adult
    else:
        assert end.counted_from == seen
    assert not end.is_over(end.until)
    assert end.is_over(end.until + timedelta(days=1))


def test_a_childs_years_begin_at_majority() -> None:
    child = kept(last_seen=date(2026, 3, 1), born=date(2016, 2, 29), years=10, adult_at_years=18)
    assert child.until == date(2044, 2, 28)
    adult = kept(last_seen=date(2026, 3, 1), born=date(1976, 5, 1), years=10, adult_at_years=18)
    assert adult.until == date(2036, 3, 1)


@pytest.fixture
def treated(owner: Member, maras_client: Client) -> Visit:
    """A visit with a plan: rows that the database guards."""
    visit = charts.open_visit(by=owner, client=maras_client)
    charts.save_story(by=owner, visit=visit, text="It runs down the arm.")
    body: Any = {"choices": []}
    treatments.save_plan(by=owner, visit=visit, body=body, seen=0)
    return visit


def test_an_erasure_takes_the_client_and_leaves_a_whole_log(
    owner: Member, maras_client: Client, treated: Visit
) -> None:
    key, chart = maras_client.pk, maras_client.chart_key
    other = AuditEvent.objects.exclude(chart=chart).count()
    entries = AuditEvent.objects.filter(chart=chart).count()
    erasure = actions.erase_client(by=owner, client=maras_client, ground="Asked for", early=True)
    assert not Client.objects.filter(pk=key).exists()
    for model, path in actions.client_models():
        assert not model._default_manager.filter(**{path: key}).exists(), model
    assert verify(chart).intact
    assert all(each.intact for each in verify_all())
    assert AuditEvent.objects.filter(chart=chart).count() == entries + 1
    assert AuditEvent.objects.exclude(chart=chart).count() == other + 1
    assert "Ingrid" not in erasure.certificate
    assert erasure.digest in AuditEvent.objects.get(verb="record.erased").details
    whole = io.BytesIO()
    export(scope="practice", clients=list(Client.objects.all()), by=owner, to=whole)
    with zipfile.ZipFile(whole) as archive:
        assert f"audit/{chart.replace('/', '-')}.jsonl" in archive.namelist()  # the chain outlives the record
    if connection.vendor == "sqlite":
        assert b"Ingrid Solheim" not in connection.connection.serialize()  # zeros lie where the row was


def test_a_restored_backup_does_not_bring_the_erased_back(owner: Member, maras_client: Client, treated: Visit) -> None:
    actions.place_hold(by=owner, client=maras_client, reason="Ended before the erasure, which the backup does not know")
    told = {"erased": maras_client.pk.hex, "by_name": "Mara", "certificate": '{"ground": "Asked for"}'}
    assert actions.erase_again(told)
    assert not Client.objects.filter(pk=maras_client.pk).exists()
    erasure = Erasure.objects.get()
    assert (erasure.by_name, '"ground":"Asked for"' in erasure.certificate) == ("Mara", True)
    assert all(each.intact for each in verify_all())
    assert not actions.erase_again(told)


@pytest.mark.embedded
def test_a_restore_carries_over_what_was_erased_since(
    owner: Member, maras_client: Client, keep: Callable[[], Path], tmp_path: Path
) -> None:
    home = keep()
    early = backup(home, PASSPHRASE, tmp_path / "backups")
    key = actions.erase_client(by=owner, client=maras_client, ground="Asked for", early=True).erased.hex
    late = backup(keep(), PASSPHRASE, tmp_path / "backups")
    restore(early, PASSPHRASE, home)
    assert [row["erased"] for row in to_erase_again(home)] == [key]
    restore(early, PASSPHRASE, home)  # before it was started: the list goes along
    assert [row["erased"] for row in to_erase_again(home)] == [key]
    restore(late, PASSPHRASE, home)
    assert to_erase_again(home) == []  # nothing came back


@pytest.mark.parametrize("ground", ["Ingrid asked", "call 0775 518-2204", "mail i@example.org", "born 1980-02-03"])
def test_the_ground_names_nobody(owner: Member, maras_client: Client, ground: str) -> None:
    told = {"phone": "0775 5182204", "email": "i@example.org", "birth_date": date(1980, 2, 3)}
    Client.objects.filter(pk=maras_client.pk).update(**told)
    maras_client.refresh_from_db()
    with pytest.raises(ValueError, match="may not name"):
        actions.erase_client(by=owner, client=maras_client, ground=ground, early=True)
    assert not actions.names_the_client("She asked for it in writing", maras_client)


def erase_past_the_action(by: Member, client: Client) -> None:
    """What somebody would do who knows the tables and writes the entry, too."""
    event = record(verb="chart.erased", target=client.chart_key, chart=client.chart_key, by=by)
    Erasure.objects.create(erased=client.pk, chart=client.chart_key, at=event.at, by_name="Nobody")


def test_a_hold_stands_in_the_way_of_everybody(owner: Member, maras_client: Client, treated: Visit) -> None:
    hold = actions.place_hold(by=owner, client=maras_client, reason="A claim was announced")
    with pytest.raises(actions.Held):
        actions.erase_client(by=owner, client=maras_client, ground="Asked for", early=True)
    with pytest.raises(DatabaseError, match="legal hold"), transaction.atomic():
        erase_past_the_action(owner, maras_client)
    actions.release_hold(by=owner, hold=hold, because="Settled")
    actions.erase_client(by=owner, client=maras_client, ground="Asked for", early=True)


def test_the_guards_open_for_nothing_else(owner: Member, maras_client: Client, treated: Visit) -> None:
    with pytest.raises(DatabaseError, match="entry in the log"), transaction.atomic():
        Erasure.objects.create(
            erased=maras_client.pk, chart=maras_client.chart_key, at=treated.opened_at, by_name="Nobody"
        )
    with pytest.raises(DatabaseError, match="stays real"), transaction.atomic():
        Client.objects.filter(pk=maras_client.pk).update(demo=True)
    other = charts.open_visit(
        by=owner,
        client=(
            second := Client.objects.create(
                practice=owner.practice, name="Second", created_at=treated.opened_at, changed_at=treated.opened_at
            )
        ),
    )
    body: Any = {"choices": []}
    treatments.save_plan(by=owner, visit=other, body=body, seen=0)
    erasure = actions.erase_client(by=owner, client=maras_client, ground="Asked for", early=True)
    for wrong in (
        lambda: PlanVersion.objects.filter(visit=other)._raw_delete("default"),
        lambda: Client.objects.filter(pk=second.pk).update(demo=True),
        lambda: Erasure.objects.filter(pk=erasure.pk).update(certificate="{}"),
        lambda: Erasure.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            wrong()


def test_only_the_owner_and_only_when_the_time_is_over(owner: Member, therapist: Member, maras_client: Client) -> None:
    with pytest.raises(NotAllowed):
        actions.erase_client(by=therapist, client=maras_client, ground="Asked for", early=True)
    with pytest.raises(actions.StillKept):
        actions.erase_client(by=owner, client=maras_client, ground="Asked for")
    actions.set_rule(by=owner, years=10, adult_at_years=18, because=LAW)
    with pytest.raises(actions.StillKept):
        actions.erase_client(by=owner, client=maras_client, ground="Asked for")
    today = date.today()
    assert queries.due(owner.practice, today) == []
    long_ago = maras_client.created_at - timedelta(days=366 * 11)
    Client.objects.filter(pk=maras_client.pk).update(created_at=long_ago)
    assert [client.pk for client, _ in queries.due(owner.practice, today)] == [maras_client.pk]
    Client.objects.filter(pk=maras_client.pk).update(birth_date=date(today.year - 20, 1, 1))
    assert queries.due(owner.practice, today) == []


def test_the_pages_walk_from_rule_to_certificate(
    owner: Member, maras_client: Client, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of(owner)
    rule = {"years": 10, "adult_at_years": 18, "because": LAW}
    assert browser.post("/keeping/retention/", {**rule, "years": 0}).status_code == 422
    assert browser.post("/keeping/retention/", rule).status_code == 302
    page = f"/clients/{maras_client.pk}/keep/"
    assert "counted from the last visit" in browser.get(f"/clients/{maras_client.pk}/").content.decode()
    assert browser.post(page, {"do": "hold", "hold-reason": "A claim"}).status_code == 302
    assert "A claim" in browser.get("/keeping/retention/").content.decode()
    wish = {"do": "erase", "erase-ground": "Asked for", "erase-name": "ingrid solheim", "erase-early": "on"}
    assert browser.post(page, wish).status_code == 422
    assert browser.post(page, {"do": "release", "release-because": "Settled"}).status_code == 302
    for wrong in ({"erase-name": "Ingrid"}, {"erase-early": ""}, {"erase-ground": ""}):
        assert browser.post(page, {**wish, **wrong}).status_code == 422
    done = browser.post(page, wish)
    assert done.status_code == 302
    shown = browser.get(done["Location"]).content.decode()
    assert "Its chain is whole." in shown
    assert LAW in shown
    assert browser.get(page)["Location"] == done["Location"]
    assert browser.get(f"/clients/{maras_client.pk}/").status_code == 404
    assert browser.get("/settings/traces/").status_code == 200


def test_the_head_is_mailed_only_where_the_owner_named_somebody(
    owner: Member, settings: Any, tmp_path: Path, mailoutbox: list[Any]
) -> None:
    settings.HOME, settings.MAIL_SERVER = tmp_path, "smtp://mail.example.org"
    daily.mail_head()
    assert mailoutbox == []
    people.change_practice(by=owner, heads_to="ledger@example.org")
    daily.mail_head()
    (mail,) = mailoutbox
    assert mail.to == ["ledger@example.org"]
    assert head_now().digest[:4] in mail.body
    assert owner.display_name not in mail.body
