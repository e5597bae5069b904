"""What masters and rooms are taken by while appointments ahead come in, so that nobody is imported into a chair twice."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from crm.booking.models import RoomHold, Stretch
from crm.booking.stretches import Minutes, Plan
from crm.catalogue.models import Room, ServiceRoom
from crm.office.importing.run import Run
from crm.team.models import Master

# half-open
Held = tuple[datetime, datetime]


class HeldTime:
    """Of each master or room (by key) the time ahead that is taken. Grows with the bookings to come, not the past."""

    def __init__(self) -> None:
        self._held: dict[int, list[Held]] = defaultdict(list)

    def fill(self, rows: Iterable[tuple[int, datetime, datetime]]) -> None:
        for key, starts_at, ends_at in rows:
            self._held[key].append((starts_at, ends_at))

    def is_free(self, key: int, stretch: Held) -> bool:
        held = self._held[key]
        # nobody's times overlap, so only the neighbours can
        place = bisect_left(held, stretch)
        follows = place < len(held) and held[place][0] < stretch[1]
        precedes = place > 0 and held[place - 1][1] > stretch[0]
        return not (follows or precedes)

    def take(self, key: int, stretch: Held) -> None:
        insort(self._held[key], stretch)


class Diary:
    """The time of the branch's masters and rooms while an import runs."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._is_read = False
        self._masters, self._rooms = HeldTime(), HeldTime()
        self._rooms_of: dict[int, set[int]] = defaultdict(set)
        self._room_names: dict[int, str] = {}

    def take_masters(self, held: Mapping[int, Sequence[Held]]) -> int | None:
        """Takes all of it; else nothing, and gives the first master who has another appointment then."""
        self._read()
        for master, stretches in held.items():
            if not all(self._masters.is_free(master, stretch) for stretch in stretches):
                return master
        for master, stretches in held.items():
            for stretch in stretches:
                self._masters.take(master, stretch)
        return None

    def free_rooms(
        self, starts_at: datetime, plan: Plan, services: Sequence[int], rather: Sequence[str]
    ) -> list[tuple[int, Held]] | None:
        """Rooms for the services (by key) of this plan, those named rather than others; None if one is missing."""
        self._read()
        found: list[tuple[int, Held]] = []
        possible = [frozenset(self._rooms_of[key]) if key in self._rooms_of else None for key in services]
        for candidates, begins, ends in plan.stays(possible):
            stay = _from(starts_at, (begins, ends))
            free = [key for key in candidates if self._rooms.is_free(key, stay)]
            if not free:
                return None
            found.append((min(free, key=lambda key: (self._room_names[key] not in rather, key)), stay))
        return found

    def take_rooms(self, stays: Iterable[tuple[int, Held]]) -> None:
        for room, stay in stays:
            self._rooms.take(room, stay)

    def _read(self) -> None:
        if self._is_read:
            return
        self._is_read = True
        branch, now = self._run.branch, self._run.now
        columns = ("starts_at", "ends_at")
        # who books one of them meanwhile waits until the import has ended
        list(Master.objects.select_for_update(no_key=True).filter(branch=branch).order_by("pk"))
        rooms = Room.objects.select_for_update(no_key=True).filter(branch=branch).order_by("pk")
        self._room_names = {room.pk: room.name for room in rooms}
        for service, room, is_active in ServiceRoom.objects.filter(room__branch=branch).values_list(
            "service_id", "room_id", "room__is_active"
        ):
            self._rooms_of[service] |= {room} if is_active else set()
        held = Stretch.objects.filter(master__branch=branch, holds=True, ends_at__gt=now).order_by("starts_at")
        self._masters.fill(held.values_list("master_id", *columns))
        stays = RoomHold.objects.filter(room__branch=branch, holds=True, ends_at__gt=now).order_by("starts_at")
        self._rooms.fill(stays.values_list("room_id", *columns))


def instants(starts_at: datetime, held: Mapping[int, Sequence[Minutes]]) -> dict[int, list[Held]]:
    """Minutes from the start as instants, by master (her key)."""
    return {master: [_from(starts_at, part) for part in parts] for master, parts in held.items()}


def _from(starts_at: datetime, part: Minutes) -> Held:
    return starts_at + timedelta(minutes=part[0]), starts_at + timedelta(minutes=part[1])
