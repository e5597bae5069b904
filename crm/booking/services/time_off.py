"""A master's time off and breaks, said from the calendar (practices.md, P46 and P55)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment, Stretch
from crm.booking.services.holding import lock_masters
from crm.booking.services.refusals import BookingRefused
from crm.team.models import Master, TimeOff


class VisitsThen(BookingRefused):
    """She is booked then; `appointments` are the visits that stand in the way, by hour."""

    words = _("There are visits then. Move them first, or keep them and take the rest of the time off.")

    def __init__(self, appointments: Sequence[Appointment]) -> None:
        super().__init__()
        self.appointments = list(appointments)


class EndsTooEarly(BookingRefused):
    words = _("The end comes after the start.")


@transaction.atomic
def take_time_off(
    *, master: Master, starts_at: datetime, ends_at: datetime, reason: str = "", despite_visits: bool = False
) -> TimeOff:
    """From then on nobody is booked with her between these instants (UTC, half-open).

    Raises EndsTooEarly, or VisitsThen unless `despite_visits`: those stay booked, whatever is decided.
    """
    if ends_at <= starts_at:
        raise EndsTooEarly
    lock_masters([master.pk])
    booked = visits_between(master=master, starts_at=starts_at, ends_at=ends_at)
    if booked and not despite_visits:
        raise VisitsThen(booked)
    return TimeOff.objects.create(master=master, starts_at=starts_at, ends_at=ends_at, reason=reason)


@transaction.atomic
def end_time_off(*, time_off: TimeOff) -> None:
    """She works then after all."""
    lock_masters([time_off.master_id])
    TimeOff.objects.filter(pk=time_off.pk).delete()


def visits_between(*, master: Master, starts_at: datetime, ends_at: datetime) -> list[Appointment]:
    """Open visits that hold any of this time of hers, by hour."""
    held = Stretch.objects.filter(master=master, holds=True, starts_at__lt=ends_at, ends_at__gt=starts_at)
    found = Appointment.objects.filter(pk__in=held.values("appointment"))
    return list(found.select_related("client").order_by("starts_at"))
