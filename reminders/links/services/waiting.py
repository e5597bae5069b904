"""What a client answers when a freed time is offered to her by a link."""

from datetime import datetime

from crm.booking.models import Appointment, WaitingOffer
from crm.booking.services.waiting import accept_offer, decline_offer
from reminders.journeys.services.doorbell import ring


def answer_offer(*, offer: WaitingOffer, takes: bool, now: datetime) -> Appointment | None:
    """Yes or no to a freed time; the appointment where she takes it, also when she says so twice.

    Raises SlotTaken with other free times, InThePast, WaitsNoMore.
    """
    appointment = None
    if takes:
        appointment = accept_offer(offer=offer, now=now, by=Appointment.By.CLIENT)
    else:
        decline_offer(offer=offer, now=now)
    # it is confirmed to her, or the next is asked
    ring()
    return appointment
