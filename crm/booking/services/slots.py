"""Free slots (rules.md, Booking)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from operator import itemgetter
from typing import Any

from django.db.models import Exists, OuterRef

from crm.booking.models import WaitingOffer
from crm.booking.selectors import accommodations_of
from crm.booking.services.diary import Diary, RoomDiary
from crm.booking.services.intervals import Interval, instant_of, minutes_of, shared
from crm.booking.stretches import Plan, plan_of
from crm.catalogue.models import Service, Skill
from crm.catalogue.selectors import rooms_of
from crm.people.models import Client
from crm.team.models import Branch, Master
from crm.team.selectors import masters_of, zone

Team = tuple[Master, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be booked. Instants are UTC. `masters` has one for each service, `master` is the first."""

    master: Master
    branch: Branch
    starts_at: datetime
    ends_at: datetime
    masters: Team = ()

    @property
    def starts_local(self) -> datetime:
        """By the branch's clock."""
        return self.starts_at.astimezone(zone(self.branch))

    @property
    def on(self) -> date:
        return self.starts_local.date()

    @property
    def team(self) -> list[Master]:
        """Each of its masters once, in order."""
        return list(dict.fromkeys(self.masters or (self.master,)))


def free_slots(
    *,
    branch: Branch,
    services: Sequence[Service],
    from_day: date,
    days: int,
    now: datetime,
    master: Master | None = None,
    masters: Sequence[Master | None] | None = None,
    client: Client | None = None,
    leaving_out: int | None = None,
    plan: Plan | None = None,
    accepting: WaitingOffer | None = None,
) -> list[Slot]:
    """Every free slot from `from_day` on for that many branch days, by time and then by the first master's name.

    None begins before `now`. `masters` says for each service who does it (None: `master`, or anyone). Where nobody
    does all of it alone, several do it in sequence: `master` those services that she does, each other one
    whoever is able; of the sequences that begin with one master at one time the first is given.

    `client` brings her own minutes. `leaving_out` is an appointment (its key) whose own time counts as free:
    the one that is being moved; `plan` is its own, where that is not what its services take. Times kept for
    somebody on the waiting list are not free, but for the offer that is being `accepting`-ed.
    Seven queries at most, whatever the number of masters and days.
    """
    if plan is None:
        plan = plan_for(client=client, services=services)
    teams = teams_of(able_for_each(branch=branch, services=services), master, masters)
    diary = Diary(
        branch=branch,
        masters=list(dict.fromkeys(each for team in teams for each in team)),
        from_day=from_day,
        days=days,
        now=now,
        leaving_out=leaving_out,
        accepting=accepting,
    )
    openings = Openings(
        plan=plan,
        teams=teams,
        rooms=rooms_of(services),
        diary=diary,
        now=now,
        leaving_out=leaving_out,
        accepting=accepting,
    )
    order = {each.pk: number for number, each in enumerate(diary.masters)}
    found = [
        (start, order[master_id], team)
        for master_id in openings.masters
        for start, team in openings.starts(master_id, earliest=minutes_of(now, up=True)).items()
    ]
    return [openings.slot(start, team) for start, _place, team in sorted(found, key=itemgetter(0, 1))]


class Openings:
    """When a visit of this plan may begin, by the first of its masters; worked out for whom it is asked of.

    One query where a room is needed, else none: the diary has been read.
    """

    def __init__(
        self,
        *,
        plan: Plan,
        teams: Sequence[Team],
        rooms: Sequence[frozenset[int] | None],
        diary: Diary,
        now: datetime,
        leaving_out: int | None = None,
        accepting: WaitingOffer | None = None,
    ) -> None:
        self.plan, self.diary = plan, diary
        self.masters: dict[int, list[Team]] = {}
        for team in teams:
            self.masters.setdefault(team[0].pk, []).append(team)
        self._length = timedelta(minutes=plan.minutes)
        self._known: dict[tuple[int, tuple], list[Interval]] = {}
        self._allowed: dict[int, list[tuple[Team, list[Interval]]]] = {}
        self._open_times: list[Interval] | None = None
        if any(possible is not None for possible in rooms):
            wanted = {room_id for possible in rooms for room_id in possible or ()}
            self._open_times = RoomDiary(
                rooms=wanted, window=diary.window, now=now, leaving_out=leaving_out, accepting=accepting
            ).fits(plan, rooms)

    def starts(self, master_id: int, *, earliest: int, before: int | None = None) -> dict[int, Team]:
        """Every start of a visit that she begins, in minutes since 1970, and the first team that can."""
        if master_id not in self._allowed:
            self._allowed[master_id] = [
                (team, possible if self._open_times is None else shared(possible, self._open_times))
                for team, possible in _possible(self.diary, self.plan, self.masters.get(master_id, ()), self._known)
            ]
        found: dict[int, Team] = {}
        for team, allowed in self._allowed[master_id]:
            wanted = allowed if before is None else [(begins, min(last, before - 1)) for begins, last in allowed]
            for start in self.diary.starts(wanted, earliest=earliest):
                found.setdefault(start, team)
        return found

    def slot(self, start: int, team: Team) -> Slot:
        at = instant_of(start)
        return Slot(master=team[0], branch=self.diary.branch, starts_at=at, ends_at=at + self._length, masters=team)


def plan_for(*, client: Client | None, services: Sequence[Service]) -> Plan:
    """What these services take, in the minutes agreed with this client where there are any; at most two queries."""
    if client is None:
        return plan_of(services)
    agreed = accommodations_of(client, services)
    return plan_of(services, own_minutes={key: each.minutes for key, each in agreed.items() if each.minutes})


