"""Proving what is kept beside the ledger from the ledger itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from loyalty.points.models import (
    LedgerEntry,
    LotAllocation,
    OwedEntry,
    PointsAccount,
    PointsBalance,
    PointsLot,
    SpendingCount,
    SpendingShare,
)
from loyalty.points.services.ledger import lock_balance


@dataclass(frozen=True, slots=True)
class Correction:
    """Something kept beside the ledger that said something else: which account, what, from, to."""

    account_id: int
    what: str
    was: int | Decimal
    became: int | Decimal


def rebuild_points(*, account_ids: Iterable[int] | None = None) -> list[Correction]:
    """Rebuilds balances, what is owed, what is left of lots and the counts of spending; gives what was wrong."""
    accounts = PointsAccount.objects.order_by("pk")
    if account_ids is not None:
        accounts = accounts.filter(pk__in=list(account_ids))
    corrections: list[Correction] = []
    for account in accounts.iterator():
        with transaction.atomic():
            balance = lock_balance(account)
            corrections += _rebuild_balance(account, balance)
            corrections += _rebuild_lots(account)
            corrections += _rebuild_counts(account)
    return corrections


def _rebuild_balance(account: PointsAccount, row: PointsBalance) -> list[Correction]:
    points = LedgerEntry.objects.filter(account=account).aggregate(points=Sum("points"))["points"] or 0
    owed = OwedEntry.objects.filter(account=account).aggregate(points=Sum("points"))["points"] or 0
    found = []
    if row.balance != points:
        found.append(Correction(account.pk, "balance", row.balance, points))
    if row.owed != owed:
        found.append(Correction(account.pk, "owed", row.owed, owed))
    if found:
        row.balance, row.owed = points, owed
        row.save(update_fields=["balance", "owed"])
    return found


def _rebuild_lots(account: PointsAccount) -> list[Correction]:
    taken = dict(
        LotAllocation.objects.filter(lot__account=account).values_list("lot").annotate(points=Sum("points")).order_by()
    )
    found = []
    for lot in PointsLot.objects.filter(account=account).order_by("pk"):
        left = lot.points - taken.get(lot.pk, 0)
        if lot.remaining != left:
            found.append(Correction(account.pk, f"lot {lot.pk}", lot.remaining, left))
            lot.remaining = left
            lot.save(update_fields=["remaining"])
    return found


def _rebuild_counts(account: PointsAccount) -> list[Correction]:
    sums = {
        row["count"]: (row["money"], row["given"])
        for row in SpendingShare.objects.filter(count__account=account)
        .values("count")
        .annotate(money=Sum("paid"), given=Sum("points"))
        .order_by()
    }
    found = []
    for count in SpendingCount.objects.filter(account=account).order_by("pk"):
        paid, points = sums.get(count.pk, (Decimal(0), 0))
        paid, points = paid + count.carried_paid, points + count.carried_points
        if (count.paid, count.points) != (paid, points):
            found.append(Correction(account.pk, f"count {count.pk}", count.paid, paid))
            count.paid, count.points = paid, points
            count.save(update_fields=["paid", "points"])
    return found
