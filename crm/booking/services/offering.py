"""A freed time finds who waits for it (practices.md, P48): who fits, in whose order, and how long she may think."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from crm.booking.models import Appointment, FreedTime, KeptRoom, WaitingEntry, WaitingOffer, WaitingService
from crm.booking.services.appointments import MOVABLE
from crm.booking.services.beside import free_for_her, refuse_two_at_once
from crm.booking.services.holding import choose_rooms, lock_masters, lock_rooms, wish_of
from crm.booking.services.refusals import InThePast, RoomTaken, SlotTaken
from crm.booking.services.slots import Slot, plan_for
from crm.booking.services.waiting import (
    Offered,
    Waits,
    WaitsNoMore,
    decline_where_busy,
    lose_taken_times,
    nearest_for,
    services_waited,
    slots_of,
)
from crm.catalogue.models import Room
from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.team.models import Branch, Master, WaitingPolicy
from crm.team.selectors import branch_day, salon_settings, zone

# nobody is offered what begins before she can be here, and nobody is asked who has no time to answer
ON_HER_WAY = timedelta(minutes=30)
SHORTEST_THOUGHT = timedelta(minutes=5)
HAS_HER_TIME = (Appointment.Status.ARRIVED, Appointment.Status.IN_PROGRESS, Appointment.Status.DONE)


@dataclass(frozen=True, slots=True)
class Manners:
    """What the rooms above know of clients and this one has to ask: it knows neither quiet hours nor money.

    `heard_at`: the first instant from one on at which a message may reach her. `revenue_of`: what each of
    these clients has paid in the 365 days before a branch day.
    """

    heard_at: Callable[[Client, datetime], datetime]
    revenue_of: Callable[[Sequence[int], date], Mapping[int, Decimal]]


def settle_freed(*, now: datetime, manners: Manners) -> int:
    """Takes up the freed times whose moment has come and offers each; returns how many offers were made.

    Each row is claimed by a conditional update, so that of two who look at once one offers it.
    """
    close_what_is_over(now=now)
    decline_where_busy(now=now)
    lose_taken_times(now=now)
    made = 0
    due = FreedTime.objects.filter(settled_at__isnull=True, ready_at__lte=now).order_by("ready_at", "pk")
    for pk in list(due.values_list("pk", flat=True)):
        made += _settle(pk, now, manners)
    return made


@transaction.atomic
def _settle(pk: int, now: datetime, manners: Manners) -> int:
    if not FreedTime.objects.filter(pk=pk, settled_at__isnull=True).update(settled_at=now):
        return 0
    freed = FreedTime.objects.select_related("branch", "master").get(pk=pk)
    if freed.ends_at <= now:
        return 0
    policy = salon_settings().waiting_policy
    waiting = list(who_may_fit(freed))
    # clients before masters: who holds a master waits for nobody's row, so all of them are noted beforehand
    note_change([entry.client_id for entry in waiting])
    # nobody books her while it is looked at what is free of hers
    lock_masters([freed.master_id])
    keeps = policy != WaitingPolicy.EVERYONE
    if keeps and waiting:
        # all at once and by key, as several may be kept one after the other
        lock_rooms(Room.objects.filter(branch=freed.branch, is_active=True).values_list("pk", flat=True))
    if policy == WaitingPolicy.MOST_VALUABLE and waiting:
        worth = manners.revenue_of([entry.client_id for entry in waiting], branch_day(freed.branch, now))
        # equally valuable ones keep the order in which they came
        waiting.sort(key=lambda entry: -worth.get(entry.client_id, Decimal(0)))
    offers = [_offer_to(entry, freed, now=now, manners=manners, keeps=keeps) for entry in waiting]
    return sum(offer is not None for offer in offers)


def who_may_fit(freed: FreedTime) -> QuerySet[WaitingEntry]:
    """Who waits, days and master given, the longest waiting first.

    Not who is thinking about another time, was asked about this one, or cannot be reached at all.
    """
    days = sorted({branch_day(freed.branch, freed.starts_at), branch_day(freed.branch, freed.ends_at)})
    asked = WaitingOffer.objects.filter(entry=OuterRef("pk"))
    return (
        WaitingEntry.objects.filter(
            ~Exists(asked.filter(state=Offered.OPEN)),
            ~Exists(asked.filter(freed=freed)),
            branch=freed.branch,
            state=Waits.WAITING,
            from_day__lte=days[-1],
            to_day__gte=days[0],
        )
        .exclude(client__phone="", client__email="")
        .exclude(client__status__in=[Client.Status.BLOCKED, Client.Status.DECEASED, Client.Status.MOVED])
        .exclude(master__isnull=False, master__is_active=False)
        .select_related("client", "branch", "master", "instead_of")
        .prefetch_related(
            Prefetch("lines", queryset=WaitingService.objects.select_related("service").order_by("position"))
        )
        .order_by("created_at", "pk")
    )


def _offer_to(
    entry: WaitingEntry, freed: FreedTime, *, now: datetime, manners: Manners, keeps: bool
) -> WaitingOffer | None:
    heard_at = manners.heard_at(entry.client, now)
    slot = next(iter(fitting(entry, freed, now=now, heard_at=heard_at)), None)
    return None if slot is None else _make(entry, freed, slot, now=now, heard_at=heard_at, keeps=keeps)


def fitting(entry: WaitingEntry, freed: FreedTime, *, now: datetime, heard_at: datetime) -> list[Slot]:
    """Slots of hers that touch the freed time, are truly free, and leave her time to think and to come.

    What begins with the freed time comes first, then what begins nearest to it: that is what has become free.
    """
    earliest = heard_at + SHORTEST_THOUGHT + ON_HER_WAY
    touching = [
        slot
        for slot in slots_for(entry, from_day=branch_day(freed.branch, freed.starts_at), days=1, now=now)
        if slot.starts_at >= earliest
        and any(each.pk == freed.master_id for each in slot.team)
        and slot.starts_at < freed.ends_at
        and slot.ends_at > freed.starts_at
    ]
    return sorted(touching, key=lambda slot: (abs(slot.starts_at - freed.starts_at), slot.starts_at))


def slots_for(entry: WaitingEntry, *, from_day: date, days: int, now: datetime) -> list[Slot]:
    """Free slots of these days that are as she wished: master, days, weekdays, hours, nothing else of hers then."""
    if not all(line.service.is_active for line in entry.lines.all()):
        return []
    slots = slots_of(entry, from_day=from_day, days=days, now=now)
    suiting = [slot for slot in slots if suits(entry, slot)]
    old = entry.instead_of
    if old is not None and old.status in Appointment.OPEN:
        # the time she has already is no news to her
        suiting = [slot for slot in suiting if (slot.starts_at, slot.master.pk) != (old.starts_at, old.master_id)]
    return free_for_her(suiting, client_id=entry.client_id, leaving_out=entry.instead_of_id)


def suits(entry: WaitingEntry, slot: Slot) -> bool:
    """Whether a slot begins on a day, a weekday and within the hours she named, by the branch's clock."""
    local = slot.starts_at.astimezone(zone(entry.branch))
    return (
        entry.from_day <= local.date() <= entry.to_day
        and (not entry.weekdays or local.weekday() in entry.weekdays)
        and (entry.from_time is None or local.time() >= entry.from_time)
        and (entry.to_time is None or local.time() < entry.to_time)
    )


