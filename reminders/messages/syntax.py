"""The small language of message texts.

- `{name}` is a placeholder; which ones there are depends on the kind.
- `{form:Вы пришли|ты здесь}` chooses by the form of address: formal, familiar.
- `{gender:рада|рад|рады}` chooses by grammatical gender: woman, man, unstated.
  The choices may hold placeholders and each other.

Nothing is looked up, called or computed: a name that is not allowed is refused when the text is saved.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

CHOICES = {"form": 2, "gender": 3}
FORMS = ("formal", "familiar")
GENDERS = ("f", "m", "")
NAME = re.compile(r"[a-z_]{1,30}")
DEEPEST = 4


class TextRefused(ValueError):
    """The text cannot be read; `words` and `where` say why, for the owner."""

    def __init__(self, words: object, where: str = "") -> None:
        super().__init__(words)
        self.words, self.where = words, where

    def __str__(self) -> str:
        return f"{self.words} {self.where}".strip()


@dataclass(frozen=True, slots=True)
class Placeholder:
    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    by: str
    options: tuple["Text", ...]


Text = tuple["str | Placeholder | Choice", ...]


@lru_cache(maxsize=1000)
def parse(text: str) -> Text:
    """Raises TextRefused with the place that cannot be read."""
    found, end = _parse(text, 0, depth=0)
    if end < len(text):
        raise TextRefused(_("A brace is closed that was never opened:"), text[max(0, end - 20) : end + 1])
    return found


def _parse(text: str, at: int, *, depth: int) -> tuple[Text, int]:
    parts: list[str | Placeholder | Choice] = []
    plain: list[str] = []
    stops = "}|" if depth else "}"
    while at < len(text) and text[at] not in stops:
        if text[at] != "{":
            plain.append(text[at])
            at += 1
            continue
        if plain:
            parts.append("".join(plain))
            plain = []
        part, at = _braces(text, at, depth=depth + 1)
        parts.append(part)
    if plain:
        parts.append("".join(plain))
    return tuple(parts), at


def _braces(text: str, at: int, *, depth: int) -> tuple[Placeholder | Choice, int]:
    if depth > DEEPEST:
        raise TextRefused(_("Too many braces inside each other:"), text[at : at + 30])
    name = NAME.match(text, at + 1)
    if name is None:
        raise TextRefused(_("After a brace comes the name of a placeholder:"), text[at : at + 30])
    after = name.end()
    if text[after : after + 1] == "}":
        return Placeholder(name.group()), after + 1
    if text[after : after + 1] != ":" or name.group() not in CHOICES:
        raise TextRefused(_("This brace is not closed as it should be:"), text[at : at + 30])
    options, end = [], after
    while text[end : end + 1] in (":", "|"):
        option, end = _parse(text, end + 1, depth=depth)
        options.append(option)
    if text[end : end + 1] != "}":
        raise TextRefused(_("This brace is not closed as it should be:"), text[at : at + 30])
    if len(options) != CHOICES[name.group()]:
        raise TextRefused(_("Here form takes two wordings and gender three:"), text[at : end + 1])
    return Choice(name.group(), tuple(options)), end + 1


def names(text: Text) -> Iterator[str]:
    """Every placeholder named anywhere in the text."""
    for part in text:
        if isinstance(part, Placeholder):
            yield part.name
        elif isinstance(part, Choice):
            for option in part.options:
                yield from names(option)


def fill(text: Text, values: Mapping[str, str], *, form: str, gender: str) -> str | None:
    """The text with its values; none where a value that it names is missing or empty."""
    done = []
    for part in text:
        if isinstance(part, str):
            done.append(part)
            continue
        if isinstance(part, Placeholder):
            filled = values.get(part.name) or None
        else:
            filled = fill(_chosen(part, form, gender), values, form=form, gender=gender)
        if filled is None:
            return None
        done.append(filled)
    return "".join(done)


def _chosen(choice: Choice, form: str, gender: str) -> Text:
    if choice.by == "form":
        return choice.options[FORMS.index(form) if form in FORMS else 0]
    return choice.options[GENDERS.index(gender) if gender in GENDERS else GENDERS.index("")]


def fill_blocks(text: str, values: Mapping[str, str], *, form: str, gender: str, between: str) -> list[str]:
    """The blocks of a text (paragraphs of a letter, lines of an SMS) that can be filled.

    A block that names something there is none of is left out: without a voucher no sentence speaks of one.
    """
    blocks = (block.strip() for block in text.replace("\r\n", "\n").split(between))
    filled = (fill(parse(block), values, form=form, gender=gender) for block in blocks if block)
    return [block for block in filled if block is not None and block.strip()]
