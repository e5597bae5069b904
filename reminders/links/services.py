"""What a client does by a link. Each verb acts once, however often it is pressed (trust.md, S2)."""

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
from crm.care.models import AfterAnswer, Feedback
from crm.care.services import record_after_answer, record_feedback
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch, Master
from crm.team.selectors import branch_day
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.services import VoucherRefused, issue_voucher, reserve_voucher
from reminders.consent.models import ConsentEvent
from reminders.consent.selectors import is_allowed, permission_of
from reminders.consent.services import grant, stop_channel, withdraw
from reminders.journeys.services.doorbell import ring
from reminders.links.selectors import booked_ahead
from reminders.messages.models import Message

By, Via, Where = Appointment.By, AppointmentEvent.Via, ConsentEvent.Where
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
) -> Taken:
    """Books one of the offered slots, the voucher hung on it.

    Who is booked already keeps that: pressed twice, or by two hands at once, it is one appointment.
    Raises SlotTaken with other slots, InThePast, CannotDoService, PleaseCall.
    """
    # two presses wait for each other here, and the second finds what the first has booked
    Client.objects.select_for_update().get(pk=client.pk)
    known = booked_ahead(client, now)
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


@transaction.atomic
def give_feedback(*, message: Message, score: int, pleased: str, displeased: str, now: datetime) -> bool:
    """Her score for the visit the message asks about; False where she had given one."""
    if message.visit_on is None:
        return False
    Client.objects.select_for_update().get(pk=message.client_id)
    if Feedback.objects.filter(client=message.client, visit_on=message.visit_on).exists():
        return False
    record_feedback(
        client=message.client,
        branch=message.branch,
        visit_on=message.visit_on,
        score=score,
        pleased=pleased,
        displeased=displeased,
        now=now,
    )
    return True


def give_answer(*, message: Message, answer: str, service: Service | None, now: datetime) -> AfterAnswer | None:
    """Her one tap; the first counts, but an alarm always does."""
    if message.visit_on is None:
        return None
    return record_after_answer(
        client=message.client,
        branch=message.branch,
        visit_on=message.visit_on,
        answer=answer,
        service=service,
        now=now,
    )


def stop(*, client: Client, purpose: str, channel: str, where: str, now: datetime, text_shown: str = "") -> bool:
    """No more of this purpose by this channel; False where it was stopped before."""
    if not is_allowed(permission_of(client), purpose, channel):
        return False
    withdraw(client=client, purpose=purpose, channel=channel, where=where, now=now, text_shown=text_shown)
    return True


def stop_all_but_appointments(*, client: Client, channel: str, now: datetime, text_shown: str = "") -> None:
    """No care and no marketing by this channel any more."""
    stop_channel(client=client, channel=channel, where=Where.UNSUBSCRIBE, now=now, text_shown=text_shown)


@transaction.atomic
def set_preferences(
    *, client: Client, wanted: dict[tuple[str, str], bool], now: datetime, texts: dict[str, str]
) -> int:
    """Grants and withdraws what differs from before; gives how many changed. `texts`: the words shown by purpose."""
    permission = permission_of(client)
    changed = 0
    for (purpose, channel), is_wanted in wanted.items():
        if is_allowed(permission, purpose, channel) == is_wanted:
            continue
        verb = grant if is_wanted else withdraw
        verb(
            client=client,
            purpose=purpose,
            channel=channel,
            where=Where.LINK,
            now=now,
            text_shown=texts.get(purpose, ""),
        )
        changed += 1
    return changed
