"""Free slots and the suggested next visit (rules.md, Booking)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.booking.local_time import computed_instant
from crm.booking.models import Stretch
from crm.booking.stretches import Plan, plan_of
from crm.catalogue.models import Service, Skill
from crm.team.models import Branch, Master, TimeOff, WorkingHours
from crm.team.selectors import masters_of, salon_settings, zone

# half-open, in whole minutes since 1970: numbers are quicker to lay over each other than datetimes
Interval = tuple[int, int]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be booked. Instants are UTC."""

    master: Master
    branch: Branch
    starts_at: datetime
    ends_at: datetime

    @property
    def starts_local(self) -> datetime:
        """By the branch's clock."""
        return self.starts_at.astimezone(zone(self.branch))

    @property
    def on(self) -> date:
        return self.starts_local.date()


def free_slots(
    *,
    branch: Branch,
    services: Sequence[Service],
    from_day: date,
    days: int,
    now: datetime,
    master: Master | None = None,
    leaving_out: int | None = None,
    plan: Plan | None = None,
) -> list[Slot]:
    """Every free slot from `from_day` on for that many branch days, by time and then by master's name.

    None begins before `now`. `leaving_out` is an appointment (its key) whose own time counts
    as free: the one that is being moved; `plan` is its own where that is not what its services take.
    Five queries, whatever the number of masters.
    """
    masters = able_masters(branch=branch, services=services)
    if master is not None:
        masters = [able for able in masters if able.pk == master.pk]
    plan = plan or plan_of(services)
    diary = Diary(branch=branch, masters=masters, from_day=from_day, days=days, leaving_out=leaving_out)
    found = [
        (start, position)
        for position, able in enumerate(masters)
        for start in diary.starts(able.pk, plan, earliest=_minutes(now, up=True))
    ]
    found.sort()
    length = timedelta(minutes=plan.minutes)
    return [
        Slot(master=masters[position], branch=branch, starts_at=(at := _instant(start)), ends_at=at + length)
        for start, position in found
    ]


def able_masters(*, branch: Branch, services: Sequence[Service]) -> list[Master]:
    """Masters of the branch who do all of these services; one without any skill written down does all."""
    masters = list(masters_of(branch))
    skills: dict[int, set[int]] = defaultdict(set)
    for master_id, service_id in Skill.objects.filter(master__in=masters).values_list("master_id", "service_id"):
        skills[master_id].add(service_id)
    wanted = {service.pk for service in services}
    return [master for master in masters if not skills[master.pk] or wanted <= skills[master.pk]]


class Diary:
    """What these masters have free on these days, in two queries."""

    def __init__(
        self,
        *,
        branch: Branch,
        masters: Sequence[Master],
        from_day: date,
        days: int,
        leaving_out: int | None = None,
    ) -> None:
        self.zone = zone(branch)
        self.grid = salon_settings().slot_grid
        self.days = [from_day + timedelta(days=number) for number in range(days)]
        self.masters = masters
        # a buffer or a late end may reach into the day after
        self.window = (
            computed_instant(from_day, time(0), self.zone),
            computed_instant(from_day + timedelta(days=days + 1), time(0), self.zone),
        )
        self.leaving_out = leaving_out
        self.hours = self._hours()
        self.busy = self._busy()

    def _hours(self) -> dict[int, list[Interval]]:
        week: dict[tuple[int, int], list[tuple[time, time]]] = defaultdict(list)
        for master_id, weekday, starts, ends in WorkingHours.objects.filter(master__in=self.masters).values_list(
            "master_id", "weekday", "starts", "ends"
        ):
            week[master_id, weekday].append((starts, ends))
        hours: dict[int, list[Interval]] = {}
        for master in self.masters:
            hours[master.pk] = _joined(
                (
                    _minutes(computed_instant(on, starts, self.zone), up=True),
                    _minutes(computed_instant(on, ends, self.zone)),
                )
                for on in self.days
                for starts, ends in week[master.pk, on.weekday()]
            )
        return hours

    def _busy(self) -> dict[int, list[Interval]]:
        starts, ends = self.window
        columns = ("master_id", "starts_at", "ends_at")
        stretches = (
            Stretch.objects.filter(master__in=self.masters, holds=True, starts_at__lt=ends, ends_at__gt=starts)
            .exclude(appointment=self.leaving_out)
            .values_list(*columns)
        )
        off = TimeOff.objects.filter(master__in=self.masters, starts_at__lt=ends, ends_at__gt=starts)
        taken: dict[int, list[Interval]] = defaultdict(list)
        for master_id, begins, finishes in stretches.union(off.values_list(*columns), all=True):
            taken[master_id].append((_minutes(begins), _minutes(finishes, up=True)))
        return {master_id: _joined(intervals) for master_id, intervals in taken.items()}

    def free(self, master_id: int) -> list[Interval]:
        """Working hours less time off and what is held."""
        return _without(self.hours.get(master_id, []), self.busy.get(master_id, []))

    def free_times(self, master_id: int) -> list[tuple[datetime, datetime]]:
        """The same as instants, half-open."""
        return [(_instant(start), _instant(end)) for start, end in self.free(master_id)]

    def working_times(self, master_id: int) -> list[tuple[datetime, datetime]]:
        """Working hours as instants, breaks left out, half-open."""
        return [(_instant(start), _instant(end)) for start, end in self.hours.get(master_id, [])]

    def works(self, master_id: int, starts_at: datetime, plan: Plan) -> bool:
        """Whether the whole plan fits from this instant on, on the grid or not."""
        start = _minutes(starts_at)
        free = self.free(master_id)
        return all(any(begin <= start + a and start + b <= end for begin, end in free) for a, b in plan.held)

    def starts(self, master_id: int, plan: Plan, *, earliest: int) -> list[int]:
        """Every start on the grid of the wall clock at which the whole plan fits."""
        free = self.free(master_id)
        possible: list[Interval] | None = None
        for begins, ends in plan.held:
            # a start s is good for this part if [s + begins, s + ends) lies inside one free interval
            fits = [(start - begins, end - ends) for start, end in free if end - start >= ends - begins]
            possible = fits if possible is None else _shared(possible, fits)
        first = _minutes(computed_instant(self.days[0], time(0), self.zone))
        return [start for begins, last in possible or [] for start in self._on_grid(max(begins, earliest, first), last)]

    def _on_grid(self, begins: int, last: int) -> Iterable[int]:
        if begins > last:
            return ()
        offset = _offset(begins, self.zone)
        if offset == _offset(last, self.zone):
            return range(begins + -(begins + offset) % self.grid, last + 1, self.grid)
        # the clock changes in between
        return [start for start in range(begins, last + 1) if (start + _offset(start, self.zone)) % self.grid == 0]


