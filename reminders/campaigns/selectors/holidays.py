"""On which day a holiday falls: by the tables, or as the owner has corrected it for that year (practices.md, P20)."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from crm.team.models import Branch
from reminders.campaigns.holidays import HOLIDAYS
from reminders.campaigns.models import HolidayDay

# a moon is seen a day or two off the tables; what lies farther is another year's
SIGHTED = timedelta(days=5)


def corrections_among(rows: Iterable[HolidayDay]) -> dict[str, set[date]]:
    """Of the owner's days those that she has written for holidays of the calendar, by holiday."""
    found: dict[str, set[date]] = {}
    for row in rows:
        if row.holiday:
            found.setdefault(row.holiday, set()).add(row.on)
    return found


def foreseen_day(key: str, near: date) -> date | None:
    """The day of the tables that a day so near is a correction of; none where they know none."""
    days = [day for day in _days(key, near, home_country()) if abs(day - near) <= SIGHTED]
    return min(days, key=lambda day: abs(day - near), default=None)


def corrected_day(foreseen: date, corrected: Collection[date]) -> date:
    """As the owner has written it, else as foreseen."""
    return min((day for day in corrected if abs(day - foreseen) <= SIGHTED), default=foreseen)


def next_holiday(key: str, *, after: date, corrected: Collection[date], country: str) -> date:
    """The first day of it later than `after`, corrections taken into account."""
    return min(day for day in (corrected_day(day, corrected) for day in _days(key, after, country)) if day > after)


def _days(key: str, near: date, country: str) -> Iterator[date]:
    for year in range(near.year - 1, near.year + 3):
        yield from HOLIDAYS[key].days(year, country)


def home_country() -> str:
    """The first branch's: mothers are honoured on other days elsewhere."""
    return Branch.objects.order_by("pk").values_list("country", flat=True).first() or ""
