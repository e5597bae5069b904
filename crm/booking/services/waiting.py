"""The waiting list: who waits for a time, and what she answers when one is offered (practices.md, P48).

To whom a freed time is offered is in crm/booking/services/offering.py.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment, AppointmentEvent, FreedTime, WaitingEntry, WaitingOffer, WaitingService
from crm.booking.services.appointments import MOVABLE, book_appointment, services_of
from crm.booking.services.beside import LOOKED_AT, NEAREST, free_for_her
from crm.booking.services.moving import move_appointment, slots_to_move
from crm.booking.services.refusals import BookingRefused, InThePast, SlotTaken, WrongMoment
from crm.booking.services.slots import Slot, free_slots, nearest_slots
from crm.booking.services.step import lock_client
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.team.models import Branch, Master, User
from crm.team.selectors import branch_day

Waits, Offered = WaitingEntry.State, WaitingOffer.State


class WaitsAlready(BookingRefused):
    """She stands on the list for just this; `entry` is what she has."""

    words = _("She is on the waiting list for this already.")

    def __init__(self, entry: WaitingEntry) -> None:
        super().__init__()
        self.entry = entry


class DaysAreOver(BookingRefused):
    words = _("These days are over. Choose later ones.")


class WaitsNoMore(BookingRefused):
    words = _("This is not waited for any more.")


@transaction.atomic
def wait_for(
    *,
    client: Client,
    branch: Branch,
    services: Sequence[Service],
    from_day: date,
    to_day: date,
    now: datetime,
    master: Master | None = None,
    from_time: time | None = None,
    to_time: time | None = None,
    weekdays: Sequence[int] = (),
    note: str = "",
    instead_of: Appointment | None = None,
    user: User | None = None,
) -> WaitingEntry:
    """Puts her on the waiting list; days and hours are the branch's, and a visit begins within the hours.

    Without a master whoever is free will do. With `instead_of` she has a time and would give it up for
    an earlier one: then its services are what she waits for. Raises DaysAreOver, WaitsAlready, and
    WrongMoment where that appointment can no longer be moved.
    """
    lock_client(client.pk)
    if to_day < branch_day(branch, now):
        raise DaysAreOver
    if instead_of is not None:
        instead_of = Appointment.objects.filter(pk=instead_of.pk, client=client, status__in=MOVABLE).first()
        if instead_of is None:
            raise WrongMoment
        services = services_of(instead_of)
    if not services:
        raise ValueError("She waits for at least one service.")
    some_days = sorted(set(weekdays)) if len(set(weekdays)) < 7 else []
    wanted = (from_day, to_day, from_time, to_time, some_days, master and master.pk, [each.pk for each in services])
    for known in waiting_entries(client, branch):
        when = (known.from_day, known.to_day, known.from_time, known.to_time, list(known.weekdays))
        if (*when, known.master_id, [each.pk for each in services_waited(known)]) == wanted:
            raise WaitsAlready(known)
    entry = WaitingEntry.objects.create(
        client=client,
        branch=branch,
        master=master,
        from_day=from_day,
        to_day=to_day,
        from_time=from_time,
        to_time=to_time,
        weekdays=some_days,
        note=note.strip(),
        created_at=now,
        user=user,
        instead_of=instead_of,
    )
    WaitingService.objects.bulk_create(
        WaitingService(entry=entry, service=service, position=position) for position, service in enumerate(services)
    )
    return entry


def waiting_entries(client: Client, branch: Branch) -> QuerySet[WaitingEntry]:
    """What she still waits for in a branch, the oldest first."""
    return WaitingEntry.objects.filter(client=client, branch=branch, state=Waits.WAITING).order_by("created_at", "pk")


def services_waited(entry: WaitingEntry) -> list[Service]:
    """What she waits for, in order."""
    return [line.service for line in entry.lines.select_related("service").order_by("position")]


@transaction.atomic
def withdraw_waiting(*, entry: WaitingEntry, now: datetime) -> bool:
    """She waits no more; what was just offered to her is offered to the next. False if she did not wait any more."""
    lock_client(entry.client_id)
    if not _close_entry(entry, Waits.WITHDRAWN, now):
        return False
    close_offers(WaitingOffer.objects.filter(entry=entry), Offered.DECLINED, now)
    return True


@transaction.atomic
def wait_again(*, entry: WaitingEntry, now: datetime) -> bool:
    """Taking a withdrawal back: she keeps her place. False if there is nothing to take back."""
    lock_client(entry.client_id)
    today = branch_day(entry.branch, now)
    withdrawn = WaitingEntry.objects.filter(pk=entry.pk, state=Waits.WITHDRAWN, to_day__gte=today)
    return bool(withdrawn.update(state=Waits.WAITING, closed_at=None))


@transaction.atomic
def accept_offer(*, offer: WaitingOffer, now: datetime, by: str, user: User | None = None) -> Appointment:
    """She takes the time: it is booked, or her appointment is moved there and frees its own time.

    The first to accept has it; that the others are too late is found at the next look (`lose_taken_times`), as
    who holds a master waits for no other client. Accepted again it is the same appointment; an offer whose time to think
    is over is good as long as the time is free and nobody else is thinking about it. Raises SlotTaken
    with other free times, InThePast, or WaitsNoMore.
    """
    lock_client(WaitingEntry.objects.values_list("client_id", flat=True).get(pk=offer.entry_id))
    offer = WaitingOffer.objects.select_related("entry__branch", "entry__client", "entry__instead_of", "master").get(
        pk=offer.pk
    )
    entry = offer.entry
    if entry.state == Waits.BOOKED and entry.appointment is not None and offer.state == Offered.TAKEN:
        return entry.appointment
    if entry.state != Waits.WAITING:
        raise WaitsNoMore
    if offer.starts_at <= now:
        raise InThePast
    slot = slot_of(offer, now=now)
    if slot is None:
        raise SlotTaken(others_for(offer, now=now))
    appointment = _take(entry, slot, now=now, by=by, user=user, accepting=offer)
    WaitingOffer.objects.filter(pk=offer.pk).update(state=Offered.TAKEN, closed_at=now)
    close_offers(WaitingOffer.objects.filter(entry=entry), Offered.DECLINED, now)
    return appointment


@transaction.atomic
def take_another(
    *, entry: WaitingEntry, starts_at: datetime, master: Master, now: datetime, by: str, user: User | None = None
) -> Appointment:
    """She takes another free time than the one she was offered: booked or moved there, she waits no more.

    Taken again it is the same appointment. Raises SlotTaken with other free times, InThePast, or WaitsNoMore.
    """
    lock_client(entry.client_id)
    entry = WaitingEntry.objects.select_related("branch", "client", "master", "instead_of", "appointment").get(
        pk=entry.pk
    )
    if entry.state == Waits.BOOKED and entry.appointment is not None and entry.appointment.starts_at == starts_at:
        return entry.appointment
    if entry.state != Waits.WAITING:
        raise WaitsNoMore
    if starts_at <= now:
        raise InThePast
    slots = slots_of(entry, from_day=branch_day(entry.branch, starts_at), days=1, now=now)
    slot = next((each for each in slots if (each.starts_at, each.master) == (starts_at, master)), None)
    if slot is None:
        raise SlotTaken(lambda: nearest_for(entry, master=master, around=starts_at, now=now))
    appointment = _take(entry, slot, now=now, by=by, user=user)
    close_offers(WaitingOffer.objects.filter(entry=entry), Offered.DECLINED, now)
    return appointment


def _take(
    entry: WaitingEntry,
    slot: Slot,
    *,
    now: datetime,
    by: str,
    user: User | None,
    accepting: WaitingOffer | None = None,
) -> Appointment:
    """Books her there, or moves what she would give up, and takes her off the list."""
    about: dict[str, Any] = {
        "master": slot.master,
        "masters": slot.masters or None,
        "starts_at": slot.starts_at,
        "now": now,
        "by": by,
        "via": AppointmentEvent.Via.WAITING,
        "user": user,
        "accepting": accepting,
    }
    old = entry.instead_of
    if old is not None and old.status in MOVABLE:
        move_appointment(**about, appointment=old)
        appointment = old
    else:
        appointment = book_appointment(
            **about, client=entry.client, services=services_waited(entry), branch=entry.branch
        )
    _close_entry(entry, Waits.BOOKED, now, appointment=appointment)
    return appointment


@transaction.atomic
def decline_offer(*, offer: WaitingOffer, now: datetime) -> bool:
    """Not this time; she goes on waiting, and the next is asked. False if it was no longer open."""
    lock_client(WaitingEntry.objects.values_list("client_id", flat=True).get(pk=offer.entry_id))
    return bool(close_offers(WaitingOffer.objects.filter(pk=offer.pk), Offered.DECLINED, now))


@transaction.atomic
def expire_offers(*, now: datetime) -> int:
    """Whose time to think is over: the freed time goes back into the queue for the next; returns how many."""
    return close_offers(WaitingOffer.objects.filter(until__lte=now), Offered.EXPIRED, now)


@transaction.atomic
def decline_where_busy(*, now: datetime) -> int:
    """Who has booked another visit at the very hour she was offered will not take it: the next is asked.

    Returns how many.
    """
    busy = Appointment.objects.filter(
        ~Q(pk=Coalesce(OuterRef("entry__instead_of"), Value(0))),
        client=OuterRef("entry__client"),
        status__in=Appointment.OPEN,
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    )
    return close_offers(WaitingOffer.objects.filter(Exists(busy)), Offered.DECLINED, now)


@transaction.atomic
def lose_taken_times(*, now: datetime) -> int:
    """Open offers whose time somebody has taken meanwhile, through whatever door; returns how many were lost.

    What is left of such a stretch is a freed time anew, as each is asked once about one.
    """
    offers = WaitingOffer.objects.filter(state=Offered.OPEN, starts_at__gt=now).select_related(
        "entry__branch", "entry__client", "entry__instead_of", "master", "freed"
    )
    taken = [offer for offer in offers.order_by("pk") if slot_of(offer, now=now) is None]
    # clients before anything else: who is just saying yes holds her own row, and waits for a master
    note_change([offer.entry.client_id for offer in taken])
    lost = [offer for offer in taken if _close(offer, Offered.LOST, now)]
    for freed in {offer.freed_id: offer.freed for offer in lost}.values():
        FreedTime.objects.create(
            branch=freed.branch,
            master=freed.master,
            event=freed.event,
            starts_at=freed.starts_at,
            ends_at=freed.ends_at,
            ready_at=freed.ready_at,
        )
    return len(lost)


def slot_of(offer: WaitingOffer, *, now: datetime) -> Slot | None:
    """The offered time, if it is truly free for her now; her own `instead_of` is no hindrance to itself."""
    on = branch_day(offer.entry.branch, offer.starts_at)
    slots = slots_of(offer.entry, from_day=on, days=1, now=now, accepting=offer)
    return next((slot for slot in slots if (slot.starts_at, slot.master) == (offer.starts_at, offer.master)), None)


def slots_of(
    entry: WaitingEntry, *, from_day: date, days: int, now: datetime, accepting: WaitingOffer | None = None
) -> list[Slot]:
    """Free slots for what she waits for, with her master where she named one; a time she has moves as it was agreed."""
    old = entry.instead_of
    if old is not None and old.status in MOVABLE:
        slots = slots_to_move(appointment=old, from_day=from_day, days=days, now=now, anyone=True, accepting=accepting)
        return [slot for slot in slots if entry.master_id in (None, slot.master.pk)]
    return free_slots(
        branch=entry.branch,
        services=services_waited(entry),
        from_day=from_day,
        days=days,
        now=now,
        master=entry.master,
        client=entry.client,
        accepting=accepting,
    )


def others_for(offer: WaitingOffer, *, now: datetime) -> list[Slot]:
    """Free times around one that is taken."""
    return nearest_for(offer.entry, master=offer.master, around=offer.starts_at, now=now)


def nearest_for(entry: WaitingEntry, *, master: Master, around: datetime, now: datetime) -> list[Slot]:
    """Free times for what she waits for, at which she has no other visit."""
    slots = nearest_slots(
        branch=entry.branch,
        services=services_waited(entry),
        master=master,
        client=entry.client,
        around=around,
        now=now,
        leaving_out=entry.instead_of_id,
        count=LOOKED_AT,
    )
    return free_for_her(slots, client_id=entry.client_id, leaving_out=entry.instead_of_id)[:NEAREST]


def close_offers(offers: QuerySet[WaitingOffer], state: str, now: datetime) -> int:
    """Closes those that are open, and puts their time back into the queue; returns how many."""
    closing = list(offers.filter(state=Offered.OPEN).select_related("entry").order_by("pk"))
    # clients first, then the offers one after the other in one order: two who close at once wait for each other
    note_change([offer.entry.client_id for offer in closing])
    closed = [offer for offer in closing if _close(offer, state, now)]
    if not closed:
        return 0
    ask_again(closed, now)
    return len(closed)


def ask_again(closed: Sequence[WaitingOffer], now: datetime) -> None:
    """Times nobody is thinking about any more are looked at anew.

    Not only those that were just given back: while somebody thinks about one she is asked about no other,
    so that she may have been passed over.
    """
    is_open = WaitingOffer.objects.filter(freed=OuterRef("pk"), state=Offered.OPEN)
    for branch_id in {offer.entry.branch_id for offer in closed}:
        FreedTime.objects.filter(
            ~Exists(is_open), branch=branch_id, settled_at__isnull=False, starts_at__gt=now
        ).update(settled_at=None)


def _close(offer: WaitingOffer, state: str, now: datetime) -> bool:
    still_open = WaitingOffer.objects.filter(pk=offer.pk, state=Offered.OPEN)
    return bool(still_open.update(state=state, closed_at=now))


def _close_entry(entry: WaitingEntry, state: str, now: datetime, appointment: Appointment | None = None) -> bool:
    still_waits = WaitingEntry.objects.filter(pk=entry.pk, state=Waits.WAITING)
    return bool(still_waits.update(state=state, closed_at=now, appointment=appointment))
