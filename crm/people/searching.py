"""How names are written down so that they are found: one alphabet, no case, no doubled letters. Pure."""

import re
import unicodedata

from anyascii import anyascii
from rapidfuzz import fuzz

# Everyday Arabic leaves out hamza and vowel signs, and writes ه for ة and ي for ى: امنه is آمنة.
ARABIC = {
    **dict.fromkeys(map(ord, "اأإآٱع"), "a"),
    **dict.fromkeys(map(ord, "ىئیې"), "ي"),
    ord("ؤ"): "و",
    ord("ة"): "ه",
    # hamza by itself, the lengthening stroke, vowel signs
    **dict.fromkeys([0x621, 0x640, 0x670, *range(0x64B, 0x660)]),
}

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
# nobody hears it at the end of a whole name (Sarah and Sara, آمنة and Amina); three letters may be its beginning
SILENT_H = re.compile(r"(?<=...)h$")
NO_LETTERS = re.compile(r"[^a-z0-9]+")
DOUBLED = re.compile(r"([a-z])\1+")
VOWELS = re.compile(r"[aeiou]+")
LONGEST = 500
# a skeleton of one letter says nothing
SHORTEST_SKELETON = 2
# the same consonants are more than the same letters by chance, and less than the same beginning
SAME_BONES = 0.95
# two letters of three, three of four: less is another name
ALIKE = 0.65
# of a whole name: one letter in five may be a slip
NEAR = 0.8


def plain(text: str) -> str:
    """In Latin letters, without case: `Анна` is `anna`."""
    return anyascii(unicodedata.normalize("NFKC", text.casefold()).translate(ARABIC)).casefold()


def words_of(text: str) -> list[str]:
    return NO_LETTERS.sub(" ", plain(text)).split()


def fold(word: str) -> str:
    """As it sounds, roughly: `anna` and `ana` are both `ana`."""
    for written, heard in SOUNDS:
        word = word.replace(written, heard)
    return DOUBLED.sub(r"\1", SILENT_H.sub("", word))


def skeleton(word: str) -> str:
    """The consonants of a folded word: Arabic leaves vowels out, and typing slips fall on them; "" if too few.

    A vowel at the beginning stays, as any vowel.
    """
    bare = DOUBLED.sub(r"\1", VOWELS.sub("", word))
    bare = f"a{bare}" if VOWELS.match(word) else bare
    return bare if len(bare) >= SHORTEST_SKELETON else ""


def search_text_of(*, name: str, called: str, code: str) -> str:
    """What is kept for search: folded words of the name, those of the code as they are, a space between."""
    folded = [fold(word) for word in words_of(f"{name} {called}")]
    return " ".join(dict.fromkeys([*folded, *words_of(code)]))[:LONGEST].strip()


def is_name(word: str) -> bool:
    """Whether slips are looked for in it: a number is right or wrong."""
    return word.isalpha()


def search_digits_of(phone: str) -> str:
    """The digits of a phone number, whatever stands between them, in any script's digits."""
    return "".join(letter for letter in plain(phone) if letter.isdigit())


def likeness(typed: str, word: str) -> float:
    """How much a kept word is like what was typed, from 0 to 1: how it begins, its consonants, its letters.

    Below ALIKE it is another word, and 0.
    """
    heard = fold(typed)
    if word.startswith((heard, typed)):
        return 1.0
    if not is_name(word):
        return 0.0
    bone = skeleton(heard)
    if bone and skeleton(word).startswith(bone):
        return SAME_BONES
    # of as many letters of the word as were typed, give or take one
    best = max(fuzz.ratio(heard, word[: len(heard) + more]) for more in (-1, 0, 1)) / 100
    return best if best >= ALIKE else 0.0


def pieces(typed: str) -> list[str]:
    """Three letters in a row out of what was typed: a slip leaves one of them whole in a longer word."""
    return [typed[start : start + 3] for start in range(len(typed) - 2)]


def names_agree(one: str, other: str, *, roughly: bool = False) -> bool:
    """Whether two people may be one: each word of the shorter name is in the longer as it sounds, in any script.

    `roughly` hears the consonants only. A name without a letter agrees with none.
    """
    mine, theirs = (
        {(skeleton(word) or word) if roughly else word for word in map(fold, words_of(name))} for name in (one, other)
    )
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)


def names_near(one: str, other: str) -> bool:
    """Whether two names may be one name written twice: by their sound, their consonants, or but for a slip."""
    if names_agree(one, other, roughly=True):
        return True
    heard = [" ".join(sorted(map(fold, words_of(name)))) for name in (one, other)]
    return all(heard) and fuzz.ratio(*heard) >= 100 * NEAR
