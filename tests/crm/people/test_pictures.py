"""A photograph is made clean before it is kept (crm/people/pictures.py)."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from crm.people.pictures import PictureIsHeic, PictureRefused, PictureTooLarge, clean_picture, picture_path

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F
ROSE, GREEN = (200, 20, 60), (20, 160, 60)


def photograph(width=60, height=40, kind="JPEG", mode="RGB", **saved) -> BytesIO:
    """Rose on the left, green on the right."""
    picture = Image.new("RGB", (width, height), ROSE)
    picture.paste(GREEN, (width // 2, 0, width, height))
    file = BytesIO()
    picture.convert(mode).save(file, kind, **saved)
    file.seek(0)
    return file


def read(cleaned: bytes) -> Image.Image:
    picture = Image.open(BytesIO(cleaned))
    picture.load()
    return picture


def is_near(pixel, colour) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(pixel, colour, strict=True))


def test_where_and_with_what_it_was_taken_is_gone():
    exif = Image.Exif()
    exif[MAKER] = "Example Telephones"
    exif.get_ifd(GPS)[2] = (43.0, 51.0, 23.0)
    given = photograph(exif=exif.tobytes(), comment=b"at home")
    assert b"Example Telephones" in given.getvalue()
    assert Image.open(given).getexif().get_ifd(GPS)
    given.seek(0)

    cleaned = clean_picture(given)

    assert dict(read(cleaned).getexif()) == {}
    assert set(read(cleaned).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Example" not in cleaned
    assert b"at home" not in cleaned


def test_it_is_turned_upright_and_made_smaller():
    exif = Image.Exif()
    # the telephone was held so that the left side is the top
    exif[ORIENTATION] = 6
    picture = read(clean_picture(photograph(3200, 1200, exif=exif.tobytes())))
    assert (picture.format, picture.size) == ("JPEG", (600, 1600))
    assert is_near(picture.getpixel((300, 100)), ROSE)
    assert is_near(picture.getpixel((300, 1500)), GREEN)


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "P"), ("PNG", "L"), ("JPEG", "CMYK"), ("WEBP", "RGB")])
def test_other_kinds_of_pictures_become_the_same_kind(kind, mode):
    picture = read(clean_picture(photograph(kind=kind, mode=mode)))
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (60, 40))


def test_what_shines_through_is_white():
    clear = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(clear, "PNG")
    clear.seek(0)
    assert read(clean_picture(clear)).getpixel((4, 4)) == (255, 255, 255)


def black_points(width: int, height: int) -> BytesIO:
    """A PNG of one bit a point, made without unpacking it."""
    rows = zlib.compress(bytes((width // 8 + 1) * height), 1)
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    ]
    return BytesIO(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


def halved() -> BytesIO:
    return BytesIO(photograph(600, 400).getvalue()[:900])


def test_a_drawing_of_few_points_is_no_bomb():
    assert read(clean_picture(black_points(800, 80))).size == (800, 80)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        (lambda: BytesIO(b"<html><script>alert(1)</script></html>"), PictureRefused),
        (lambda: BytesIO(b""), PictureRefused),
        (halved, PictureRefused),
        (lambda: BytesIO(b"\x89PNG\r\n\x1a\n" + b"\xff" * 64), PictureRefused),
        # a kind that Pillow knows and a browser may run
        (lambda: photograph(kind="TIFF"), PictureRefused),
        (lambda: BytesIO(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"), PictureRefused),
        (lambda: BytesIO(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), PictureIsHeic),
        # 400 million points in 220 kB
        (lambda: black_points(20_000, 20_000), PictureTooLarge),
        # 20 million points that have to be unpacked whole
        (lambda: black_points(5_000, 4_000), PictureTooLarge),
        (lambda: BytesIO(bytes(15 * 1024 * 1024 + 1)), PictureTooLarge),
    ],
)
def test_what_is_no_picture_or_too_much_is_refused_in_words(given, refusal):
    with pytest.raises(PictureRefused) as said:
        clean_picture(given())
    assert type(said.value) is refusal
    assert str(said.value).endswith(".")


def test_a_picture_is_kept_under_a_name_that_nobody_can_guess():
    one, other = picture_path(None, "../../etc/passwd"), picture_path(None, "IMG_0001.html")
    assert one != other
    folder, part, name = one.split("/")
    assert (folder, part, name[-4:], len(name)) == ("pictures", name[:2], ".jpg", 36)
