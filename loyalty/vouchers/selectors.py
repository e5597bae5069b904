"""Reads of vouchers: by key and code, what a client has open, and whether one may be used."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from crm.booking.models import Appointment
from crm.people.models import Client
from loyalty.vouchers.codes import read_code
from loyalty.vouchers.models import Voucher


def voucher_by_key(key: str) -> Voucher | None:
    """The voucher that this fact gave."""
    return Voucher.objects.filter(key=key).first()


def voucher_by_code(code: str) -> Voucher | None:
    """The voucher of a typed code; None without asking the database where it cannot be one."""
    read = read_code(code)
    return Voucher.objects.filter(code=read).prefetch_related("services").first() if read else None


def open_vouchers(client: Client, today: date) -> QuerySet[Voucher]:
    """Her personal vouchers not used yet whose window is not over, the one that ends first in front."""
    return (
        Voucher.objects.filter(client=client, redeemed_at__isnull=True, voided_at__isnull=True, valid_until__gte=today)
        .prefetch_related("services")
        .order_by("valid_until", "pk")
    )


def vouchers_of(client: Client) -> QuerySet[Voucher]:
    """All her vouchers, the newest first."""
    return Voucher.objects.filter(client=client).prefetch_related("services").order_by("-issued_at", "-pk")


def reserved_for(appointment: Appointment) -> QuerySet[Voucher]:
    """Vouchers that hang on this booking."""
    return Voucher.objects.filter(reserved_for=appointment, redeemed_at__isnull=True, voided_at__isnull=True)


def had_voucher_since(client_ids: Iterable[int], kind: str, since: date) -> set[int]:
    """Which of these clients got a voucher of this kind on or after a day (win-back: at most one in 365 days)."""
    return set(
        Voucher.objects.filter(client__in=client_ids, kind=kind, issued_on__gte=since).values_list(
            "client_id", flat=True
        )
    )


def why_not(
    voucher: Voucher, *, client_id: int | None, today: date, booked_on: date, appointment_id: int | None = None
) -> str:
    """The reason (Voucher.Refusal) why it cannot be used today, or an empty string.

    `booked_on` is the day on which this visit was booked: today for who walked in.
    """
    refusal = Voucher.Refusal
    if voucher.redeemed_at is not None:
        return refusal.USED
    if voucher.voided_at is not None:
        return refusal.VOIDED
    if voucher.client_id is not None and voucher.client_id != client_id:
        return refusal.OTHER_CLIENT
    if today < voucher.valid_from:
        return refusal.TOO_EARLY
    if today > voucher.valid_until:
        return refusal.OVER
    if voucher.reserved_for_id is not None:
        # the booking it hangs on was made in time
        return "" if voucher.reserved_for_id == appointment_id else refusal.RESERVED
    if voucher.book_until is not None and booked_on > voucher.book_until:
        return refusal.BOOKED_LATE
    return ""


def hanging_on_over() -> QuerySet[Voucher]:
    """Vouchers whose booking was cancelled or missed."""
    over = [Appointment.Status.CANCELLED, Appointment.Status.NO_SHOW]
    return Voucher.objects.filter(
        Q(reserved_for__status__in=over), redeemed_at__isnull=True, voided_at__isnull=True
    ).select_related("reserved_for__branch")
