"""D4: STOP words in four languages, with slips and inside sentences, each judged by hand (rules.md, Opt-out)."""

import pytest

from reminders.inbox.plain import own_subject, own_words, plain
from reminders.inbox.stop_words import is_start, is_stop, may_mean_stop

STOPS = [
    *(
        "stop",
        "STOP",
        " Stop. ",
        "Stop!!!",
        "«Stop»",
        "stop stop",
        "STOP 🛑",
        "ｓｔｏｐ",
        "𝗦𝗧𝗢𝗣",
        "s\u200btop",
        "\u200fSTOP\u200f",
    ),
    *("unsubscribe", "Unsubscribe.", "UNSUBSCRIBE!", "cancel", "Cancel", "end", "END.", "quit", "'Quit'"),
    *("стоп", "СТОП", "Стоп!", "“стоп”", "стоп, стоп", "отписаться", "Отписаться.", "ОТПИСАТЬСЯ"),
    *("odjava", "ODJAVA", "Odjava!", "stani", "Stani.", "STANI !"),
    *("توقف", "توقّف", "تَوَقَّف", "توقف.", "توقـــف", "إلغاء", "الغاء", "إِلْغَاء", "ألغاء", "إلغاء!"),
]
# one slip away, or a sentence that asks for no more: a person reads it
DOUBTS = [
    *("stopp", "stpo", "sotp", "unsubscibe", "unsubsribe", "cancle", "stpp"),
    *("стоп1", "стопп", "отписатся", "одписаться", "odjva", "odjavaa", "stanu", "توقفف", "الفاء"),
    *("Please stop sending me these", "unsubscribe me please", "no more messages, thank you", "Don't text me again"),
    *("Пожалуйста, не присылайте мне больше рекламу", "отпишите меня", "Хватит слать сообщения!"),
    *("Molim vas, nemojte mi slati poruke", "odjavite me s liste", "Ne želim poruke"),
    *("من فضلكم لا ترسلوا رسائل", "أريد إلغاء الاشتراك", "توقفوا عن المراسلة"),
]
# a STOP word inside a sentence is none
NEITHER = [
    *("", "?", "👍", "1", "ok", "step", "I will stop by at 5", "Don't stop, I love it", "the end of June suits me"),
    *(
        "Can I cancel my Thursday appointment?",
        "cancel my appointment",
        "please cancel",
        "non-stop busy",
        "quite",
        "send",
    ),
    *("Стоп-кран", "Я отменю запись", "скажите стоп, если поздно", "пора отписаться в школе, напишу позже", "до стопы"),
    *("Stani malo, dolazim", "Odjava iz hotela je u 10", "može odjava termina u petak?", "stan"),
    *("توقف المطر وسآتي", "أريد إلغاء الموعد", "إلغاء موعد الخميس", "لا تتوقف"),
]


@pytest.mark.parametrize("text", STOPS)
def test_stop_word_as_a_whole_message_stops(text):
    assert is_stop(text)


@pytest.mark.parametrize("text", DOUBTS)
def test_slip_or_sentence_that_wants_no_more_is_left_to_a_person(text):
    assert (is_stop(text), may_mean_stop(text)) == (False, True)


def test_word_inside_a_sentence_is_no_opt_out():
    wrong = [text for text in NEITHER if is_stop(text)]
    doubted = [text for text in NEITHER if may_mean_stop(text)]

    # what is one letter from a STOP word, or says it of something else, costs the desk one look
    assert (wrong, doubted) == ([], ["step", "quite", "пора отписаться в школе, напишу позже", "stan"])


@pytest.mark.parametrize("text", ["START", "Старт!", "prijava", "إبدأ"])
def test_start_takes_a_stop_back(text):
    assert is_start(text)


@pytest.mark.parametrize(
    "quoted",
    [
        "\n\nOn Fri, 12 Jun 2026 at 10:00, Vesna <salon@example.test> wrote:\n> We miss you.\n> cancel",
        "\n\nпт, 12 июн. 2026 г. в 10:00, Vesna <salon@example.test> пишет:\n> Мы скучаем",
        "\n\npet, 12. 6. 2026. u 10:00 Vesna <salon@example.test> je napisao/la:\n> Nedostajete nam",
        "\n\nفي الجمعة، 12 يونيو 2026 كتب Vesna <salon@example.test>:\n> اشتقنا",
        "\n\nSent from my iPhone",
        "\n-- \nVera Example\nFlowers and more",
        "\n\n________________________________\nFrom: Vesna <salon@example.test>\nSubject: We miss you",
        "\n\n-----Original Message-----\nFrom: Vesna",
    ],
)
def test_letter_under_her_words_is_not_hers(quoted):
    assert own_words("STOP" + quoted) == "STOP"


def test_subject_is_read_without_its_re():
    assert own_subject("Re: RE: Odg: unsubscribe") == "unsubscribe"


def test_plain_words_know_no_case_accent_vowel_or_punctuation():
    assert plain("  Otkaži, ĆUP — «Ёлка»; أُلْغِي!  ") == "otkazi cup елка الغي"
