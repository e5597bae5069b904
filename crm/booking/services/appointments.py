"""Booking an appointment, and what all verbs of booking share (rules.md, Booking)."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from crm.booking.models import (
    Appointment,
    AppointmentEvent,
    AppointmentService,
    BadDay,
    Series,
    Visit,
    WaitingOffer,
)
from crm.booking.selectors import needs_of
from crm.booking.services.beside import LOOKED_AT, NEAREST, refuse_two_at_once
from crm.booking.services.grid import refuse_off_grid
from crm.booking.services.hands import refuse_unable
from crm.booking.services.holding import Wish, hold, lines_of, lock_masters
from crm.booking.services.pulse import refresh_pulses
from crm.booking.services.refusals import InThePast
from crm.booking.services.slots import Slot, nearest_slots
from crm.booking.services.step import ahead_of, came_on, lock_client, note_ahead, running_step
from crm.booking.stretches import plan_of, told_minutes
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch, Master, User
from crm.team.selectors import branch_day, salon_settings

Status = Appointment.Status
Via = AppointmentEvent.Via
MOVABLE = (Status.BOOKED, Status.CONFIRMED)
IS_HERE = (Status.ARRIVED, Status.IN_PROGRESS, Status.DONE)
# who has her hour this soon may be on her way
LEAVES_HOME_SOON = timedelta(hours=3)
# doors of the salon, where a slip can be undone; a client's own link holds nothing
DESK_DOORS = (Via.DESK, Via.CHECKOUT, Via.ADMIN)
# nothing hangs on these events, so that a step may write them together
AT_THE_END = (AppointmentEvent.Kind.BOOKED, AppointmentEvent.Kind.DONE)
HER_DOORS = (Via.LINK, Via.BOOK, Via.WAITING)


@transaction.atomic
def book_appointment(
    *,
    client: Client,
    master: Master,
    services: Sequence[Service],
    starts_at: datetime,
    branch: Branch,
    now: datetime,
    by: str,
    via: str,
    user: User | None = None,
    wish: str = "",
    outside_hours: bool = False,
    masters: Sequence[Master | None] | None = None,
    series: Series | None = None,
    accepting: WaitingOffer | None = None,
    beside_another: bool = False,
    off_grid: bool = False,
) -> Appointment:
    """Books these services with this master at an instant (UTC); the time is held from then on, and a room.

    `masters` says for each service who does it, None for `master`. What was agreed with her about minutes and
    prices is taken. `by` is who agreed it (Appointment.By), `via` the door (AppointmentEvent.Via). `accepting` is
    the offer to the waiting list whose kept time this is. Raises SlotTaken or RoomTaken (with `.nearest`),
    OutsideHours unless `outside_hours`, ClientBusy where she has another visit then unless that is agreed
    (`beside_another`), OffGrid for 14:07 unless the desk says so (`off_grid`), InThePast, CannotDoService.
    The desk may still write down who walked in earlier today.
    """
    lock_client(client.pk)
    hands = [each or master for each in masters] if masters else [master] * len(services)
    known = lock_masters((each.pk for each in hands), able_of=services)
    refuse_the_past(branch=branch, starts_at=starts_at, via=via, now=now)
    refuse_unable(branch=branch, services=services, hands=hands, known=known)
    if master not in hands:
        master = hands[0]
    needs = needs_of(client, services)
    agreed = needs.agreed
    plan = plan_of(services, own_minutes=needs.own_minutes, parts=needs.parts)

    def nearest(count: int = NEAREST) -> list[Slot]:
        return nearest_slots(
            branch=branch,
            services=services,
            master=master,
            masters=hands,
            around=starts_at,
            now=now,
            plan=plan,
            accepting=accepting,
            count=count,
        )

    if not beside_another:
        refuse_two_at_once(
            client_id=client.pk,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=plan.minutes),
            is_hers=via in HER_DOORS,
            nearest=lambda: nearest(LOOKED_AT),
        )
    prices = [
        own.price if (own := agreed.get(service.pk)) and own.price is not None else service.price
        for service in services
    ]
    booked_on = branch_day(branch, now)
    on = branch_day(branch, starts_at)
    appointment = Appointment.objects.create(
        code=new_code(),
        branch=branch,
        client=client,
        master=master,
        status=Status.BOOKED,
        on=on,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=plan.minutes),
        minutes=plan.minutes,
        told_minutes=told_minutes(plan.minutes, salon_settings().margin_percent),
        price=None if None in prices else sum(filter(None, prices), Decimal(0)),
        booked_at=now,
        booked_on=booked_on,
        booked_by=by,
        rebooked_on_spot=on > booked_on and is_here_on(client, booked_on),
        wish=wish,
        series=series,
    )
    AppointmentService.objects.bulk_create(
        AppointmentService(
            appointment=appointment,
            service=service,
            master=None if hand == master else hand,
            position=position,
            minutes=minutes,
            price=price,
        )
        for position, (service, hand, minutes, price) in enumerate(
            zip(services, hands, plan.by_service, prices, strict=True)
        )
    )
    hold(
        appointment=appointment,
        wish=Wish(starts_at=starts_at, plan=plan, services=services, masters=hands),
        outside_hours=outside_hours,
        now=now,
        accepting=accepting,
        is_new=True,
        rooms=needs.rooms,
    )
    # asked last: what is not free need not be agreed
    refuse_off_grid(
        branch=branch, starts_at=starts_at, now=now, is_hers=via in HER_DOORS, nearest=nearest, is_agreed=off_grid
    )
    record_event(appointment, AppointmentEvent.Kind.BOOKED, now=now, via=via, user=user, starts_after=starts_at)
    ahead = ahead_of(client.pk)
    refresh_pulses(client_ids=[client.pk], now=now)
    if ahead is not None:
        note_ahead(client.pk, [*ahead, (starts_at, appointment.pk)])
    return appointment


def record_event(
    appointment: Appointment,
    kind: str,
    *,
    now: datetime,
    via: str,
    user: User | None = None,
    starts_after: datetime | None = None,
    reason: str = "",
    held_until: datetime | None = None,
    bad_day: BadDay | None = None,
    laid_before: dict[str, object] | None = None,
) -> AppointmentEvent:
    """Writes what happened; `appointment` is as it was before, so that it can be undone.

    What was booked or done in a step (a checkout) is written at its end, with the others.
    """
    is_new = kind == AppointmentEvent.Kind.BOOKED
    event = AppointmentEvent(
        appointment=appointment,
        kind=kind,
        at=now,
        user=user,
        via=via,
        status_before="" if is_new else appointment.status,
        starts_before=None if is_new else appointment.starts_at,
        starts_after=starts_after,
        master_before=None if is_new else appointment.master,
        held_until=held_until,
        reason=reason,
        bad_day=bad_day,
        laid_before=laid_before,
    )
    running = running_step()
    if running is not None and kind in AT_THE_END:
        running.events.append(event)
    else:
        event.save()
    return event


def held_until(
    *, via: str, now: datetime, bad_day: BadDay | None = None, starts_at: datetime | None = None
) -> datetime | None:
    """How long the message of a slip at the desk waits; none through a client's own link.

    On a bad day nobody who leaves home soon is left waiting for the undo.
    """
    minutes = salon_settings().undo_minutes
    if via not in DESK_DOORS or not minutes:
        return None
    if bad_day is not None and starts_at is not None and starts_at < now + LEAVES_HOME_SOON:
        minutes = 1
    return now + timedelta(minutes=minutes)


def refuse_the_past(*, branch: Branch, starts_at: datetime, via: str, now: datetime) -> None:
    """A client books what is ahead; the desk also writes down what began earlier today."""
    is_past = starts_at < now if via in HER_DOORS else branch_day(branch, starts_at) < branch_day(branch, now)
    if is_past:
        raise InThePast


def is_here_on(client: Client, on: date) -> bool:
    """Whether that branch day is a visit day of hers, over or still running."""
    return (
        came_on(client.pk, on)
        or Visit.objects.filter(client=client, on=on).exists()
        or Appointment.objects.filter(client=client, on=on, status__in=IS_HERE).exists()
    )


def services_of(appointment: Appointment) -> list[Service]:
    """Its services, in order."""
    return [line.service for line in lines_of(appointment)]


def new_code() -> str:
    """Random: two bookings at once need no common counter."""
    return f"A{secrets.token_hex(6)}"
