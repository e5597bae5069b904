"""Rooms for visits that are older than their room: booked before it stood there, or before the service needed one."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from crm.booking.models import Appointment, AppointmentService, RoomHold
from crm.booking.services.holding import NO_SHARED_ROOM, free_rooms, wish_of
from crm.booking.services.step import lock_client
from crm.catalogue.models import ServiceRoom


def give_rooms(*, now: datetime) -> list[Appointment]:
    """Every open visit ahead sits in a room of each of its services that has any; who does not yet takes a free one.

    In the order of their hours, each in a transaction of its own, so that nobody at the desk waits for all of them:
    call it once what was changed is written. Gives those for whom no room is free: they stand as they are, and
    somebody has to talk to them. Called again it changes nothing.
    """
    waiting = _without_room().filter(ends_at__gt=now).select_related("branch", "client").order_by("starts_at", "pk")
    return [appointment for appointment in list(waiting) if not _give_room(appointment, now)]


def _without_room() -> QuerySet[Appointment]:
    """Open visits with a service that has a room in use, and that hold none of its rooms."""
    in_use = ServiceRoom.objects.filter(service=OuterRef("service"), room__is_active=True)
    held = RoomHold.objects.filter(
        appointment=OuterRef("appointment"), holds=True, room__services__service=OuterRef("service")
    )
    lines = AppointmentService.objects.filter(Exists(in_use), ~Exists(held), appointment=OuterRef("pk"))
    return Appointment.objects.filter(Exists(lines), status__in=Appointment.OPEN, starts_at__isnull=False)


@transaction.atomic
def _give_room(appointment: Appointment, now: datetime) -> bool:
    """Behind her lock, as she may just be moved or cancelled; False if none is free."""
    lock_client(appointment.client_id)
    current = _without_room().filter(pk=appointment.pk).select_related("master", "branch").first()
    if current is None:
        return True
    rooms = free_rooms(appointment=current, wish=wish_of(current), now=now)
    if rooms is None:
        return False
    try:
        with transaction.atomic():
            RoomHold.objects.filter(appointment=current).delete()
            RoomHold.objects.bulk_create(rooms)
    except IntegrityError as error:
        if NO_SHARED_ROOM in str(error):
            return False
        raise
    return True
