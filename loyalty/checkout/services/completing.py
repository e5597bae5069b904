"""Completing a checkout: sale, points, benefits, certificates, gift and next visit as one (rules.md, Money)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import book_appointment, finish_visit, refreshed_once, to_be_finished
from crm.booking.services.step import lock_client, note_ahead
from crm.care.models import Complaint
from crm.care.services import open_complaint
from crm.catalogue.models import Service
from crm.orders.models import Order
from crm.orders.services import hand_over
from crm.people.models import Client
from crm.people.services.clients import set_client_status
from crm.sales.models import Payment, RebookingDecline, ReceiptCounter, Sale
from crm.sales.selectors import sale_of_appointment
from crm.sales.services import (
    LineFact,
    NothingSold,
    PaymentFact,
    SaleAlreadyCompleted,
    SaleRefused,
    complete_sale,
)
from crm.team.models import Branch, Master, User
from crm.team.selectors import branch_day
from crm.team.wording import money_words
from loyalty.cards.selectors import may_rise
from loyalty.cards.services import note_use, raise_level
from loyalty.checkout.offers import NO_DISCOUNT, CheckoutLine, Offer
from loyalty.checkout.selectors import Quote, has_of, quote, with_benefits
from loyalty.gifts.models import Gift
from loyalty.gifts.services import settle_gift
from loyalty.partners.services import note_partner_use
from loyalty.points.earning import EarningRules
from loyalty.points.models import LoyaltySettings, PointsBalance, RefusedBenefit
from loyalty.points.selectors import loyalty_settings
from loyalty.points.services import (
    NotEnoughPoints,
    lock_with_client,
    locked_balance,
    promise_rebooking,
    settle_sale,
)
from loyalty.referrals.services import settle_referral
from loyalty.vouchers.services import (
    VoucherRefused,
    note_refused,
    redeem_voucher,
    spend_certificates,
)


class SumChanged(SaleRefused):
    """What is to pay is no longer what the desk was shown; `quote` is the receipt as it stands now."""

    def __init__(self, now_due: Quote, currency: str) -> None:
        super().__init__(now_due.due)
        self.quote = now_due
        self.words = _("Something changed meanwhile. Now %(sum)s is to pay: please look once more.") % {
            "sum": money_words(now_due.due, currency, get_language() or "en")
        }


class BreakWithoutEnd(SaleRefused):
    words = _("Until when does she want a break? Choose a day ahead.")


@dataclass(frozen=True, slots=True)
class NextVisit:
    """The next visit agreed on the spot: when (UTC), with whom, which services; `masters` of each, if several.

    `beside_another`: it is agreed that she has both, although she has another visit then.
    """

    starts_at: datetime
    master: Master
    services: Sequence[Service]
    masters: Sequence[Master] | None = None
    beside_another: bool = False


@dataclass(frozen=True, slots=True)
class Decline:
    """Why she wants none booked (RebookingDecline.Reason); until when for a break, her words if not satisfied."""

    reason: str
    until: date | None = None
    text: str = ""


@transaction.atomic
def complete_checkout(
    *,
    branch: Branch,
    client: Client | None,
    lines: Sequence[CheckoutLine],
    key: str,
    now: datetime,
    user: User | None,
    appointment: Appointment | None = None,
    choice: str = "",
    typed: str = "",
    points_to_pay: int = 0,
    method: str = Payment.Method.CASH,
    payments: Sequence[PaymentFact] = (),
    expected_due: Decimal | None = None,
    next_visit: NextVisit | None = None,
    decline: Decline | None = None,
    certificates: Sequence[str] = (),
    gift: Gift | None = None,
    order: Order | None = None,
    short_agreed: bool = False,
) -> Sale:
    """Completes a visit's receipt with everything that hangs on it, or nothing at all.

    What is left to pay after discount, points and gift certificates (their codes) goes by `method`, unless `payments`
    name several. The `gift` is handed over with it, and so is what was got for her on `order`. More than the book has
    is sold only if that is agreed (`short_agreed`). The same key again gives the sale of the first time. Raises
    SaleRefused (NothingSold, SumChanged, PaymentsDoNotAddUp, SaleAlreadyCompleted, BreakWithoutEnd, NotOnTheShelf),
    NotEnoughPoints, VoucherRefused, CertificateRefused, PartnerRefused, GiftRefused, OrderRefused, and what booking
    refuses (SlotTaken).
    """
    with refreshed_once(now=now):
        account = wait_in_line(branch, client)
        current = _as_it_is(appointment, key)
        if done := _done_before(appointment, key, current):
            return done
        rules = loyalty_settings()
        today = branch_day(branch, now)
        receipt = quote(
            branch=branch,
            client=client,
            lines=lines,
            rules=rules,
            today=today,
            now=now,
            appointment=appointment,
            choice=choice,
            typed=typed,
            certificates=certificates,
            points_to_pay=points_to_pay,
            for_show=False,
            balance=account.balance if account is not None else 0,
            has=has_of(current),
        )
        _refuse_surprises(receipt, choice, points_to_pay, expected_due, branch.currency)
        if appointment is not None and appointment.status in Appointment.OPEN:
            finish_visit(
                appointment=appointment,
                now=now,
                via=AppointmentEvent.Via.CHECKOUT,
                user=user,
                is_paid=receipt.in_money > 0,
                sale_follows=appointment.on == today,
                current=current,
            )
        sale = complete_sale(
            branch=branch,
            client=client,
            lines=_line_facts(receipt, order),
            payments=_payments(receipt, method, payments),
            now=now,
            user=user,
            appointment=appointment,
            key=key,
            is_first=True,
            short_agreed=short_agreed,
        )
        if order is not None:
            hand_over(order=order, sale=sale, now=now, user=user)
        _settle_benefits(receipt, sale, account, rules, now, user)
        if choice == NO_DISCOUNT and receipt.offers and not receipt.offers[0].refusal:
            _note_left_out(receipt.offers[0], sale, now, user)
        settle_gift(sale=sale, gift=gift, now=now, rules=rules)
        if current is not None and not current.has_others:
            # this visit is over by now: booking the next one need not ask what else she has
            note_ahead(current.client_id, [])
        if client is not None and next_visit is not None:
            _book_next(client, branch, next_visit, account, receipt.earning, rules, now, user)
        elif client is not None and decline is not None:
            _note_decline(sale, client, decline, now, user)
        return sale


def _book_next(
    client: Client,
    branch: Branch,
    wanted: NextVisit,
    account: PointsBalance | None,
    earning: EarningRules,
    rules: LoyaltySettings,
    now: datetime,
    user: User | None,
) -> None:
    """The next visit, agreed on the spot, and the points promised for it."""
    today = branch_day(branch, now)
    booked = book_appointment(
        client=client,
        master=wanted.master,
        masters=wanted.masters,
        services=wanted.services,
        starts_at=wanted.starts_at,
        branch=branch,
        now=now,
        by=Appointment.By.SALON,
        via=AppointmentEvent.Via.CHECKOUT,
        user=user,
        beside_another=wanted.beside_another,
    )
    if booked.on > today:
        promise_rebooking(
            client=client,
            appointment=booked,
            on=today,
            now=now,
            rules=rules,
            account_id=account.account_id if account is not None else None,
            earning=earning,
        )


def wait_in_line(branch: Branch, client: Client | None) -> PointsBalance | None:
    """Two forms of one client wait for each other here; of nobody's, at the branch's till. Gives her locked balance."""
    if client is None:
        ReceiptCounter.objects.get_or_create(branch=branch)
        ReceiptCounter.objects.select_for_update().get(branch=branch)
        return None
    account = lock_with_client(client.pk)
    if account is None:
        lock_client(client.pk)
        # opened by who was in line before
        account = locked_balance(client)
    return account


def _as_it_is(appointment: Appointment | None, key: str) -> Any:
    """The appointment behind its client's lock, with all that hangs on it asked along; one query."""
    if appointment is None:
        return None
    return with_benefits(to_be_finished(appointment)).annotate(is_sent=Exists(Sale.objects.filter(key=key))).get()


