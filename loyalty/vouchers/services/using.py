"""Reserving, redeeming and giving back vouchers: each once, whoever asks at the same moment (rules.md, Vouchers)."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from crm.booking.models import Appointment, AppointmentEvent
from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.sales.models import Sale, SaleLine
from crm.team.models import User
from crm.team.selectors import branch_day
from loyalty.points.models import LoyaltySettings
from loyalty.vouchers.models import Voucher, VoucherEvent
from loyalty.vouchers.selectors import DISCOUNT_KIND, hanging_on_over, occasion_of, why_not, with_terms
from loyalty.vouchers.services.issuing import prolong_voucher

Kind = VoucherEvent.Kind
Refusal = Voucher.Refusal
STILL_OPEN = {"redeemed_at__isnull": True, "voided_at__isnull": True}


class VoucherRefused(Exception):
    """The voucher cannot be used; `reason` is a Voucher.Refusal, `words` say it to the desk."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.words = Refusal(reason).label

    def __str__(self) -> str:
        return str(self.words)


@transaction.atomic
def reserve_voucher(*, voucher: Voucher, appointment: Appointment, now: datetime, user: User | None = None) -> Voucher:
    """Hangs the voucher on a booking, so that it cannot be used elsewhere. Raises VoucherRefused.

    The booking's day has to lie in the window, and today not after the last day for booking; of its conditions the
    booking's own hour, branch and agreed prices are asked, and once more at the checkout.
    """
    voucher = lock_with_terms(voucher)
    if voucher.reserved_for_id == appointment.pk:
        return voucher
    reason = why_not(
        voucher,
        client_id=appointment.client_id,
        today=appointment.on,
        booked_on=branch_day(appointment.branch, now),
        appointment_id=appointment.pk,
        occasion=occasion_of(
            branch=appointment.branch, now=now, appointment=appointment, total=_agreed_total(appointment)
        )
        if voucher.campaign is not None or voucher.quiet_only
        else None,
    )
    if reason:
        raise VoucherRefused(reason)
    voucher.reserved_for = appointment
    voucher.save(update_fields=["reserved_for"])
    VoucherEvent.objects.create(voucher=voucher, kind=Kind.RESERVED, at=now, user=user, appointment=appointment)
    return voucher


def _agreed_total(appointment: Appointment) -> Decimal | None:
    """What the booked services cost; None where a price is agreed only on the day."""
    lines = appointment.lines.select_related("service")
    prices = [line.price if line.price is not None else line.service.price for line in lines]
    return None if None in prices else sum((price for price in prices if price is not None), Decimal(0))


@transaction.atomic
def release_voucher(*, voucher: Voucher, now: datetime, user: User | None = None) -> bool:
    """Takes the voucher off its booking; False if it hung on none."""
    voucher = Voucher.objects.select_for_update().get(pk=voucher.pk)
    if voucher.reserved_for_id is None or voucher.redeemed_at is not None:
        return False
    VoucherEvent.objects.create(
        voucher=voucher, kind=Kind.RELEASED, at=now, user=user, appointment_id=voucher.reserved_for_id
    )
    voucher.reserved_for = None
    voucher.save(update_fields=["reserved_for"])
    return True


@transaction.atomic
def redeem_voucher(
    *,
    voucher: Voucher,
    client: Client | None,
    sale: Sale,
    now: datetime,
    user: User | None = None,
    is_held: bool = False,
) -> None:
    """Uses the voucher for this sale, once and for all. Raises VoucherRefused.

    The lock and the condition of the update both see to it that of many at once one succeeds. `is_held`: the caller
    has read and judged it under its lock in this transaction. Two queries then, else three.
    """
    if not is_held:
        voucher = lock_voucher(voucher)
        appointment = sale.appointment
        reason = why_not(
            voucher,
            client_id=client.pk if client else None,
            today=sale.on,
            booked_on=(appointment and appointment.booked_on) or sale.on,
            appointment_id=sale.appointment_id,
        )
        if reason:
            raise VoucherRefused(reason)
    redeemed = Voucher.objects.filter(pk=voucher.pk, **STILL_OPEN).update(
        redeemed_sale=sale, redeemed_at=now, redeemed_on=sale.on
    )
    if not redeemed:
        raise VoucherRefused(Refusal.USED)
    VoucherEvent.objects.create(voucher=voucher, kind=Kind.REDEEMED, at=now, user=user, sale=sale)


def lock_voucher(voucher: Voucher) -> Voucher:
    """The voucher as it is now, held until the transaction ends."""
    return Voucher.objects.select_for_update().get(pk=voucher.pk)


def lock_with_terms(voucher: Voucher) -> Voucher:
    """The same, with its services and conditions."""
    return with_terms(Voucher.objects.select_for_update(of=("self",))).get(pk=voucher.pk)


@transaction.atomic
def give_back_voucher(*, refund: Sale, now: datetime, user: User | None = None) -> Voucher | None:
    """Once all that a voucher paid for has been returned, it is hers again, with the days it had left when used."""
    voucher = Voucher.objects.select_for_update().filter(redeemed_sale=refund.refund_of_id).first()
    if voucher is None or voucher.redeemed_on is None or _still_enjoyed(refund):
        return None
    left = max(voucher.valid_until - voucher.redeemed_on, timedelta(0))
    voucher.valid_until = max(voucher.valid_until, refund.on + left)
    voucher.redeemed_sale, voucher.redeemed_at, voucher.redeemed_on = None, None, None
    # the visit it was booked for is over; it can be booked with anew
    voucher.reserved_for = None
    if voucher.book_until is not None:
        voucher.book_until = max(voucher.book_until, voucher.valid_until)
    voucher.save(
        update_fields=["valid_until", "book_until", "redeemed_sale", "redeemed_at", "redeemed_on", "reserved_for"]
    )
    VoucherEvent.objects.create(voucher=voucher, kind=Kind.GIVEN_BACK, at=now, user=user, sale=refund)
    if voucher.client_id is not None:
        note_change([voucher.client_id])
    return voucher


def _still_enjoyed(refund: Sale) -> bool:
    """Whether a line that the voucher made cheaper has not come back wholly."""
    lines = SaleLine.objects.filter(sale=refund.refund_of_id, discount_kind=DISCOUNT_KIND)
    returned = SaleLine.objects.filter(returns_line__in=lines).aggregate(quantity=Sum("quantity"))["quantity"] or 0
    sold = lines.aggregate(quantity=Sum("quantity"))["quantity"] or 0
    return sold + returned > 0


def settle_reservations(*, now: datetime, rules: LoyaltySettings) -> int:
    """Frees the vouchers of bookings that will not be; gives how many.

    Where the salon cancelled, the voucher is prolonged. What can still be undone at the desk waits.
    """
    undoable = set(
        AppointmentEvent.objects.filter(
            kind__in=[AppointmentEvent.Kind.CANCELLED, AppointmentEvent.Kind.NO_SHOW],
            undone_at__isnull=True,
            held_until__gt=now,
        ).values_list("appointment_id", flat=True)
    )
    freed = 0
    for voucher in list(hanging_on_over().order_by("pk")):
        appointment = voucher.reserved_for
        if appointment is None or appointment.pk in undoable:
            continue
        with transaction.atomic():
            if release_voucher(voucher=voucher, now=now):
                freed += 1
                if (appointment.status, appointment.cancelled_by) == (
                    Appointment.Status.CANCELLED,
                    Appointment.By.SALON,
                ):
                    prolong_voucher(voucher=voucher, days=rules.voucher_prolong_days, now=now)
    return freed
