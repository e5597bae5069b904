"""What somebody wrote, without what a mail program added, and brought to the form in which words are compared."""

import re
import unicodedata

# where the mail that is answered begins: a line like "On Friday ... wrote:" in the languages of the salon
QUOTED = re.compile(
    r"^\s*(?:>|(?:on|am|le) .{3,200}(?:wrote|schrieb|a écrit)\s*:|.{3,200}(?:пишет|написала?|napisao|napisala|je napisao/la)\s*:"
    r"|(?:في|بتاريخ).{3,200}(?:كتب|كتبت)[^:\n]{0,80}:|-{2,}\s*(?:original|пересыл|исходное|originalna|الرسالة)|_{8,}\s*$"
    r"|(?:from|von|от|od|من):\s.*@)",
    re.IGNORECASE,
)
# "-- " begins a signature; so do the lines that telephones add
SIGNED = re.compile(r"^(?:-- ?|(?:sent from my|отправлено с|poslano s|أرسلت من|مرسل من)\b.*)$", re.IGNORECASE)
SUBJECT = re.compile(r"^(?:\s*(?:re|aw|sv|odg|fw|fwd|отв|رد)\s*(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE)
# letters that mean the same and that Unicode keeps apart
ALIKE = str.maketrans({"ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "đ": "d", "ـ": ""})


def own_words(text: str) -> str:
    """Her own words of a mail or an SMS: without the quoted letter and the signature under them."""
    kept: list[str] = []
    for line in text.splitlines():
        if QUOTED.match(line) or SIGNED.match(line.strip(" \t") if line.strip() != "--" else "--"):
            break
        kept.append(line)
    return "\n".join(kept).strip()


def own_subject(subject: str) -> str:
    """The subject without "Re:"."""
    return SUBJECT.sub("", subject).strip()


def plain(text: str) -> str:
    """Small letters and figures with single blanks between the words: no case, no punctuation, no accents, no vowel
    signs, one form of alef; wide, bold and joined letters as ordinary ones; nothing that cannot be seen.
    """
    spread = unicodedata.normalize("NFKD", text).casefold()
    # a hidden mark stands inside a word, everything else between two
    seen = "".join(
        "" if unicodedata.category(letter) in ("Mn", "Cf") else letter if letter.isalnum() else " "
        for letter in spread.translate(ALIKE)
    )
    return " ".join(seen.split())
