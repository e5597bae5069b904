"""Letters (A4) and cards (A6) drawn as PDF: no script, no form, no link; nothing is fetched.

Noto Serif and its Arabic companion stand in static/vendor/noto; HarfBuzz joins and turns Arabic.
"""

import io
import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import segno
from django.conf import settings
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from PIL import Image, UnidentifiedImageError

from reminders.letters.sheets import Sheet

FONTS = settings.BASE_DIR / "static" / "vendor" / "noto"
LATIN, ARABIC = "NotoSerif", "NotoNaskhArabic"
INK, QUIET = (35, 31, 28), (95, 87, 80)
# fpdf2 tells the log of every glyph that no font has
logging.getLogger("fpdf").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Place:
    """Measures of a page in mm, sizes of type in points."""

    width: float
    height: float
    margin: float
    size: float
    lines: float
    logo: float
    qr: float


# the address stands where a window envelope shows it (DIN 5008, form B)
A4 = Place(width=210, height=297, margin=25, size=11.5, lines=6.4, logo=16, qr=24)
A6 = Place(width=148, height=105, margin=11, size=11, lines=5.6, logo=9, qr=17)
ADDRESS_TOP, ADDRESS_WIDTH = 50.0, 80.0
TEXT_TOP = 103.0
SMALLEST = 0.6


def draw(sheets: Sequence[Sheet]) -> bytes:
    """One PDF, a page for each sheet in their order."""
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.c_margin = 0
    for family in (LATIN, ARABIC):
        pdf.add_font(family, "", FONTS / f"{family}-Regular.ttf")
        pdf.add_font(family, "B", FONTS / f"{family}-SemiBold.ttf")
    for sheet in sheets:
        _Page(pdf, sheet).draw()
    return bytes(pdf.output())


class _Page:
    """One sheet on its page. Offsets are from the side on which its language begins."""

    def __init__(self, pdf: FPDF, sheet: Sheet) -> None:
        self.pdf, self.sheet = pdf, sheet
        self.place = A6 if sheet.is_card else A4
        self.is_rtl = sheet.direction == "rtl"
        self.inner = self.place.width - 2 * self.place.margin

    def draw(self) -> None:
        self.pdf.add_page(orientation="portrait", format=(self.place.width, self.place.height))
        if self.sheet.is_card:
            self._card()
        else:
            self._letter()

    def _speak(self, *, is_rtl: bool) -> None:
        """Sets which way the words run; a name in another script stands in the other font."""
        self.family, other = (ARABIC, LATIN) if is_rtl else (LATIN, ARABIC)
        self.pdf.set_fallback_fonts([other], exact_match=False)
        if is_rtl:
            self.pdf.set_text_shaping(True, direction="rtl", script="arab", language="ara")
        else:
            self.pdf.set_text_shaping(True, direction="ltr")

    def _letter(self) -> None:
        place = self.place
        beside = self._logo(place.margin, 18)
        self._write(self.sheet.salon, 18, size=17, bold=True, accent=True, from_start=beside)
        for number, line in enumerate(self.sheet.sender):
            self._write(line, 27 + 4.5 * number, size=9, quiet=True, from_start=beside, own_way=True)
        for number, line in enumerate(self.sheet.receiver):
            self._write(line, ADDRESS_TOP + 5.6 * number, size=11.5, width=ADDRESS_WIDTH, own_way=True)
        self._write(self.sheet.dated, TEXT_TOP - 14, size=10, quiet=True)
        foot = place.height - place.margin - place.qr
        self._body(TEXT_TOP, foot - 6)
        self._code(foot)

    def _card(self) -> None:
        place = self.place
        self._line(place.height - 3)
        beside = self._logo(place.margin, place.margin)
        self._write(self.sheet.salon, place.margin + 1, size=14, bold=True, accent=True, from_start=beside)
        foot = place.height - place.margin - place.qr + 2
        self._body(place.margin + 13, foot - 2)
        self._code(foot)

    def _body(self, top: float, bottom: float) -> None:
        """The words, a little smaller where they would not fit."""
        words, share = "\n\n".join(self.sheet.paragraphs), 1.0
        while share > SMALLEST and self._height(words, share) > bottom - top:
            share -= 0.05
        self._write(words, top, size=self.place.size * share, lines=self.place.lines * share)

    def _height(self, words: str, share: float) -> float:
        self._speak(is_rtl=self.is_rtl)
        self._type(self.place.size * share)
        return float(self.pdf.multi_cell(self.inner, self.place.lines * share, words, dry_run=True, output="HEIGHT"))

    def _type(self, size: float, *, bold: bool = False) -> None:
        # the Arabic looks smaller at the same size
        self.pdf.set_font(self.family, "B" if bold else "", size * (1.12 if self.family == ARABIC else 1))

    def _write(
        self,
        words: str,
        top: float,
        *,
        size: float,
        lines: float = 0,
        width: float = 0,
        from_start: float = 0,
        bold: bool = False,
        accent: bool = False,
        quiet: bool = False,
        own_way: bool = False,
    ) -> None:
        """`own_way`: a line of an address runs as its own script does, wherever the page begins."""
        self._speak(is_rtl=_is_rtl(words) if own_way else self.is_rtl)
        self._type(size, bold=bold)
        self.pdf.set_text_color(*(_rgb(self.sheet.accent) if accent else QUIET if quiet else INK))
        room = width or self.inner - from_start
        start = self.place.margin + from_start
        self.pdf.set_xy(self.place.width - start - room if self.is_rtl else start, top)
        self.pdf.multi_cell(
            room,
            lines or size * 0.5,
            words,
            align=Align.R if self.is_rtl else Align.L,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    def _logo(self, start: float, top: float) -> float:
        """Draws the logo, if it is a picture; gives how far the words beside it begin."""
        if not self.sheet.logo:
            return 0
        try:
            with Image.open(io.BytesIO(self.sheet.logo)) as picture:
                picture.load()
                wide = min(self.place.logo * picture.width / picture.height, self.inner / 3)
                drawn = picture.convert("RGBA")
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
            return 0
        x = self.place.width - start - wide if self.is_rtl else start
        self.pdf.image(drawn, x=x, y=top, w=wide, h=self.place.logo, keep_aspect_ratio=True)
        return wide + 5

    def _line(self, top: float) -> None:
        self.pdf.set_fill_color(*_rgb(self.sheet.accent))
        self.pdf.rect(0, top, self.place.width, 3, style="F")

    def _code(self, top: float) -> None:
        """The QR code of her own page, with what is behind it; nothing where the sheet leads nowhere."""
        if not self.sheet.url:
            return
        rows = list(segno.make(self.sheet.url, error="m", micro=False).matrix)
        side = self.place.qr / len(rows)
        start = self.place.margin
        left = self.place.width - start - self.place.qr if self.is_rtl else start
        self.pdf.set_fill_color(*INK)
        for down, row in enumerate(rows):
            for along, is_dark in enumerate(row):
                if is_dark:
                    self.pdf.rect(left + along * side, top + down * side, side, side, style="F")
        beside = self.place.qr + 4
        self._write(
            self.sheet.url_words, top + self.place.qr / 2 - 4, size=8.5, quiet=True, from_start=beside, width=60
        )


def _is_rtl(words: str) -> bool:
    """Which way a line runs by its first letter; a number runs to the right everywhere."""
    ways = (unicodedata.bidirectional(letter) for letter in words)
    return next((way for way in ways if way in ("L", "R", "AL")), "L") != "L"


def _rgb(colour: str) -> tuple[int, int, int]:
    """“#9d2f55” as red, green and blue."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
