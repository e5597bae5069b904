"""Completing a sale (rules.md, Money at the checkout)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.booking.services.step import lock_client
from crm.booking.services.visits import VisitFact, record_visit
from crm.catalogue.models import Product, Service, StockMove
from crm.catalogue.services import Moved, OutOfStock, move_stock
from crm.people.models import Client
from crm.sales.models import Payment, ReceiptCounter, Sale, SaleLine
from crm.sales.selectors import sale_of_appointment
from crm.team.fields import round_money
from crm.team.models import Branch, Master, User
from crm.team.selectors import branch_day

ZERO = Decimal(0)
COUNT_ON = "UPDATE crm_receiptcounter SET last = last + 1 WHERE branch_id = %s RETURNING last"


class SaleRefused(Exception):
    """The sale cannot be completed like this. `words` say why, for the desk."""

    words: str | Promise = _("This sale cannot be completed like this.")

    def __str__(self) -> str:
        return str(self.words)


class NothingSold(SaleRefused):
    words = _("There is nothing on this receipt yet. Add a service or a product.")


class PaymentsDoNotAddUp(SaleRefused):
    def __init__(self, total: Decimal, paid: Decimal) -> None:
        super().__init__(total, paid)
        self.total, self.paid = total, paid
        self.words = _("The payments come to %(paid)s, but %(total)s is to pay.") % {"paid": paid, "total": total}


class DiscountTooLarge(SaleRefused):
    words = _("A discount cannot be larger than the price.")


class NotOnTheShelf(SaleRefused):
    """More is on the receipt than stands in the book (`shortages`); it may be sold all the same, if somebody says so."""

    def __init__(self, short: OutOfStock) -> None:
        super().__init__(short.words)
        self.shortages = short.shortages
        self.words = short.words


class SaleAlreadyCompleted(SaleRefused):
    """The visit was checked out before; `sale` is that receipt."""

    def __init__(self, sale: Sale) -> None:
        super().__init__(sale.pk)
        self.sale = sale
        self.words = _("This visit has been paid already: receipt %(receipt)s.") % {"receipt": sale.code}


@dataclass(frozen=True, slots=True)
class LineFact:
    """One line: a service or a product, what it costs in full and what is taken off."""

    full_amount: Decimal
    service: Service | None = None
    product: Product | None = None
    master: Master | None = None
    quantity: Decimal = Decimal(1)
    discount_kind: str = ""
    discount_label: str = ""
    discount_amount: Decimal = ZERO
    # where less is asked by hand: what it usually is, and why
    usual_amount: Decimal | None = None
    lowered_why: str = ""
    # got for her on order, and handed over now
    is_ordered: bool = False


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """One way of payment; `points` is set where points pay."""

    method: str
    amount: Decimal
    points: int | None = None


def complete_sale(
    *,
    branch: Branch,
    client: Client | None,
    lines: Sequence[LineFact],
    payments: Sequence[PaymentFact],
    now: datetime,
    user: User | None = None,
    appointment: Appointment | None = None,
    key: str | None = None,
    is_first: bool = False,
    short_agreed: bool = False,
) -> Sale:
    """Writes the receipt, takes the products from stock and records the visit. One transaction.

    The same key again gives the sale of the first time. `is_first`: the caller has looked, behind the client's
    lock, that the visit has no receipt. Unless it is agreed (`short_agreed`) nothing is sold that the book does not
    have: NotOnTheShelf. Raises NothingSold, DiscountTooLarge, PaymentsDoNotAddUp, SaleAlreadyCompleted.
    """
    lines, total = _settled_lines(lines, branch.currency)
    payments = [payment for payment in payments if payment.amount]
    paid = sum((payment.amount for payment in payments), ZERO)
    if paid != total or any(payment.amount < 0 for payment in payments):
        raise PaymentsDoNotAddUp(total, paid)
    try:
        with transaction.atomic():
            if appointment is not None and not is_first:
                # two tills, one visit: the second waits here and then sees the first's receipt
                lock_client(appointment.client_id)
                if earlier := sale_of_appointment(appointment):
                    if key and earlier.key == key:
                        return earlier
                    raise SaleAlreadyCompleted(earlier)
            sale = Sale.objects.create(
                branch=branch,
                code=next_receipt(branch),
                client=client,
                on=branch_day(branch, now),
                sold_at=now,
                appointment=appointment,
                total=total,
                paid=sum((payment.amount for payment in payments if payment.method != Payment.Method.POINTS), ZERO),
                completed_by=user,
                key=key,
            )
            _write_lines(sale, lines)
            Payment.objects.bulk_create(
                Payment(sale=sale, method=payment.method, amount=payment.amount, points=payment.points)
                for payment in payments
            )
            _take_from_stock(sale, lines, now=now, user=user, short_agreed=short_agreed)
            if client is not None:
                record_visit(
                    client=client,
                    branch=branch,
                    on=sale.on,
                    source=visit_source(sale, appointment),
                    items=[VisitFact(line.service, line.product, line.master) for line in lines],
                    is_paid=sale.paid > 0,
                    now=now,
                )
            return sale
    except IntegrityError:
        # the same form sent again: the first one has written the sale
        if key and (done := Sale.objects.filter(key=key).first()):
            return done
        raise


def visit_source(sale: Sale, appointment: Appointment | None) -> str:
    """What the visit's items are filed under: an appointment of that day is told again by its sale, not twice."""
    return f"appointment {appointment.pk}" if appointment and appointment.on == sale.on else f"sale {sale.pk}"


