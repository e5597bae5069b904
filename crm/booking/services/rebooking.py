"""The suggested next visit (rules.md, Booking)."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.booking.models import Appointment, Visit, VisitItem
from crm.booking.rhythm import GAPS, rhythm_of
from crm.booking.services.beside import her_visits, is_beside
from crm.booking.services.pulse import rhythm_rules
from crm.booking.services.slots import Slot, free_slots, plan_for
from crm.booking.stretches import Plan
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch, Master
from crm.team.once import read_once
from crm.team.selectors import branch_day, salon_settings, zone

PROPOSED = 3
DAYS_EITHER_SIDE = 4
# a full fortnight gets an answer too, only later than she is used to
DAYS_BEYOND = 14
VISITS_LOOKED_AT = 6
NEAR_HOUR_MINUTES = 90
# where no hour of hers is known yet
MIDDAY = time(12)
SEEN = (Appointment.Status.DONE, Appointment.Status.IN_PROGRESS, Appointment.Status.ARRIVED)


@dataclass(frozen=True, slots=True)
class Habit:
    """When and to whom she usually comes; none where nothing is known. `at` is the branch's wall clock."""

    master_id: int | None = None
    weekday: int | None = None
    at: time | None = None


def propose_next(
    *,
    client: Client,
    services: Sequence[Service],
    branch: Branch,
    now: datetime,
    after_day: date | None = None,
    master: Master | None = None,
    is_first: bool = False,
    fits: Callable[[Slot], bool] | None = None,
) -> list[Slot]:
    """Three free slots on different days around the visit day + her rhythm, the best first.

    `after_day` is the visit day they follow (none: the branch's today); `master` is hers
    (none: whom she mostly saw). First come slots of her master at her usual weekday and hour,
    then her master nearest in time, then others. Where the four days either side hold fewer
    than three, days beyond are taken. `is_first`: there is no visit that they follow, so the next
    days are meant, not a return. Nothing on or before the visit day, or today, is proposed, and
    nothing while she has another visit. `fits`: of those only what whoever asks would name.
    """
    visit_day = after_day or branch_day(branch, now)
    habit = habit_of(client=client, branch=branch, until=visit_day)
    her_master = master.pk if master else habit.master_id
    tomorrow = branch_day(branch, now) + timedelta(days=1)
    earliest = max(visit_day + timedelta(days=1), tomorrow)
    days_until = 0 if is_first else rhythm_after(client, services, visit_day)
    target_day = max(visit_day + timedelta(days=days_until), earliest)
    hour = habit.at or MIDDAY
    first = max(target_day - timedelta(days=DAYS_EITHER_SIDE), earliest)
    last = target_day + timedelta(days=DAYS_EITHER_SIDE)

    def rank(entry: tuple[date, int, Slot]) -> tuple[int, int, int, date, int, int]:
        on, minute, slot = entry
        if slot.master.pk != her_master:
            tier = 2
        elif habit.at is None or habit.weekday != on.weekday() or not near_hour(minute, habit.at):
            tier = 1
        else:
            tier = 0
        # nearest in time: the day first, then the hour, by the wall clock she lives by
        off = abs(minute - minute_of_day(hour))
        return tier, abs((on - target_day).days), off, on, minute, slot.master.pk

    chosen: dict[date, Slot] = {}
    beyond = last + timedelta(days=1)
    plan = plan_for(client=client, services=services)
    minute = now.replace(second=0, microsecond=0)
    for from_day, days in ((first, (beyond - first).days), (beyond, DAYS_BEYOND)):
        free = _free_by_master(branch, tuple(services), plan, from_day, days, minute)
        hers = her_visits(client.pk, from_day=from_day, days=days) if free else []
        # her master's come before all others, and mostly they are enough
        for is_her in (True, False):
            entries = [entry for key, own in free.items() if (key == her_master) is is_her for entry in own]
            allowed = [e for e in entries if is_beside(e[2], hers) and (fits is None or fits(e[2]))]
            for on, _minute, slot in sorted(allowed, key=rank):
                chosen.setdefault(on, slot)
                if len(chosen) == PROPOSED:
                    return list(chosen.values())
    return list(chosen.values())


@read_once
def _free_by_master(
    branch: Branch, services: tuple[Service, ...], plan: Plan, from_day: date, days: int, now: datetime
) -> dict[int | None, list[tuple[date, int, Slot]]]:
    """Free slots by the first master, each with its day and minute of the branch's wall clock.

    Of a batch of letters those about the same services and days share one reading: what is taken meanwhile
    is found out when she follows her link.
    """
    found: dict[int | None, list[tuple[date, int, Slot]]] = {}
    slots = free_slots(branch=branch, services=services, plan=plan, from_day=from_day, days=days, now=now)
    for entry in _by_wall_clock(slots, zone(branch)):
        found.setdefault(entry[2].master.pk, []).append(entry)
    return found


def rhythm_after(client: Client, services: Sequence[Service], visit_day: date) -> int:
    """Her rhythm in days as it is once that day is a counting day with these services."""
    counted = list(
        Visit.objects.filter(client=client, counts=True, on__lt=visit_day)
        .order_by("-on")
        .values_list("on", flat=True)[:GAPS]
    )
    days = [*reversed(counted), visit_day]
    returns = [service.usual_return_days for service in services if service.usual_return_days]
    rules = rhythm_rules(salon_settings())
    return rhythm_of(days, returns, rules) or rules.default


def habit_of(*, client: Client, branch: Branch, until: date) -> Habit:
    """The mode of her last six visits by master, weekday and hour; ties go to the latest."""
    here = zone(branch)
    seen = list(
        Appointment.objects.filter(client=client, status__in=SEEN, starts_at__isnull=False, on__lte=until)
        .order_by("-starts_at")
        .values_list("starts_at", "master_id")[:VISITS_LOOKED_AT]
    )
    if not seen:
        # imported receipts know who did it, not when
        masters = VisitItem.objects.filter(visit__client=client, visit__on__lte=until, master__isnull=False)
        known = list(masters.order_by("-visit__on").values_list("master_id", flat=True)[:VISITS_LOOKED_AT])
        return Habit(master_id=_mode(known))
    times = [starts_at.astimezone(here) for starts_at, _master in seen if starts_at is not None]
    hour = _mode([at.hour for at in times])
    return Habit(
        master_id=_mode([master_id for _at, master_id in seen]),
        weekday=_mode([at.weekday() for at in times]),
        at=next(at.time() for at in times if at.hour == hour),
    )


def near_hour(minute: int, usual: time) -> bool:
    """Within 90 minutes of the usual hour, by the wall clock."""
    return abs(minute - minute_of_day(usual)) <= NEAR_HOUR_MINUTES


def minute_of_day(at: time) -> int:
    return at.hour * 60 + at.minute


def _by_wall_clock(slots: Sequence[Slot], here: ZoneInfo) -> list[tuple[date, int, Slot]]:
    entries = []
    for slot in slots:
        local = slot.starts_at.astimezone(here)
        entries.append((local.date(), local.hour * 60 + local.minute, slot))
    return entries


def _mode(values: Sequence[int]) -> int | None:
    """The most frequent; of equally frequent ones the first, as the latest visit comes first."""
    counts = Counter(values)
    return max(counts, key=lambda value: counts[value]) if counts else None
