"""A letter put together from its build is, byte by byte, the one made from the beginning."""

import pytest

from reminders.messages import dressing
from reminders.messages.dressing import dressed, dressed_by_itself

PLAIN = "You were with us on 26 May."
# what a page, a template or the build itself might take for its own
ODD = [
    "Fish & chips &amp; <b>more</b> &#39;",
    "\"Vesna\" and 'Anna' {{ salon }} {% now %} %s {0} \\1",
    "two\nlines\n\nand a third ",
    " \u00a0 \u2068+387 61\u2069 \u200f ",
    "ليلى и Вера 🌸",
    "\n",
    " ",
]
# what a parser of pages changes on its way
UNUSUAL = ["one\r\ntwo\rthree", "nothing\x00 \x0b\x0c here", "\ue0000\n\ue001 a mark", "\ufdd0\uffff\x7f\x85"]


def context(words: str, *, language: str = "en", **others) -> dict:
    """A letter with everything that there may be in one."""
    links = [
        {"label": f"{words} {number}", "url": f"http://testserver/my/o/a{number}/?s=1-{number}"} for number in (1, 2)
    ]
    return {
        "salon": {"salon_name": words, "accent": "#225577"},
        "branch": {"phone": words, "dialled": "+38761100100", "address": words},
        "subject": words,
        "preheader": words,
        "paragraphs": [words, PLAIN, words],
        "offer": words,
        "offers": links,
        "scores": links * 5,
        "further": [words, words],
        "asks_first": False,
        "button_label": words,
        "button_url": "http://testserver/my/o/o1-2-3.x/",
        "choices": links,
        "closing": words,
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "footer_note": words,
        "home_url": 'http://testserver/?a=1&b="2"',
        "complain_url": "http://testserver/k/",
        "unsubscribe_url": "http://testserver/u/",
        "preferences_url": "http://testserver/p/",
        **others,
    }


BARE = {
    "salon": {"salon_name": "Vesna", "accent": ""},
    "branch": {"phone": "", "dialled": "", "address": ""},
    "subject": "Vesna",
    "paragraphs": [],
    "language": "en",
    "direction": "ltr",
}


@pytest.mark.parametrize("words", [PLAIN, *ODD, *UNUSUAL])
def test_letter_is_the_one_made_from_the_beginning(words):
    letters = [
        context(words),
        context(words, language="ar", asks_first=True),
        context(words, offers=[], scores=[], choices=[], preheader="", closing=""),
        BARE | {"paragraphs": [words], "footer_note": words},
        BARE,
    ]
    assert [dressed(each) for each in letters] == [dressed_by_itself(each) for each in letters]


def test_without_escaping_it_would_not_be(monkeypatch):
    monkeypatch.setattr(dressing, "IN_TEXT", {})

    assert dressed(context(ODD[0])) != dressed_by_itself(context(ODD[0]))


def test_templates_are_asked_once_for_all_letters_of_one_build(monkeypatch):
    dressing._build.cache_clear()
    asked, render = [], dressing._rendered
    monkeypatch.setattr(dressing, "_rendered", lambda made: asked.append(made) or render(made))

    letters = [dressed(context(words)) for words in (PLAIN, *ODD)]
    other = [dressed(context(PLAIN, language="bs")), dressed(context(PLAIN, offers=[]))]

    assert (len(asked), len({each.html for each in letters + other})) == (3, 10)


def test_unusual_words_are_no_build_of_their_own(monkeypatch):
    dressing._build.cache_clear()

    for words in UNUSUAL:
        dressed(context(words))

    assert dressing._build.cache_info().currsize == 0
