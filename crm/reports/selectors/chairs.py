"""How full each hour of the week is, by what the last weeks were like (practices.md, P57).

Held is what was agreed and not cancelled, a missed visit too: that chair was not to be had. Of the working time
of the masters, breaks and time off left out; by the branch's wall clock.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median_low

from django.db.models import Exists, F, Min, OuterRef

from crm.booking.models import Appointment, Stretch
from crm.booking.services.intervals import Interval, joined, without
from crm.team.models import Branch, TimeOff
from crm.team.once import read_once
from crm.team.selectors import hours_of, masters_of, salon_settings, zone

WEEKS = 12
# fewer weeks with visits say nothing yet
ENOUGH_WEEKS = 8
# fewer visits do not say how far ahead a master is booked
ENOUGH_VISITS = 10
MINUTES = 60
DAY = timedelta(days=1)
# weekday (0 is Monday) and hour of the day
HourOfWeek = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Filled:
    """Of one hour of the week, over all the weeks looked at: minutes worked, and minutes of these that were held.

    `full_from` is the owner's percentage of the time worked from which it counts as full.
    """

    worked: int
    held: int
    full_from: int

    @property
    def percent(self) -> int:
        """Rounded half up."""
        return (200 * self.held + self.worked) // (2 * self.worked)

    @property
    def is_full(self) -> bool:
        return self.held * 100 >= self.full_from * self.worked


@dataclass(frozen=True, slots=True)
class Chairs:
    """A branch's week as it has been. `is_known`: there are weeks enough to say what will stay empty."""

    hours: Mapping[HourOfWeek, Filled] = field(default_factory=dict)
    weeks: int = 0

    @property
    def is_known(self) -> bool:
        return self.weeks >= ENOUGH_WEEKS

    def is_full(self, local: datetime) -> bool:
        """Whether history says that this hour fills up by itself."""
        found = self.hours.get((local.weekday(), local.hour))
        return self.is_known and found is not None and found.is_full

    def stays_empty(self, begins: datetime, ends: datetime) -> bool:
        """Whether none of the hours that a visit touches fills up by itself; both by the branch's clock."""
        at = begins.replace(minute=0, second=0, microsecond=0, tzinfo=None)
        until = ends.replace(tzinfo=None)
        while at < until:
            if self.is_full(at):
                return False
            at += timedelta(hours=1)
        return True


@read_once
def chairs_of(branch: Branch, *, today: date) -> Chairs:
    """The twelve weeks before that branch day. Six queries, whatever the number of masters; two where nobody came."""
    first = today - timedelta(weeks=WEEKS)
    here, masters = zone(branch), list(masters_of(branch))
    days = [first + timedelta(days=number) for number in range(7 * WEEKS)]
    since = datetime.combine(first, time(0), here)
    until = datetime.combine(today, time(0), here)
    agreed = Appointment.objects.filter(
        branch=branch, master__in=masters, starts_at__gte=since, starts_at__lt=until
    ).exclude(status=Appointment.Status.CANCELLED)
    begun = agreed.aggregate(first=Min("starts_at"))["first"]
    if begun is None:
        return Chairs()
    held = Stretch.objects.filter(
        master__in=masters, appointment__branch=branch, starts_at__gte=since, starts_at__lt=until
    ).exclude(appointment__status=Appointment.Status.CANCELLED)
    # what came from another system may have no stretches: from beginning to end
    whole = agreed.filter(ends_at__isnull=False).exclude(Exists(Stretch.objects.filter(appointment=OuterRef("pk"))))
    off = TimeOff.objects.filter(master__in=masters, starts_at__lt=until, ends_at__gt=since)

    def local(instant: datetime) -> datetime:
        return instant.astimezone(here).replace(tzinfo=None)

    columns = ("master_id", "starts_at", "ends_at")
    busy = _by_day(
        (key, local(begins), local(ends))
        for key, begins, ends in held.values_list(*columns).union(whole.values_list(*columns), all=True)
    )
    away = _by_day((key, local(begins), local(ends)) for key, begins, ends in off.values_list(*columns))
    worked: dict[HourOfWeek, int] = defaultdict(int)
    taken: dict[HourOfWeek, int] = defaultdict(int)
    for (master, on), hours in hours_of(branch=branch, masters=masters, days=days).items():
        works = without(
            joined((_minute(starts), _minute(ends)) for starts, ends in hours), joined(away.get((master, on), ()))
        )
        empty = without(works, joined(busy.get((master, on), ())))
        for hour, minutes in _by_hour(works):
            worked[on.weekday(), hour] += minutes
            taken[on.weekday(), hour] += minutes
        for hour, minutes in _by_hour(empty):
            taken[on.weekday(), hour] -= minutes
    full_from = salon_settings().full_from_percent
    return Chairs(
        hours={key: Filled(count, taken[key], full_from) for key, count in sorted(worked.items())},
        weeks=-(-(today - begun.astimezone(here).date()).days // 7),
    )


@read_once
def days_ahead(*, before: datetime) -> dict[int, int]:
    """By master, the median of whole days between booking and visit, of the twelve weeks before that instant.

    Only masters with ten visits or more of which it is known; of an even number the lower one of the middle two.
    """
    rows = Appointment.objects.filter(
        starts_at__gte=before - timedelta(weeks=WEEKS), starts_at__lt=before, booked_at__lt=F("starts_at")
    ).exclude(status=Appointment.Status.CANCELLED)
    found: dict[int, list[int]] = defaultdict(list)
    for master, starts_at, booked_at in rows.values_list("master_id", "starts_at", "booked_at"):
        if starts_at is not None and booked_at is not None:
            found[master].append((starts_at - booked_at).days)
    return {master: median_low(days) for master, days in found.items() if len(days) >= ENOUGH_VISITS}


def _by_day(times: Iterable[tuple[int, datetime, datetime]]) -> dict[tuple[int, date], list[Interval]]:
    """Minutes of the day that each of these takes, by master and day."""
    found: dict[tuple[int, date], list[Interval]] = defaultdict(list)
    for master, begins, ends in times:
        day = begins.date()
        while day <= ends.date():
            midnight = datetime.combine(day, time(0))
            start = max(0, int((begins - midnight).total_seconds()) // MINUTES)
            end = min(24 * MINUTES, -(-int((ends - midnight).total_seconds()) // MINUTES))
            found[master, day].append((start, end))
            day += DAY
    return found


def _by_hour(stretches: Iterable[Interval]) -> Iterator[tuple[int, int]]:
    """Each hour of the day that these touch, with how many minutes of it."""
    for begins, ends in stretches:
        for hour in range(begins // MINUTES, -(-ends // MINUTES)):
            yield hour, min(ends, (hour + 1) * MINUTES) - max(begins, hour * MINUTES)


def _minute(at: time) -> int:
    return at.hour * MINUTES + at.minute
