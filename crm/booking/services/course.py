"""The course of an appointment: confirmed, arrived, started, done, cancelled, missed; each step once."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from crm.booking.models import Appointment, AppointmentEvent, BadDay, RoomHold, Stretch, Visit
from crm.booking.services.appointments import held_until, record_event
from crm.booking.services.beside import standing_of
from crm.booking.services.freeing import free_time
from crm.booking.services.holding import let_go, lines_of
from crm.booking.services.pulse import refresh_pulses
from crm.booking.services.refusals import NotToday, TooEarly, WrongMoment
from crm.booking.services.step import lock_client, note_came
from crm.booking.services.visits import VisitFact, record_visit
from crm.team.models import User
from crm.team.selectors import branch_day

Status = Appointment.Status
Kind = AppointmentEvent.Kind


@transaction.atomic
def confirm_appointment(
    *, appointment: Appointment, now: datetime, via: str, user: User | None = None
) -> AppointmentEvent | None:
    """She comes for sure. Confirmed again changes nothing and gives None; raises WrongMoment if it is over."""
    current = _locked(appointment)
    if current.status == Status.CONFIRMED:
        return None
    return _step(current, Kind.CONFIRMED, [Status.BOOKED], appointment, now, via, user, status=Status.CONFIRMED)


@transaction.atomic
def arrive(*, appointment: Appointment, now: datetime, user: User | None = None) -> AppointmentEvent:
    """The client is here and waits (practices.md, P3). Raises NotToday, or WrongMoment if she no longer waits for it."""
    current = _locked(appointment)
    if current.on != branch_day(current.branch, now):
        raise NotToday
    return _step(
        current,
        Kind.ARRIVED,
        [Status.BOOKED, Status.CONFIRMED],
        appointment,
        now,
        AppointmentEvent.Via.DESK,
        user,
        status=Status.ARRIVED,
        arrived_at=now,
    )


@transaction.atomic
def start_visit(*, appointment: Appointment, now: datetime, user: User | None = None) -> AppointmentEvent:
    """The master begins; who was not checked in arrived now. Raises NotToday or WrongMoment."""
    current = _locked(appointment)
    if current.on != branch_day(current.branch, now):
        raise NotToday
    return _step(
        current,
        Kind.STARTED,
        [Status.BOOKED, Status.CONFIRMED, Status.ARRIVED],
        appointment,
        now,
        AppointmentEvent.Via.DESK,
        user,
        status=Status.IN_PROGRESS,
        arrived_at=current.arrived_at or now,
        started_at=now,
    )


@transaction.atomic
def finish_visit(
    *,
    appointment: Appointment,
    now: datetime,
    via: str,
    user: User | None = None,
    is_paid: bool = False,
    sale_follows: bool = False,
    current: Any = None,
) -> AppointmentEvent | None:
    """The work is done: the day is a visit day, and what she booked today for later was rebooked on the spot.

    With `sale_follows` the sale completed in the same transaction says what was done on this visit. `current` is the
    row of `to_be_finished`, where the caller has read it behind the client's lock.
    Done again changes nothing and gives None. Raises NotToday before its day, WrongMoment if it was
    cancelled or missed.
    """
    lock_client(appointment.client_id)
    if current is None:
        current = to_be_finished(appointment).get()
    if current.status == Status.DONE:
        return None
    if current.on > branch_day(current.branch, now):
        raise NotToday
    note_came(current.client_id, current.on, current.has_come)
    event = _step(
        current, Kind.DONE, list(Appointment.OPEN), appointment, now, via, user, status=Status.DONE, finished_at=now
    )
    let_go(current, rooms=current.has_room)
    if not sale_follows:
        record_visit(
            client=current.client,
            branch=current.branch,
            on=current.on,
            source=f"appointment {current.pk}",
            items=[VisitFact(service=line.service, master=line.master or current.master) for line in lines_of(current)],
            is_paid=is_paid,
            now=now,
        )
    if current.has_agreed:
        _agreed_on(current.client_id, current.on).update(rebooked_on_spot=True)
    return event


def to_be_finished(appointment: Appointment) -> QuerySet[Any]:
    """The appointment as it is now, with what has to be looked after asked along: most visits have none of it."""
    return _rows(appointment).annotate(
        has_room=Exists(RoomHold.objects.filter(appointment=OuterRef("pk"))),
        has_come=Exists(Visit.objects.filter(client=OuterRef("client"), on=OuterRef("on"))),
        has_agreed=Exists(_agreed_on(OuterRef("client"), OuterRef("on"))),
        has_others=Exists(standing_of(OuterRef("client")).exclude(pk=OuterRef("pk"))),
    )


def _agreed_on(client: int | OuterRef, on: date | OuterRef) -> QuerySet[Appointment]:
    """What she agreed on the day of her visit for a later day is rebooked on the spot as well."""
    return Appointment.objects.filter(
        client=client,
        booked_on=on,
        on__gt=on,
        status__in=Appointment.OPEN,
        rebooked_on_spot=False,
        is_imported=False,
    )


@transaction.atomic
def cancel_appointment(
    *,
    appointment: Appointment,
    now: datetime,
    by: str,
    via: str,
    user: User | None = None,
    reason: str = "",
    bad_day: BadDay | None = None,
) -> AppointmentEvent:
    """The appointment will not be; its time is free at once.

    At the desk it can be undone for the owner's minutes and its message waits as long; a client's
    own cancellation holds nothing. `bad_day` says that its master is ill. Raises WrongMoment if it has
    begun or is over.
    """
    current = _locked(appointment)
    held_before = list(Stretch.objects.filter(appointment=current, holds=True))
    event = _step(
        current,
        Kind.CANCELLED,
        [Status.BOOKED, Status.CONFIRMED, Status.ARRIVED],
        appointment,
        now,
        via,
        user,
        reason=reason,
        held_until=held_until(via=via, now=now, bad_day=bad_day, starts_at=current.starts_at),
        bad_day=bad_day,
        status=Status.CANCELLED,
        cancelled_at=now,
        cancelled_by=by,
        cancel_reason=reason,
        sequence=F("sequence") + 1,
    )
    _close(current, event, held_before, now)
    return event


@transaction.atomic
def mark_no_show(
    *, appointment: Appointment, now: datetime, via: str = AppointmentEvent.Via.DESK, user: User | None = None
) -> AppointmentEvent:
    """She did not come. Raises TooEarly before its hour, WrongMoment if she came or it was cancelled."""
    current = _locked(appointment)
    if current.starts_at is not None and now < current.starts_at:
        raise TooEarly
    held_before = list(Stretch.objects.filter(appointment=current, holds=True))
    event = _step(
        current,
        Kind.NO_SHOW,
        [Status.BOOKED, Status.CONFIRMED],
        appointment,
        now,
        via,
        user,
        held_until=held_until(via=via, now=now),
        status=Status.NO_SHOW,
    )
    _close(current, event, held_before, now)
    return event


def _close(current: Appointment, event: AppointmentEvent, held_before: list[Stretch], now: datetime) -> None:
    let_go(current)
    free_time(branch=current.branch, event=event, before=held_before, now=now)
    refresh_pulses(client_ids=[current.client_id], now=now)


def _locked(appointment: Appointment) -> Appointment:
    """The appointment as it is now, behind its client's lock."""
    lock_client(appointment.client_id)
    return _rows(appointment).get()


