"""Taking points back that should not have been given: an entry against them, as no entry ever changes."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.people.services.changes import note_change
from crm.team.models import User
from loyalty.points.models import UNDONE, LedgerEntry, OwedEntry, PointsLot
from loyalty.points.services.ledger import fact_of, lock_balance, locked_balance, take_or_owe
from loyalty.points.services.merging import whereabouts

Kind = LedgerEntry.Kind
VOIDABLE = {*LedgerEntry.GRANTS, Kind.ADJUSTED} - {Kind.SPENDING}


class NothingToTakeBack(Exception):
    """These points go with their sale, or have all expired."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many points went, and how many had been spent and are owed."""

    points: int
    owed: int


NOTHING = TakenBack(0, 0)


def may_void(entry: LedgerEntry) -> bool:
    """Whether this entry is undone by itself: what a sale earned goes back with the sale."""
    return entry.points > 0 and entry.kind in VOIDABLE


def void_entry(*, entry: LedgerEntry, user: User, now: datetime) -> TakenBack:
    """Undoes points that were given: by hand, for a friend, a birthday; asked twice it happens once.

    What is spent of them is owed and deducted from later grants; what expired unspent is let off
    (rules.md, Points, Refund). Raises NothingToTakeBack.
    """
    if not may_void(entry):
        raise NothingToTakeBack(_("What a sale gave goes back with a refund."))
    taken = take_back_grant(entry=entry, source=f"{UNDONE}{entry.pk}", now=now, user=user)
    if taken == NOTHING:
        raise NothingToTakeBack(_("These points have expired: there is nothing to take back."))
    return taken


@transaction.atomic
def take_back_grant(*, entry: LedgerEntry, source: str, now: datetime, user: User | None = None) -> TakenBack:
    """Takes back what an entry gave, because of `source`: once, whatever else asks for it later.

    What is spent is owed, what expired unspent is let off.
    """
    account = entry.account
    # of a card that became a part of hers the points are on the account in use
    balance = locked_balance(account.client) or lock_balance(account)
    key = f"undo {UNDONE}{entry.pk}"
    if earlier := _earlier(key):
        return earlier
    fact = fact_of(account.client, source=source, key=key, now=now, reason=entry.reason, user=user)
    lot, expired = whereabouts(PointsLot.objects.get(entry=entry))
    due = entry.points - expired
    if not due:
        return NOTHING
    take_or_owe(balance, due, Kind.TAKEN_BACK, fact, lot)
    note_change([account.client_id])
    return _earlier(key) or NOTHING


def _earlier(key: str) -> TakenBack | None:
    """What this undo came to, if it was done."""
    taken = LedgerEntry.objects.filter(key=key).values_list("points", flat=True).first()
    owed = OwedEntry.objects.filter(key=key).values_list("points", flat=True).first()
    return None if taken is None and owed is None else TakenBack(-(taken or 0), owed or 0)