def nearest_slots(
    *,
    branch: Branch,
    services: Sequence[Service],
    master: Master,
    around: datetime,
    now: datetime,
    leaving_out: int | None = None,
    plan: Plan | None = None,
    count: int = 3,
) -> list[Slot]:
    """Free slots next to a time that is taken: of that master within three days, else of any."""
    on = around.astimezone(zone(branch)).date()
    today = now.astimezone(zone(branch)).date()
    from_day = max(today, on - timedelta(days=3))
    days = max(1, (on + timedelta(days=4) - from_day).days)
    slots = free_slots(
        branch=branch,
        services=services,
        from_day=from_day,
        days=days,
        now=now,
        leaving_out=leaving_out,
        plan=plan,
    )
    slots.sort(key=lambda slot: (slot.master.pk != master.pk, abs(slot.starts_at - around), slot.starts_at))
    return slots[:count]


def _minutes(instant: datetime, *, up: bool = False) -> int:
    seconds = int((instant - EPOCH).total_seconds())
    return -(-seconds // 60) if up else seconds // 60


def _instant(minutes: int) -> datetime:
    return EPOCH + timedelta(minutes=minutes)


def _offset(minutes: int, zone: ZoneInfo) -> int:
    offset = _instant(minutes).astimezone(zone).utcoffset() or timedelta(0)
    return int(offset.total_seconds()) // 60


def _joined(intervals: Iterable[Interval]) -> list[Interval]:
    """Sorted, with those that touch or overlap made one; empty ones are left out."""
    result: list[Interval] = []
    for start, end in sorted(interval for interval in intervals if interval[1] > interval[0]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def _without(intervals: Sequence[Interval], taken: Sequence[Interval]) -> list[Interval]:
    """Both sorted and joined; one walk over the two."""
    result: list[Interval] = []
    position = 0
    for start, end in intervals:
        while position < len(taken) and taken[position][1] <= start:
            position += 1
        at = position
        while at < len(taken) and taken[at][0] < end:
            if taken[at][0] > start:
                result.append((start, taken[at][0]))
            start = max(start, taken[at][1])
            at += 1
        if start < end:
            result.append((start, end))
    return result


def _shared(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """Where both allow a start; bounds included, as these are starts and not stretches."""
    result: list[Interval] = []
    mine = theirs = 0
    while mine < len(one) and theirs < len(other):
        start, end = max(one[mine][0], other[theirs][0]), min(one[mine][1], other[theirs][1])
        if start <= end:
            result.append((start, end))
        if one[mine][1] < other[theirs][1]:
            mine += 1
        else:
            theirs += 1
    return result
