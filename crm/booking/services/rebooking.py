"""The suggested next visit (rules.md, Booking)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from crm.booking.models import Appointment, Visit, VisitItem
from crm.booking.rhythm import GAPS, rhythm_of
from crm.booking.selectors import know_accommodations
from crm.booking.services.beside import Span, her_visits, is_beside, know_visits
from crm.booking.services.free_times import Entry, FreeTimes
from crm.booking.services.pulse import rhythm_rules
from crm.booking.services.slots import Slot, plan_for
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch, Master
from crm.team.once import put_in, read_once
from crm.team.selectors import branch_day, salon_settings, zone

PROPOSED = 3
DAYS_EITHER_SIDE = 4
# a full fortnight gets an answer too, only later than she is used to
DAYS_BEYOND = 14
VISITS_LOOKED_AT = 6
# of many at once a few more are read, as some may have come since the visit that is asked about
LOOKED_BACK = 8
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
    times: FreeTimes | None = None,
) -> list[Slot]:
    """Three free slots on different days around the visit day + her rhythm, the best first.

    `after_day` is the visit day they follow (none: the branch's today); `master` is hers
    (none: whom she mostly saw). First come slots of her master at her usual weekday and hour,
    then her master nearest in time, then others. Where the four days either side hold fewer
    than three, days beyond are taken. `is_first`: there is no visit that they follow, so the next
    days are meant, not a return. Nothing on or before the visit day, or today, is proposed, and
    nothing while she has another visit. `fits`: of those only what whoever asks would name.
    `times`: the branch's, where they have been read for many.
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

    def rank(entry: Entry) -> tuple[int, int, int, date, int, int]:
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
    times = times or FreeTimes(branch=branch, now=now)
    plan = plan_for(client=client, services=services)
    hers: list[Span] | None = None
    for from_day, days in ((first, (beyond - first).days), (beyond, DAYS_BEYOND)):
        free = times.days(tuple(services), plan, from_day, days)
        # her master's come before all others, and mostly they are enough
        for is_her in (True, False):
            entries = [entry for key in free.masters if (key == her_master) is is_her for entry in free.of(key)]
            if entries and hers is None:
                hers = her_visits(client.pk)
            allowed = [e for e in entries if is_beside(e[2], hers or ()) and (fits is None or fits(e[2]))]
            for on, _minute, slot in sorted(allowed, key=rank):
                chosen.setdefault(on, slot)
                if len(chosen) == PROPOSED:
                    return list(chosen.values())
    return list(chosen.values())


def know_habits(wanted: Mapping[int, date]) -> None:
    """Reads for these clients, until these days, what `propose_next` asks of each: four queries, or five."""
    know_accommodations(wanted)
    know_visits(wanted)
    known = _latest(
        Appointment.objects.filter(client__in=wanted, status__in=SEEN, starts_at__isnull=False),
        "client_id", "-starts_at", "on", "starts_at", "master_id",
    )  # fmt: skip
    unseen: dict[int, date] = {}
    for client_id, until in wanted.items():
        rows = [row[1:] for row in known.get(client_id, ()) if row[0] <= until]
        # who has come since may have been cut off: she is asked about by herself
        if len(rows) >= VISITS_LOOKED_AT or len(known.get(client_id, ())) < LOOKED_BACK:
            put_in(_seen, client_id, until, answer=rows[:VISITS_LOOKED_AT])
            unseen |= {} if rows else {client_id: until}
    counted = _latest(Visit.objects.filter(client__in=wanted, counts=True), "client_id", "-on", "on")
    for client_id, until in wanted.items():
        days = [on for (on,) in counted.get(client_id, ()) if on < until]
        if len(days) >= GAPS or len(counted.get(client_id, ())) < LOOKED_BACK:
            put_in(_counted, client_id, until, answer=days[:GAPS])
    served = _latest(
        VisitItem.objects.filter(visit__client__in=unseen, master__isnull=False),
        "visit__client_id", "-visit__on", "visit__on", "master_id",
    ) if unseen else {}  # fmt: skip
    for client_id, until in unseen.items():
        masters = [master for on, master in served.get(client_id, ()) if on <= until]
        if len(masters) >= VISITS_LOOKED_AT or len(served.get(client_id, ())) < LOOKED_BACK:
            put_in(_served_by, client_id, until, answer=masters[:VISITS_LOOKED_AT])


def _latest(rows: QuerySet[Any], whose: str, order: str, *columns: str) -> dict[int, list[tuple[Any, ...]]]:
    """The newest rows of each client, the newest first; a few more than are asked for."""
    number = Window(RowNumber(), partition_by=F(whose), order_by=[F(order.removeprefix("-")).desc(), F("pk").desc()])
    found: dict[int, list[tuple[Any, ...]]] = {}
    ranked = rows.annotate(place=number).filter(place__lte=LOOKED_BACK).order_by(whose, "place")
    for client_id, *row in ranked.values_list(whose, *columns):
        found.setdefault(client_id, []).append(tuple(row))
    return found


def rhythm_after(client: Client, services: Sequence[Service], visit_day: date) -> int:
    """Her rhythm in days as it is once that day is a counting day with these services."""
    days = [*reversed(_counted(client.pk, visit_day)), visit_day]
    returns = [service.usual_return_days for service in services if service.usual_return_days]
    rules = rhythm_rules(salon_settings())
    return rhythm_of(days, returns, rules) or rules.default


def habit_of(*, client: Client, branch: Branch, until: date) -> Habit:
    """The mode of her last six visits by master, weekday and hour; ties go to the latest."""
    here = zone(branch)
    seen = _seen(client.pk, until)
    if not seen:
        # imported receipts know who did it, not when
        return Habit(master_id=_mode(_served_by(client.pk, until)))
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


@read_once
def _seen(client_id: int, until: date) -> list[tuple[datetime | None, int]]:
    """Her last visits with an hour: when, and with whom."""
    visits = Appointment.objects.filter(client=client_id, status__in=SEEN, starts_at__isnull=False, on__lte=until)
    return list(visits.order_by("-starts_at", "-pk").values_list("starts_at", "master_id")[:VISITS_LOOKED_AT])


@read_once
def _served_by(client_id: int, until: date) -> list[int]:
    """Who served her last, by the receipts."""
    items = VisitItem.objects.filter(visit__client=client_id, visit__on__lte=until, master__isnull=False)
    return list(items.order_by("-visit__on", "-pk").values_list("master_id", flat=True)[:VISITS_LOOKED_AT])


@read_once
def _counted(client_id: int, before: date) -> list[date]:
    """Her last counting days, the newest first."""
    visits = Visit.objects.filter(client=client_id, counts=True, on__lt=before)
    return list(visits.order_by("-on", "-pk").values_list("on", flat=True)[:GAPS])


def _mode(values: Sequence[int]) -> int | None:
    """The most frequent; of equally frequent ones the first, as the latest visit comes first."""
    counts = Counter(values)
    return max(counts, key=lambda value: counts[value]) if counts else None
