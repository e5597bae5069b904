"""What she has: her next appointment, what she asked for, waits for and may expect."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from crm.booking.models import Appointment, WaitingEntry
from crm.care.models import Call
from crm.people.models import Client
from crm.team.selectors import branch_day, salon_settings
from loyalty.points.models import PendingGrant
from reminders.messages.destinations import GONE
from reminders.messages.models import Kind, Message

REMINDERS = (Kind.REMINDER_24H, Kind.REMINDER_2H)
AHEAD = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED)


def asks_whether_she_comes(appointment: Appointment, now: datetime) -> bool:
    """From the day before on, or from her first reminder on: who has just booked is not asked whether she comes."""
    if branch_day(appointment.branch, now) >= appointment.on - timedelta(days=1):
        return True
    return Message.objects.filter(appointment=appointment, kind__in=REMINDERS).exists()


def is_short_notice(appointment: Appointment, now: datetime) -> bool:
    """Whether a cancellation now is a late one (the owner's CrmSettings.late_cancel_hours; nought: none is)."""
    hours = salon_settings().late_cancel_hours
    return bool(hours) and appointment.starts_at is not None and now >= appointment.starts_at - timedelta(hours=hours)


def change_calls(appointment: Appointment) -> QuerySet[Call]:
    """What she has asked the desk to change about it."""
    return Call.objects.filter(key__startswith=f"change {appointment.pk} ")


def change_asked(appointment: Appointment) -> bool:
    """Whether somebody at the desk still has to call her about it."""
    return change_calls(appointment).filter(done_at__isnull=True).exists()


def places_on_lists(client: Client) -> QuerySet[WaitingEntry]:
    """What she still waits for, in every branch, the oldest first."""
    return (
        WaitingEntry.objects.filter(client=client, state=WaitingEntry.State.WAITING)
        .select_related("branch", "client", "master")
        .order_by("created_at", "pk")
    )


def booked_ahead(client: Client, now: datetime, *, since: datetime | None = None) -> Appointment | None:
    """Her next appointment that is booked or confirmed; with `since` only one that was booked from then on."""
    ahead = Appointment.objects.select_related("branch", "client", "master").filter(
        client=client, status__in=AHEAD, starts_at__gt=now
    )
    if since is not None:
        ahead = ahead.filter(booked_at__gte=since)
    return ahead.order_by("starts_at", "pk").first()


def taken_away_at(message: Message) -> datetime | None:
    """When the appointment was cancelled that this message is about: what is booked besides does not replace it."""
    return message.event.at if message.kind in GONE and message.event is not None else None


def pending_of(client: Client) -> QuerySet[PendingGrant]:
    """Points that wait for her next visits, the nearest first."""
    return (
        PendingGrant.objects.filter(account__client=client, state=PendingGrant.State.PENDING)
        .select_related("appointment")
        .order_by("appointment__on", "pk")
    )
