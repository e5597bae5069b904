"""Whose time is taken on which day, in minutes of the wall clock, so that no two appointments overlap."""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from crm.catalogue.models import Service, Skill
from crm.office.demo.team import CLOSES, OPENS, WORKERS
from crm.team.models import Master

OPEN, CLOSE = OPENS.hour * 60, CLOSES.hour * 60
LUNCH = (13 * 60 + 30, 14 * 60)
GRID = 15
DAYS = {worker.username: worker.days for worker in WORKERS}


class Diary:
    """The taken time of these masters."""

    def __init__(self, masters: Sequence[Master]) -> None:
        self.masters = list(masters)
        self.taken: dict[tuple[int, date], list[tuple[int, int]]] = defaultdict(list)
        self.skills: dict[int, set[int]] = defaultdict(set)
        for master_id, service_id in Skill.objects.filter(master__in=self.masters).values_list("master", "service"):
            self.skills[master_id].add(service_id)

    def able(self, services: Iterable[Service]) -> list[Master]:
        wanted = {service.pk for service in services}
        return [master for master in self.masters if wanted <= self.skills[master.pk]]

    def works(self, master: Master, on: date) -> bool:
        return on.weekday() in DAYS.get(master.code, range(7))

    def take(self, master: Master, on: date, start: int, end: int) -> None:
        insort(self.taken[master.pk, on], (start, end))

    def is_free(self, master: Master, on: date, start: int, end: int) -> bool:
        if not self.works(master, on) or start < OPEN or end > CLOSE or (start < LUNCH[1] and end > LUNCH[0]):
            return False
        return all(end <= taken or start >= until for taken, until in self.taken[master.pk, on])

    def place(self, masters: Sequence[Master], on: date, minute: int, length: int) -> tuple[Master, int] | None:
        """The free start nearest to her usual minute, with the first of these masters who has one; taken at once."""
        for master in masters:
            for step in range(32):
                for start in (minute + step * GRID, minute - step * GRID):
                    if self.is_free(master, on, start, start + length):
                        self.take(master, on, start, start + length)
                        return master, start
        return None
