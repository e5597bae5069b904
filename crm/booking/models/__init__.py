"""Appointments with their events and stretches, visits, the pulse of each client, and who waits."""

from crm.booking.models.agreements import Accommodation
from crm.booking.models.appointments import (
    Alternative,
    Appointment,
    AppointmentEvent,
    AppointmentService,
    BadDay,
    RoomHold,
    Series,
    Stretch,
)
from crm.booking.models.exclusion import PostgresExclusionConstraint, TsTzRange
from crm.booking.models.feeds import CalendarFeed
from crm.booking.models.visits import Pulse, Visit, VisitItem
from crm.booking.models.waiting import FreedTime, KeptRoom, WaitingEntry, WaitingOffer, WaitingService

__all__ = [
    "Accommodation",
    "Alternative",
    "Appointment",
    "AppointmentEvent",
    "AppointmentService",
    "BadDay",
    "CalendarFeed",
    "FreedTime",
    "KeptRoom",
    "PostgresExclusionConstraint",
    "Pulse",
    "RoomHold",
    "Series",
    "Stretch",
    "TsTzRange",
    "Visit",
    "VisitItem",
    "WaitingEntry",
    "WaitingOffer",
    "WaitingService",
]
