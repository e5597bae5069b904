"""A letter's faces: its words dressed by templates/mail/base.html and base.txt.

Letters of one build (so many paragraphs, such a button, this language and colour) differ in their words only. So each
build is rendered and inlined once with marks where words stand, and the words are put into it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from css_inline import CSSInliner
from django.template.loader import render_to_string
from django.utils import translation

# the letter is ours and asks for nothing from elsewhere
inliner = CSSInliner(load_remote_stylesheets=False)
# what the build itself depends on; of every other text only whether there is any
BUILDS = {"language", "direction", "accent"}
# builds that are kept: a dozen kinds are in use at a time, in four languages
KEPT = 300
# A mark is a number with a line break behind it, between two letters that nobody writes. As the break comes out, so do
# those of the words that stand there.
MARK = "\ue000{}\n\ue001"
PLACE = re.compile("\ue000(\\d+)(\n|<br>)\ue001")
# a browser's parser changes these (or they are marks): who writes them gets a letter made from the beginning
UNUSUAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000\ue001\ufdd0-\ufdef\ufffe\uffff]")
IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\u00a0": "&nbsp;"})
IN_ATTRIBUTE = str.maketrans({"&": "&amp;", '"': "&quot;", "\u00a0": "&nbsp;"})


@dataclass(frozen=True, slots=True)
class Letter:
    """The three faces of a mail."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Hole:
    """Where the words of one mark stand in a page."""

    number: int
    is_attribute: bool
    breaks_lines: bool

    def filled(self, words: str) -> str:
        if self.is_attribute:
            return words.translate(IN_ATTRIBUTE)
        escaped = words.translate(IN_TEXT)
        return escaped.replace("\n", "<br>") if self.breaks_lines else escaped


@dataclass(frozen=True, slots=True)
class Build:
    """A letter without its words: what stands between them, and which come where."""

    html: tuple[str | Hole, ...]
    text: tuple[str | int, ...]


def dressed(context: dict[str, Any]) -> Letter:
    """The letter's faces from what templates/mail/base.html asks for."""
    words: list[str] = []
    marked = _marked(context, words)
    if any(UNUSUAL.search(each) for each in words):
        return dressed_by_itself(context)
    build = _build(json.dumps(marked))
    return Letter(
        subject=context["subject"],
        html="".join(each if isinstance(each, str) else each.filled(words[each.number]) for each in build.html),
        text=_ended("".join(each if isinstance(each, str) else words[each] for each in build.text)),
    )


def dressed_by_itself(context: dict[str, Any]) -> Letter:
    """The same, made from the beginning."""
    html, text = _rendered(context)
    return Letter(subject=context["subject"], text=_ended(text), html=html)


def _rendered(context: dict[str, Any]) -> tuple[str, str]:
    with translation.override(context["language"]):
        html = render_to_string("mail/base.html", context)
        text = render_to_string("mail/base.txt", context)
    return inliner.inline(html), text


def _ended(text: str) -> str:
    return text.strip() + "\n"


def _marked(value: Any, words: list[str], name: str = "") -> Any:
    """The same with a mark for each text there is; the texts themselves go into `words`."""
    if isinstance(value, dict):
        return {key: _marked(each, words, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_marked(each, words) for each in value]
    if not isinstance(value, str) or not value or name in BUILDS:
        return value
    words.append(value)
    return MARK.format(len(words) - 1)


@lru_cache(maxsize=KEPT)
def _build(marked: str) -> Build:
    """The letter of a context in which marks stand for words; JSON, so that it can be a key."""
    html, text = _rendered(json.loads(marked))
    return Build(html=tuple(_with_holes(html)), text=tuple(_with_numbers(text)))


def _with_holes(html: str) -> Iterator[str | Hole]:
    end = 0
    for place in PLACE.finditer(html):
        before = html[: place.start()]
        yield html[end : place.start()]
        yield Hole(int(place[1]), is_attribute=before.rfind("<") > before.rfind(">"), breaks_lines=place[2] != "\n")
        end = place.end()
    yield html[end:]


def _with_numbers(text: str) -> Iterator[str | int]:
    end = 0
    for place in PLACE.finditer(text):
        yield text[end : place.start()]
        yield int(place[1])
        end = place.end()
    yield text[end:]
