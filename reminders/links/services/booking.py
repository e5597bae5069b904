"""Booking by herself: by the public page, or behind her own link (practices.md, P47)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import InThePast, Slot, SlotTaken, book_appointment, free_slots, nearest_slots
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch, Master
from crm.team.selectors import branch_day
from reminders.journeys.services.doorbell import ring
from reminders.links.selectors.bookable import earliest_start, may_book
from reminders.links.selectors.hers import AHEAD
from reminders.links.selectors.times import slot_at
from reminders.links.services.proving import proof_of
from reminders.links.services.recognising import Applicant, ask_who_it_is, keep_agreement, recognise
from reminders.links.services.visits import PleaseCall, Taken, refuse_following

# more than a family needs; what is above is somebody who fills the calendar
MOST_AHEAD = 6
NEARBY = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be booked, as it was chosen."""

    branch: Branch
    services: Sequence[Service]
    master: Master
    starts_at: datetime
    # she asked for no master, so whoever is free at that hour will do
    is_with_anyone: bool = False


@transaction.atomic
def book_proved(*, applicant: Applicant, wanted: Wanted, now: datetime) -> Taken:
    """Books for whoever has shown this number or address to be hers, once for one proof.

    Who is known by it is booked as herself; of several the one of that name, else she is written down as new and
    the desk is asked to look. Refused, it writes down nobody. Raises CodeOver, and what `book_by_herself` raises.
    """
    proof = proof_of(key=applicant.key, channel=applicant.channel, address=applicant.address, now=now)
    if proof.appointment is not None:
        return Taken(proof.appointment, is_new=False)
    found = recognise(applicant=applicant, branch=wanted.branch, now=now)
    taken = book_by_herself(client=found.client, wanted=wanted, now=now, via=AppointmentEvent.Via.BOOK)
    proof.appointment = taken.appointment
    proof.save(update_fields=["appointment"])
    keep_agreement(client=found.client, applicant=applicant, now=now)
    ask_who_it_is(
        found=found,
        applicant=applicant,
        branch=wanted.branch,
        key=f"who {taken.appointment.pk}",
        due_at=taken.appointment.starts_at,
        now=now,
    )
    return taken


@transaction.atomic
def book_by_herself(*, client: Client, wanted: Wanted, now: datetime, via: str) -> Taken:
    """One free slot for a client who is known; what she has at that time already is what she keeps.

    Raises SlotTaken with other slots, InThePast, MayNotFollow, PleaseCall, CannotDoService.
    """
    # two presses wait for each other here, and the second finds what the first has booked
    Client.objects.select_for_update().get(pk=client.pk)
    if not may_book(client):
        raise PleaseCall
    ahead = list(Appointment.objects.filter(client=client, status__in=AHEAD, starts_at__gt=now).order_by("starts_at"))
    for known in ahead:
        if known.starts_at == wanted.starts_at:
            return Taken(known, is_new=False)
    if len(ahead) >= MOST_AHEAD:
        raise PleaseCall
    refuse_following(client=client, services=wanted.services, on=branch_day(wanted.branch, wanted.starts_at))
    slot = free_slot(wanted=wanted, now=now, client=client)
    appointment = book_appointment(
        client=client,
        master=slot.master,
        services=wanted.services,
        starts_at=slot.starts_at,
        branch=wanted.branch,
        now=now,
        by=Appointment.By.CLIENT,
        via=via,
        masters=slot.masters,
    )
    ring()
    return Taken(appointment, is_new=True)


def free_slot(*, wanted: Wanted, now: datetime, client: Client | None = None) -> Slot:
    """The slot that was chosen, if it is free. Raises SlotTaken with other slots, or InThePast."""
    if wanted.starts_at <= now:
        raise InThePast
    slot = slot_at(
        branch=wanted.branch,
        services=wanted.services,
        master=wanted.master,
        starts_at=wanted.starts_at,
        now=now,
        client=client,
    )
    if slot is not None:
        return slot
    nearby = nearest_slots(
        branch=wanted.branch,
        services=wanted.services,
        master=wanted.master,
        around=wanted.starts_at,
        now=earliest_start(now),
        client=client,
    )
    if wanted.is_with_anyone:
        # the hour matters to her more than who it is
        of_anyone = free_slots(
            branch=wanted.branch,
            services=wanted.services,
            from_day=branch_day(wanted.branch, wanted.starts_at),
            days=1,
            now=earliest_start(now),
            client=client,
        )
        same_hour = [slot for slot in of_anyone if slot.starts_at == wanted.starts_at]
        nearby = list(dict.fromkeys([*same_hour, *nearby]))[:NEARBY]
    raise SlotTaken(nearby)
