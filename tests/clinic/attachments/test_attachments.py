"""What is uploaded is looked into, written anew, sealed, and shown to the care team alone, never run."""

import io
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from PIL import Image

from tautband.clinic.attachments import actions, store
from tautband.clinic.attachments.models import Attachment, Kind
from tautband.clinic.attachments.taking import SIDE_PX, NotTaken, Taken, take
from tautband.clinic.audit.models import AuditEvent
from tautband.clinic.people import reads
from tautband.clinic.people.models import Client, Member
from tautband.clinic.sealing.keys import rotate
from tautband.clinic.sealing.renew import seal_everything_anew
from tautband.clinic.sealing.seal import CannotUnseal, key_name

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PLACE = "52 degrees north"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SEALING_KEYS = tmp_path / "sealing.keys"
    return tmp_path / "media"


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else None).save(out, kind, **more)
    return out.getvalue()


def with_exif(turned: int = 6) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010E] = PLACE
    exif.get_ifd(0x8825)[1] = "N"
    return photo(exif=exif, comment=PLACE.encode())


def test_a_photo_keeps_its_pixels_upright_and_nothing_else() -> None:
    raw = with_exif()
    assert PLACE.encode() in raw
    taken = take(raw)
    kept = Image.open(io.BytesIO(taken.data))
    assert (taken.kind, taken.media_type, kept.size) == (Kind.PHOTO, "image/jpeg", (40, 60))  # turned as it was taken
    assert PLACE.encode() not in taken.data + taken.small
    assert not kept.getexif()
    assert b"Exif" not in taken.data
    red, green, blue = kept.convert("RGB").getpixel((20, 30))  # type: ignore[misc]
    assert red > 240
    assert green < 15
    assert blue < 15


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_other_pictures_become_jpeg_on_white(kind: str) -> None:
    mode = "RGBA" if kind != "GIF" else "P"
    kept = Image.open(io.BytesIO(take(photo(kind, mode=mode)).data))
    assert kept.format == "JPEG"
    large = take(photo("PNG", (SIDE_PX + 400, 20)))
    assert (large.width_px, max(Image.open(io.BytesIO(large.small)).size)) == (SIDE_PX, 400)


def test_a_file_hidden_behind_a_picture_does_not_survive() -> None:
    hidden = b"PK\x03\x04 <script>alert(1)</script>"
    assert hidden not in take(photo() + hidden).data


