"""Refunds: a sale of its own that names the old one, line by line (rules.md, Money at the checkout)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import StockMove
from crm.catalogue.services import Moved, move_stock
from crm.people.services.changes import note_change
from crm.sales.models import Payment, Sale, SaleLine
from crm.sales.selectors import Returnable, payments_with_refunds, returnable
from crm.sales.services.completion import SaleRefused, next_receipt
from crm.team.fields import round_money
from crm.team.models import User
from crm.team.selectors import branch_day

ZERO = Decimal(0)


class NothingReturned(SaleRefused):
    words = _("Nothing is marked to be returned.")


class TooMuchReturned(SaleRefused):
    words = _("More is to be returned than is left of this receipt.")


class RefundOfRefund(SaleRefused):
    words = _("This receipt is a refund itself. Return the sale it belongs to.")


@dataclass(frozen=True, slots=True)
class ReturnFact:
    """How much of a line comes back; a product back onto the shelf, or else it is written off."""

    line: SaleLine
    quantity: Decimal
    to_shelf: bool = True


@transaction.atomic
def refund_sale(
    *,
    sale: Sale,
    returns: Sequence[ReturnFact],
    now: datetime,
    user: User | None = None,
    method: str = "",
    key: str | None = None,
) -> Sale:
    """Gives money back for these lines; the old sale stays as it is. Products come back, to be sold or written off.

    What was paid with points comes back in points, in proportion, whole points only; then what a gift certificate paid
    goes back onto it, whatever `method` says, so that no present turns into money; the rest in money by `method`, or as
    it was paid where none is named. The same key again gives the refund of the first time.
    Raises NothingReturned, TooMuchReturned, RefundOfRefund.
    """
    if sale.refund_of_id is not None:
        raise RefundOfRefund()
    # two refunds of one receipt wait for each other
    sale = Sale.objects.select_for_update(of=("self",)).select_related("branch", "client").get(pk=sale.pk)
    if key and (done := Sale.objects.filter(key=key).first()):
        return done
    left = {part.line.pk: part for part in returnable(sale)}
    lines = [_returned_line(left, fact, sale.branch.currency) for fact in returns if fact.quantity]
    if not lines:
        raise NothingReturned()
    total = sum((line.amount for line in lines), ZERO)
    is_rest = sum((part.amount for part in left.values()), ZERO) == -total
    payments = _returned_payments(sale, -total, method, is_rest=is_rest)
    refund = Sale.objects.create(
        branch=sale.branch,
        code=next_receipt(sale.branch),
        client=sale.client,
        on=branch_day(sale.branch, now),
        sold_at=now,
        refund_of=sale,
        total=total,
        paid=sum((payment.amount for payment in payments if payment.method != Payment.Method.POINTS), ZERO),
        completed_by=user,
        key=key,
    )
    for position, line in enumerate(lines):
        line.sale, line.position = refund, position
    SaleLine.objects.bulk_create(lines)
    for payment in payments:
        payment.sale = refund
    Payment.objects.bulk_create(payments)
    _put_back([fact for fact in returns if fact.quantity], refund, now=now, user=user)
    if sale.client_id is not None:
        note_change([sale.client_id])
    return refund


def _put_back(returns: Sequence[ReturnFact], refund: Sale, *, now: datetime, user: User | None) -> None:
    """What came back is counted; what nobody can buy any more is written off in the same step."""
    back = [(fact.line.product, int(fact.quantity), fact.to_shelf) for fact in returns if fact.line.product]
    if not back:
        return
    source = f"sale {refund.pk}"
    moves = [Moved(product, quantity, StockMove.Kind.RETURN) for product, quantity, _whole in back]
    move_stock(moves=moves, now=now, user=user, source=source)
    spoiled = [Moved(product, -quantity, StockMove.Kind.WRITTEN_OFF) for product, quantity, whole in back if not whole]
    if spoiled:
        reason = gettext("Came back, not fit to be sold.")
        move_stock(moves=spoiled, now=now, user=user, source=source, reason=reason)


def _returned_line(left: dict[int, Returnable], fact: ReturnFact, currency: str) -> SaleLine:
    part = left.get(fact.line.pk)
    if part is None or not ZERO < fact.quantity <= part.quantity:
        raise TooMuchReturned()
    share = fact.quantity / part.quantity
    # the last piece takes what rounding left, so that the pieces add up to the line
    amount = round_money(part.amount * share, currency)
    full_amount = round_money(part.full_amount * share, currency)
    line = part.line
    return SaleLine(
        service=line.service,
        product=line.product,
        master=line.master,
        quantity=-fact.quantity,
        full_amount=-full_amount,
        discount_kind=line.discount_kind,
        discount_label=line.discount_label,
        discount_amount=-(full_amount - amount),
        amount=-amount,
        returns_line=line,
    )


def _returned_payments(sale: Sale, amount: Decimal, method: str, *, is_rest: bool) -> list[Payment]:
    """How the amount goes back: points in proportion to what they paid of the sale, then certificates, then money."""
    paid = payments_with_refunds(sale)
    points_amount, points = paid.pop(Payment.Method.POINTS, (ZERO, 0))
    back, back_points = ZERO, 0
    if points:
        worth = points_amount / points
        left = points_amount + sum((each for each, _points in paid.values()), ZERO)
        whole = points if is_rest else (points * amount / left).to_integral_value(ROUND_FLOOR)
        back_points = int(whole)
        back = points_amount if is_rest else worth * back_points
    payments = []
    if back_points:
        payments.append(Payment(method=Payment.Method.POINTS, amount=-back, points=back_points))
    rest = amount - back
    on_certificates = min(rest, paid.pop(Payment.Method.CERTIFICATE, (ZERO, 0))[0])
    if on_certificates > 0:
        payments.append(Payment(method=Payment.Method.CERTIFICATE, amount=-on_certificates))
        rest -= on_certificates
    if method and rest:
        return [*payments, Payment(method=method, amount=-rest)]
    for name, (available, _points) in sorted(paid.items()):
        part = min(rest, available)
        if part > 0:
            payments.append(Payment(method=name, amount=-part))
            rest -= part
    return payments
