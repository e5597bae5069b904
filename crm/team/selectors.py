"""Reads of branches, masters and the salon's settings."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import QuerySet, Value
from django.db.models.functions import Cast

from crm.team.holidays import public_holidays
from crm.team.models import Branch, Closure, CrmSettings, Master, SpecialHours, User, WorkingHours

_settings: ContextVar[CrmSettings | None] = ContextVar("crm_settings", default=None)


def salon_settings() -> CrmSettings:
    """The salon's one row of rules; the defaults where nobody has saved any."""
    return _settings.get() or CrmSettings.objects.filter(pk=1).first() or CrmSettings(pk=1)


def hold_salon_settings(row: CrmSettings | None) -> None:
    """Keep the row for the rest of this request, so that it is read once; None lets it go."""
    _settings.set(row)


def zone(branch: Branch) -> ZoneInfo:
    """The branch's zone, which decides every day (rules.md, Time)."""
    return ZoneInfo(branch.time_zone)


def branch_day(branch: Branch, now: datetime) -> date:
    """The branch's date at an instant."""
    return now.astimezone(zone(branch)).date()


def branches_of(user: User) -> QuerySet[Branch]:
    """The branches whose appointments this person may see: all for the owner, else her own."""
    branches = Branch.objects.filter(is_active=True)
    if user.role == User.Role.OWNER:
        return branches
    return branches.filter(pk=user.branch_id) if user.branch_id else branches.none()


def desk_branch(user: User) -> Branch | None:
    """The branch in which this person works today: her own, or the first open one for an owner above them."""
    return user.branch or branches_of(user).order_by("pk").first()


def colleagues_of(branch: Branch | None) -> QuerySet[User]:
    """Who can be asked to see to something in this branch: its people and the owners, by name. None: everybody."""
    working = models.Q() if branch is None else models.Q(branch=branch) | models.Q(role=User.Role.OWNER)
    return User.objects.filter(working, is_active=True).order_by("first_name", "username")


def masters_of(branch: Branch) -> QuerySet[Master]:
    """Those who work in the branch now, by name."""
    return Master.objects.filter(branch=branch, is_active=True).order_by("name", "pk")


# what a row of one kind has no word for, typed for the databases that ask
NO_NUMBER, NO_DAY, NO_TIME, NO_INSTANT = (
    Cast(Value(None), field)
    for field in (models.BigIntegerField(), models.DateField(), models.TimeField(), models.DateTimeField())
)
# a row of hours: whose, on which weekday or on which days, from when to when
HourRow = tuple[int | None, int | None, date | None, date | None, time | None, time | None]


def hours_of(
    *, branch: Branch, masters: Sequence[Master], days: Sequence[date]
) -> dict[tuple[int, date], list[tuple[time, time]]]:
    """When these masters (by key) work on these days, by the branch's clock; one query.

    Her hours on that date, if any are written down, else none where the branch is closed, else those
    of her week. Days without work are left out.
    """
    if not days or not masters:
        return {}
    week, *others = hour_rows(branch=branch, masters=masters, days=days)
    return hours_from(week.union(*others, all=True), masters=masters, days=days)


def hour_rows(
    *, branch: Branch, masters: Sequence[Master], days: Sequence[date], beside: Sequence[Cast] = ()
) -> list[QuerySet]:
    """What `hours_from` reads, to be asked in one query, with other rows too: `beside` stands for their columns."""
    between = (min(days), max(days))
    week = WorkingHours.objects.filter(master__in=masters).values_list(
        "master_id", Cast("weekday", models.BigIntegerField()), NO_DAY, NO_DAY, "starts", "ends", *beside
    )
    dates = SpecialHours.objects.filter(master__in=masters, on__range=between).values_list(
        "master_id", NO_NUMBER, "on", "on", "starts", "ends", *beside
    )
    closures = Closure.objects.filter(branch=branch, first_on__lte=between[1], last_on__gte=between[0]).values_list(
        NO_NUMBER, NO_NUMBER, "first_on", "last_on", NO_TIME, NO_TIME, *beside
    )
    return [week, dates, closures]


def hours_from(
    rows: Iterable[HourRow], *, masters: Sequence[Master], days: Sequence[date]
) -> dict[tuple[int, date], list[tuple[time, time]]]:
    """The hours that these rows tell, as `hours_of` gives them."""
    weekly: dict[tuple[int, int], list[tuple[time, time]]] = defaultdict(list)
    special: dict[tuple[int, date], list[tuple[time, time]]] = defaultdict(list)
    closed: list[tuple[date, date]] = []
    for master_id, weekday, first, last, starts, ends in rows:
        if master_id is not None and weekday is not None and starts is not None and ends is not None:
            weekly[master_id, weekday].append((starts, ends))
        elif master_id is not None and first is not None:
            # a date without hours is a free day: the key alone says so
            special[master_id, first] += [(starts, ends)] if starts is not None and ends is not None else []
        elif first is not None and last is not None:
            closed.append((first, last))
    hours = {}
    for on in days:
        is_closed = any(first <= on <= last for first, last in closed)
        for master in masters:
            if (own := special.get((master.pk, on))) is None:
                own = [] if is_closed else weekly.get((master.pk, on.weekday()), [])
            if own:
                hours[master.pk, on] = own
    return hours


@dataclass(frozen=True, slots=True)
class ProposedDay:
    """A public holiday of the branch's country; `is_closed` where the branch is closed then already."""

    on: date
    name: str
    is_closed: bool


def proposed_closures(*, branch: Branch, year: int, language: str) -> list[ProposedDay]:
    """The public holidays of the branch's country in that year, in order; none where no country is written down."""
    found = public_holidays(country=branch.country, year=year, language=language)
    closed = closed_days(branch=branch, days=[date(year, 1, 1), *found, date(year, 12, 31)])
    return [ProposedDay(on=on, name=name, is_closed=on in closed) for on, name in found.items()]


def closed_days(*, branch: Branch, days: Sequence[date]) -> dict[date, str]:
    """On which of these days the whole branch is closed, and what for; one query."""
    closures = list(
        Closure.objects.filter(branch=branch, first_on__lte=max(days), last_on__gte=min(days))
        .order_by("-first_on", "-pk")
        .values_list("first_on", "last_on", "name")
    )
    return {on: name for first, last, name in closures for on in days if first <= on <= last}
