"""Reads of bad days: who is expected, and what has come of the news."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from crm.booking.models import Appointment, AppointmentEvent, BadDay, Stretch
from crm.booking.services import undo_ends_at
from crm.team.models import Branch
from crm.team.selectors import branch_day
from reminders.messages.models import Message


@dataclass(frozen=True, slots=True)
class Told:
    """One client affected: her visit as it was, and how far the news has come."""

    event: AppointmentEvent
    appointment: Appointment
    # what she was told by, none while nothing has gone
    message: Message | None
    # her next visit, agreed since
    instead: Appointment | None
    held_until: datetime | None
    can_undo: bool

    @property
    def is_undone(self) -> bool:
        return self.event.undone_at is not None


def expected_stretches(*, branch: Branch, now: datetime, until: date) -> Iterable[tuple[int, date]]:
    """One (master, branch day) for each visit that a master still has a part in, up to that day included."""
    parts = (
        Stretch.objects.filter(
            holds=True,
            ends_at__gt=now,
            appointment__branch=branch,
            appointment__on__range=(branch_day(branch, now), until),
            appointment__status__in=(Appointment.Status.BOOKED, Appointment.Status.CONFIRMED),
        )
        .order_by()
        .values_list("master_id", "appointment_id", "appointment__on")
        .distinct()
    )
    return [(master_id, on) for master_id, _appointment, on in parts]


def lately(*, branch: Branch, now: datetime) -> QuerySet[BadDay]:
    """Those that are not over, or were said today or yesterday; the newest first."""
    return (
        BadDay.objects.filter(branch=branch)
        .filter(Q(ends_at__gt=now) | Q(at__gt=now - timedelta(days=2)))
        .select_related("master")
        .order_by("-at", "-pk")
    )


def told_of(bad_day: BadDay, *, now: datetime) -> list[Told]:
    """By the hour of the visit as it was; three queries."""
    events = list(
        bad_day.events.select_related("appointment__client", "appointment__branch", "appointment__master").order_by(
            "starts_before", "pk"
        )
    )
    messages = {row.event_id: row for row in Message.objects.filter(event__in=events)}
    clients = {event.appointment.client_id for event in events}
    agreed = Appointment.objects.filter(
        client__in=clients, booked_at__gte=bad_day.at, status__in=Appointment.OPEN, starts_at__gt=now
    ).select_related("master")
    instead = {row.client_id: row for row in agreed.order_by("-starts_at")}
    return [
        Told(
            event=event,
            appointment=event.appointment,
            message=messages.get(event.pk),
            instead=instead.get(event.appointment.client_id),
            held_until=event.held_until if _is_held(event, now) else None,
            can_undo=_can_undo(event, now),
        )
        for event in events
    ]


def _is_held(event: AppointmentEvent, now: datetime) -> bool:
    return event.undone_at is None and event.held_until is not None and event.held_until > now


def _can_undo(event: AppointmentEvent, now: datetime) -> bool:
    ends_at = undo_ends_at(event)
    return ends_at is not None and now < ends_at
