"""Taking back a slip at the desk while its message is held (rules.md, Booking)."""

from datetime import datetime, timedelta

from django.db import transaction

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services.appointments import DESK_DOORS, record_event
from crm.booking.services.freeing import free_at_once, keep_time_after_all
from crm.booking.services.moving import lay_as_before
from crm.booking.services.pulse import refresh_pulses
from crm.booking.services.refusals import UndoIsOver
from crm.booking.services.step import lock_client
from crm.people.services.changes import note_change
from crm.team.models import User
from crm.team.selectors import salon_settings

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
        changes |= lay_as_before(appointment=appointment, event=event, now=now)
        keep_time_after_all(event=event)
    match event.kind:
        case Kind.ARRIVED:
            changes["arrived_at"] = None
        case Kind.STARTED:
            changes["started_at"] = None
            if event.status_before != Appointment.Status.ARRIVED:
                changes["arrived_at"] = None
        case Kind.CANCELLED:
            changes |= {"cancelled_at": None, "cancelled_by": "", "cancel_reason": ""}
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
    free_at_once(event=event, now=now)
    note_change([Appointment.objects.values_list("client_id", flat=True).get(pk=event.appointment_id)])
    return True