def able_masters(*, branch: Branch, services: Sequence[Service]) -> list[Master]:
    """Masters of the branch who do all of these services; one without any skill written down does all."""
    return _able_of_all(able_for_each(branch=branch, services=services))


def able_for_each(*, branch: Branch, services: Sequence[Service]) -> list[list[Master]]:
    """The masters of the branch who do each of these services, by name; all of them where no service is known.

    One query.
    """
    masters = list(masters_of(branch).annotate(**skills_in(services)))
    if not services:
        return [masters]
    return [[master for master in masters if does(master, service)] for service in services]


def skills_in(services: Sequence[Service]) -> dict[str, Any]:
    """Columns for a query of masters, read by `does`."""
    own = Skill.objects.filter(master=OuterRef("pk"))
    return {f"does_{service.pk}": Exists(own.filter(service=service.pk)) | ~Exists(own) for service in services}


def does(master: Master, service: Service) -> bool:
    """Whether this master, read with `skills_in`, does it."""
    return bool(getattr(master, f"does_{service.pk}"))


def teams_of(
    able: Sequence[Sequence[Master]],
    master: Master | None = None,
    masters: Sequence[Master | None] | None = None,
) -> list[Team]:
    """Who may do these services together: one alone if anybody can, else as few as possible in sequence."""
    wishes = [wish or master for wish in masters] if masters is not None else [master] * len(able)
    if masters is None and master is not None and not all(master in each for each in able):
        # she does her part, others the rest
        wishes = [master if master in each else None for each in able]
        if not any(wishes):
            return []
    choices = [
        [each for each in own if wish is None or each.pk == wish.pk] for own, wish in zip(able, wishes, strict=True)
    ]
    if not choices or not all(choices):
        return []
    alone = [each for each in choices[0] if all(each in other for other in choices)]
    if alone:
        return [(each,) * len(choices) for each in alone]
    for hands in range(2, len(choices) + 1):
        if teams := list(_shared_out(choices, hands)):
            return teams
    return []


def _shared_out(choices: Sequence[Sequence[Master]], hands: int) -> Iterator[Team]:
    """Every way to give the services to so many masters; who goes on goes before who hands over."""
    for division in sorted(_divisions(len(choices), hands), key=_handovers):
        pools = [_able_of_all([choices[n] for n in range(len(choices)) if division[n] == k]) for k in range(hands)]
        for each in product(*pools):
            if len({master.pk for master in each}) == hands:
                yield tuple(each[k] for k in division)


def _divisions(services: int, hands: int) -> Iterable[tuple[int, ...]]:
    """Which hand does which service: hands are numbered as they come in."""
    return (
        each
        for each in product(range(hands), repeat=services)
        if len(set(each)) == hands and list(dict.fromkeys(each)) == list(range(hands))
    )


def _handovers(division: Sequence[int]) -> int:
    return sum(one != next_one for one, next_one in zip(division, division[1:], strict=False))


def _able_of_all(choices: Sequence[Sequence[Master]]) -> list[Master]:
    return [each for each in choices[0] if all(each in other for other in choices)]


def _possible(
    diary: Diary, plan: Plan, teams: Sequence[Team], known: dict[tuple[int, tuple], list[Interval]]
) -> Iterator[tuple[Team, list[Interval]]]:
    """Of each team from when to when it may begin; what one master can is worked out once and kept in `known`."""
    shapes: dict[tuple[int, ...], dict[int, tuple]] = {}
    for team in teams:
        numbers = {each.pk: number for number, each in enumerate(dict.fromkeys(team))}
        shape = tuple(numbers[each.pk] for each in team)
        if shape not in shapes:
            shapes[shape] = plan.held_by(shape)
        possible: list[Interval] | None = None
        for master_id, number in numbers.items():
            key = master_id, shapes[shape][number]
            if key not in known:
                known[key] = diary.fits(*key)
            possible = known[key] if possible is None else shared(possible, known[key])
        yield team, possible or []


def nearest_slots(
    *,
    branch: Branch,
    services: Sequence[Service],
    master: Master,
    around: datetime,
    now: datetime,
    masters: Sequence[Master | None] | None = None,
    client: Client | None = None,
    leaving_out: int | None = None,
    plan: Plan | None = None,
    accepting: WaitingOffer | None = None,
    count: int = 3,
) -> list[Slot]:
    """Free slots next to a time that is taken: of that master (or those) within three days, else of any."""
    on = around.astimezone(zone(branch)).date()
    today = now.astimezone(zone(branch)).date()
    from_day = max(today, on - timedelta(days=3))
    wanted = [each or master for each in masters] if masters else [master] * max(len(services), 1)
    several = len({each.pk for each in wanted}) > 1
    slots: list[Slot] = []
    # those who were to share it first; whoever else is free comes after
    for team in (wanted, None) if several else (None,):
        slots += free_slots(
            branch=branch,
            services=services,
            masters=team,
            client=client,
            from_day=from_day,
            days=max(1, (on + timedelta(days=4) - from_day).days),
            now=now,
            leaving_out=leaving_out,
            plan=plan,
            accepting=accepting,
        )
        if len(slots) >= count:
            break
    slots = list(dict.fromkeys(slots))
    slots.sort(key=lambda slot: (slot.master.pk != master.pk, abs(slot.starts_at - around), slot.starts_at))
    return slots[:count]
