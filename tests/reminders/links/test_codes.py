"""Codes of six digits: asking and guessing are slowed, and nobody learns who is known (trust.md, S8)."""

import re
from datetime import timedelta

import pytest

from reminders.links.models import ATTEMPTS, ContactCode
from reminders.links.services.proving import (
    CODES_OF_A_CONNECTION,
    CODES_OF_AN_ADDRESS,
    CodeNotSent,
    CodeOver,
    TooMany,
    WrongCode,
    ask_for_code,
    is_proved,
    prove,
)
from reminders.transports.models import MailboxLetter
from tests.factories import NOW
from tests.reminders.links.conftest import text_of
from tests.reminders.links.test_booking_page import ask, code_sent

PHONE = "+38761100777"


def sent(cast, *, phone=PHONE, visitor="203.0.113.7", now=NOW) -> ContactCode:
    return ask_for_code(channel="sms", address=phone, visitor=visitor, language="en", branch=cast.branch, now=now)


def guess(row, code, *, phone=PHONE, visitor="203.0.113.7", now=NOW) -> None:
    prove(key=row.key, channel="sms", address=phone, code=code, visitor=visitor, now=now)


def wrong_one() -> str:
    """A code that is not the one that was sent."""
    return f"{(int(code_sent()) + 1) % 1_000_000:06}"


def test_the_right_code_shows_the_number_to_be_hers_for_half_an_hour(cast):
    row = sent(cast)

    guess(row, code_sent())

    known = {"key": row.key, "channel": "sms", "address": PHONE}
    assert is_proved(**known, now=NOW + timedelta(minutes=29)) is True
    assert is_proved(**known, now=NOW + timedelta(minutes=30)) is False
    assert is_proved(**{**known, "address": "+38761100778"}, now=NOW) is False


def test_of_10_000_guesses_five_are_looked_at(cast):
    row = sent(cast)
    right = code_sent()
    ends = []
    for number in range(10_000):
        try:
            # each from another connection, so that only the code itself is in the way
            guess(row, f"{number:06}" if f"{number:06}" != right else "x", visitor=f"203.0.113.{number}")
        except (WrongCode, CodeOver) as refusal:
            ends.append(type(refusal))

    assert (ends.count(WrongCode), ends.count(CodeOver)) == (ATTEMPTS, 10_000 - ATTEMPTS)
    # and the right one comes too late
    with pytest.raises(CodeOver):
        guess(row, right)


def test_one_connection_cannot_go_on_with_code_after_code(cast):
    ends = []
    for number in range(15):
        row = sent(cast, phone=f"+387611009{number:02}")
        for _ in range(ATTEMPTS):
            try:
                guess(row, wrong_one(), phone=f"+387611009{number:02}")
            except (WrongCode, TooMany) as refusal:
                ends.append(type(refusal))

    assert (ends.count(WrongCode), ends.count(TooMany)) == (50, 25)


def test_a_number_gets_so_many_codes_an_hour_and_no_more(cast):
    for number in range(CODES_OF_AN_ADDRESS):
        sent(cast, visitor=f"203.0.113.{number}")

    with pytest.raises(TooMany):
        sent(cast, visitor="203.0.113.200")
    assert MailboxLetter.objects.count() == CODES_OF_AN_ADDRESS
    sent(cast, visitor="203.0.113.200", now=NOW + timedelta(hours=1, seconds=1))


def test_a_connection_asks_for_so_many_codes_an_hour_and_no_more(cast):
    for number in range(CODES_OF_A_CONNECTION):
        sent(cast, phone=f"+387611009{number:02}")

    with pytest.raises(TooMany):
        sent(cast, phone="+38761100999")


def test_after_ten_minutes_it_is_over(cast):
    row = sent(cast)
    code = code_sent()

    with pytest.raises(CodeOver):
        guess(row, code, now=NOW + timedelta(minutes=10))
    guess(row, code, now=NOW + timedelta(minutes=9, seconds=59))


