"""Booking and moving an appointment (rules.md, Booking)."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from crm.booking.models import Appointment, AppointmentEvent, AppointmentService, BadDay, Visit
from crm.booking.services.holding import hold, lock_master
from crm.booking.services.pulse import refresh_pulses
from crm.booking.services.refusals import CannotDoService, InThePast, WrongMoment
from crm.booking.services.slots import able_masters
from crm.booking.services.step import lock_client
from crm.booking.stretches import plan_as_agreed, plan_of, told_minutes
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
) -> Appointment:
    """Books these services with this master at an instant (UTC); the time is held from then on.

    `by` is who agreed it (Appointment.By), `via` the door (AppointmentEvent.Via). Raises SlotTaken
    (with `.nearest`), OutsideHours unless `outside_hours`, InThePast, CannotDoService. The desk may
    still write down who walked in earlier today.
    """
    lock_client(client.pk)
    lock_master(master.pk)
    refuse_the_past(branch=branch, starts_at=starts_at, via=via, now=now)
    if master.pk not in {able.pk for able in able_masters(branch=branch, services=services)}:
        raise CannotDoService
    plan = plan_of(services)
    prices = [service.price for service in services]
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
    )
    AppointmentService.objects.bulk_create(
        AppointmentService(
            appointment=appointment, service=service, position=position, minutes=minutes, price=service.price
        )
        for position, (service, minutes) in enumerate(zip(services, plan.by_service, strict=True))
    )
    hold(
        appointment=appointment,
        master=master,
        services=services,
        starts_at=starts_at,
        plan=plan,
        outside_hours=outside_hours,
        now=now,
    )
    record_event(appointment, AppointmentEvent.Kind.BOOKED, now=now, via=via, user=user, starts_after=starts_at)
    refresh_pulses(client_ids=[client.pk], now=now)
    return appointment


@transaction.atomic
def move_appointment(
    *,
    appointment: Appointment,
    starts_at: datetime,
    now: datetime,
    by: str,
    via: str,
    user: User | None = None,
    master: Master | None = None,
    reason: str = "",
    outside_hours: bool = False,
    bad_day: BadDay | None = None,
) -> AppointmentEvent:
    """Moves an appointment that is booked or confirmed to another time, another master, or both.

    It waits to be confirmed anew. Gives the event: at the desk it can be undone for the owner's
    minutes, and its message waits as long. `bad_day` says that its master is late. Raises SlotTaken, OutsideHours, InThePast,
    CannotDoService, or WrongMoment if it is no longer open.
    """
    lock_client(appointment.client_id)
    before = Appointment.objects.select_related("branch", "master").get(pk=appointment.pk)
    target = master or before.master
    for master_id in sorted({before.master_id, target.pk}):
        lock_master(master_id)
    refuse_the_past(branch=before.branch, starts_at=starts_at, via=via, now=now)
    services = services_of(before)
    if target.pk != before.master_id and target.pk not in {
        able.pk for able in able_masters(branch=before.branch, services=services)
    }:
        raise CannotDoService
    plan = plan_as_agreed(services, before.minutes)
    moved = Appointment.objects.filter(pk=before.pk, status__in=MOVABLE, starts_at=before.starts_at).update(
        status=Status.BOOKED,
        master=target,
        on=branch_day(before.branch, starts_at),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=plan.minutes),
        sequence=F("sequence") + 1,
    )
    if not moved:
        raise WrongMoment
    hold(
        appointment=before,
        master=target,
        services=services,
        starts_at=starts_at,
        plan=plan,
        outside_hours=outside_hours,
        now=now,
    )
    event = record_event(
        before,
        AppointmentEvent.Kind.MOVED,
        now=now,
        via=via,
        user=user,
        starts_after=starts_at,
        reason=reason,
        held_until=held_until(via=via, now=now, bad_day=bad_day, starts_at=before.starts_at),
        bad_day=bad_day,
    )
    refresh_pulses(client_ids=[before.client_id], now=now)
    appointment.refresh_from_db()
    return event


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
) -> AppointmentEvent:
    """Writes what happened; `appointment` is as it was before, so that it can be undone."""
    is_new = kind == AppointmentEvent.Kind.BOOKED
    return AppointmentEvent.objects.create(
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
    )


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
    is_past = starts_at < now if via == Via.LINK else branch_day(branch, starts_at) < branch_day(branch, now)
    if is_past:
        raise InThePast


def is_here_on(client: Client, on: date) -> bool:
    """Whether that branch day is a visit day of hers, over or still running."""
    return (
        Visit.objects.filter(client=client, on=on).exists()
        or Appointment.objects.filter(client=client, on=on, status__in=IS_HERE).exists()
    )


def services_of(appointment: Appointment) -> list[Service]:
    """Its services, in order."""
    return [
        line.service
        for line in AppointmentService.objects.filter(appointment=appointment)
        .select_related("service")
        .order_by("position")
    ]


def new_code() -> str:
    """Random: two bookings at once need no common counter."""
    return f"A{secrets.token_hex(6)}"