def _make(
    entry: WaitingEntry, freed: FreedTime, slot: Slot, *, now: datetime, heard_at: datetime, keeps: bool
) -> WaitingOffer | None:
    """Her offer; what is kept for her is her master's time and a room. None if no room is free any more."""
    rooms = _rooms_for(entry, slot, now) if keeps else []
    if rooms is None:
        return None
    offer = WaitingOffer.objects.create(
        entry=entry,
        freed=freed,
        master=slot.master,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        offered_at=heard_at,
        until=thinks_until(heard_at, slot.starts_at, keeps=keeps),
        keeps=keeps,
    )
    KeptRoom.objects.bulk_create(
        KeptRoom(offer=offer, room_id=room_id, starts_at=begins, ends_at=ends) for room_id, begins, ends in rooms
    )
    return offer


def _rooms_for(entry: WaitingEntry, slot: Slot, now: datetime) -> list[tuple[int, datetime, datetime]] | None:
    old = entry.instead_of
    if old is not None and old.status in MOVABLE:
        stands = wish_of(old)
        services, plan = list(stands.services), stands.plan
    else:
        services = services_waited(entry)
        plan = plan_for(client=entry.client, services=services)
    return choose_rooms(
        services=services, plan=plan, starts_at=slot.starts_at, now=now, leaving_out=entry.instead_of_id
    )


