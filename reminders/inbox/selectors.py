"""Reads of the inbox: what a letter answers, and which appointment it is about."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crm.booking.models import Appointment
from crm.care.models import Complaint
from crm.people.models import Client
from reminders.inbox.models import Meaning
from reminders.messages.models import Kind, Message

# what is older is hardly what she answers
ANSWERED_WITHIN = timedelta(days=30)
# how long after a message about an appointment a STOP word may mean that (rules.md, Opt-out)
MEANT_WITHIN = timedelta(hours=72)
AHEAD = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED)
ABOUT_APPOINTMENT = (
    Kind.REMINDER_24H,
    Kind.REMINDER_2H,
    Kind.CONFIRMATION,
    Kind.CHANGE,
    Kind.CANCELLATION,
    Kind.MASTER_ILL,
    Kind.MASTER_LATE,
)


def message_answered(clients: Sequence[Client], channel: str, in_reply_to: str, at: datetime) -> Message | None:
    """The message that a letter answers: the one that the mail names, else the last one sent to any of them by this
    channel within 30 days. That settles who of several with one telephone wrote: the one last written to.
    """
    sent = Message.objects.filter(
        client__in=clients, channel=channel, sent_at__lte=at, sent_at__gt=at - ANSWERED_WITHIN
    ).select_related("client__branch", "branch", "appointment")
    if in_reply_to and (named := sent.filter(provider_id=in_reply_to).first()):
        return named
    return sent.order_by("-sent_at", "-pk").first()


def appointment_meant(
    client: Client | None, answered: Message | None, meaning: str, now: datetime
) -> Appointment | None:
    """The appointment that she would cancel or move: that of the message she answers, else her next one.

    A STOP word means one only within 72 h after a message about it.
    """
    if client is None:
        return None
    ahead = Appointment.objects.filter(client=client, status__in=AHEAD, starts_at__gt=now)
    if meaning == Meaning.STOP:
        told = Message.objects.filter(
            client=client, kind__in=ABOUT_APPOINTMENT, sent_at__gt=now - MEANT_WITHIN, appointment__in=ahead
        )
        last = told.order_by("-sent_at", "-pk").select_related("appointment").first()
        return last.appointment if last is not None else None
    if answered is not None and answered.appointment_id is not None:
        about = ahead.filter(pk=answered.appointment_id).first()
        if about is not None:
            return about
    return ahead.order_by("starts_at", "pk").first()


def open_complaint_of(client: Client) -> Complaint | None:
    """Her complaint that is not solved yet, the newest."""
    return Complaint.objects.filter(client=client, resolved_at__isnull=True).order_by("-opened_at", "-pk").first()