def _rows(appointment: Appointment) -> QuerySet[Appointment]:
    return Appointment.objects.select_related("branch", "master", "client__branch").filter(pk=appointment.pk)


def _step(
    current: Appointment,
    kind: str,
    allowed: Iterable[str],
    shown: Appointment,
    now: datetime,
    via: str,
    user: User | None,
    *,
    reason: str = "",
    held_until: datetime | None = None,
    bad_day: BadDay | None = None,
    **changes: object,
) -> AppointmentEvent:
    """One conditional update and its event; `shown` is the caller's copy, brought up to date."""
    if not Appointment.objects.filter(pk=current.pk, status__in=allowed).update(**changes):
        raise WrongMoment
    event = record_event(
        current, kind, now=now, via=via, user=user, reason=reason, held_until=held_until, bad_day=bad_day
    )
    _bring_up_to_date(shown, current, changes)
    return event


def _bring_up_to_date(shown: Appointment, current: Appointment, changes: Mapping[str, object]) -> None:
    """The caller's copy says what the row says now; asked of the database only where it reckoned itself."""
    if any(hasattr(value, "resolve_expression") for value in changes.values()):
        shown.refresh_from_db()
        return
    for column in Appointment._meta.concrete_fields:
        setattr(shown, column.attname, getattr(current, column.attname))
    for name, value in changes.items():
        setattr(shown, name, value)
