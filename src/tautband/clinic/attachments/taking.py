"""Taking an uploaded file in: what it is is decided by its content, never by its name.

A picture is opened and written anew, so that nothing but its pixels survives: no place, no camera, no hidden second
file. A PDF cannot be cleaned that way; it is kept as it is, and later only ever handed out as a file to save.
"""

import hashlib
import io
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from tautband.clinic.attachments.models import Kind

LARGEST_BYTES = 20_000_000
LARGEST_PIXELS = 80_000_000
SIDE_PX = 2560  # the longer side of a kept picture
SMALL_PX = 400
QUALITY = 88
PICTURES = ("JPEG", "PNG", "WEBP", "GIF")


class NotTaken(ValueError):
    """The file cannot be kept; the message says why and what to do instead."""


@dataclass(frozen=True)
class Taken:
    """What will be kept. Its text form has no bytes in it, since a repeated request is known by that form."""

    kind: str
    media_type: str
    data: bytes = field(repr=False)
    small: bytes = field(default=b"", repr=False)
    width_px: int | None = None
    height_px: int | None = None
    sha256: str = ""


def take(data: bytes) -> Taken:
    """Look into a file. Raises NotTaken."""
    if len(data) > LARGEST_BYTES:
        raise NotTaken(_("This file has more than %(mb)d MB. Make it smaller first.") % {"mb": LARGEST_BYTES // 10**6})
    if not data:
        raise NotTaken(_("This file is empty."))
    if b"%PDF-" in data[:1024]:
        return _document(data)
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"):
        raise NotTaken(_("This is a HEIC photo. Save it as JPEG (iPhone: Settings, Camera, Formats, Most Compatible)."))
    return _picture(data)


def _document(data: bytes) -> Taken:
    if b"%%EOF" not in data[-2048:]:
        raise NotTaken(_("This PDF is cut off. Save or scan it again."))
    return Taken(Kind.DOCUMENT, "application/pdf", data, sha256=hashlib.sha256(data).hexdigest())


def _picture(data: bytes) -> Taken:
    try:
        plain = _opened(data)
    except UnidentifiedImageError as error:
        raise NotTaken(_("Only photos (JPEG, PNG, WebP, GIF) and PDF documents can be kept here.")) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, _TooManyPixels) as error:
        raise NotTaken(_("This picture has too many pixels to open safely. Make it smaller first.")) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise NotTaken(_("This picture is damaged. Take or save it again.")) from error
    plain.thumbnail((SIDE_PX, SIDE_PX))
    kept = _written(plain)
    small = plain.copy()
    small.thumbnail((SMALL_PX, SMALL_PX))
    digest = hashlib.sha256(kept).hexdigest()
    return Taken(Kind.PHOTO, "image/jpeg", kept, _written(small), plain.width, plain.height, digest)


class _TooManyPixels(Exception):
    """Said by the picture's first bytes, before any pixel is unpacked."""


def _opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=PICTURES) as opened:
        width, height = opened.size
        if width * height > LARGEST_PIXELS:
            raise _TooManyPixels
        opened.draft("RGB", (2 * SIDE_PX, 2 * SIDE_PX))
        return _in_common_colours(ImageOps.exif_transpose(opened))


def _in_common_colours(picture: Image.Image) -> Image.Image:
    """On white, in sRGB: the colour of skin must not depend on who looks."""
    profile = picture.info.get("icc_profile")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture)
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except ImageCms.PyCMSError:
            turned = None  # a profile nobody can read says nothing about the colours
        if turned is not None:
            return turned
    return picture.convert("RGB")


def _written(picture: Image.Image) -> bytes:
    """The pixels alone, as JPEG."""
    bare = Image.frombytes("RGB", picture.size, picture.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