def _done_before(appointment: Appointment | None, key: str, current: Any) -> Sale | None:
    """The sale of this form, sent before. Raises SaleAlreadyCompleted where another one has paid the visit."""
    if appointment is None:
        return Sale.objects.filter(key=key).first()
    if not current.has_sale and not current.is_sent:
        return None
    earlier = sale_of_appointment(appointment, key=key)
    if earlier is not None and earlier.key != key:
        raise SaleAlreadyCompleted(earlier)
    return earlier


def _refuse_surprises(
    receipt: Quote, choice: str, points_to_pay: int, expected_due: Decimal | None, currency: str
) -> None:
    """What the desk was shown has to hold still."""
    if not receipt.lines:
        raise NothingSold
    if points_to_pay > receipt.balance:
        raise NotEnoughPoints(points_to_pay, receipt.balance)
    for refused in receipt.refused:
        if choice and refused.code == choice and refused.kind == RefusedBenefit.Kind.VOUCHER:
            raise VoucherRefused(refused.reason)
    if expected_due is not None and expected_due != receipt.due:
        raise SumChanged(receipt, currency)


def _line_facts(receipt: Quote, order: Order | None) -> list[LineFact]:
    won = receipt.won
    return [
        LineFact(
            full_amount=line.full_amount,
            service=line.service,
            product=line.product,
            master=line.master,
            quantity=Decimal(line.quantity),
            discount_kind=won.kind if won and off else "",
            discount_label=label_of(receipt) if won and off else "",
            discount_amount=off,
            usual_amount=None if line.usual is None else line.usual * line.quantity,
            lowered_why=line.why if line.usual is not None else "",
            is_ordered=order is not None and line.product == order.product,
        )
        for line, off in zip(receipt.lines, receipt.discounts, strict=True)
    ]


