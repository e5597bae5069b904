"""Which day a holiday falls on, and how clients call it. Dates from church and state calendars."""

from datetime import date

import pytest

from reminders.campaigns.holidays import HOLIDAYS, fold, keys_named
from reminders.campaigns.selectors.holidays import next_holiday


@pytest.mark.parametrize(
    ("key", "after", "country", "day"),
    [
        ("catholic_easter", date(2026, 1, 1), "BA", date(2026, 4, 5)),
        ("orthodox_easter", date(2026, 1, 1), "BA", date(2026, 4, 12)),
        # both on one Sunday
        ("catholic_easter", date(2025, 1, 1), "BA", date(2025, 4, 20)),
        ("orthodox_easter", date(2025, 1, 1), "BA", date(2025, 4, 20)),
        # the day itself is over: next year's
        ("orthodox_easter", date(2026, 4, 12), "RU", date(2027, 5, 2)),
        ("new_year", date(2026, 12, 31), "BA", date(2027, 1, 1)),
        ("eid_al_fitr", date(2026, 1, 1), "SA", date(2026, 3, 20)),
        ("eid_al_adha", date(2026, 1, 1), "BA", date(2026, 5, 27)),
        ("ramadan", date(2026, 1, 1), "BA", date(2026, 2, 18)),
        ("mothers_day", date(2026, 1, 1), "RU", date(2026, 11, 29)),
        ("mothers_day", date(2026, 1, 1), "AE", date(2026, 3, 21)),
        ("mothers_day", date(2026, 1, 1), "BA", date(2026, 3, 8)),
        ("mothers_day", date(2026, 1, 1), "US", date(2026, 5, 10)),
        ("mothers_day", date(2026, 1, 1), "GB", date(2026, 3, 15)),
    ],
)
def test_holiday_falls_on_its_day(key, after, country, day):
    assert next_holiday(key, after=after, corrected=(), country=country) == day


def test_moons_year_gives_two_days_in_one_of_ours():
    # 1454 and 1455 both end their fast in 2033 minus none: 2 January and 23 December
    assert HOLIDAYS["eid_al_fitr"].days(2033, "SA") == [date(2033, 1, 2), date(2033, 12, 23)]


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("Easter", {"catholic_easter"}),
        ("orthodox easter; New Year", {"orthodox_easter", "new_year"}),
        ("Пасха, 8 Марта", {"orthodox_easter", "womens_day"}),
        ("KURBAN-BAJRAM", {"eid_al_adha"}),
        ("Božić ; bozic", {"catholic_christmas"}),
        ("عيد الفِطر", {"eid_al_fitr"}),
        # part of a word names nothing: it is named, never guessed
        ("Easter Monday", set()),
        ("Krsna slava", set()),
        ("", set()),
    ],
)
def test_holidays_are_those_she_named(words, keys):
    assert keys_named(words) == keys


def test_no_word_names_two_holidays():
    named = [word for holiday in HOLIDAYS.values() for word in holiday.called]

    assert len(named) == len(set(named))
    assert all(word == fold(word) for word in named)
