"""Taking back a slip at the desk while its message is held (rules.md, Booking)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services.appointments import DESK_DOORS, record_event, services_of
from crm.booking.services.holding import hold, lock_master
from crm.booking.services.pulse import refresh_pulses
from crm.booking.services.refusals import UndoIsOver
from crm.booking.services.step import lock_client
from crm.booking.stretches import plan_as_agreed
from crm.people.services.changes import note_change
from crm.team.models import Master, User
from crm.team.selectors import branch_day, salon_settings

Kind = AppointmentEvent.Kind
UNDOABLE = (Kind.ARRIVED, Kind.STARTED, Kind.CANCELLED, Kind.NO_SHOW, Kind.MOVED)
GIVE_TIME_BACK = (Kind.CANCELLED, Kind.NO_SHOW, Kind.MOVED)


def undo_ends_at(event: AppointmentEvent) -> datetime | None:
    """Until when this event can be taken back; none if it cannot, or its message has been let go."""
    if event.kind not in UNDOABLE or event.via not in DESK_DOORS or event.undone_at is not None:
        return None
    if event.kind in GIVE_TIME_BACK:
        return event.held_until
    return event.at + timedelta(minutes=salon_settings().undo_minutes)


@transaction.atomic
def undo_event(*, event: AppointmentEvent, now: datetime, user: User | None = None) -> Appointment:
    """Puts the appointment back as it was before its last event.

    Raises UndoIsOver when the minutes are over, the message has gone, or something else has happened
    since; SlotTaken (with `.nearest`) when its time has been given to somebody else meanwhile.
    """
    client_id = Appointment.objects.values_list("client_id", flat=True).get(pk=event.appointment_id)
    lock_client(client_id)
    event = AppointmentEvent.objects.select_related("master_before").get(pk=event.pk)
    appointment = Appointment.objects.select_related("branch", "master", "client").get(pk=event.appointment_id)
    ends_at = undo_ends_at(event)
    last = appointment.events.order_by("-at", "-pk").exclude(undone_at__isnull=False).exclude(kind=Kind.UNDONE).first()
    if ends_at is None or now >= ends_at or last is None or last.pk != event.pk:
        raise UndoIsOver
    if not AppointmentEvent.objects.filter(pk=event.pk, undone_at__isnull=True).update(undone_at=now):
        raise UndoIsOver
    record_event(appointment, Kind.UNDONE, now=now, via=event.via, user=user, starts_after=event.starts_before)
    changes: dict[str, object] = {"status": event.status_before}
    if event.kind in GIVE_TIME_BACK:
        _take_time_again(appointment, event, now)
        changes["sequence"] = F("sequence") + 1
    match event.kind:
        case Kind.ARRIVED:
            changes["arrived_at"] = None
        case Kind.STARTED:
            changes["started_at"] = None
            if event.status_before != Appointment.Status.ARRIVED:
                changes["arrived_at"] = None
        case Kind.CANCELLED:
            changes |= {"cancelled_at": None, "cancelled_by": "", "cancel_reason": ""}
        case Kind.MOVED if event.starts_before is not None:
            changes |= _where_it_was(appointment, event.starts_before, event.master_before or appointment.master)
    Appointment.objects.filter(pk=appointment.pk).update(**changes)
    refresh_pulses(client_ids=[client_id], now=now)
    appointment.refresh_from_db()
    return appointment


@transaction.atomic
def send_now(*, event: AppointmentEvent, now: datetime) -> bool:
    """Lets the held message go; it can no longer be undone. False if it was not held any more."""
    held = AppointmentEvent.objects.filter(pk=event.pk, undone_at__isnull=True, held_until__gt=now)
    if not held.update(held_until=now):
        return False
    note_change([Appointment.objects.values_list("client_id", flat=True).get(pk=event.appointment_id)])
    return True


def _take_time_again(appointment: Appointment, event: AppointmentEvent, now: datetime) -> None:
    if event.starts_before is None or event.status_before not in Appointment.OPEN:
        return
    master = event.master_before or appointment.master
    for master_id in sorted({master.pk, appointment.master_id}):
        lock_master(master_id)
    services = services_of(appointment)
    hold(
        appointment=appointment,
        master=master,
        services=services,
        starts_at=event.starts_before,
        plan=plan_as_agreed(services, appointment.minutes),
        # it was agreed before, whatever the hours
        outside_hours=True,
        now=now,
    )


def _where_it_was(appointment: Appointment, starts_at: datetime, master: Master) -> dict[str, object]:
    return {
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=appointment.minutes),
        "on": branch_day(appointment.branch, starts_at),
        "master": master,
    }
