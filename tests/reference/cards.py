"""rules.md, *Cards* and the row `card_review` of the *When* table, read a second time.

Cards are no part of the interchange format, so they are given as values here. It walks through the days
and asks on each whether a level is about to be lost. Readings chosen where the text leaves room:

* "Lost" is asked for the yearly day itself: what was paid in the 365 days up to and including it, if she
  pays nothing more. Who has enough today and not then is told.
* "Not after that day" is 11:00 of the yearly day, on her calendar.
* A level is lost to the highest one that the sum earns; the lowest is never lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.reference.salon import instant

# in money paid in 365 days (rules.md, Cards)
LEVELS = {"simple": Decimal(0), "gold": Decimal(1000), "vip": Decimal(3000)}


@dataclass(frozen=True)
class CardCase:
    """One client with one card. `paid` are (day, sum), refunds below zero; `told` yearly days she was told of."""

    name: str
    rule: str
    level: str
    review_on: date
    paid: Sequence[tuple[date, str]]
    start: datetime
    end: datetime
    expected: Sequence[tuple[str, datetime]] = ()
    zone: str = "Europe/Sarajevo"
    her_zone: str = ""
    status: str = "active"
    is_bearer: bool = False
    told: Sequence[date] = field(default=())


def on_the_year(day: date, years: int) -> date:
    """That yearly day; 29 February is kept on the 28th from the next year on."""
    if years and (day.month, day.day) == (2, 29):
        return date(day.year + years, 2, 28)
    return date(day.year + years, day.month, day.day)


def earned(case: CardCase, yearly: date) -> Decimal:
    """The height of the level that the sum of that year earns, as far as it is known at the start."""
    today = case.start.astimezone(ZoneInfo(case.zone)).date()
    known = [(day, Decimal(amount)) for day, amount in case.paid if day <= today]
    total = sum(amount for day, amount in known if 0 <= (yearly - day).days <= 364)
    return max(height for height in LEVELS.values() if height <= max(total, Decimal(0)))


def lost_on(case: CardCase) -> list[date]:
    """The yearly days on which she comes down, nobody doing anything more."""
    height, days = LEVELS[case.level], []
    for years in range(4):
        yearly = on_the_year(case.review_on, years)
        if earned(case, yearly) < height:
            height = earned(case, yearly)
            days.append(yearly)
    return days


def card_reviews(case: CardCase) -> list[tuple[str, datetime]]:
    """What goes in `[start, end)`: the yearly day and the instant."""
    if case.is_bearer or case.status == "deceased":
        return []
    zone = ZoneInfo(case.her_zone or case.zone)
    going, told = [], set(case.told)
    day = case.start.astimezone(zone).date()
    while day <= case.end.astimezone(zone).date():
        at = instant(day, 11, 0, zone)
        for yearly in lost_on(case):
            is_time = yearly - timedelta(days=30) <= day <= yearly
            if is_time and case.start <= at < case.end and yearly not in told:
                told.add(yearly)
                going.append((yearly.isoformat(), at))
        day += timedelta(days=1)
    return going
