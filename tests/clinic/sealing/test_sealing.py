"""What is sealed can be read with the key, for its own record, and in no other way."""

import threading
import uuid
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from django.apps.registry import Apps
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from tautband.clinic.sealing.fields import Sealed, SealedJSONField, SealedTextField, reseal
from tautband.clinic.sealing.keys import KeysNotUsable, add_keys, make_ring, read_ring, rotate
from tautband.clinic.sealing.seal import CannotUnseal, key_name, seal, unseal


class Confided(models.Model):
    """A table of this test alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    text = SealedTextField(null=True)
    more = SealedJSONField(default=dict)

    class Meta:
        """Made by the fixture, known to nobody else."""

        apps = Apps()
        app_label = "sealing"


@pytest.fixture(autouse=True)
def keys(settings: Any, tmp_path: Path) -> Path:
    settings.SEALING_KEYS = tmp_path / "sealing.keys"
    return tmp_path / "sealing.keys"


@pytest.fixture
def table(db: None) -> None:
    kind = "char(32)" if connection.vendor == "sqlite" else "uuid"
    with connection.cursor() as cursor:  # goes with the transaction of the test
        cursor.execute(f"CREATE TABLE sealing_confided (id {kind} PRIMARY KEY, text text, more text NOT NULL)")


def stored(column: str = "text") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM sealing_confided")
        return [row[0] for row in cursor.fetchall()]


@given(data=st.binary(max_size=400), about=st.text(max_size=40))
def test_sealed_bytes_open_to_what_they_were(data: bytes, about: str) -> None:
    sealed = seal(data, about)
    assert unseal(sealed, about) == data
    assert seal(data, about) != sealed  # a fresh nonce each time


def test_every_changed_bit_and_every_other_owner_is_refused() -> None:
    sealed = seal(b"what nobody should read", "answer/1")
    with pytest.raises(CannotUnseal, match="answer/2"):
        unseal(sealed, "answer/2")
    for place in range(len(sealed)):
        with pytest.raises((CannotUnseal, KeysNotUsable)):
            unseal(sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :], "answer/1")
    for cut in (b"", sealed[:3], sealed[:10], sealed[:-1]):
        with pytest.raises((CannotUnseal, KeysNotUsable)):
            unseal(cut, "answer/1")


def test_a_field_reads_plain_and_lies_sealed(table: None) -> None:
    one = Confided.objects.create(text="He hits her.", more={"safe": False, "ways": ["phone"]})
    Confided.objects.create(text=None)
    found = Confided.objects.get(pk=one.pk)
    assert (found.text, found.more) == ("He hits her.", {"safe": False, "ways": ["phone"]})
    assert "hits" not in str(stored()) + str(stored("more"))
    assert Confided.objects.filter(text__isnull=True).count() == 1
    assert found._meta.get_field("text").value_from_object(found) == "He hits her."  # as the export reads it
    found.save()  # an opened value is sealed again
    Confided.objects.get(pk=one.pk).save()  # and one nobody opened stays as it was
    assert Confided.objects.only("id").get(pk=one.pk).text == "He hits her."


def test_a_value_moved_to_another_record_does_not_open(table: None) -> None:
    one, two = Confided.objects.create(text="one"), Confided.objects.create(text="two")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sealing_confided SET text = (SELECT text FROM sealing_confided WHERE id = %s)",
            [one.pk.hex if connection.vendor == "sqlite" else one.pk],
        )
    with pytest.raises(CannotUnseal, match="moved from another record"):
        _ = Confided.objects.get(pk=two.pk).text


def test_nothing_plain_reaches_the_database_by_another_way(table: None) -> None:
    Confided.objects.bulk_create([Confided(text="in a bulk")])
    assert "bulk" not in str(stored())
    with pytest.raises(FieldError, match="sealed"), transaction.atomic():
        Confided.objects.update(text="plain")
    with pytest.raises(FieldError):
        list(Confided.objects.filter(text="plain"))
    assert isinstance(Confided.objects.values_list("text", flat=True)[0], Sealed)


def test_renewal_seals_all_with_the_new_key_and_old_backups_still_open(table: None, keys: Path) -> None:
    one = Confided.objects.create(text="before", more={"n": 1})
    before = b64decode(stored()[0])
    fresh = rotate(keys)
    assert Confided.objects.get().text == "before"
    assert reseal(Confided, [Confided._meta.get_field("text"), Confided._meta.get_field("more")], fresh.current) == 1
    assert {key_name(b64decode(value)) for value in stored() + stored("more")} == {fresh.current}
    assert reseal(Confided, [Confided._meta.get_field("text")], fresh.current) == 0
    assert unseal(before, f"sealing_confided.text/{one.pk}") == b"before"


def test_a_lost_or_damaged_key_file_says_what_to_do(keys: Path, tmp_path: Path) -> None:
    sealed = seal(b"x", "y")
    kept = keys.read_bytes()
    for bad in (b"", b"{}", kept[:-20], kept.replace(b'"current": "', b'"current": "x')):
        keys.write_bytes(bad)
        with pytest.raises(KeysNotUsable, match="from a backup"):
            read_ring(keys)
    keys.unlink()
    make_ring(keys)  # a fresh ring does not pretend to know the old key
    with pytest.raises(KeysNotUsable, match="in every backup"):
        unseal(sealed, "y")
    (tmp_path / "old").write_bytes(kept)
    add_keys(keys, read_ring(tmp_path / "old").keys)
    assert unseal(sealed, "y") == b"x"
    assert keys.stat().st_mode & 0o077 == 0


def test_many_who_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(make_ring(tmp_path / "k").current)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_model_whose_key_comes_from_the_database_is_refused() -> None:
    class Wrong(models.Model):
        """Its key is known only after it was saved."""

        text = SealedTextField()

        class Meta:
            """Never made."""

            apps = Apps()
            app_label = "sealing"

    assert [found.id for found in Wrong._meta.get_field("text").check()] == ["sealing.E001"]