def bomb() -> bytes:
    """A PNG of a few bytes that claims forty thousand pixels each way."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"x" * 20_000_001, "20 MB"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "Only photos"),
        (b"MZ\x90\x00 a program", "Only photos"),
        (b"PK\x03\x04 an office file", "Only photos"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "HEIC"),
        (photo()[:200], "damaged"),
        (PDF[:20], "cut off"),
        (bomb(), "too many pixels"),
    ],
    ids=["empty", "large", "svg", "program", "office", "heic", "cut photo", "cut pdf", "bomb"],
)
def test_what_cannot_be_kept_says_why(data: bytes, says: str) -> None:
    with pytest.raises(NotTaken, match=says):
        take(data)


def attach(by: Member, client: Client, data: bytes = b"", **more: Any) -> Attachment:
    return actions.attach(by=by, client=client, taken=take(data or photo()), title="Standing", **more)


def test_it_lies_sealed_on_the_disk_and_bound_to_its_row(owner: Member, maras_client: Client, own_folder: Path) -> None:
    one, two = attach(owner, maras_client, PDF), attach(owner, maras_client)
    raw = store.path_of(one.pk).read_bytes()
    assert b"PDF" not in raw
    assert store.read(one.pk) == PDF
    assert store.path_of(one.pk).stat().st_mode & 0o077 == 0
    store.path_of(two.pk).write_bytes(raw)  # one file in the place of another
    with pytest.raises(CannotUnseal):
        store.read(two.pk)
    event = AuditEvent.objects.get(target=f"attachment/{one.pk}")
    assert one.sha256 in event.details
    assert "Standing" not in event.details


def test_sent_twice_it_is_kept_once(owner: Member, maras_client: Client, own_folder: Path) -> None:
    first = attach(owner, maras_client, key="k")
    assert attach(owner, maras_client, key="k").pk == first.pk
    assert Attachment.objects.count() == 1
    assert len(list(own_folder.rglob("*.sealed"))) == 2  # the photo and its small one


def test_a_renewed_key_seals_the_files_too(owner: Member, maras_client: Client, settings: Any) -> None:
    one = attach(owner, maras_client)
    before = store.read(one.pk)
    fresh = rotate(settings.SEALING_KEYS)
    assert seal_everything_anew() == 3  # the row's title, the photo, the small one
    assert key_name(store.path_of(one.pk).read_bytes()) == fresh.current
    assert store.read(one.pk) == before
    assert Attachment.objects.get().title == "Standing"
    assert seal_everything_anew() == 0


def test_what_a_cut_off_upload_left_is_swept(owner: Member, maras_client: Client) -> None:
    one = attach(owner, maras_client)
    left = store.path_of(one.pk).with_name("00000000-0000-4000-8000-000000000000.sealed")
    left.write_bytes(b"x")
    store.sweep()
    assert left.exists()  # perhaps its row is about to come
    os.utime(left, (0, 0))
    os.utime(store.path_of(one.pk), (0, 0))
    store.sweep()
    assert not left.exists()
    assert store.path_of(one.pk).exists()


def send(browser: Browser, client: Client, *files: tuple[str, bytes], **more: str) -> Any:
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return browser.post(reverse("attachments:attachments", args=[client.pk]), {"files": sent, **more})


def test_the_pages(owner: Member, maras_client: Client, browser_of: Callable[..., Browser]) -> None:
    browser = browser_of(owner)
    assert send(browser, maras_client, ("from_behind.jpg", with_exif()), ("letter.exe", PDF)).status_code == 302
    page = browser.get(reverse("attachments:attachments", args=[maras_client.pk])).content.decode()
    assert "from behind" in page
    letter, posture = Attachment.objects.get(kind="document"), Attachment.objects.get(kind="photo")
    picture = browser.get(reverse("attachments:content", args=[posture.pk]))
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.headers["Content-Disposition"].startswith("inline")
    saved = browser.get(reverse("attachments:content", args=[letter.pk]))
    assert saved.content == PDF
    assert saved.headers["Content-Disposition"] == 'attachment; filename="letter.pdf"'  # whatever it was called
    for answer in (picture, saved):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "private, no-store"
    browser.post(reverse("attachments:attachment", args=[letter.pk]), {"title": "Surgeon"})
    browser.post(reverse("attachments:put_away", args=[posture.pk]), {"away": "1"})
    page = browser.get(reverse("people:client", args=[maras_client.pk])).content.decode()
    assert "Surgeon" in page
    assert "from behind" not in page
    browser.post(reverse("attachments:put_away", args=[posture.pk]), {"away": "0"})
    assert "from behind" in browser.get(reverse("people:client", args=[maras_client.pk])).content.decode()


def test_a_wrong_file_keeps_nothing_and_names_it(
    owner: Member, maras_client: Client, browser_of: Callable[..., Browser]
) -> None:
    answer = send(browser_of(owner), maras_client, ("good.jpg", photo()), ("bad.svg", b"<svg/>"))
    assert answer.status_code == 422
    assert "bad.svg: Only photos" in answer.content.decode()
    assert not Attachment.objects.exists()
    assert send(browser_of(owner), maras_client).status_code == 422


def test_opening_one_leaves_an_entry_that_names_it(
    owner: Member, maras_client: Client, browser_of: Callable[..., Browser]
) -> None:
    kept = attach(owner, maras_client)
    browser = browser_of(owner)
    reads.forget()
    for _ in range(2):
        assert browser.get(reverse("attachments:content", args=[kept.pk])).status_code == 200
    opened = AuditEvent.objects.filter(verb="attachment.read")
    assert [(event.target, event.chart) for event in opened] == [(f"attachment/{kept.pk}", maras_client.chart_key)]


def test_nobody_else_sees_it(
    owner: Member, therapist: Member, maras_client: Client, browser_of: Callable[..., Browser]
) -> None:
    one = attach(owner, maras_client)
    for name in ("attachment", "content", "small"):
        url = reverse(f"attachments:{name}", args=[one.pk])
        assert browser_of(therapist).get(url).status_code == 403
        assert browser_of(None).get(url).status_code == 302
    assert send(browser_of(therapist), maras_client, ("a.jpg", photo())).status_code == 403


def test_a_lost_file_says_so(owner: Member, maras_client: Client, browser_of: Callable[..., Browser]) -> None:
    one = attach(owner, maras_client)
    store.erase(one.pk)
    answer = browser_of(owner).get(reverse("attachments:content", args=[one.pk]))
    assert answer.status_code == 410
    assert "backup" in answer.content.decode()


def test_too_much_at_once_is_refused_before_it_is_read(
    owner: Member, maras_client: Client, browser_of: Callable[..., Browser], settings: Any
) -> None:
    settings.UPLOAD_MAX_BYTES = 500
    answer = send(browser_of(owner), maras_client, ("a.jpg", photo()))
    assert answer.status_code == 413
    assert "0.0 MB" in answer.content.decode()


def test_the_text_form_of_what_was_taken_holds_no_bytes() -> None:
    assert len(repr(take(photo()))) < 300
    assert repr(take(photo())) == repr(take(photo()))
    assert repr(take(photo(size=(61, 40)))) != repr(take(photo()))
    assert isinstance(take(PDF), Taken)
