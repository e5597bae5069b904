"""What masters and rooms have free on some days: hours, time off, what is held, what is kept for who waits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from crm.booking.local_time import computed_instant
from crm.booking.models import KeptRoom, RoomHold, Stretch, WaitingOffer
from crm.booking.services.intervals import Interval, instant_of, joined, minutes_of, offset_of, shared, without
from crm.booking.stretches import Minutes, Plan
from crm.team.models import Branch, Master, TimeOff
from crm.team.selectors import (
    NO_DAY,
    NO_INSTANT,
    NO_NUMBER,
    NO_TIME,
    HourRow,
    hour_rows,
    hours_from,
    salon_settings,
    zone,
)

DAY = 24 * 60


class Diary:
    """What these masters have free on these days, in one query whatever their number.

    `leaving_out` is an appointment (its key) whose own time counts as free. Times kept for somebody on the
    waiting list are taken while `now` is before their end, but for the offer that is being `accepting`-ed.
    """

    def __init__(
        self,
        *,
        branch: Branch,
        masters: Sequence[Master],
        from_day: date,
        days: int,
        now: datetime | None = None,
        leaving_out: int | None = None,
        accepting: WaitingOffer | None = None,
    ) -> None:
        self.branch = branch
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
        hours, taken = self._read(now, accepting)
        by_day = hours_from(hours, masters=masters, days=self.days)
        self.hours = {
            master.pk: joined(
                (
                    minutes_of(computed_instant(on, starts, self.zone), up=True),
                    minutes_of(computed_instant(on, ends, self.zone)),
                )
                for on in self.days
                for starts, ends in by_day.get((master.pk, on), ())
            )
            for master in masters
        }
        self.busy = {master_id: joined(intervals) for master_id, intervals in taken.items()}
        self._free: dict[int, list[Interval]] = {}

    def _read(
        self, now: datetime | None, accepting: WaitingOffer | None
    ) -> tuple[list[HourRow], dict[int, list[Interval]]]:
        """Rows of hours, and what of these days is taken, by master."""
        starts, ends = self.window
        then = {"master__in": self.masters, "starts_at__lt": ends, "ends_at__gt": starts}
        columns = ("master_id", NO_NUMBER, NO_DAY, NO_DAY, NO_TIME, NO_TIME, "starts_at", "ends_at")
        held = Stretch.objects.filter(**then, holds=True).exclude(appointment=self.leaving_out)
        rows = [held.values_list(*columns), TimeOff.objects.filter(**then).values_list(*columns)]
        if now is not None:
            rows.append(kept_times(now=now, accepting=accepting).filter(**then).values_list(*columns))
        week, *others = hour_rows(
            branch=self.branch, masters=self.masters, days=self.days, beside=(NO_INSTANT, NO_INSTANT)
        )
        hours: list[HourRow] = []
        taken: dict[int, list[Interval]] = defaultdict(list)
        for *row, begins, finishes in week.union(*others, *rows, all=True):
            if begins is None:
                hours.append(tuple(row))
            else:
                taken[row[0]].append((minutes_of(begins), minutes_of(finishes, up=True)))
        return hours, taken

    def free(self, master_id: int) -> list[Interval]:
        """Working hours less time off and what is held."""
        if master_id not in self._free:
            self._free[master_id] = without(self.hours.get(master_id, []), self.busy.get(master_id, []))
        return self._free[master_id]

    def free_times(self, master_id: int) -> list[tuple[datetime, datetime]]:
        """The same as instants, half-open."""
        return [(instant_of(start), instant_of(end)) for start, end in self.free(master_id)]

    def working_times(self, master_id: int) -> list[tuple[datetime, datetime]]:
        """Working hours as instants, breaks left out, half-open."""
        return [(instant_of(start), instant_of(end)) for start, end in self.hours.get(master_id, [])]

    def works(self, starts_at: datetime, held: Mapping[int, Sequence[Minutes]]) -> bool:
        """Whether each of these masters (by key) can do her stretches from this instant on, on the grid or not."""
        start = minutes_of(starts_at)
        return all(
            any(begin <= start + a and start + b <= end for begin, end in self.free(master_id))
            for master_id, stretches in held.items()
            for a, b in stretches
        )

    def fits(self, master_id: int, held: Sequence[Minutes]) -> list[Interval]:
        """From which to which minute a visit may begin that holds this master for these stretches; both included."""
        free = self.free(master_id)
        possible: list[Interval] | None = None
        for begins, ends in held:
            # a start s is good for this part if [s + begins, s + ends) lies inside one free interval
            fits = [(start - begins, end - ends) for start, end in free if end - start >= ends - begins]
            possible = fits if possible is None else shared(possible, fits)
        return possible or []

    def starts(self, possible: Sequence[Interval], *, earliest: int) -> list[int]:
        """Every start on the grid of the wall clock among these, none before `earliest`."""
        first = minutes_of(computed_instant(self.days[0], time(0), self.zone))
        return [start for begins, last in possible for start in self._on_grid(max(begins, earliest, first), last)]

    def _on_grid(self, begins: int, last: int) -> Iterable[int]:
        if begins > last:
            return ()
        offset = offset_of(begins, self.zone)
        if offset == offset_of(last, self.zone):
            return range(begins + -(begins + offset) % self.grid, last + 1, self.grid)
        # the clock changes in between
        return [start for start in range(begins, last + 1) if (start + offset_of(start, self.zone)) % self.grid == 0]


class RoomDiary:
    """When rooms are free between two instants, in one query. What lies outside counts as free.

    What is kept for somebody on the waiting list is taken, but for the offer that is being `accepting`-ed.
    """

    def __init__(
        self,
        *,
        rooms: Iterable[int],
        window: tuple[datetime, datetime],
        now: datetime,
        leaving_out: int | None = None,
        accepting: WaitingOffer | None = None,
    ) -> None:
        starts, ends = window
        then = {"room__in": list(rooms), "starts_at__lt": ends, "ends_at__gt": starts}
        columns = ("room_id", "starts_at", "ends_at")
        held = RoomHold.objects.filter(**then, holds=True).exclude(appointment=leaving_out).values_list(*columns)
        kept = KeptRoom.objects.filter(**then, offer__in=kept_times(now=now, accepting=accepting))
        found: dict[int, list[Interval]] = defaultdict(list)
        for room_id, begins, finishes in held.union(kept.values_list(*columns), all=True):
            found[room_id].append((minutes_of(begins), minutes_of(finishes, up=True)))
        self.window = minutes_of(starts) - DAY, minutes_of(ends, up=True) + DAY
        self.busy = {room_id: joined(intervals) for room_id, intervals in found.items()}

    def fits(self, plan: Plan, rooms: Sequence[frozenset[int] | None]) -> list[Interval]:
        """From which to which minute a visit may begin for which a room is free throughout; both included."""
        possible = [self.window]
        for candidates, begins, ends in plan.stays(rooms):
            fits = [
                (start - begins, end - ends)
                for room_id in candidates
                for start, end in without([self.window], self.busy.get(room_id, []))
                if end - start >= ends - begins
            ]
            possible = shared(possible, _merged(fits))
        return possible

    def choose(
        self, plan: Plan, rooms: Sequence[frozenset[int] | None], starts_at: datetime, *, rather: Iterable[int] = ()
    ) -> list[tuple[int, Minutes]] | None:
        """Rooms that are free for every stay, `rather` one of those, with their minutes; None if a stay has none."""
        start = minutes_of(starts_at)
        liked = set(rather)
        chosen: dict[int, list[Minutes]] = defaultdict(list)
        for candidates, begins, ends in plan.stays(rooms):
            free = [
                room_id
                for room_id in candidates
                if all(end <= start + begins or start + ends <= begin for begin, end in self.busy.get(room_id, []))
            ]
            if not free:
                return None
            room_id = min(free, key=lambda key: (key not in liked, key))
            liked.add(room_id)
            chosen[room_id].append((begins, ends))
        # she may come back into a room whose buffer is still running
        return [(room_id, stay) for room_id, stays in chosen.items() for stay in joined(stays)]


def kept_times(*, now: datetime, accepting: WaitingOffer | None = None) -> QuerySet[WaitingOffer]:
    """Offers to the waiting list that keep their time for who was asked (practices.md, P48)."""
    kept = WaitingOffer.objects.filter(state=WaitingOffer.State.OPEN, keeps=True, until__gt=now)
    return kept.exclude(pk=accepting.pk) if accepting is not None else kept


def _merged(starts: Iterable[Interval]) -> list[Interval]:
    """Starts allowed by one room or another; bounds included."""
    result: list[Interval] = []
    for first, last in sorted(starts):
        if result and first <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return result