def label_of(receipt: Quote) -> str:
    """What the discount is called on the receipt."""
    won = receipt.won
    if won is None:
        return ""
    names = []
    if won.card is not None:
        names.append(f"{won.card.level} {won.card.level.percent} %")
    if won.voucher is not None:
        names.append(f"{won.voucher.get_kind_display()} {won.voucher.code}")
    if won.club is not None:
        names.append(f"{won.club.name} {won.club.percent} %")
    if won.partner is not None:
        names.append(f"{won.partner.name} {won.partner.percent} %")
    return " + ".join(names)


def _payments(receipt: Quote, method: str, payments: Sequence[PaymentFact]) -> list[PaymentFact]:
    money = list(payments) or [PaymentFact(method=method, amount=receipt.due)]
    if receipt.points_used:
        money.append(PaymentFact(Payment.Method.POINTS, receipt.points_worth, receipt.points_used))
    if receipt.certificates_pay:
        money.append(PaymentFact(Payment.Method.CERTIFICATE, receipt.certificates_pay))
    return money


def _settle_benefits(
    receipt: Quote,
    sale: Sale,
    account: PointsBalance | None,
    rules: LoyaltySettings,
    now: datetime,
    user: User | None,
) -> None:
    """Uses the discount that won, the points and the certificates that pay; gives what the sale earns."""
    won = receipt.won
    if won is not None and won.voucher is not None:
        redeem_voucher(voucher=won.voucher, client=sale.client, sale=sale, now=now, user=user, is_held=True)
    if won is not None and won.card is not None:
        note_use(card=won.card, sale=sale, saved=won.saves)
    if won is not None and won.partner is not None:
        note_partner_use(code=won.partner.code, sale=sale, saved=won.saves, now=now)
    spend_certificates(shares=[share for share in receipt.certificates if share.amount], sale=sale, now=now, user=user)
    if sale.client is None:
        return
    settle_sale(
        sale=sale,
        points=receipt.points_used,
        now=now,
        rules=rules,
        balance=account,
        earning=receipt.earning,
        lines=receipt.paid_lines,
    )
    settle_referral(sale=sale, now=now, rules=rules)
    own = receipt.card
    if own is not None and sale.paid > 0 and may_rise(own, sale.paid):
        raise_level(card=own, client=sale.client, today=sale.on, now=now, rules=rules)


def _note_left_out(offer: Offer, sale: Sale, now: datetime, user: User | None) -> None:
    """The desk has left the best discount out: the owner sees who did (practices.md, P30). One query."""
    note_refused(
        kind=offer.kind,
        place=RefusedBenefit.Place.CHECKOUT,
        reason="left_out",
        words=gettext("Left out by the desk."),
        typed="" if offer.key == offer.kind else offer.key,
        client=sale.client,
        branch=sale.branch,
        appointment=sale.appointment,
        sale=sale,
        user=user,
        now=now,
        key=f"left out of sale {sale.pk}",
    )


def _note_decline(sale: Sale, client: Client, decline: Decline, now: datetime, user: User | None) -> None:
    """Why no next visit: a break begins, somebody not satisfied is heard (practices.md, P9)."""
    reason = RebookingDecline.Reason(decline.reason)
    if reason == RebookingDecline.Reason.BREAK and (decline.until is None or decline.until <= sale.on):
        raise BreakWithoutEnd
    RebookingDecline.objects.create(sale=sale, reason=reason, until=decline.until, declined_at=now)
    if reason == RebookingDecline.Reason.BREAK:
        set_client_status(client=client, status=Client.Status.BREAK, today=sale.on, break_until=decline.until)
    elif reason == RebookingDecline.Reason.NOT_SATISFIED:
        open_complaint(
            client=client,
            branch=sale.branch,
            text=decline.text,
            now=now,
            source=Complaint.Source.CHECKOUT,
            user=user,
            appointment=sale.appointment,
        )
