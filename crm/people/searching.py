"""How names are written down so that they are found: one alphabet, no case, no doubled letters. Pure."""

import re

from anyascii import anyascii

# one sound, one letter: Хасан and Hasan, Šejla and Шейла, Alexandra and Aleksandra
SOUNDS = (
    ("shch", "s"),
    ("kh", "h"),
    ("zh", "z"),
    ("sh", "s"),
    ("ch", "c"),
    ("ts", "c"),
    ("ph", "f"),
    ("x", "ks"),
    ("w", "v"),
    ("q", "k"),
    ("y", "i"),
    ("j", "i"),
)
NO_LETTERS = re.compile(r"[^a-z0-9]+")
DOUBLED = re.compile(r"([a-z])\1+")
VOWELS = re.compile(r"[aeiou]+")
LONGEST = 500
# a skeleton of one letter says nothing
SHORTEST_SKELETON = 2


def plain(text: str) -> str:
    """In Latin letters, without case: `Анна` is `anna`."""
    return anyascii(text.casefold()).casefold()


def words_of(text: str) -> list[str]:
    return NO_LETTERS.sub(" ", plain(text)).split()


def fold(word: str) -> str:
    """As it sounds, roughly: `anna` and `ana` are both `ana`."""
    for written, heard in SOUNDS:
        word = word.replace(written, heard)
    return DOUBLED.sub(r"\1", word)


def skeleton(word: str) -> str:
    """The consonants of a folded word: Arabic leaves vowels out, and typing slips fall on them; "" if too few.

    A vowel at the beginning stays, as any vowel.
    """
    bare = DOUBLED.sub(r"\1", VOWELS.sub("", word))
    bare = f"a{bare}" if VOWELS.match(word) else bare
    return bare if len(bare) >= SHORTEST_SKELETON else ""


def search_text_of(*, name: str, called: str, code: str) -> str:
    """What is kept for search: folded words, each after a space, the code as it is, and `~` skeletons."""
    folded = list(dict.fromkeys(fold(word) for word in words_of(f"{name} {called}")))
    bones = [f"~{bone}" for bone in map(skeleton, folded) if bone]
    codes = words_of(code)
    return (" " + " ".join(dict.fromkeys([*folded, *codes, *bones])))[:LONGEST]


def search_digits_of(phone: str) -> str:
    """The digits of a phone number, whatever stands between them, in any script's digits."""
    return "".join(letter for letter in plain(phone) if letter.isdigit())