def thinks_until(heard_at: datetime, starts_at: datetime, *, keeps: bool) -> datetime:
    """The owner's minutes from when she heard of it, but no longer than she needs to get here; where all are
    asked at once, that alone."""
    latest = starts_at - ON_HER_WAY
    return min(heard_at + timedelta(minutes=salon_settings().waiting_hold_minutes), latest) if keeps else latest


@transaction.atomic
def begin_thought(*, offer: WaitingOffer, now: datetime) -> datetime:
    """Her time to think begins as the offer goes out to her; gives its end."""
    until = max(offer.until, thinks_until(now, offer.starts_at, keeps=offer.keeps))
    WaitingOffer.objects.filter(pk=offer.pk, state=Offered.OPEN).update(offered_at=now, until=until)
    return until


@transaction.atomic
def offer_by_hand(
    *, entry: WaitingEntry, master: Master, starts_at: datetime, now: datetime, manners: Manners
) -> WaitingOffer:
    """The desk offers her a free time of its choice, whatever the owner's order; it is kept for her.

    Raises SlotTaken, RoomTaken or ClientBusy with other free times, InThePast, or WaitsNoMore.
    """
    note_change([entry.client_id])
    lock_masters([master.pk])
    if not WaitingEntry.objects.filter(pk=entry.pk, state=Waits.WAITING).exists():
        raise WaitsNoMore
    if starts_at <= now:
        raise InThePast
    slot = _free_at(entry, master, starts_at, now)
    refuse_two_at_once(
        client_id=entry.client_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        is_hers=False,
        nearest=lambda: nearest_for(entry, master=master, around=starts_at, now=now),
        moving=entry.instead_of,
    )
    freed = FreedTime.objects.create(
        branch=entry.branch,
        master=master,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        ready_at=now,
        # it has found its client already
        settled_at=now,
    )
    offer = _make(entry, freed, slot, now=now, heard_at=manners.heard_at(entry.client, now), keeps=True)
    if offer is None:
        raise RoomTaken(lambda: nearest_for(entry, master=master, around=starts_at, now=now))
    return offer


def _free_at(entry: WaitingEntry, master: Master, starts_at: datetime, now: datetime) -> Slot:
    for slot in slots_of(entry, from_day=branch_day(entry.branch, starts_at), days=1, now=now):
        if (slot.starts_at, slot.master) == (starts_at, master):
            return slot
    raise SlotTaken(lambda: nearest_for(entry, master=master, around=starts_at, now=now))


@transaction.atomic
def close_what_is_over(*, now: datetime) -> int:
    """Who waited for days that are past, or has had the visit she wanted earlier, waits no more."""
    over = 0
    past = WaitingEntry.objects.filter(state=Waits.WAITING, to_day__lt=now.date() + timedelta(days=1))
    for branch in Branch.objects.filter(pk__in=past.values("branch")):
        over += _over(past.filter(branch=branch, to_day__lt=branch_day(branch, now)), now)
    had_it = WaitingEntry.objects.filter(state=Waits.WAITING, instead_of__status__in=HAS_HER_TIME)
    return over + _over(had_it, now)


def _over(entries: QuerySet[WaitingEntry], now: datetime) -> int:
    keys = list(entries.values_list("pk", flat=True))
    return WaitingEntry.objects.filter(pk__in=keys, state=Waits.WAITING).update(state=Waits.OVER, closed_at=now)
