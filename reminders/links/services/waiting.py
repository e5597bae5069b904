"""The waiting list by a client herself: on it, off it, and what she answers when a freed time is offered to her."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from crm.booking.models import Appointment, WaitingEntry, WaitingOffer
from crm.booking.services.waiting import (
    WaitsAlready,
    accept_offer,
    decline_offer,
    take_another,
    wait_again,
    wait_for,
    waiting_entries,
    withdraw_waiting,
)
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch, Master
from reminders.journeys.services.doorbell import ring
from reminders.links.selectors.bookable import may_book
from reminders.links.services.proving import proof_of
from reminders.links.services.recognising import Applicant, ask_who_it_is, keep_agreement, recognise
from reminders.links.services.visits import PleaseCall, refuse_following

# more than one needs; what is above is somebody who has every free time offered to her
MOST_WAITED = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What she waits for: days of the branch, both included, hours half-open; no master, hour, weekday: any."""

    branch: Branch
    services: Sequence[Service]
    from_day: date
    to_day: date
    master: Master | None = None
    from_time: time | None = None
    to_time: time | None = None
    weekdays: Sequence[int] = ()


@transaction.atomic
def wait_proved(*, applicant: Applicant, wish: Wish, now: datetime) -> WaitingEntry:
    """Puts whoever has shown this number or address to be hers on the waiting list.

    She is recognised as in booking; refused, nobody is written down. Raises CodeOver, and what `wait_by_herself` raises.
    """
    proof_of(key=applicant.key, channel=applicant.channel, address=applicant.address, now=now)
    found = recognise(applicant=applicant, branch=wish.branch, now=now)
    entry = wait_by_herself(client=found.client, wish=wish, now=now)
    keep_agreement(client=found.client, applicant=applicant, now=now)
    ask_who_it_is(found=found, applicant=applicant, branch=wish.branch, key=f"who waits {entry.pk}", now=now)
    return entry


@transaction.atomic
def wait_by_herself(*, client: Client, wish: Wish, now: datetime) -> WaitingEntry:
    """Onto the list, at the desk shown as come by herself; what she waits for already is what she keeps.

    What may not follow by the last of her days is not waited for. Raises PleaseCall, MayNotFollow, DaysAreOver.
    """
    Client.objects.select_for_update().get(pk=client.pk)
    if not may_book(client):
        raise PleaseCall
    refuse_following(client=client, services=wish.services, on=wish.to_day)
    before = waiting_entries(client, wish.branch).count()
    try:
        entry = wait_for(
            client=client,
            branch=wish.branch,
            services=wish.services,
            from_day=wish.from_day,
            to_day=wish.to_day,
            master=wish.master,
            from_time=wish.from_time,
            to_time=wish.to_time,
            weekdays=wish.weekdays,
            now=now,
        )
    except WaitsAlready as known:
        return known.entry
    if before >= MOST_WAITED:
        raise PleaseCall
    return entry


def wait_no_more(*, entry: WaitingEntry, now: datetime) -> bool:
    """Off the list; what was just offered to her is offered to the next. False if she was off it."""
    left = withdraw_waiting(entry=entry, now=now)
    if left:
        ring()
    return left


def wait_after_all(*, entry: WaitingEntry, now: datetime) -> bool:
    """Back in her old place. False where there is nothing to take back, or she is to call."""
    return may_book(entry.client) and wait_again(entry=entry, now=now)


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


def take_another_time(*, offer: WaitingOffer, starts_at: datetime, master: Master, now: datetime) -> Appointment:
    """Somebody was quicker: one of the other free times, booked as what she waited for.

    Raises SlotTaken with other free times, InThePast, WaitsNoMore.
    """
    appointment = take_another(entry=offer.entry, starts_at=starts_at, master=master, now=now, by=Appointment.By.CLIENT)
    ring()
    return appointment
