"""What a cell says, as a value; a cell that says nothing sensible raises RowRefused with the reason."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from crm.booking.local_time import NoSuchTime, typed_instant
from crm.office.importing.reading import Row, RowRefused
from crm.team.fields import round_money
from crm.team.models import known_zones

ANONYMOUS = "WALK_IN"
AMOUNT = re.compile(r"[+-]?\d{1,12}(\.\d{1,6})?")
WHOLE = re.compile(r"[+-]?\d{1,9}")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:?\d\d)?")
HOUR = re.compile(r"\d\d?:\d\d")
BIRTHDAY = re.compile(r"(\d{4}|-)-(\d\d)-(\d\d)")
# a mistyped year would make a client eight thousand days late
EARLIEST, LATEST = date(1950, 1, 1), date(2150, 1, 1)


def one_of(text: str, column: str, allowed: Sequence[str]) -> str:
    """The text, which is one of these words."""
    if text not in allowed:
        raise RowRefused(
            _("“%(value)s” in “%(column)s” is none of %(allowed)s.")
            % {"value": text[:40], "column": column, "allowed": ", ".join(allowed)}
        )
    return text


def needed(row: Row, column: str, longest: int) -> str:
    """The text of a column that may not be empty."""
    text = row.get(column)
    if not text:
        raise RowRefused(empty(column))
    return short(text, column, longest)


def empty(column: str) -> str:
    return _("“%(column)s” is empty.") % {"column": column}


def optional(row: Row, column: str, longest: int) -> str:
    """The text of a column that may be empty or missing."""
    return short(row.get(column), column, longest)


def short(text: str, column: str, longest: int) -> str:
    if len(text) > longest:
        raise RowRefused(
            _("“%(column)s” is longer than %(longest)d characters.") % {"column": column, "longest": longest}
        )
    return text


def money(text: str, column: str, currency: str) -> Decimal:
    """An amount, half up to the currency's smallest unit (rules.md, Money at the checkout)."""
    return round_money(amount(text, column), currency)


def amount(text: str, column: str) -> Decimal:
    """An amount as it is written."""
    if not AMOUNT.fullmatch(text):
        raise RowRefused(
            _("“%(value)s” in “%(column)s” is not an amount. Write it like 1234.50.")
            % {"value": text[:40], "column": column}
        )
    return Decimal(text)


def price_or_none(row: Row, column: str, currency: str) -> Decimal | None:
    """A price or cost, none where the cell is empty; never below zero."""
    text = row.get(column)
    found = money(text, column, currency) if text else None
    if found is not None and found < 0:
        raise RowRefused(_("“%(column)s” is below zero.") % {"column": column})
    return found


def whole(text: str, column: str, lowest: int, highest: int) -> int:
    """A whole number within bounds, both included."""
    if not WHOLE.fullmatch(text):
        raise RowRefused(
            _("“%(value)s” in “%(column)s” is not a whole number.") % {"value": text[:40], "column": column}
        )
    number = int(text)
    if not lowest <= number <= highest:
        raise RowRefused(
            _("“%(value)s” in “%(column)s” is not between %(lowest)d and %(highest)d.")
            % {"value": text[:40], "column": column, "lowest": lowest, "highest": highest}
        )
    return number


def whole_or_none(row: Row, column: str, lowest: int, highest: int) -> int | None:
    text = row.get(column)
    return whole(text, column, lowest, highest) if text else None


def quantity(text: str) -> Decimal:
    """How many or how much, to thousandths; below zero for a return."""
    if not AMOUNT.fullmatch(text) or abs(Decimal(text)) >= 10_000_000 or Decimal(text) != round(Decimal(text), 3):
        raise RowRefused(_("“%(value)s” is not a quantity.") % {"value": text[:40]})
    return Decimal(text)


def yes(row: Row, column: str) -> bool:
    """`yes` or empty."""
    text = row.get(column).casefold()
    if text not in ("", "yes", "no"):
        raise RowRefused(
            _("“%(value)s” in “%(column)s”: write yes, or leave it empty.") % {"value": text[:40], "column": column}
        )
    return text == "yes"


def listed(text: str) -> list[str]:
    """The parts of a cell that holds a list."""
    return [part.strip() for part in text.split(";") if part.strip()]


def day(text: str, column: str) -> date:
    """A day written YYYY-MM-DD."""
    try:
        found = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        found = None
    return believable(found, text, column)


def believable(found: date | None, text: str, column: str) -> date:
    if found is None or not EARLIEST <= found < LATEST:
        raise RowRefused(_("“%(value)s” in “%(column)s” is not a day.") % {"value": text[:40], "column": column})
    return found


def day_or_none(row: Row, column: str) -> date | None:
    text = row.get(column)
    return day(text, column) if text else None


def hour(text: str, column: str) -> time:
    """A time of day written HH:MM."""
    try:
        return time.fromisoformat(text.zfill(5)) if HOUR.fullmatch(text) else _no_hour(text, column)
    except ValueError:
        return _no_hour(text, column)


def _no_hour(text: str, column: str) -> time:
    raise RowRefused(
        _("“%(value)s” in “%(column)s” is not a time. Write it like 14:30.") % {"value": text[:40], "column": column}
    )


def instant_of(on: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant of a typed local time; refused where the clock skips it, the first where it exists twice."""
    try:
        return typed_instant(on, at, zone)
    except NoSuchTime as error:
        raise RowRefused(
            _("%(day)s %(time)s does not exist in %(zone)s: the clock skips it.")
            % {"day": on.isoformat(), "time": at.strftime("%H:%M"), "zone": zone.key}
        ) from error


def moment(text: str, column: str, zone: ZoneInfo) -> datetime:
    """An instant written as a local time of the branch, or with an offset."""
    match = MOMENT.fullmatch(text)
    if match is None:
        raise RowRefused(
            _("“%(value)s” in “%(column)s” is not a day and a time. Write it like 2026-03-09T14:30.")
            % {"value": text[:40], "column": column}
        )
    on = day(match[1], column)
    try:
        at = time.fromisoformat(match[2])
        if match[3]:
            return datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3]}").astimezone(UTC)
    except ValueError:
        return datetime.combine(on, _no_hour(text, column))
    return instant_of(on, at, zone)


def moment_or_none(row: Row, column: str, zone: ZoneInfo) -> datetime | None:
    text = row.get(column)
    return moment(text, column, zone) if text else None


def birthday(text: str) -> tuple[int | None, int | None, int | None]:
    """Year, month, day; the year may be left out (--MM-DD). 29 February is a birthday in any case."""
    if not text:
        return None, None, None
    match = BIRTHDAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        year = None if match[1] == "-" else int(match[1])
        date(year or 2000, int(match[2]), int(match[3]))
        if year is not None and not 1900 <= year <= 2100:
            raise ValueError(text)
    except ValueError as error:
        raise RowRefused(
            _("“%(value)s” is not a birthday. Write it like 1990-03-24 or --03-24.") % {"value": text[:40]}
        ) from error
    return year, int(match[2]), int(match[3])


def is_zone(text: str) -> bool:
    return text in known_zones()


def is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
