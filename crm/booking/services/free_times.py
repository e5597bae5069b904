"""What a branch has free around some days: for one who asks, or read once for the many of a batch."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from crm.booking.local_time import computed_instant
from crm.booking.services.diary import Diary
from crm.booking.services.intervals import minutes_of
from crm.booking.services.slots import Openings, Slot, Team, able_for_each, teams_of
from crm.booking.stretches import Plan
from crm.catalogue.models import Service
from crm.catalogue.selectors import rooms_of
from crm.team.models import Branch, Master
from crm.team.once import read_once
from crm.team.selectors import masters_of, zone

# a free slot with its day and its minute of that day by the branch's wall clock
Entry = tuple[date, int, Slot]
# for many the days are read in such steps, and as far as anybody's question from there reaches
BEGINS_EVERY = 14
REACHES = 28


class FreeTimes:
    """The free times of one branch.

    `for_many`: what is read for one is kept for the others of the batch, so that the diary of some weeks is read
    once, and the times of one master on one day are worked out once for all who want the same.
    """

    def __init__(self, *, branch: Branch, now: datetime, for_many: bool = False) -> None:
        self.branch, self.now, self.for_many = branch, now, for_many
        self.zone = zone(branch)
        self._diaries: dict[tuple[date, int], Diary] = {}
        self._hands: dict[tuple[Service, ...], tuple[list[Team], list[frozenset[int] | None]]] = {}
        self._openings: dict[tuple[tuple[Service, ...], Plan, date, int], Openings] = {}
        self._entries: dict[tuple[Openings, int, date], list[Entry]] = {}

    def days(self, services: tuple[Service, ...], plan: Plan, from_day: date, days: int) -> "FreeDays":
        """What is free for these services on these days: worked out for each master when she is asked for."""
        if services not in self._hands:
            teams = teams_of(able_for_each(branch=self.branch, services=services))
            self._hands[services] = teams, rooms_of(services)
        teams, rooms = self._hands[services]
        first, length = from_day, days
        if self.for_many:
            ahead = from_day.toordinal() % BEGINS_EVERY
            first, length = from_day - timedelta(days=ahead), max(REACHES, ahead + days)
        key = services, plan, first, length
        if key not in self._openings:
            diary = self._diary(first, length, teams)
            self._openings[key] = Openings(plan=plan, teams=teams, rooms=rooms, diary=diary, now=self.now)
        return FreeDays(self, self._openings[key], [from_day + timedelta(days=number) for number in range(days)])

    def _diary(self, first: date, days: int, teams: list[Team]) -> Diary:
        if not self.for_many:
            masters: Iterable[Master] = dict.fromkeys(each for team in teams for each in team)
            return Diary(branch=self.branch, masters=list(masters), from_day=first, days=days, now=self.now)
        if (first, days) not in self._diaries:
            masters = masters_of(self.branch)
            self._diaries[first, days] = Diary(
                branch=self.branch, masters=list(masters), from_day=first, days=days, now=self.now
            )
        return self._diaries[first, days]

    def entries(self, openings: Openings, master_id: int, on: date) -> list[Entry]:
        """The visits that she may begin on that day."""
        key = openings, master_id, on
        if key not in self._entries:
            midnight, next_one = (
                minutes_of(computed_instant(day, time(0), self.zone)) for day in (on, on + timedelta(days=1))
            )
            earliest = max(midnight, minutes_of(self.now, up=True))
            found = []
            for start, team in openings.starts(master_id, earliest=earliest, before=next_one).items():
                slot = openings.slot(start, team)
                local = slot.starts_at.astimezone(self.zone)
                found.append((local.date(), local.hour * 60 + local.minute, slot))
            self._entries[key] = found
        return self._entries[key]


class FreeDays:
    """Some days of a branch's free times, by the first master."""

    def __init__(self, times: FreeTimes, openings: Openings, days: list[date]) -> None:
        self._times, self._openings, self._days = times, openings, days

    @property
    def masters(self) -> Iterable[int]:
        return self._openings.masters

    def of(self, master_id: int) -> list[Entry]:
        """By day and time."""
        return [entry for on in self._days for entry in self._times.entries(self._openings, master_id, on)]


@read_once
def times_for_many(branch: Branch, minute: datetime) -> FreeTimes:
    """The free times of a branch as a batch of letters names them: what is taken meanwhile shows when she follows her link."""
    return FreeTimes(branch=branch, now=minute, for_many=True)
