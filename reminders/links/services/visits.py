"""Her appointments by a link: confirmed, moved, cancelled, booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.selectors import change_ends_at
from crm.booking.services import (
    BookingRefused,
    Following,
    InThePast,
    WrongMoment,
    book_appointment,
    cancel_appointment,
    confirm_appointment,
    move_appointment,
    what_may_follow,
)
from crm.care.models import AfterAnswer
from crm.care.services import ask_for_call
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch, Master
from crm.team.selectors import branch_day
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.services import VoucherRefused, issue_voucher, reserve_voucher
from reminders.journeys.services.doorbell import ring
from reminders.links.selectors.bookable import may_book
from reminders.links.selectors.hers import booked_ahead, change_calls

By, Via = Appointment.By, AppointmentEvent.Via
# a correction is for what was done lately
CORRECTION_DAYS = 14


class PleaseCall(BookingRefused):
    """The salon has closed self-booking to this client."""

    words = _("Please call us about your next visit.")


class TooLateToChange(BookingRefused):
    """After the owner's limit nobody changes it by herself."""

    words = _("It begins soon, so please call us about it, or ask us to call you.")


class MayNotFollow(BookingRefused):
    """Some of these services are not done on that day; `following` says why and what instead."""

    def __init__(self, following: Sequence[Following]) -> None:
        super().__init__()
        self.following = list(following)

    def __str__(self) -> str:
        return " ".join(each.reason for each in self.following)


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
    """Up to the owner's limit. Raises TooLateToChange, or WrongMoment once it is over or cancelled already."""
    refuse_late(appointment, now)
    cancel_appointment(appointment=appointment, now=now, by=By.CLIENT, via=Via.LINK)
    ring()


def move_by_link(*, appointment: Appointment, starts_at: datetime, master: Master, now: datetime) -> None:
    """To a free slot. Raises TooLateToChange, SlotTaken with other slots, WrongMoment, InThePast."""
    refuse_late(appointment, now)
    if (starts_at, master.pk) == (appointment.starts_at, appointment.master_id):
        return
    move_appointment(appointment=appointment, starts_at=starts_at, master=master, now=now, by=By.CLIENT, via=Via.LINK)
    ring()


@transaction.atomic
def ask_to_change(*, appointment: Appointment, words: str, now: datetime) -> None:
    """The desk calls her before it begins. Asked again before anybody has called, it is the same call.

    Raises WrongMoment once it has begun.
    """
    refuse_begun(appointment, now)
    made = change_calls(appointment).filter(done_at__isnull=False).count()
    ask_for_call(
        client=appointment.client,
        branch=appointment.branch,
        kind="change",
        key=f"change {appointment.pk} {made}",
        due_at=appointment.starts_at or now,
        now=now,
        what_to_say=words.strip(),
    )


def refuse_begun(appointment: Appointment, now: datetime) -> None:
    if appointment.starts_at is None or now >= appointment.starts_at:
        raise WrongMoment


def refuse_late(appointment: Appointment, now: datetime) -> None:
    refuse_begun(appointment, now)
    if now >= change_ends_at(appointment):
        raise TooLateToChange


def refuse_following(*, client: Client, services: Sequence[Service], on: date) -> None:
    """A fill too long after the set is offered as a full set instead. Raises MayNotFollow."""
    if late := what_may_follow(client=client, services=services, on=on):
        raise MayNotFollow(late)


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
    is_mending: bool = False,
) -> Taken:
    """Books one of the offered slots, the voucher hung on it.

    Who is booked already (with `since`: from then on) keeps that: pressed twice, or by two hands at once, it is one appointment.
    What is mended follows anything. Raises SlotTaken with other slots, InThePast, CannotDoService, MayNotFollow,
    PleaseCall.
    """
    # two presses wait for each other here, and the second finds what the first has booked
    Client.objects.select_for_update().get(pk=client.pk)
    known = booked_ahead(client, now, since=since)
    if known is not None:
        return Taken(known, is_new=False)
    if not may_book(client):
        raise PleaseCall
    if starts_at <= now:
        raise InThePast
    if not is_mending:
        refuse_following(client=client, services=services, on=branch_day(branch, starts_at))
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
        is_mending=True,
    )
