"""Photographs people send: made clean before they are kept, kept under names nobody can guess, shown only by a view that asked who looks.

A model keeps one in a `FileField(upload_to=picture_path)`. Files lie under MEDIA_ROOT, which no address leads to, and
go into a backup with it. Whoever removes the row calls `remove_pictures` for the file.
"""

import secrets
import struct
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

FOLDER = "pictures"

# a telephone's largest ordinary photograph is 4 to 12 MB and 12 to 50 million pixels
MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 51_000_000
# what cannot be made smaller while it is read needs its memory whole
MAX_PIXELS_WHOLE = 16_000_000

LONGEST_SIDE = 1600
QUALITY = 85
# of a small one, as it stands in a list
SMALL_SIDE, SMALL_QUALITY = 480, 80

FORMATS = ("JPEG", "PNG", "WEBP")
# of the kinds that an iPhone keeps by itself, at bytes 4 to 12
HEIC_MARKS = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypheim", b"ftypheis", b"ftypmif1", b"ftypmsf1", b"ftypavif")

# what Pillow raises at files that are broken or only pretend
BROKEN = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, OverflowError, struct.error)


class PictureRefused(Exception):
    """The file is not kept; the words say why and what to do."""

    words = _("This is no photograph that we can open. Send it as JPEG or PNG.")

    def __str__(self) -> str:
        return str(self.words)


class PictureTooLarge(PictureRefused):
    words = _("This photograph is too large. Send a smaller one, up to 15 MB.")


class PictureIsHeic(PictureRefused):
    words = _("This photograph is in Apple's own format (HEIC). Send a screenshot of it, or save it as JPEG.")


def clean_picture(upload: BinaryIO) -> bytes:
    """The photograph as a JPEG of at most 1600 px a side, turned upright, with nothing in it but the picture.

    Where it was taken, when, and with what is gone. Raises PictureRefused: no picture, too large, a kind that browsers
    do not show. The upload's own name and type are not believed.
    """
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise PictureTooLarge
    if data[4:12] in HEIC_MARKS:
        raise PictureIsHeic
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            return _redrawn(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise PictureTooLarge from error
    except BROKEN as error:
        raise PictureRefused from error


def _redrawn(picture: Image.Image) -> bytes:
    # the size stands in the head of the file: nothing is unpacked before it was looked at
    is_shrunk_in_reading = picture.format in ("JPEG", "MPO") and not picture.info.get("progressive")
    if picture.width * picture.height > (MAX_PIXELS if is_shrunk_in_reading else MAX_PIXELS_WHOLE):
        raise PictureTooLarge
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    whole = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    whole.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # a new sheet: position, comments and all else that a file can carry stay behind with the old one
    sheet = Image.new("RGB", whole.size, "white")
    sheet.paste(whole, mask=whole if whole.mode == "RGBA" else None)
    drawn = BytesIO()
    sheet.save(drawn, "JPEG", quality=QUALITY, optimize=True)
    return drawn.getvalue()


def thumbnail(cleaned: bytes) -> bytes:
    """A small copy of a picture that `clean_picture` has made: at most 480 px a side."""
    with Image.open(BytesIO(cleaned), formats=["JPEG"]) as picture:
        picture.draft("RGB", (SMALL_SIDE, SMALL_SIDE))
        small = picture.convert("RGB")
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    drawn = BytesIO()
    small.save(drawn, "JPEG", quality=SMALL_QUALITY, optimize=True)
    return drawn.getvalue()


def picture_path(instance: models.Model | None = None, filename: str = "") -> str:
    """Where a picture is kept below MEDIA_ROOT: random, so that one name tells nothing of another. For `upload_to`."""
    name = secrets.token_hex(16)
    return f"{FOLDER}/{name[:2]}/{name}.jpg"


def remove_pictures(names: list[str]) -> None:
    """Removes these files once the rows that named them are gone for good; a file that is gone already is no matter."""
    transaction.on_commit(lambda: [default_storage.delete(name) for name in names if name])


def shown_again(request: HttpRequest, picture: FieldFile) -> HttpResponseBase:
    """As `shown`, but the browser may keep it and asks each time whether this person may still see it.

    A file never changes under its name. Raises FileNotFoundError if it is lost.
    """
    etag = f'"{PurePosixPath(picture.name or "").stem}"'
    answer = get_conditional_response(request, etag=etag) or shown(picture)
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def shown(picture: FieldFile) -> FileResponse:
    """The picture as an answer to one who may see it, kept by nobody in between.

    Raises FileNotFoundError if the file is lost.
    """
    answer = FileResponse(picture.open("rb"), content_type="image/jpeg", filename="photograph.jpg")
    answer["Cache-Control"] = "private, no-store"
    return answer
