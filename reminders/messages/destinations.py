"""Where the link of a message leads."""

from datetime import date, timedelta

from crm.booking.models import Appointment, WaitingOffer
from reminders.campaigns.selectors.campaigns import campaign_key
from reminders.messages.models import Kind, Message
from reminders.messages.selectors import complaint_key, offer_of, order_key
from reminders.messages.tokens import Door, open_url

ABOUT_APPOINTMENT = {
    Kind.REMINDER_24H,
    Kind.REMINDER_2H,
    Kind.CONFIRMATION,
    Kind.CHANGE,
    Kind.CANCELLATION,
    Kind.MASTER_ILL,
    Kind.MASTER_LATE,
}
# the appointment is no more: the link leads to other times
GONE = {Kind.CANCELLATION, Kind.MASTER_ILL}
DOORS = {
    Kind.FEEDBACK: Door.FEEDBACK,
    Kind.LASHES: Door.ANSWER,
    Kind.DUE_SOON: Door.OFFER,
    Kind.WIN_BACK: Door.OFFER,
    Kind.SECOND_WIN_BACK: Door.OFFER,
    Kind.BIRTHDAY: Door.OFFER,
    Kind.CANCELLATION: Door.OFFER,
    Kind.MASTER_ILL: Door.OFFER,
    Kind.OPT_OUT: Door.PREFERENCES,
    Kind.NEWS: Door.OFFER,
    Kind.HOLIDAY: Door.OFFER,
    Kind.EVENT: Door.EVENT,
    Kind.EVENT_PLACE: Door.EVENT,
    Kind.EVENT_REMINDER: Door.EVENT,
    Kind.EVENT_OFF: Door.EVENT,
    Kind.COMPLAINT_RECEIVED: Door.COMPLAINT,
    Kind.COMPLAINT_ANSWER: Door.COMPLAINT,
    Kind.COMPLAINT_RESOLVED: Door.COMPLAINT,
    Kind.ORDER_STAGE: Door.ORDER,
    Kind.ORDER_LATE: Door.ORDER,
}


def leads_to_times(kind: str) -> bool:
    """Whether the button of this kind shows free times."""
    return DOORS.get(Kind(kind)) == Door.OFFER


def link_of(message: Message, *, today: date) -> str:
    """Where this message leads."""
    if message.kind in ABOUT_APPOINTMENT and message.kind not in GONE and message.appointment is not None:
        return appointment_url(message.appointment, today=today)
    offer = offer_of(message)
    if offer is not None:
        return offer_url(offer, today=today)
    door = DOORS.get(Kind(message.kind), Door.HOME)
    if door == Door.EVENT:
        # the page of the invitation, whichever message leads there
        return open_url(door=door, client_id=message.client_id, subject=campaign_key(message.occasion), today=today)
    if door == Door.COMPLAINT:
        return open_url(door=door, client_id=message.client_id, subject=complaint_key(message.occasion), today=today)
    if door == Door.ORDER:
        return open_url(door=door, client_id=message.client_id, subject=order_key(message.occasion), today=today)
    subject = 0 if door in (Door.HOME, Door.PREFERENCES) else message.pk
    return open_url(door=door, client_id=message.client_id, subject=subject, today=today)


def appointment_url(appointment: Appointment, *, today: date) -> str:
    """The link to one appointment; it opens until 30 days after it."""
    return open_url(
        door=Door.APPOINTMENT,
        client_id=appointment.client_id,
        subject=appointment.pk,
        today=today,
        until=max(today, appointment.on) + timedelta(days=30),
    )


def offer_url(offer: WaitingOffer, *, today: date) -> str:
    """The link to an offer; it opens as long as the time is ahead, and then says that it is over."""
    return open_url(door=Door.WAITING, client_id=offer.entry.client_id, subject=offer.pk, today=today)
