"""Two cards of one client become one: her points on one account. No entry ever changes; entries move them.

The sums over both accounts are the same before and after, and each lot keeps its last day.
"""

from datetime import datetime

from django.db import transaction

from crm.people.models import Client
from crm.team.models import User
from loyalty.points.models import (
    GestureRequest,
    LedgerEntry,
    LotAllocation,
    PendingGrant,
    PointsAccount,
    PointsBalance,
    PointsLot,
    SpendingCount,
)
from loyalty.points.services.ledger import Fact, add_lot, fact_of, lock_balance, open_lots, owe, take

Kind = LedgerEntry.Kind
# how the keys of the two sides end: "merge 7 out", "merge 7 in 31" (of lot 31)
OUT, INTO = " out", " in "


@transaction.atomic
def join_accounts(*, kept: Client, aside: Client, now: datetime, user: User | None = None) -> int:
    """What the card put aside has on its account goes to the one that stays; gives how many points moved.

    Where she had no account on that card yet, the account itself becomes hers. The caller holds both clients.
    Told twice, it moves once. Raises PeriodClosed.
    """
    current = {
        account.client_id: account
        for account in PointsAccount.objects.filter(client__in=[kept.pk, aside.pk], is_current=True)
    }
    hers, other = current.get(kept.pk), current.get(aside.pk)
    moved = 0
    if hers is not None and other is not None:
        # in one order, so that two who merge wait for each other
        locked = {account.pk: lock_balance(account) for account in sorted((hers, other), key=lambda each: each.pk)}
        fact = fact_of(kept, source=f"merge {aside.pk}", key=f"merge {aside.pk}", now=now, reason=aside.code, user=user)
        moved = _move_lots(locked[other.pk], locked[hers.pk], fact)
        _move_owed(locked[other.pk], locked[hers.pk], fact)
        _move_counts(other, hers)
        PendingGrant.objects.filter(account=other).update(account=hers)
        GestureRequest.objects.filter(account=other, state=GestureRequest.State.OPEN).update(account=hers)
        PointsAccount.objects.filter(pk=other.pk).update(client=kept, is_current=False)
    # with accounts of cards that were merged into that one before
    PointsAccount.objects.filter(client=aside).update(client=kept)
    _rename_promises(kept, aside)
    return moved


def _move_lots(source: PointsBalance, target: PointsBalance, fact: Fact) -> int:
    lots = list(open_lots(source.account_id))
    points = sum(lot.remaining for lot in lots)
    if not points:
        return 0
    # what is left of each, as taking lessens it
    pieces = [(lot, lot.remaining) for lot in lots]
    take(
        source,
        points,
        Kind.MERGED,
        Fact(fact.source, f"{fact.key}{OUT}", fact.at, fact.on, fact.reason, fact.user),
        lots,
    )
    for lot, left in pieces:
        piece = Fact(fact.source, f"{fact.key}{INTO}{lot.pk}", fact.at, fact.on, fact.reason, fact.user)
        entry = add_lot(target, left, Kind.MERGED, piece, lot.expires_on)
        # who was told of their end is not told again
        PointsLot.objects.filter(pk=entry.pk).update(noticed_at=lot.noticed_at)
    return points


def _move_owed(source: PointsBalance, target: PointsBalance, fact: Fact) -> None:
    """What she owes is deducted from later grants, on whichever account they come."""
    owed = source.owed
    if owed:
        owe(source, -owed, Fact(fact.source, f"{fact.key} owed out", fact.at, fact.on, fact.reason))
        owe(target, owed, Fact(fact.source, f"{fact.key} owed in", fact.at, fact.on, fact.reason))


def _move_counts(other: PointsAccount, hers: PointsAccount) -> None:
    """Both remainders count on together: points for spending are floor(total paid x rate / 100) over her life."""
    mine = {
        (count.base_rate, count.rate): count for count in SpendingCount.objects.filter(account=hers, is_current=True)
    }
    bases = {base for base, _rate in mine}
    for count in SpendingCount.objects.filter(account=other):
        same = mine.get((count.base_rate, count.rate)) if count.is_current else None
        if same is None:
            # at a rate that is another account's past it is past too
            current = count.is_current and (not bases or count.base_rate in bases)
            SpendingCount.objects.filter(pk=count.pk).update(account=hers, is_current=current)
            continue
        for name in ("paid", "carried_paid"):
            setattr(same, name, getattr(same, name) + count.paid)
        for name in ("points", "carried_points"):
            setattr(same, name, getattr(same, name) + count.points)
        same.save(update_fields=["paid", "points", "carried_paid", "carried_points"])
        SpendingCount.objects.filter(pk=count.pk).update(account=hers, is_current=False, carried_into=same)
        SpendingCount.objects.filter(carried_into=count.pk).update(carried_into=same)


def _rename_promises(kept: Client, aside: Client) -> None:
    """The key says whose visit day it was; both cards' promises of one day stay as they are."""
    for pending in PendingGrant.objects.filter(account__client=kept, kind=Kind.REBOOKING):
        word, _space, rest = pending.key.partition(" ")
        client, _space, on = rest.partition(" ")
        if client != str(aside.pk):
            continue
        key = f"{word} {kept.pk} {on}"
        if not PendingGrant.objects.filter(key=key).exists():
            PendingGrant.objects.filter(pk=pending.pk).update(key=key)


def whereabouts(lot: PointsLot) -> tuple[PointsLot, int]:
    """The lot that holds today what is left of these points, and how many of them have expired unspent.

    One query, and two more for each time that it moved from card to card.
    """
    expired = 0
    while True:
        moved_by = ""
        for kind, key, points in LotAllocation.objects.filter(
            lot=lot, entry__kind__in=[Kind.EXPIRED, Kind.MERGED]
        ).values_list("entry__kind", "entry__key", "points"):
            if kind == Kind.EXPIRED:
                expired += points
            else:
                moved_by = key
        if not moved_by:
            return lot, expired
        lot = PointsLot.objects.get(entry__key=f"{moved_by.removesuffix(OUT)}{INTO}{lot.pk}")
