"""Days, hours, money and lengths of time as a person of that language writes them."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_location
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit

# English of the salon's continent: the day before the month
DAYS = {"en": "EEEE, d MMMM", "ru": "EEEE, d MMMM", "bs": "EEEE, d. MMMM", "ar": "EEEE، d MMMM"}
SHORT_DAYS = {"en": "EEE d MMM", "ru": "EEE d MMM", "bs": "EEE d. MMM", "ar": "EEE d MMM"}
DATES = {"en": "d MMMM", "ru": "d MMMM", "bs": "d. MMMM", "ar": "d MMMM"}
HOURS = {"en": "h:mm a", "ru": "HH:mm", "bs": "HH:mm", "ar": "h:mm a"}
BOSNIAN_MONTHS = (
    "januara", "februara", "marta", "aprila", "maja", "juna",
    "jula", "augusta", "septembra", "oktobra", "novembra", "decembra",
)  # fmt: skip
RIGHT_TO_LEFT = {"ar"}


@lru_cache
def locale(language: str) -> Locale:
    return Locale.parse(language)


def direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def day_words(on: date, language: str) -> str:
    """“Wednesday, 10 June”"""
    return _dated(on, DAYS.get(language, "EEEE, d MMMM"), language)


def short_day_words(on: date, language: str) -> str:
    """“Wed 10 Jun”, for a button."""
    return _dated(on, SHORT_DAYS.get(language, "EEE d MMM"), language)


def date_words(on: date, language: str) -> str:
    """“10 June”"""
    return _dated(on, DATES.get(language, "d MMMM"), language)


def _dated(on: date, pattern: str, language: str) -> str:
    if language == "bs":
        # a date names its month in the genitive, which the locale data of Bosnian lack
        pattern = pattern.replace("MMMM", f"'{BOSNIAN_MONTHS[on.month - 1]}'")
    return format_date(on, pattern, locale=locale(language))


def hour_words(at: datetime, language: str) -> str:
    """The wall clock of an aware local time: “2:30 PM”, “14:30”."""
    return format_time(at, HOURS.get(language, "HH:mm"), tzinfo=at.tzinfo, locale=locale(language))


def city_words(zone: ZoneInfo, language: str) -> str:
    """The city that a zone is named after."""
    return get_timezone_location(zone, locale=locale(language), return_city=True)


def money_words(amount: Decimal, currency: str, language: str) -> str:
    return format_currency(amount, currency, locale=locale(language))


def percent_words(percent: int, language: str) -> str:
    return format_percent(Decimal(percent) / 100, locale=locale(language))


def number_words(number: int, language: str) -> str:
    return format_decimal(number, locale=locale(language))


def length_words(minutes: int, language: str) -> str:
    """“1 hr 45 min”"""
    hours, rest = divmod(minutes, 60)
    spoken = locale(language)
    parts = [format_unit(hours, "hour", "short", locale=spoken)] if hours else []
    if rest or not hours:
        parts.append(format_unit(rest, "minute", "short", locale=spoken))
    return " ".join(parts)
