"""Cashback on sales and its way back with a refund (rules.md, Points, Spending and Refund)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal

from django.db import models, transaction
from django.db.models import Q, QuerySet, Sum, Value
from django.db.models.functions import Cast

from crm.sales.models import Payment, Sale, SaleLine
from crm.team.fields import MoneyField
from loyalty.points.earning import EarningLine, EarningRules, earned_for, parts_of, returned_parts
from loyalty.points.models import (
    RETURNED,
    LedgerEntry,
    LoyaltySettings,
    PointsBalance,
    PointsLot,
    SpendingCount,
    SpendingShare,
)
from loyalty.points.selectors import current_account, earning_rules
from loyalty.points.services.ledger import (
    Fact,
    add_lot,
    earlier_entry,
    expire_lots,
    fact_of,
    lay_in,
    lock_balance_of,
    make_room,
    share_out,
    take_or_owe,
    write_entries,
)
from loyalty.points.services.merging import whereabouts

Kind = LedgerEntry.Kind
ZERO, THOUSANDTH = Decimal(0), Decimal("0.001")
# what an entry's reason holds
REASON = 120
# what a row of one kind has no word for, typed for the databases that ask
_NO_NUMBER, _NO_DAY = Cast(Value(None), models.BigIntegerField()), Cast(Value(None), models.DateField())
_NO_RATE = Cast(Value(None), models.DecimalField(max_digits=8, decimal_places=4))
_NO_COUNT = _NO_RATE, _NO_RATE, Cast(Value(None), MoneyField())


@transaction.atomic
def settle_sale(
    *,
    sale: Sale,
    points: int,
    now: datetime,
    rules: LoyaltySettings,
    balance: PointsBalance | None = None,
    earning: EarningRules | None = None,
    lines: Sequence[EarningLine] | None = None,
) -> int:
    """Takes the points that paid a part of this sale, then gives those it earns; gives how many it earned.

    `balance` is her locked row, handed in by who has just written the sale; `earning` are the rules in force for
    her, and `lines` what she pays for each, asked for here where they are not given. Told twice of one sale it counts once. Raises NotEnoughPoints.
    """
    client = sale.client
    if client is None or not (points or (sale.paid > 0 and rules.spending_on)):
        return 0
    is_new = balance is not None
    if balance is None:
        balance = lock_balance_of(client, now=now)
        # both are written in one transaction: who knows the one knows the other
        if earlier := list(SpendingShare.objects.filter(sale=sale)):
            return sum(share.points for share in earlier)
    source, lots, counts = f"sale {sale.pk}", list[PointsLot](), list[SpendingCount]()
    paid_by = fact_of(client, source=source, key=f"paid sale {sale.pk}", now=now, user=sale.completed_by)
    spends = bool(points) and (is_new or not earlier_entry(balance.account_id, paid_by, Kind.PAID, -points))
    earns = sale.paid > 0 and rules.spending_on
    if spends:
        lots, counts = lots_and_counts(balance.account_id)
        make_room(balance, points, paid_by, rules, lots)
    elif earns:
        counts = list(current_counts(balance.account_id))
    earned, names = 0, ""
    if earns:
        if earning is None:
            earning = earning_rules(sale.branch, sale.on)
        earned, names = count_money(
            balance, sale, lines if lines is not None else _earning_lines(sale, earning), counts, now, rules, earning
        )
    earned_by = fact_of(client, source=source, key=f"spending sale {sale.pk}", now=now, reason=names)
    # both at once, in two queries: what is taken before what is given
    written = [(-points, Kind.PAID, paid_by)] if spends else []
    written += [(earned, Kind.SPENDING, earned_by)] if earned else []
    for entry in write_entries(balance, written) if written else ():
        if entry.points < 0:
            share_out(entry, lots)
        else:
            lay_in(balance, entry, earned_by, rules)
    return earned


def count_money(
    balance: PointsBalance,
    sale: Sale,
    lines: Sequence[EarningLine],
    current: list[SpendingCount],
    now: datetime,
    rules: LoyaltySettings,
    earning: EarningRules,
) -> tuple[int, str]:
    """Counts what was paid: how many points it earns, and the rules by which (their names).

    At each rate the client's total is floor(paid x rate / 100) over all her sales at it. Counting the total is why
    no remainder is lost.
    """
    counts = _at_todays_rate(balance, current, rules)
    earned, names, shares = 0, [], []
    for part in parts_of(lines, sale.paid, rules.points_per_100, earning):
        count = counts.get(part.rate) or SpendingCount(
            account_id=balance.account_id, base_rate=rules.points_per_100, rate=part.rate, started_at=now
        )
        count.paid += part.paid
        points = earned_for(count.paid, count.rate) - count.points
        count.points += points
        count.save(update_fields=["paid", "points"] if count.pk else None)
        shares.append(
            SpendingShare(count=count, sale=sale, paid=part.paid, points=points, lines=part.lines, rule=part.rule)
        )
        earned += points
        if part.rule and points:
            names.append(part.rule.name)
    SpendingShare.objects.bulk_create(shares)
    return earned, ", ".join(names)[:REASON]


def _earning_lines(sale: Sale, earning: EarningRules) -> list[EarningLine]:
    if not earning.rules:
        return []
    lines = sale.lines.order_by("position").values_list("position", "amount", "service_id")
    return [EarningLine(*line) for line in lines]


def current_counts(account_id: int) -> QuerySet[SpendingCount]:
    """What an account has paid and earned at each rate since the owner's usual one last changed."""
    return SpendingCount.objects.filter(account=account_id, is_current=True)