def next_receipt(branch: Branch) -> str:
    """The branch's next receipt number; whoever asks holds the counter until her transaction ends."""
    number = _counted_on(branch)
    if number is None:
        ReceiptCounter.objects.get_or_create(branch=branch)
        number = _counted_on(branch)
    return f"R{number:06d}"


def _counted_on(branch: Branch) -> int | None:
    """One more, and which it is; None where the branch has no counter yet."""
    if not connection.features.can_return_columns_from_insert:
        # SQLite before 3.35, where only one writes at a time
        counters = ReceiptCounter.objects.filter(branch=branch)
        counters.update(last=F("last") + 1)
        return counters.values_list("last", flat=True).first()
    # the ORM's update tells no value, and asking for it afterwards is a way to the database more
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ON, [branch.pk])
        row = cursor.fetchone()
    return row[0] if row else None


def _take_from_stock(
    sale: Sale, lines: Sequence[LineFact], *, now: datetime, user: User | None, short_agreed: bool
) -> None:
    """Less by what was sold; nothing is asked where no product is on the receipt. Raises NotOnTheShelf."""
    moves = [
        Moved(
            line.product,
            -int(line.quantity),
            StockMove.Kind.HANDED_OVER if line.is_ordered else StockMove.Kind.SALE,
        )
        for line in lines
        if line.product
    ]
    if not moves:
        return
    try:
        move_stock(moves=moves, now=now, user=user, source=f"sale {sale.pk}", short_agreed=short_agreed)
    except OutOfStock as short:
        raise NotOnTheShelf(short)


def _settled_lines(lines: Sequence[LineFact], currency: str) -> tuple[list[LineFact], Decimal]:
    """The lines rounded half up to the currency's smallest unit, each by itself, and their sum."""
    if not lines:
        raise NothingSold()
    settled = [
        LineFact(
            full_amount=round_money(line.full_amount, currency),
            service=line.service,
            product=line.product,
            master=line.master,
            quantity=line.quantity,
            discount_kind=line.discount_kind,
            discount_label=line.discount_label,
            discount_amount=round_money(line.discount_amount, currency),
            usual_amount=None if line.usual_amount is None else round_money(line.usual_amount, currency),
            lowered_why=line.lowered_why,
            is_ordered=line.is_ordered,
        )
        for line in lines
    ]
    for line in settled:
        if not ZERO <= line.discount_amount <= line.full_amount:
            raise DiscountTooLarge()
    return settled, sum((line.full_amount - line.discount_amount for line in settled), ZERO)


def _write_lines(sale: Sale, lines: Sequence[LineFact]) -> None:
    SaleLine.objects.bulk_create(
        SaleLine(
            sale=sale,
            position=position,
            service=line.service,
            product=line.product,
            master=line.master,
            quantity=line.quantity,
            full_amount=line.full_amount,
            discount_kind=line.discount_kind,
            discount_label=line.discount_label,
            discount_amount=line.discount_amount,
            amount=line.full_amount - line.discount_amount,
            usual_amount=line.usual_amount,
            lowered_why=line.lowered_why,
        )
        for position, line in enumerate(lines)
    )
