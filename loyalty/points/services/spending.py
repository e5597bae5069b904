"""Cashback on sales and its way back with a refund (rules.md, Points, Spending and Refund)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from crm.people.models import Client
from crm.sales.models import Payment, Sale
from loyalty.points.models import (
    LedgerEntry,
    LotAllocation,
    LoyaltySettings,
    PointsBalance,
    PointsLot,
    SpendingCount,
    SpendingShare,
)
from loyalty.points.selectors import current_account, earned_for
from loyalty.points.services.ledger import (
    Fact,
    add_lot,
    earlier_entry,
    expire_lots,
    fact_of,
    grant_to,
    lock_balance_of,
    spend_from,
    take_or_owe,
)

Kind = LedgerEntry.Kind


@transaction.atomic
def settle_sale(
    *, sale: Sale, points: int, now: datetime, rules: LoyaltySettings, balance: PointsBalance | None = None
) -> int:
    """Takes the points that paid a part of this sale, then gives those it earns; gives how many it earned.

    `balance` is her locked row, handed in by who has just written the sale. Told twice of one sale it counts
    once. Raises NotEnoughPoints.
    """
    client = sale.client
    if client is None or not (points or (sale.paid > 0 and rules.spending_on)):
        return 0
    if balance is None:
        balance = lock_balance_of(client, now=now)
        # both are written in one transaction: who knows the one knows the other
        if earlier := SpendingShare.objects.filter(sale=sale).first():
            return earlier.points
    if points:
        fact = fact_of(client, source=f"sale {sale.pk}", key=f"paid sale {sale.pk}", now=now, user=sale.completed_by)
        if sale.paid > 0 or not earlier_entry(balance.account_id, fact, Kind.PAID, -points):
            spend_from(balance, points, Kind.PAID, fact, rules)
    return earn_to(balance, sale, client, now, rules) if sale.paid > 0 and rules.spending_on else 0


def earn_to(balance: PointsBalance, sale: Sale, client: Client, now: datetime, rules: LoyaltySettings) -> int:
    """Cashback: the client's total is floor(paid x rate / 100) over all her sales at this rate.

    Counting the total is why no remainder is lost.
    """
    count = _current_count(balance, now, rules)
    count.paid += sale.paid
    points = earned_for(count.paid, count.rate) - count.points
    count.points += points
    count.save(update_fields=["paid", "points"])
    SpendingShare.objects.create(count=count, sale=sale, paid=sale.paid, points=points)
    if points:
        fact = fact_of(client, source=f"sale {sale.pk}", key=f"spending sale {sale.pk}", now=now)
        grant_to(balance, points, Kind.SPENDING, fact, rules)
    return points


def _current_count(balance: PointsBalance, now: datetime, rules: LoyaltySettings) -> SpendingCount:
    """The count at the rate of today; a new rate starts a new one."""
    count = SpendingCount.objects.filter(account=balance.account_id, is_current=True).first()
    if count is not None and count.rate == rules.points_per_100:
        return count
    if count is not None:
        count.is_current = False
        count.save(update_fields=["is_current"])
    return SpendingCount.objects.create(account_id=balance.account_id, rate=rules.points_per_100, started_at=now)


@transaction.atomic
def settle_refund(*, refund: Sale, now: datetime, rules: LoyaltySettings) -> None:
    """Gives back the points that paid what is returned, then takes back those earned on it.

    In this order, so that what came back covers what has to go and as little as possible is owed.
    """
    sale = refund.refund_of
    if sale is None or sale.client is None or current_account(sale.client) is None:
        return
    balance = lock_balance_of(sale.client, now=now)
    fact = fact_of(sale.client, source=f"sale {refund.pk}", key=f"refund sale {refund.pk}", now=now)
    expire_lots(balance, fact.on, now, rules)
    give_back(balance, refund, fact)
    take_back(balance, refund, fact)


def give_back(balance: PointsBalance, refund: Sale, fact: Fact) -> None:
    """The points that paid come back, each with the days it still had when it was spent."""
    payment = Payment.objects.filter(sale=refund, method=Payment.Method.POINTS).first()
    spent = LedgerEntry.objects.filter(key=f"paid sale {refund.refund_of_id}").first()
    if payment is None or spent is None or not payment.points:
        return
    if earlier_entry_of_refund(balance, fact):
        return
    refunds = Sale.objects.filter(refund_of=refund.refund_of_id).exclude(pk=refund.pk).values_list("pk", flat=True)
    before = (
        LedgerEntry.objects.filter(
            kind=Kind.GIVEN_BACK, account=balance.account_id, source__in=[f"sale {pk}" for pk in refunds]
        ).aggregate(points=Sum("points"))["points"]
        or 0
    )
    left = payment.points
    # those with the longest life come back first; what earlier refunds gave back is passed over
    shares = spent.allocations.select_related("lot").order_by("-lot__expires_on", "-lot")
    for number, share in enumerate(shares, start=1):
        available = share.points - min(share.points, before)
        before -= share.points - available
        part = min(left, available)
        if not part:
            continue
        expires_on = share.lot.expires_on
        if expires_on is not None and expires_on > spent.on:
            expires_on = fact.on + (expires_on - spent.on)
        piece = Fact(fact.source, f"{fact.key} back {number}", fact.at, fact.on)
        add_lot(balance, part, Kind.GIVEN_BACK, piece, expires_on)
        left -= part


def earlier_entry_of_refund(balance: PointsBalance, fact: Fact) -> bool:
    """Whether this refund gave its points back before."""
    return LedgerEntry.objects.filter(account=balance.account_id, kind=Kind.GIVEN_BACK, source=fact.source).exists()


def take_back(balance: PointsBalance, refund: Sale, fact: Fact) -> None:
    """The points earned on what is returned go; of those that have expired unspent nothing is asked."""
    sale = refund.refund_of
    share = SpendingShare.objects.select_related("count").filter(sale=sale).first()
    if sale is None or share is None or SpendingShare.objects.filter(sale=refund).exists():
        return
    count = share.count
    count.paid += refund.paid
    points = count.points - earned_for(count.paid, count.rate)
    count.points -= points
    count.save(update_fields=["paid", "points"])
    lot = PointsLot.objects.filter(entry__key=f"spending sale {sale.pk}").first()
    from_lot = min(points, lot.remaining) if lot else 0
    forgiven = min(points - from_lot, _expired_unasked(lot, sale))
    due = points - forgiven
    SpendingShare.objects.create(count=count, sale=refund, paid=refund.paid, points=-points, forgiven=forgiven)
    take_or_owe(balance, due, Kind.TAKEN_BACK, fact, lot)


def _expired_unasked(lot: PointsLot | None, sale: Sale) -> int:
    """Of the sale's own points, how many expired and were not yet let off by an earlier refund."""
    if lot is None:
        return 0
    expired = LotAllocation.objects.filter(lot=lot, entry__kind=Kind.EXPIRED).aggregate(points=Sum("points"))["points"]
    forgiven = SpendingShare.objects.filter(sale__refund_of=sale).aggregate(points=Sum("forgiven"))["points"]
    return (expired or 0) - (forgiven or 0)
