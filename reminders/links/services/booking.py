"""Booking by herself: by the public page, or behind her own link (practices.md, P47)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import InThePast, Slot, SlotTaken, book_appointment, free_slots, nearest_slots
from crm.care.services import ask_for_call
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.people.selectors import the_one_called, whose_contact
from crm.people.services import create_client
from crm.team.models import Branch, Master
from crm.team.selectors import branch_day
from reminders.consent.models import Channel, ConsentEvent, Purpose
from reminders.consent.services import grant
from reminders.journeys.services.doorbell import ring
from reminders.links.selectors import AHEAD, earliest_start, may_book, slot_at
from reminders.links.services.proving import proof_of
from reminders.links.services.visits import PleaseCall, Taken, refuse_following

# more than a family needs; what is above is somebody who fills the calendar
MOST_AHEAD = 6
SOURCE = "booking page"
NEARBY = 3
ASK_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be booked, as it was chosen."""

    branch: Branch
    services: Sequence[Service]
    master: Master
    starts_at: datetime
    # she asked for no master, so whoever is free at that hour will do
    is_with_anyone: bool = False


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who books by the public page: what she typed, and the key of her code."""

    name: str
    channel: str
    address: str
    key: str
    language: str
    # the words beside the box that she ticked; empty where she left it
    agreed_to: str = ""


@transaction.atomic
def book_proved(*, applicant: Applicant, wanted: Wanted, now: datetime) -> Taken:
    """Books for whoever has shown this number or address to be hers, once for one proof.

    Who is known by it is booked as herself; of several the one of that name, else she is written down as new and
    the desk is asked to look. Refused, it writes down nobody. Raises CodeOver, and what `book_by_herself` raises.
    """
    proof = proof_of(key=applicant.key, channel=applicant.channel, address=applicant.address, now=now)
    if proof.appointment is not None:
        return Taken(proof.appointment, is_new=False)
    reached = whose_contact(**_contact(applicant))
    client = reached[0] if len(reached) == 1 else the_one_called(reached, applicant.name)
    is_new = client is None
    if client is None:
        client = create_client(
            branch=wanted.branch,
            name=applicant.name,
            now=now,
            language=applicant.language,
            source=SOURCE,
            **_contact(applicant),
        )
    taken = book_by_herself(client=client, wanted=wanted, now=now, via=AppointmentEvent.Via.BOOK)
    proof.appointment = taken.appointment
    proof.save(update_fields=["appointment"])
    if applicant.agreed_to:
        grant(
            client=client,
            purpose=Purpose.MARKETING,
            channel=applicant.channel,
            where=ConsentEvent.Where.BOOK,
            now=now,
            text_shown=applicant.agreed_to,
        )
    if bool(reached) if is_new else the_one_called([client], applicant.name) is None:
        _ask_who_it_is(client, reached, applicant, taken.appointment, now)
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
    refuse_following(client=client, services=wanted.services, branch=wanted.branch, starts_at=wanted.starts_at)
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


def _contact(applicant: Applicant) -> dict[str, str]:
    return {"phone" if applicant.channel == Channel.SMS else "email": applicant.address}


def _ask_who_it_is(
    client: Client, reached: Sequence[Client], applicant: Applicant, appointment: Appointment, now: datetime
) -> None:
    """Mother and daughter, or the same client under another name: a person finds out."""
    # the desk reads it, so it is in the salon's language
    with override(settings.LANGUAGE_CODE):
        others = ", ".join(each.shown_name for each in reached if each != client)
        if others:
            words = _(
                "%(typed)s booked by herself with a number or address that %(others)s has too. "
                "Ask whether she is somebody else, and write the right card on the visit."
            ) % {"typed": applicant.name, "others": others}
        else:
            words = _(
                "Booked by herself as “%(typed)s”, on the card of %(name)s. Ask whose visit it is; "
                "it may be somebody of her family."
            ) % {"typed": applicant.name, "name": client.shown_name}
        ask_for_call(
            client=client,
            branch=appointment.branch,
            kind="who_is_it",
            key=f"who {appointment.pk}",
            due_at=min(now + ASK_WITHIN, appointment.starts_at or now),
            now=now,
            what_to_say=words,
        )
