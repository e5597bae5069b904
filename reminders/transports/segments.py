"""How many parts an SMS has (GSM 03.38: 160, or 153 each; UCS-2: 70, or 67 each)."""

from dataclasses import dataclass

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# behind an escape: two places each
GSM_EXTENDED = frozenset("^{}\\[~]|€\f")
SINGLE = {"gsm7": 160, "ucs2": 70}
JOINED = {"gsm7": 153, "ucs2": 67}


@dataclass(frozen=True, slots=True)
class Segments:
    """`units` are septets of GSM-7 or 16-bit units of UCS-2."""

    encoding: str
    units: int
    parts: int


def segments(text: str) -> Segments:
    """The encoding, the length and the number of parts of this text; an empty one has none."""
    encoding = "gsm7" if all(letter in GSM or letter in GSM_EXTENDED for letter in text) else "ucs2"
    widths = [width(letter, encoding) for letter in text]
    units = sum(widths)
    if units <= SINGLE[encoding]:
        return Segments(encoding, units, 1 if text else 0)
    parts, filled = 1, 0
    for places in widths:
        # an escaped letter or a pair of surrogates is never torn apart
        if filled + places > JOINED[encoding]:
            parts, filled = parts + 1, 0
        filled += places
    return Segments(encoding, units, parts)


def width(letter: str, encoding: str) -> int:
    if encoding == "gsm7":
        return 2 if letter in GSM_EXTENDED else 1
    return 2 if ord(letter) > 0xFFFF else 1
