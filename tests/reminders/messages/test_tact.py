"""Every message in every language, to everybody: formally and familiarly, to a woman, a man, and where nobody said (P58)."""

import re
from itertools import product

import pytest

from reminders.messages.defaults import PHRASES, TEXTS
from reminders.messages.models import NO_TEXT, Kind
from reminders.messages.preview import preview, sample
from reminders.messages.speech import Speech
from reminders.messages.syntax import FORMS, GENDERS, fill, parse
from tests.factories import NOW, make_branch

LANGUAGES = ("en", "ru", "bs", "ar")
SIX = list(product(FORMS, GENDERS))
KINDS = [kind for kind in Kind if kind not in NO_TEXT]
# what shows that something was not filled, or not chosen
LEFT_OVER = re.compile(r"[{}|]|\bNone\b| {2}|\([аa]\)|\s[,.!?؟،]")
# nobody is spoken to as a man or a woman without having said which
GENDERED = {
    "ru": re.compile(r"\b(ты|вы) (\w+ )?(был|была|пришёл|пришла|сказал|сказала|выбрал|выбрала)\b", re.IGNORECASE),
    "bs": re.compile(r"\b(bila|bio|zamislila|zamislio|došla|došao) si\b|\bsi (zamislila|zamislio)\b", re.IGNORECASE),
}


@pytest.fixture
def branch(db):
    return make_branch()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_reads_whole_to_everybody(branch, language):
    wrong = []
    for kind, (form, gender) in product(KINDS, SIX):
        speech = Speech(language, form, gender)
        values = sample(kind, speech, branch, NOW, with_voucher=True)
        values |= {"offer": speech.say("slots"), "limits": speech.say("quiet_hours")}
        words = TEXTS[language][kind]
        # a letter may do without a button, and without nothing else
        for part in (words.subject, words.body, *filter(None, [words.button]), words.sms):
            said = fill(parse(part), values, form=form, gender=gender)
            if not said or LEFT_OVER.search(said) or (gender == "" and _gendered(language, said)):
                wrong.append((kind.value, form, gender, said))

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_reads_whole_to_everybody(language):
    class Anything(dict):
        def get(self, name, default=None):
            return "7"

    wrong = []
    for (name, phrase), (form, gender) in product(PHRASES[language].items(), SIX):
        said = fill(parse(phrase), Anything(), form=form, gender=gender)
        if not said or LEFT_OVER.search(said) or (gender == "" and _gendered(language, said)):
            wrong.append((name, form, gender, said))

    assert wrong == []


def _gendered(language, said):
    return GENDERED[language].search(said) if language in GENDERED else None


@pytest.mark.parametrize("language", ["ru", "bs", "ar"])
def test_each_letter_knows_the_two_forms_of_address(language):
    """English has one; elsewhere who is spoken to formally is nowhere spoken to familiarly."""
    familiar = {
        "ru": re.compile(r"\b(ты|тебя|тебе|тобой|твой|твоя|твоё|твоей|твоего|твоём|твоих)\b", re.IGNORECASE),
        "bs": re.compile(r"\b(ti|te|tebe|tebi|tvoj|tvoja|tvoje|tvojih|tvom)\b", re.IGNORECASE),
        "ar": re.compile(r"\b(لك|إليك|بك|موعدك|زيارتك|مكانك|صفحتك|بطاقتك|حسابك|اسمك)\b"),
    }[language]
    values = dict.fromkeys(("salon", "name", "link", "day", "hour", "master"), "7")

    wrong = [
        (kind.value, said)
        for kind in KINDS
        for part in (TEXTS[language][kind].subject, TEXTS[language][kind].body, TEXTS[language][kind].sms)
        if (said := fill(parse(part), Filled(values), form="formal", gender="f")) and familiar.search(said)
    ]

    assert wrong == []


class Filled(dict):
    """Whatever is named has a value."""

    def get(self, name, default=None):
        return super().get(name, "7")


def test_preview_shows_what_a_letter_has_beside_its_words(branch):
    seen = preview(kind="due_soon", language="ru", branch=branch, now=NOW, form="familiar", gender="")

    assert "твоего следующего визита" in seen.letter.text
    # three free times, and the way out
    assert seen.letter.html.count('class="choice"') == 3
    assert "a-link-of-her-own" in seen.letter.html
    assert seen.segments.parts >= 1
