"""What stands on one sheet of paper, apart from how it is drawn."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.team.models import Branch
from crm.team.selectors import branch_day, salon_settings
from crm.team.wording import direction, phone_words, short_date_words
from reminders.letters.models import PaperLetter
from reminders.messages.speech import clean
from reminders.messages.tokens import Door, open_url

# with the heading they fill the page at the size of a letter
LINES_ON_A_PAGE = 20
KEPT = {"\n", "\u200c", "\u200d"}
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page. `paragraphs` run from the greeting to the closing; `url` is drawn as a QR code, with `url_words`."""

    is_card: bool
    language: str
    direction: str
    salon: str
    accent: str
    logo: bytes
    sender: tuple[str, ...]
    receiver: tuple[str, ...]
    dated: str
    paragraphs: tuple[str, ...]
    url: str
    url_words: str


def sheet_of(letter: PaperLetter, *, now: datetime) -> Sheet:
    """The page of this letter as it is printed now: her name and address are today's, the words those of that day."""
    client, branch, salon = letter.client, letter.branch, salon_settings()
    today = branch_day(branch, now)
    with override(letter.language):
        url_words = _("Free times, points and what reaches you: one page")
    return Sheet(
        is_card=letter.form == PaperLetter.Form.CARD,
        language=letter.language,
        direction=direction(letter.language),
        salon=clean(salon.salon_name),
        accent=salon.accent,
        logo=logo_of(salon.logo),
        sender=_lines(branch.address, phone_words(branch.phone)),
        receiver=_lines(client.name or client.called, client.postal_address),
        dated=short_date_words(today, letter.language, with_year=True),
        paragraphs=tuple(part.strip() for part in plain(letter.text).split("\n\n") if part.strip()),
        url=open_url(door=Door.HOME, client_id=client.pk, today=today),
        url_words=url_words,
    )


def list_sheets(
    *, branch: Branch, receiver: str, heading: str, lines: Sequence[str], language: str, on: date
) -> list[Sheet]:
    """A list to somebody who is no client, such as a supplier: as many pages as it takes."""
    salon = salon_settings()
    pages = [lines[first : first + LINES_ON_A_PAGE] for first in range(0, len(lines), LINES_ON_A_PAGE)]
    return [
        Sheet(
            is_card=False,
            language=language,
            direction=direction(language),
            salon=clean(salon.salon_name) or clean(branch.name),
            accent=salon.accent,
            logo=logo_of(salon.logo),
            sender=_lines(branch.address, phone_words(branch.phone)),
            receiver=_lines(receiver),
            dated=short_date_words(on, language, with_year=True),
            paragraphs=(heading, "\n".join(plain(line) for line in page)),
            url="",
            url_words="",
        )
        for page in pages
    ]


def plain(text: str) -> str:
    """The text without letters that cannot be seen or would turn the direction of what follows; lines stay."""
    one_kind = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in one_kind if letter in KEPT or unicodedata.category(letter) not in UNSEEN)


def logo_of(picture: FieldFile) -> bytes:
    """The salon's logo; nothing where there is none, or its file is gone."""
    if not picture or not picture.storage.exists(picture.name):
        return b""
    with picture.open("rb") as file:
        return bytes(file.read())


def _lines(*texts: str) -> tuple[str, ...]:
    return tuple(line.strip() for text in texts for line in plain(text).split("\n") if line.strip())
