"""Words in an answer that complain, whatever the score beside them (rules.md, Feedback and complaints). Pure."""

from crm.people.searching import plain

# beginnings of words and sayings, in the salon's four languages; written in Latin letters as `plain` gives them
COMPLAINING = (
    # English
    "complain", "refund", "money back", "terrible", "awful", "horrible", "disgust", "rude", "never again", "burned",
    "ruined", "unacceptable",
    # Russian
    "жалоб", "верните", "ужас", "кошмар", "отврат", "хам", "испортил", "обожг", "никогда больше", "безобраз",
    # Bosnian
    "žalb", "žalim se", "vratite novac", "užas", "katastrof", "odvrat", "bezobraz", "nikad više", "upropast", "opekl",
    # Arabic
    "شكوى", "أشتكي", "استرداد", "فظيع", "سيئ جدا", "سيء جدا", "مقرف", "وقح", "لن أعود",
)  # fmt: skip
HEARD = tuple(f" {plain(word)}" for word in COMPLAINING)


def complain(*texts: str) -> bool:
    """Whether any of these answers complains."""
    for text in texts:
        said = " " + " ".join("".join(letter if letter.isalnum() else " " for letter in plain(text)).split())
        if any(word in said for word in HEARD):
            return True
    return False
