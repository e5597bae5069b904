"""What a key of a link opens, as far as it is this client's."""

from django.db.models import Q

from crm.booking.models import Appointment, Visit, WaitingEntry, WaitingOffer
from crm.care.models import Complaint, ResultCard
from crm.orders.models import Order
from reminders.campaigns.models import Campaign, Event
from reminders.messages.models import Message
from reminders.messages.tokens import Key, LinkBroken


def appointment_of(key: Key) -> Appointment:
    """The appointment of a key. Raises LinkBroken where it is not this client's."""
    found = (
        Appointment.objects.select_related("branch", "client", "master")
        .filter(pk=key.subject, client_id=key.client_id)
        .first()
    )
    if found is None or found.starts_at is None:
        raise LinkBroken
    return found


def message_of(key: Key) -> Message:
    """The message of a key. Raises LinkBroken where it is not this client's."""
    found = (
        Message.objects.select_related("branch", "client", "appointment")
        .filter(pk=key.subject, client_id=key.client_id)
        .first()
    )
    if found is None:
        raise LinkBroken
    return found


def offered_time(key: Key) -> WaitingOffer:
    """The offer to the waiting list of a key. Raises LinkBroken where it is not this client's."""
    found = (
        WaitingOffer.objects.select_related(
            "master", "entry__client", "entry__branch", "entry__appointment", "entry__instead_of__branch"
        )
        .filter(pk=key.subject, entry__client=key.client_id)
        .first()
    )
    if found is None:
        raise LinkBroken
    return found


def event_invited_to(key: Key) -> Event:
    """The event of a key; its campaign's key stands there. Raises LinkBroken where nobody was invited to it."""
    found = (
        Event.objects.select_related("campaign__branch")
        .filter(campaign=key.subject)
        .exclude(campaign__state=Campaign.State.DRAFT)
        .first()
    )
    if found is None:
        raise LinkBroken
    return found


def place_on_list(key: Key) -> WaitingEntry:
    """The place on the waiting list of a key. Raises LinkBroken where it is not this client's."""
    found = (
        WaitingEntry.objects.select_related("branch", "client", "master", "appointment")
        .filter(pk=key.subject, client_id=key.client_id)
        .first()
    )
    if found is None:
        raise LinkBroken
    return found


def result_card_of(key: Key) -> ResultCard:
    """The result card of a key. Raises LinkBroken where it is not this client's."""
    found = (
        ResultCard.objects.select_related("branch", "client__branch")
        .filter(pk=key.subject, client_id=key.client_id)
        .first()
    )
    if found is None:
        raise LinkBroken
    return found


def complaint_of(key: Key) -> Complaint:
    """The complaint of a key. Raises LinkBroken where it is not this client's.

    A link that was given before the desk said who she is stays good.
    """
    hers = Q(client_id=key.client_id) | Q(report__known_as=key.client_id)
    found = Complaint.objects.select_related("branch", "client", "report").filter(hers, pk=key.subject).first()
    if found is None:
        raise LinkBroken
    return found


def order_of(key: Key) -> Order:
    """The order of a key. Raises LinkBroken where it is not this client's."""
    orders = Order.objects.select_related("branch", "product")
    found = orders.filter(pk=key.subject, client_id=key.client_id).first()
    if found is None:
        raise LinkBroken
    return found


def visit_of(key: Key) -> Visit:
    """The visit of a key. Raises LinkBroken where it is not this client's."""
    found = Visit.objects.select_related("branch").filter(pk=key.subject, client_id=key.client_id).first()
    if found is None:
        raise LinkBroken
    return found
