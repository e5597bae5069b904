"""The PDF: every script has its letters, Arabic runs from the right, nothing in it acts (trust.md, S4)."""

import re
import zlib

import pytest
from fontTools.ttLib import TTFont

from reminders.letters.printing import ARABIC, FONTS, LATIN, _is_rtl, draw
from reminders.letters.sheets import Sheet, plain
from reminders.messages.defaults import PHRASES, TEXTS

SAID = {
    "en": ("Salon Anna", "Hello Vera,", "It’s “fine”: €12.50 — thank you…"),
    "ru": ("Салон «Анна»", "Здравствуйте, Вера!", "Ёлка, подъезд № 5, 12,50 ₽"),
    "bs": ("Salon Ana", "Draga Đurđice,", "Čekamo Vas, šaljemo žute ruže i ćup"),
    "ar": ("صالون آنا", "تحية طيبة ليلى،", "الزيارة القادمة أقل بنسبة 50% لدى Salon Anna (الرمز 7K2M9QXT4C)."),
}
HOSTILE = (
    "<script>alert(1)</script>",
    "(unbalanced) \\ parenthesis ) Tj ET /JS (app.alert(1)) /S /JavaScript /OpenAction",
    "%PDF-1.7 1 0 obj << /AA << >> >> endobj",
    "=cmd|' /C calc'!A0",
    "\u202egnp.exe\u2066\x00\x1b[31m",
    "\ud800 lone",
    "🦄" * 20,
    "𝒜" * 300,
    "ا" * 400,
    "a" * 400,
)


def sheet(language="en", *, is_card=False, words=(), **fields) -> Sheet:
    salon, *paragraphs = SAID[language]
    values = {
        "is_card": is_card,
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "salon": salon,
        "accent": "#9d2f55",
        "logo": b"",
        "sender": ("1 Example Street", "+387 61 100 100"),
        "receiver": ("Vera Example", "12 Example Street"),
        "dated": "10 Jun 2026",
        "paragraphs": tuple(words or paragraphs),
        "url": "https://salon.example.test/my/o/abc/",
        "url_words": "Free times",
    }
    return Sheet(**values | fields)


def insides(pdf: bytes) -> bytes:
    """The file with its packed parts unpacked."""
    parts = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def test_every_language_is_drawn_on_letters_and_cards():
    pdf = draw([sheet(language, is_card=is_card) for is_card in (False, True) for language in SAID])

    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") == 8
    # A6 in points; A4 is the file's own
    assert pdf.count(b"/MediaBox [0 0 419.53 297.64]") == 4


@pytest.mark.parametrize("weight", ["Regular", "SemiBold"])
@pytest.mark.parametrize("language", SAID)
def test_fonts_have_every_letter_of_our_own_words(language, weight):
    known = {code for name in (LATIN, ARABIC) for code in TTFont(FONTS / f"{name}-{weight}.ttf").getBestCmap()}
    words = [*PHRASES[language].values(), *SAID[language]]
    words += [part for kind in TEXTS[language].values() for part in (kind.subject, kind.body)]

    assert {letter for text in words for letter in text if letter != "\n" and ord(letter) not in known} == set()


def test_nothing_that_was_written_acts_in_the_file():
    words = [plain(text) for text in HOSTILE]
    pdf = draw([sheet(words=words, receiver=tuple(words), salon=words[1]), sheet("ar", is_card=True, words=words)])

    # names of what a reader would run, as objects of the file: text is kept as numbers of glyphs
    for name in (b"/JavaScript", b"/JS", b"/AA", b"/Launch", b"/URI", b"/EmbeddedFile", b"/AcroForm", b"<script"):
        assert name not in insides(pdf), name


def test_logo_that_is_no_picture_is_left_out():
    assert draw([sheet(logo=b"\x89PNG a picture")]).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("line", "expected"),
    [("1 Example Street", False), ("شارع 12", True), ("+387 61 100 100", False), ("12 شارع", True), ("", False)],
)
def test_line_of_an_address_runs_as_its_script_does(line, expected):
    assert _is_rtl(line) is expected


def test_plain_keeps_lines_and_joiners_only():
    assert plain("a\r\nb\u202e\x00\u200dc\ud800") == "a\nb\u200dc"
