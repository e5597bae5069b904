"""Her appointments by a link: confirmed, moved, cancelled, booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import (
    BookingRefused,
    InThePast,
    WrongMoment,
    book_appointment,
    cancel_appointment,
    confirm_appointment,
    move_appointment,
)
from crm.care.models import AfterAnswer
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch, Master
from crm.team.selectors import branch_day
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.services import VoucherRefused, issue_voucher, reserve_voucher
from reminders.journeys.services.doorbell import ring
from reminders.links.selectors import booked_ahead

By, Via = Appointment.By, AppointmentEvent.Via
# a correction is for what was done lately
CORRECTION_DAYS = 14


class PleaseCall(BookingRefused):
    """The salon has closed self-booking to this client."""

    words = _("Please call us about your next visit.")


@dataclass(frozen=True, slots=True)
class Taken:
    """The appointment she has now. `voucher_why_not`: why the voucher could not be put on it, empty if it was."""

    appointment: Appointment
    is_new: bool
    voucher_why_not: str = ""


def confirm_by_link(*, appointment: Appointment, now: datetime) -> None:
    """She comes for sure. Raises WrongMoment once it has begun or is over."""
    refuse_begun(appointment, now)
    confirm_appointment(appointment=appointment, now=now, via=Via.LINK)


def cancel_by_link(*, appointment: Appointment, now: datetime) -> None:
    """Up to its start. Raises WrongMoment afterwards, or where it is cancelled already."""
    refuse_begun(appointment, now)
    cancel_appointment(appointment=appointment, now=now, by=By.CLIENT, via=Via.LINK)
    ring()


def move_by_link(*, appointment: Appointment, starts_at: datetime, master: Master, now: datetime) -> None:
    """To a free slot. Raises SlotTaken with other slots, WrongMoment, InThePast."""
    refuse_begun(appointment, now)
    if (starts_at, master.pk) == (appointment.starts_at, appointment.master_id):
        return
    move_appointment(appointment=appointment, starts_at=starts_at, master=master, now=now, by=By.CLIENT, via=Via.LINK)
    ring()


def refuse_begun(appointment: Appointment, now: datetime) -> None:
    if appointment.starts_at is None or now >= appointment.starts_at:
        raise WrongMoment


@transaction.atomic
def take_slot(
    *,
    client: Client,
    branch: Branch,
    services: Sequence[Service],
    master: Master,
    starts_at: datetime,
    now: datetime,
    voucher: Voucher | None = None,
    since: datetime | None = None,
) -> Taken:
    """Books one of the offered slots, the voucher hung on it.

    Who is booked already (with `since`: from then on) keeps that: pressed twice, or by two hands at once, it is one appointment.
    Raises SlotTaken with other slots, InThePast, CannotDoService, PleaseCall.
    """
    # two presses wait for each other here, and the second finds what the first has booked
    Client.objects.select_for_update().get(pk=client.pk)
    known = booked_ahead(client, now, since=since)
    if known is not None:
        return Taken(known, is_new=False)
    if client.status == Client.Status.BLOCKED:
        raise PleaseCall
    if starts_at <= now:
        raise InThePast
    appointment = book_appointment(
        client=client,
        master=master,
        services=services,
        starts_at=starts_at,
        branch=branch,
        now=now,
        by=By.CLIENT,
        via=Via.LINK,
    )
    ring()
    return Taken(appointment, is_new=True, voucher_why_not=hang_on(voucher, appointment, now))


def hang_on(voucher: Voucher | None, appointment: Appointment, now: datetime) -> str:
    """Reserve the voucher; the reason where it cannot be used for this booking, which then stands without it."""
    if voucher is None:
        return ""
    try:
        with transaction.atomic():
            reserve_voucher(voucher=voucher, appointment=appointment, now=now)
    except VoucherRefused as refusal:
        return str(refusal)
    return ""


@transaction.atomic
def take_correction(
    *, answer: AfterAnswer, services: Sequence[Service], master: Master, starts_at: datetime, now: datetime
) -> Taken:
    """What fell out is mended free: a slot, with a voucher for it hung on (practices.md, P13)."""
    today = branch_day(answer.branch, now)
    voucher = issue_voucher(
        client=answer.client,
        branch=answer.branch,
        kind=Voucher.Kind.AMENDS,
        free_service=services[0],
        services_only=True,
        valid_from=today,
        valid_until=today + timedelta(days=CORRECTION_DAYS),
        key=f"correction {answer.client_id} {answer.visit_on}",
        now=now,
    )
    return take_slot(
        client=answer.client,
        branch=answer.branch,
        services=services,
        master=master,
        starts_at=starts_at,
        now=now,
        voucher=voucher,
    )
