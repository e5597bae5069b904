"""Until when what she agreed to holds, where the owner lets it end (practices.md, P53). No database."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ConsentRules:
    """For what consent is asked and after how many months it ends; none: it holds until she takes it back."""

    # care needs none unless the owner asks for it first (rules.md, Purposes)
    care_first: bool = False
    care_months: int | None = None
    marketing_months: int | None = None

    def needs(self, purpose: str) -> bool:
        """Whether nothing of this purpose goes without her yes."""
        return purpose == "marketing" or (purpose == "care" and self.care_first)

    def months(self, purpose: str) -> int | None:
        if not self.needs(purpose):
            return None
        return self.marketing_months if purpose == "marketing" else self.care_months

    def holds(self, purpose: str, since: datetime | None, at: datetime) -> bool:
        """Whether a yes of `since` holds at this instant; where consents end, one of an unknown day has ended."""
        if (months := self.months(purpose)) is not None:
            return since is not None and since > months_before(at, months)
        return since is not None or purpose == "marketing" or not self.needs(purpose)


def months_before(at: datetime, months: int) -> datetime:
    """The same day and hour so many months earlier; the last day of a month that is too short for it."""
    whole = at.year * 12 + at.month - 1 - months
    year, month = divmod(whole, 12)
    month += 1
    return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))


def ends_at(since: datetime, months: int) -> datetime:
    """The first instant at which a yes of `since` no longer holds: a day that is not there is the first of the next month."""
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    month += 1
    if since.day <= monthrange(year, month)[1]:
        return since.replace(year=year, month=month)
    year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return since.replace(year=year, month=month, day=1, hour=0, minute=0, second=0, microsecond=0)