def lots_and_counts(account_id: int) -> tuple[list[PointsLot], list[SpendingCount]]:
    """Her open lots, in the order in which they are spent, and her current counts; one query, behind the lock."""
    lots = PointsLot.objects.filter(account=account_id, remaining__gt=0).values_list(
        "entry_id", "points", "remaining", "expires_on", "noticed_at", *_NO_COUNT
    )
    counts = current_counts(account_id).values_list(
        "pk", "points", _NO_NUMBER, _NO_DAY, "started_at", "base_rate", "rate", "paid"
    )
    open_ones, current = [], []
    for key, points, left, expires_on, at, base_rate, rate, paid in lots.union(counts, all=True):
        if rate is None:
            open_ones.append(
                PointsLot(
                    entry_id=key,
                    account_id=account_id,
                    points=points,
                    remaining=left,
                    expires_on=expires_on,
                    noticed_at=at,
                )
            )
        else:
            current.append(
                SpendingCount(
                    pk=key,
                    account_id=account_id,
                    base_rate=base_rate,
                    rate=rate,
                    paid=paid,
                    points=points,
                    started_at=at,
                )
            )
    return sorted(open_ones, key=lambda lot: (lot.expires_on or date.max, lot.pk)), current


def _at_todays_rate(
    balance: PointsBalance, counts: list[SpendingCount], rules: LoyaltySettings
) -> dict[Decimal, SpendingCount]:
    """The counts at the owner's rate of today, by their own; another rate of the owner's ends them all."""
    if all(count.base_rate == rules.points_per_100 for count in counts):
        return {count.rate: count for count in counts}
    current_counts(balance.account_id).update(is_current=False)
    return {}


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
    give_back_spent(balance, spent, payment.points, fact, before=before)


def give_back_spent(balance: PointsBalance, spent: LedgerEntry, points: int, fact: Fact, *, before: int = 0) -> None:
    """Points that an entry took come back, each with the days it still had when it was taken.

    Those with the longest life come back first; `before` of them have come back already and are passed over.
    What has come back from a reward before keeps its last day: given for rewards over and over, points would
    live for ever.
    """
    left = points
    shares = spent.allocations.select_related("lot__entry").order_by("-lot__expires_on", "-lot")
    for number, share in enumerate(shares, start=1):
        available = share.points - min(share.points, before)
        before -= share.points - available
        part = min(left, available)
        if not part:
            continue
        expires_on = share.lot.expires_on
        if expires_on is not None and expires_on > spent.on and not share.lot.entry.source.startswith(RETURNED):
            expires_on = fact.on + (expires_on - spent.on)
        piece = Fact(fact.source, f"{fact.key} back {number}", fact.at, fact.on, fact.reason, fact.user)
        add_lot(balance, part, Kind.GIVEN_BACK, piece, expires_on)
        left -= part


