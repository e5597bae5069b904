"""Days, hours, money and lengths of time as a person of that language writes them: one way on every page and in every letter.

A day stands as it is said by itself, so that no sentence has to bend it: after a preposition use the short one.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_timezone_location
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit
from phonenumber_field.phonenumber import PhoneNumber, to_python

from crm.team.fields import digits

# English of the salon's continent: the day before the month
DAYS = {"en": "EEEE, d MMMM", "ru": "EEEE, d MMMM", "bs": "EEEE, d. MMMM", "ar": "EEEE، d MMMM"}
SHORT_DAYS = {"en": "EEE d MMM", "ru": "EEE d MMM", "bs": "EEE d. MMM", "ar": "EEE d MMM"}
DATES = {"en": "d MMMM", "ru": "d MMMM", "bs": "d. MMMM", "ar": "d MMMM"}
DATES_OF_YEAR = {"en": "d MMM y", "ru": "d MMM y", "bs": "d. MMM y.", "ar": "d MMM y"}
SHORT_DATES = {"en": "d MMM", "ru": "d MMM", "bs": "d. MMM", "ar": "d MMM"}
BOSNIAN_MONTHS = (
    "januara", "februara", "marta", "aprila", "maja", "juna",
    "jula", "augusta", "septembra", "oktobra", "novembra", "decembra",
)  # fmt: skip
QUOTATION = {"en": "“”", "ru": "«»", "bs": "„”", "ar": "«»"}
COMMAS = {"ar": "، "}
UNITS = {"bs": {"hour": "h", "minute": "min"}}
RIGHT_TO_LEFT = {"ar"}
# signs that turn the direction of what follows them: embeddings, overrides, isolates and their ends
TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# so many words of one kind are kept: of a batch of letters most name the same days, hours and sums
KEPT = 1000
GLUED = re.compile(r"(?<=[A-Z]{3})(?=\d)")


def without_turns(text: str) -> str:
    """The text without signs that would turn the direction of what stands after it."""
    return text.translate(TURNS)


def isolated(text: object) -> str:
    """A name within a sentence, in a direction of its own whatever the sentence's; for where no <bdi> can stand."""
    return f"\u2068{without_turns(str(text))}\u2069"


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


def short_date_words(on: date, language: str, *, with_year: bool = False) -> str:
    """“10 Jun”, “10 Jun 2026”"""
    patterns = DATES_OF_YEAR if with_year else SHORT_DATES
    return _dated(on, patterns.get(language, patterns["en"]), language)


def weekday_words(on: date, language: str) -> str:
    """“Wednesday”"""
    return format_date(on, "cccc", locale=locale(language))


@lru_cache(maxsize=KEPT)
def _dated(on: date, pattern: str, language: str) -> str:
    if language == "bs":
        # a date names its month in the genitive, which the locale data of Bosnian lack
        pattern = pattern.replace("MMMM", f"'{BOSNIAN_MONTHS[on.month - 1]}'")
    return format_date(on, pattern, locale=locale(language))


def comma(language: str) -> str:
    """What stands between a day and its hour, with its space."""
    return COMMAS.get(language, ", ")


def hour_words(at: datetime) -> str:
    """The wall clock of an aware local time, in every language by 24 hours: “14:30”."""
    return f"{at:%H:%M}"


@lru_cache(maxsize=KEPT)
def city_words(zone: ZoneInfo, language: str) -> str:
    """The city that a zone is named after."""
    return get_timezone_location(zone, locale=locale(language), return_city=True)


@lru_cache(maxsize=KEPT)
def money_words(amount: Decimal, currency: str, language: str) -> str:
    """A sum to the currency's smallest unit, on one line; letters keep their distance from figures: “BAM 12.50”."""
    spoken = locale(language)
    pattern = spoken.currency_formats["standard"].pattern.replace("0.00", _figures(amount, digits(currency)))
    written = format_currency(amount, currency, pattern, locale=spoken, currency_digits=False)
    # a real minus; in a line from right to left it stays at the left of its figures
    minus = "\u200e−" if language in RIGHT_TO_LEFT else "−"
    return GLUED.sub("\u00a0", written).replace(" ", "\u00a0").replace("-", minus)


@lru_cache(maxsize=KEPT)
def amount_words(amount: Decimal, language: str) -> str:
    """A sum in a column whose currency is known: “1,234.50”."""
    return format_decimal(amount, f"#,##{_figures(amount, 2)}", locale=locale(language))


def _figures(amount: Decimal, places: int) -> str:
    """The end of a pattern; a cost may have one figure more than what is paid."""
    places = places if amount == round(amount, places) else 3
    return f"0.{'0' * places}" if places else "0"


@lru_cache(maxsize=KEPT)
def percent_words(percent: int, language: str) -> str:
    return format_percent(Decimal(percent) / 100, locale=locale(language))


@lru_cache(maxsize=KEPT)
def number_words(number: Decimal | int, language: str) -> str:
    return format_decimal(number, locale=locale(language))


@lru_cache(maxsize=KEPT)
def length_words(minutes: int, language: str) -> str:
    """“1 hr 45 min”"""
    hours, rest = divmod(minutes, 60)
    parts = [_short(hours, "hour", language)] if hours else []
    if rest or not hours:
        parts.append(_short(rest, "minute", language))
    return " ".join(parts)


def _short(number: int, unit: str, language: str) -> str:
    # the locale data of Bosnian say "1 sati", and end a minute with a full stop
    own = UNITS.get(language, {}).get(unit)
    return f"{number} {own}" if own else format_unit(number, unit, "short", locale=locale(language))


def quoted(text: str, language: str) -> str:
    """Somebody's words between the marks of that language."""
    opened, closed = QUOTATION.get(language, QUOTATION["en"])
    return f"{opened}{text}{closed}"


def phone_words(phone: str) -> str:
    """A number in the groups in which it is read aloud: “+387 61 100 100”; what is no number stays as it is."""
    number = to_python(phone)
    return str(number.as_international) if isinstance(number, PhoneNumber) and number.country_code else phone
