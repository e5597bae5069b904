"""One booking form on its way: who does it, at which time, and that two presses of it book once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import (
    BookingRefused,
    Slot,
    SlotTaken,
    able_for_each,
    book_appointment,
    free_slots,
    services_of,
)
from crm.booking.services.beside import NEAREST, free_for_her
from crm.booking.services.grid import minutes_beside_grid
from crm.booking.services.hands import free_hand, refuse_absent, refuse_unable
from crm.catalogue.models import Service
from crm.desk.booking.forms import NewClientForm, WhenForm
from crm.people.models import Client
from crm.people.services import create_client
from crm.people.services.clients import tidy_phone
from crm.team.models import Master
from crm.team.selectors import branch_day

DAYS_SHOWN = 7
# so soon after the first the same form is a second press
SENT_TWICE = timedelta(minutes=1)


@dataclass
class Wanted:
    """One booking form on its way: who, what, when, and what stands against it."""

    request: HttpRequest
    client: Client | None
    masters: list[Master]
    when: WhenForm
    who: NewClientForm | None
    slots: list[Slot] = field(default_factory=list)
    word: str = ""


def book_once(
    wanted: Wanted, services: list[Service], hands: list[Master], starts_at: datetime, now: datetime
) -> Appointment:
    """Books it, and writes down who is new; a second press finds the first one's visit, though another master is free.

    Raises what booking refuses, and ValidationError for her name and phone.
    """
    fields = wanted.when.cleaned_data
    with transaction.atomic():
        if booked := booked_by_this_form(wanted, services, starts_at, now):
            return booked
        return book_appointment(
            client=wanted.client or written_down(wanted),
            master=hands[0],
            masters=hands,
            services=services,
            starts_at=starts_at,
            branch=wanted.request.branch,
            now=now,
            by=Appointment.By.CLIENT,
            via=AppointmentEvent.Via.DESK,
            user=wanted.request.user,
            wish=fields["wish"],
            outside_hours=fields["outside_hours"],
            beside_another=fields["beside_another"],
            off_grid=fields["off_grid"],
        )


def booked_by_this_form(
    wanted: Wanted, services: list[Service], starts_at: datetime, now: datetime
) -> Appointment | None:
    """What the same form, sent twice at once, has booked a moment ago: then nothing is in the way but that.

    Raises ValidationError for her phone.
    """
    master, _masters = wanted.when.hands()
    found = Appointment.objects.filter(
        **_whose(wanted),
        branch=wanted.request.branch,
        starts_at=starts_at,
        status__in=Appointment.OPEN,
        events__kind=AppointmentEvent.Kind.BOOKED,
        events__user=wanted.request.user,
        events__at__gt=now - SENT_TWICE,
    )
    if master is not None:
        found = found.filter(master=master)
    return next((each for each in found if services_of(each) == services), None)


def _whose(wanted: Wanted) -> dict[str, Any]:
    if wanted.client is not None or wanted.who is None:
        return {"client": wanted.client}
    typed = wanted.who.cleaned_data
    phone = tidy_phone(typed["phone"], wanted.request.branch)
    return {"client__name": typed["name"].strip(), "client__phone": phone}


def hands_for(wanted: Wanted, services: list[Service], starts_at: datetime, now: datetime) -> list[Master]:
    """Who does each service: those who were chosen, or whoever is free then."""
    branch, (master, masters) = wanted.request.branch, wanted.when.hands()
    if master is not None:
        able = able_for_each(branch=branch, services=services)
        if masters is not None or all(master in each for each in able):
            return [each or master for each in masters or [master] * len(services)]
    asked = {"branch": branch, "services": services, "now": now, "client": wanted.client, "masters": masters}
    on = branch_day(branch, starts_at)
    # one who does a part of it does that, and others the rest
    hands = masters or [master if master in can else None for can in able_for_each(branch=branch, services=services)]
    refuse_unable(branch=branch, services=services, hands=hands if any(hands) else [master] * len(services))
    for slot in free_slots(**asked, master=master, from_day=on, days=1):
        if slot.starts_at == starts_at:
            return list(slot.masters)

    is_odd = minutes_beside_grid(branch, starts_at) and master is None and masters is None
    about = {"branch": branch, "services": services, "starts_at": starts_at, "client": wanted.client}
    if is_odd and (alone := free_hand(**about, now=now)):
        return [alone] * len(services)

    def nearest() -> list[Slot]:
        return near(wanted, services, starts_at, now, master=master, masters=masters)

    refuse_absent(**about, hands=hands, nearest=nearest)
    raise SlotTaken(nearest)


def near(wanted: Wanted, services: list[Service], starts_at: datetime, now: datetime, **hands: Any) -> list[Slot]:
    """The free times next to one that cannot be had, from its day on."""
    branch = wanted.request.branch
    from_day = max(branch_day(branch, starts_at), branch_day(branch, now))
    slots = free_slots(
        branch=branch, services=services, client=wanted.client, from_day=from_day, days=DAYS_SHOWN, now=now, **hands
    )
    if wanted.client is not None:
        slots = free_for_her(slots, client_id=wanted.client.pk)
    return sorted(slots, key=lambda slot: abs(slot.starts_at - starts_at))[:NEAREST]


def written_down(wanted: Wanted) -> Client:
    if wanted.who is None:
        raise BookingRefused
    fields = wanted.who.cleaned_data
    return create_client(branch=wanted.request.branch, name=fields["name"], phone=fields["phone"], now=timezone.now())
