"""Days, sums and names as each language writes them."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from crm.people.models import Client
from crm.team.wording import (
    amount_words,
    date_words,
    day_words,
    hour_words,
    isolated,
    length_words,
    money_words,
    short_date_words,
    short_day_words,
    weekday_words,
)

WEDNESDAY = date(2026, 6, 10)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Wednesday, 10 June", "10 June", "Wed 10 Jun", "10 Jun", "10 Jun 2026", "Wednesday"]),
        ("ru", ["среда, 10 июня", "10 июня", "ср 10 июн.", "10 июн.", "10 июн. 2026", "среда"]),
        ("bs", ["srijeda, 10. juna", "10. juna", "sri 10. jun", "10. jun", "10. jun 2026.", "srijeda"]),
        ("ar", ["الأربعاء، 10 يونيو", "10 يونيو", "الأربعاء 10 يونيو", "10 يونيو", "10 يونيو 2026", "الأربعاء"]),
    ],
)
def test_day_is_written_as_the_language_writes_it(language, words):
    assert [
        day_words(WEDNESDAY, language),
        date_words(WEDNESDAY, language),
        short_day_words(WEDNESDAY, language),
        short_date_words(WEDNESDAY, language),
        short_date_words(WEDNESDAY, language, with_year=True),
        weekday_words(WEDNESDAY, language),
    ] == words


def test_hour_is_of_24_hours():
    assert hour_words(datetime(2026, 6, 10, 0, 30, tzinfo=ZoneInfo("Europe/Sarajevo"))) == "00:30"
    assert hour_words(datetime(2026, 6, 10, 12, 30, tzinfo=ZoneInfo("Europe/Sarajevo"))) == "12:30"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "1 hr 45 min"), ("ru", "1 ч 45 мин"), ("bs", "1 h 45 min"), ("ar", "1 س 45 د")]
)
def test_length_is_said_in_hours_and_minutes(language, words):
    assert length_words(105, language) == words


@pytest.mark.parametrize(
    ("amount", "currency", "language", "words"),
    [
        ("1234.5", "BAM", "en", "BAM\u00a01,234.50"),
        ("1234.5", "EUR", "en", "€1,234.50"),
        ("1234.5", "BAM", "bs", "1.234,50\u00a0KM"),
        ("1234.5", "BAM", "ru", "1\u00a0234,50\u00a0BAM"),
        ("1234.5", "BAM", "ar", "\u200f1,234.50\u00a0BAM"),
        # as the ledger keeps them, not as the coins in use
        ("12.5", "RSD", "bs", "12,50\u00a0din."),
        ("1.25", "KWD", "en", "KWD\u00a01.250"),
        ("1200", "JPY", "en", "¥1,200"),
        ("-8", "BAM", "en", "−BAM\u00a08.00"),
        ("-8", "BAM", "ar", "\u200f\u200e−8.00\u00a0BAM"),
        # a cost of half a hundredth is not hidden
        ("0.125", "EUR", "en", "€0.125"),
    ],
)
def test_sum_is_written_to_the_smallest_unit(amount, currency, language, words):
    assert money_words(Decimal(amount), currency, language) == words


@pytest.mark.parametrize(("language", "words"), [("en", "1,234.50"), ("ru", "1\u00a0234,50"), ("bs", "1.234,50")])
def test_amount_of_a_column_has_no_currency(language, words):
    assert amount_words(Decimal("1234.5"), language) == words


def test_name_that_turns_the_line_is_shut_in():
    assert isolated("Eve\u202e elpmaxE\u2069\u202e") == "\u2068Eve elpmaxE\u2069"


def test_client_is_shown_without_signs_that_turn_the_page():
    eve = Client(name="Eve\u202e elpmaxE\u2067", called="\u2066Evie\u2069\u202e", code="C1")

    assert (str(eve), eve.shown_name) == ("Eve elpmaxE", "Evie")