def earlier_entry_of_refund(balance: PointsBalance, fact: Fact) -> bool:
    """Whether this refund gave its points back before."""
    return LedgerEntry.objects.filter(account=balance.account_id, kind=Kind.GIVEN_BACK, source=fact.source).exists()


def take_back(balance: PointsBalance, refund: Sale, fact: Fact) -> None:
    """The points earned on what is returned go, each line's at the rate at which it earned.

    Of those that have expired unspent nothing is asked.
    """
    sale = refund.refund_of
    shares = list(SpendingShare.objects.select_related("count__carried_into").filter(sale=sale).order_by("pk"))
    if sale is None or not shares or SpendingShare.objects.filter(sale=refund).exists():
        return
    gone: list[tuple[SpendingShare, Decimal, int]] = []
    for share, paid in zip(shares, _returned_money(sale, refund, shares), strict=True):
        # of a card that became a part of hers it is counted on elsewhere
        count = share.count = share.count.carried_into or share.count
        count.paid -= paid
        points = count.points - earned_for(count.paid, count.rate)
        count.points -= points
        count.save(update_fields=["paid", "points"])
        gone.append((share, paid, points))
    points = sum(each for _share, _paid, each in gone)
    lot, expired = PointsLot.objects.filter(entry__key=f"spending sale {sale.pk}").first(), 0
    if lot is not None:
        lot, expired = whereabouts(lot)
    from_lot = min(points, lot.remaining) if lot else 0
    forgiven = min(points - from_lot, _unasked(expired, sale)) if lot else 0
    SpendingShare.objects.bulk_create(
        SpendingShare(
            count=share.count,
            sale=refund,
            paid=-paid,
            points=-each,
            forgiven=forgiven if place == 0 else 0,
            lines=share.lines,
            rule_id=share.rule_id,
        )
        for place, (share, paid, each) in enumerate(gone)
    )
    take_or_owe(balance, points - forgiven, Kind.TAKEN_BACK, fact, lot)


def _returned_money(sale: Sale, refund: Sale, shares: list[SpendingShare]) -> list[Decimal]:
    """Of the money of this refund, how much had earned in each share."""
    if len(shares) == 1 and not shares[0].lines:
        return [-refund.paid]
    returned = Q(sale__refund_of=sale.pk)
    before = dict(SpendingShare.objects.filter(returned).values_list("count").annotate(paid=Sum("paid")).order_by())
    sold = dict(sale.lines.values_list("position", "amount"))
    back = dict(
        SaleLine.objects.filter(returned)
        .values_list("returns_line__position")
        .annotate(amount=Sum("amount"))
        .order_by()
    )
    left, due = [], []
    named: set[int] = set()
    for share in shares:
        lines = {int(position) for position in share.lines.split(";")}
        named |= lines
        # what came back before two cards became one stands at the former count
        came_back = before.get(share.count_id, ZERO) + before.get(share.count.carried_into_id, ZERO)
        left.append(share.paid + came_back)
        due.append(left[-1] - _still_paid(share.paid, lines, sold, back))
    # what earned nothing has its part of the money too
    others = set(sold) - named
    unearned = sale.paid - sum((share.paid for share in shares), ZERO)
    earlier = Sale.objects.filter(refund_of=sale.pk).exclude(pk=refund.pk).aggregate(paid=Sum("paid"))["paid"] or ZERO
    left.append(unearned + earlier - sum(before.values(), ZERO))
    due.append(left[-1] - _still_paid(unearned, others, sold, back))
    return returned_parts(-refund.paid, left, due)[:-1]


def _still_paid(paid: Decimal, lines: set[int], sold: dict[int, Decimal], back: dict[int, Decimal]) -> Decimal:
    """Of the money paid for these lines, what stays with what has not come back."""
    full = sum((sold[position] for position in lines), ZERO)
    kept = full + sum((back.get(position, ZERO) for position in lines), ZERO)
    return (paid * kept / full).quantize(THOUSANDTH, ROUND_FLOOR) if full else ZERO


def _unasked(expired: int, sale: Sale) -> int:
    """Of the sale's own points that expired, how many were not yet let off by an earlier refund."""
    forgiven = SpendingShare.objects.filter(sale__refund_of=sale).aggregate(points=Sum("forgiven"))["points"]
    return expired - (forgiven or 0)
