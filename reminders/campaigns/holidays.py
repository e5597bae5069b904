"""Which day a holiday falls on, and how clients call it. No database (rules.md, Wording: named, never guessed)."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

# the makers' tables of the moon; the underscore is theirs, the calendars of countries are built on it
from holidays.calendars import _IslamicLunar

MOON = _IslamicLunar()


@dataclass(frozen=True, slots=True)
class Holiday:
    """`called`: what clients write for it, folded; `follows_moon`: its day is sure only days before."""

    key: str
    name: object
    called: frozenset[str]
    days: Callable[[int, str], list[date]]
    follows_moon: bool = False


def western_easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def orthodox_easter(year: int) -> date:
    """Easter Sunday of the Julian calendar, by ours (Meeus; the calendars are 13 days apart until 2099)."""
    a, b, c = year % 4, year % 7, year % 19
    d = (19 * c + 15) % 30
    e = (2 * a + 4 * b - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return date(year, month, day + 1) + timedelta(days=13)


def mothers_day(year: int, country: str) -> date:
    """By country: a Sunday of May in most, 21 March in Arab ones, the last Sunday of November in Russia."""
    if country == "RU":
        last = date(year, 11, 30)
        return last - timedelta(days=(last.weekday() + 1) % 7)
    if country == "GB":
        # Mothering Sunday: three weeks before Easter
        return western_easter(year) - timedelta(days=21)
    if country in ARAB:
        return date(year, 3, 21)
    if country in BALKAN:
        return date(year, 3, 8)
    first = date(year, 5, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7)


ARAB = {"AE", "BH", "DZ", "EG", "IQ", "JO", "KW", "LB", "LY", "MA", "OM", "PS", "QA", "SA", "SD", "SY", "TN", "YE"}
BALKAN = {"BA", "ME", "MK", "RS"}


def _fixed(month: int, day: int) -> Callable[[int, str], list[date]]:
    return lambda year, _country: [date(year, month, day)]


def _moon(read: Callable[[int], Iterable[tuple[date, bool]]]) -> Callable[[int, str], list[date]]:
    # the table gives neighbours of a year too, and twice a year where the moon's year is short
    return lambda year, _country: sorted({on for on, _estimated in read(year) if on.year == year})


def fold(words: str) -> str:
    """A name as it is compared: no case, no marks, no punctuation."""
    plain = unicodedata.normalize("NFKD", words.casefold().replace("đ", "d"))
    kept = "".join(
        letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter) and letter != "ـ"
    )
    return " ".join(kept.split())


def _called(*names: str) -> frozenset[str]:
    return frozenset(fold(name) for name in names)


HOLIDAYS = {
    holiday.key: holiday
    for holiday in (
        Holiday(
            "new_year",
            _("New Year"),
            _called("New Year", "New Year's Day", "Новый год", "Nova godina", "رأس السنة", "رأس السنة الميلادية"),
            _fixed(1, 1),
        ),
        Holiday(
            "orthodox_christmas",
            _("Christmas, 7 January"),
            _called("Orthodox Christmas", "Рождество", "Православное Рождество", "Pravoslavni Božić", "Christmas 7 January"),
            _fixed(1, 7),
        ),
        Holiday("valentine", _("Valentine’s Day"), _called("Valentine's Day", "Valentine", "День святого Валентина",
                "День влюблённых", "Valentinovo", "Dan zaljubljenih", "عيد الحب"), _fixed(2, 14)),
        Holiday("womens_day", _("8 March"), _called("8 March", "March 8", "Women's Day", "International Women's Day",
                "8 марта", "Международный женский день", "8. mart", "Osmi mart", "Dan žena", "يوم المرأة", "8 مارس"),
                _fixed(3, 8)),
        Holiday("mothers_day", _("Mother’s Day"), _called("Mother's Day", "Mothers' Day", "День матери", "Majčin dan",
                "Dan majki", "عيد الأم"), lambda year, country: [mothers_day(year, country)]),
        Holiday("catholic_easter", _("Easter"), _called("Easter", "Catholic Easter", "Католическая Пасха", "Uskrs",
                "Katolički Uskrs", "عيد الفصح"), lambda year, _country: [western_easter(year)]),
        Holiday("orthodox_easter", _("Orthodox Easter"), _called("Orthodox Easter", "Пасха", "Православная Пасха",
                "Vaskrs", "Pravoslavni Uskrs", "Pravoslavni Vaskrs"), lambda year, _country: [orthodox_easter(year)]),
        Holiday("ramadan", _("Ramadan begins"), _called("Ramadan", "Рамадан", "Ramazan", "رمضان"),
                _moon(MOON.ramadan_beginning_dates), follows_moon=True),
        Holiday("eid_al_fitr", _("Eid al-Fitr"), _called("Eid al-Fitr", "Eid", "Ураза-байрам", "Ид аль-Фитр",
                "Ramazanski bajram", "Bajram", "عيد الفطر", "العيد"), _moon(MOON.eid_al_fitr_dates), follows_moon=True),
        Holiday("eid_al_adha", _("Eid al-Adha"), _called("Eid al-Adha", "Курбан-байрам", "Ид аль-Адха",
                "Kurban-bajram", "Kurban bajram", "عيد الأضحى"), _moon(MOON.eid_al_adha_dates), follows_moon=True),
        Holiday("catholic_christmas", _("Christmas"), _called("Christmas", "Catholic Christmas", "25 December",
                "Католическое Рождество", "Božić", "Katolički Božić", "عيد الميلاد"), _fixed(12, 25)),
    )
}  # fmt: skip

# where the calendar's own name is no name that people write
WRITTEN = {"orthodox_christmas": "Orthodox Christmas", "ramadan": "Ramadan"}


def keys_named(words: str) -> set[str]:
    """The holidays that a client's own words name, as keys; what none is known by is left out."""
    named = named_in(words)
    return {key for key, holiday in HOLIDAYS.items() if holiday.called & named}


def written(key: str) -> str:
    """How a holiday is written down for a client so that it is known again: its name, or the word people use."""
    name = str(HOLIDAYS[key].name)
    return name if keys_named(name) == {key} else WRITTEN.get(key, str(key))


def named_in(words: str) -> set[str]:
    """Her words, one by one, folded: she separates them by `;`, and some people by a comma."""
    return {name for part in words.replace(",", ";").split(";") if (name := fold(part))}