def test_the_table_tells_neither_number_nor_code(cast):
    sent(cast)
    code = code_sent()

    (row,) = ContactCode.objects.values()
    assert not [value for value in row.values() if PHONE in str(value) or str(value) == code]


def test_rows_go_after_a_day(cast):
    sent(cast)

    sent(cast, phone="+38761100778", now=NOW + timedelta(days=1, seconds=1))

    assert ContactCode.objects.count() == 1


def test_what_cannot_be_sent_is_said_and_what_was_typed_stays(visitor, cast, settings):
    settings.SMS_URL = "mailbox://"
    settings.EMAIL_BACKEND, settings.EMAIL_URL = "django.core.mail.backends.smtp.EmailBackend", "smtp://127.0.0.1:1"

    page = ask(visitor, cast, phone="", email="mia@example.test")

    assert page.status_code == 422
    assert "We could not send anything there." in text_of(page)
    assert 'value="mia@example.test"' in page.content.decode()
    with pytest.raises(CodeNotSent):
        ask_for_code(channel="email", address="x@example.test", visitor="v", language="en", branch=cast.branch, now=NOW)


def test_a_code_by_mail_looks_like_the_salon(visitor, cast, mailoutbox):
    ask(visitor, cast, phone="", email="Mia@Example.test")

    (letter,) = mailoutbox
    code = re.match(r"(\d{6}) is your code for Vesna", letter.subject).group(1)
    assert (letter.to, code in letter.body, code in letter.alternatives[0][0]) == (["mia@example.test"], True, True)


@pytest.mark.parametrize("language", ["en", "ru", "bs", "ar"])
def test_a_code_by_sms_begins_with_the_code_and_names_the_salon(visitor, cast, language):
    visitor.cookies["django_language"] = language

    ask(visitor, cast)

    assert re.match(r"\d{6}\D.*Vesna", MailboxLetter.objects.get().text)


def test_guessing_by_the_page_is_answered_and_slowed(visitor, cast):
    ask(visitor, cast)
    code = code_sent()
    pages = [visitor.post("/book/code/", {"code": wrong_one()}) for _ in range(ATTEMPTS + 3)]

    assert {page.status_code for page in pages} == {422}
    assert "This is not the code we sent" in text_of(pages[0])
    assert "This code is no longer good" in text_of(pages[-1])
    assert "This code is no longer good" in text_of(visitor.post("/book/code/", {"code": code}))


def test_asking_by_the_page_is_slowed_with_what_was_typed_kept(visitor, cast):
    for _ in range(CODES_OF_AN_ADDRESS):
        assert ask(visitor, cast).status_code == 302

    page = ask(visitor, cast)

    assert page.status_code == 429
    assert 'value="Mia Example"' in page.content.decode()


@pytest.mark.parametrize("typed", ["{} {}", " {}{} ", "{}-{}"])
def test_a_code_is_read_as_people_type_it(visitor, cast, typed):
    ask(visitor, cast)
    code = code_sent()

    page = visitor.post("/book/code/", {"code": typed.format(code[:3], code[3:])})

    assert page.status_code == 302


def test_arabic_digits_are_digits(visitor, cast):
    ask(visitor, cast)

    code = code_sent().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    assert visitor.post("/book/code/", {"code": code}).status_code == 302


def test_another_code_is_sent_after_a_pause_and_ends_the_first(visitor, cast, today):
    ask(visitor, cast)
    first = code_sent()
    today.shift(timedelta(seconds=29))
    soon = visitor.post("/book/code/again/")
    assert (soon.status_code, "Wait half a minute" in text_of(soon)) == (429, True)
    assert MailboxLetter.objects.count() == 1

    today.shift(timedelta(seconds=1))
    page = visitor.post("/book/code/again/", follow=True)

    assert "A new code is on its way; the old one no longer works." in text_of(page)
    assert MailboxLetter.objects.count() == 2
    if first != code_sent():
        assert "not the code we sent" in text_of(visitor.post("/book/code/", {"code": first}))
