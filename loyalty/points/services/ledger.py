"""The ledger: giving, taking and expiring points (rules.md, Points).

Every verb locks the account's balance row first and writes entries, lots, their shares and the
balance in one transaction. A key makes a fact count once: the same key with the same data changes
nothing, with other data it is an error.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from django.db import connection, transaction
from django.db.models import F, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.booking.services.step import note_locked
from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.team.models import User
from crm.team.selectors import branch_day
from loyalty.points.models import (
    LedgerEntry,
    LedgerNote,
    LotAllocation,
    LoyaltySettings,
    OwedEntry,
    PeriodClose,
    PointsAccount,
    PointsBalance,
    PointsLot,
)
from loyalty.points.selectors import loyalty_settings

Kind = LedgerEntry.Kind


class NotEnoughPoints(Exception):
    """More points are asked for than there are."""

    def __init__(self, wanted: int, balance: int) -> None:
        super().__init__(wanted, balance)
        self.wanted, self.balance = wanted, balance
        said = ngettext(
            "She has %(balance)s point; %(wanted)s are not there.",
            "She has %(balance)s points; %(wanted)s are not there.",
            balance,
        )
        self.words = said % {"balance": balance, "wanted": wanted}

    def __str__(self) -> str:
        return str(self.words)


class PeriodClosed(Exception):
    """The entry's day lies in a period that the owner has closed; a later day is open."""

    def __init__(self, on: date) -> None:
        super().__init__(on)
        self.words = _("The books are closed up to %(day)s: nothing is written there any more.") % {"day": on}

    def __str__(self) -> str:
        return str(self.words)


class KeyReused(Exception):
    """The key of this fact stands for another one already: a fault of the caller, not of the desk."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Why an entry is written: from what, under which key, when."""

    source: str
    key: str
    at: datetime
    on: date
    reason: str = ""
    user: User | None = None


def account_of(client: Client, *, now: datetime) -> PointsAccount:
    """The account a client earns into, opened if she has none."""
    account, created = PointsAccount.objects.get_or_create(client=client, is_current=True, defaults={"opened_at": now})
    if created:
        PointsBalance.objects.create(account=account)
    return account


def lock_balance(account: PointsAccount) -> PointsBalance:
    """The account's balance, held until the transaction ends: two never spend the same points."""
    return _locked().get(account=account)


def _locked() -> QuerySet[PointsBalance]:
    """Balances to be held, each with the day up to which the books are closed."""
    return PointsBalance.objects.select_for_update(of=("self",)).annotate(closed_through=_closed_through())


def _closed_through() -> Subquery:
    return Subquery(PeriodClose.objects.order_by("-last_on").values("last_on")[:1])


def lock_balance_of(client: Client, *, now: datetime) -> PointsBalance:
    """The balance of the account she earns into, locked; the account is opened if she has none."""
    return locked_balance(client) or lock_balance(account_of(client, now=now))


def locked_balance(client: Client) -> PointsBalance | None:
    """The same where she has an account; none is opened."""
    accounts = PointsAccount.objects.filter(client=client, is_current=True)
    return _locked().filter(account__in=accounts).first()


def lock_with_client(client_id: int) -> PointsBalance | None:
    """Her own row and, after it, that of the balance of the account she earns into, both held; one query.

    None, and nothing is held, where she has no account. All three rows are locked: what was waited for is read as it
    is afterwards. No key changes, so who writes a fact that names her waits for nobody.
    """
    found = (
        PointsBalance.objects.select_for_update(no_key=True, of=("account__client", "account", "self"))
        .annotate(closed_through=_closed_through())
        .select_related("account__client__branch")
        .filter(account__client=client_id, account__is_current=True)
        .first()
    )
    if found is not None:
        note_locked(found.account.client)
    return found


def fact_of(
    client: Client, *, source: str, key: str, now: datetime, reason: str = "", user: User | None = None
) -> Fact:
    """A fact dated by the client's home branch."""
    return Fact(source=source, key=key, at=now, on=branch_day(client.branch, now), reason=reason, user=user)


@transaction.atomic
def grant_points(
    *,
    client: Client,
    points: int,
    kind: str,
    source: str,
    key: str,
    now: datetime,
    reason: str = "",
    note: str = "",
    user: User | None = None,
    expires_on: date | None = None,
    rules: LoyaltySettings | None = None,
) -> LedgerEntry:
    """Gives points as a lot of their own, valid for the owner's days or until `expires_on`.

    What the client owes is deducted at once. Raises KeyReused.
    """
    rules = rules or loyalty_settings()
    balance = lock_balance_of(client, now=now)
    fact = fact_of(client, source=source, key=key, now=now, reason=reason, user=user)
    if earlier := earlier_entry(balance.account_id, fact, kind, points):
        return earlier
    entry = grant_to(balance, points, kind, fact, rules, expires_on=expires_on)
    if note:
        LedgerNote.objects.create(entry=entry, text=note)
    # before they expire she is told
    note_change([client.pk])
    return entry


@transaction.atomic
def spend_points(
    *,
    client: Client,
    points: int,
    kind: str,
    source: str,
    key: str,
    now: datetime,
    reason: str = "",
    user: User | None = None,
    rules: LoyaltySettings | None = None,
) -> LedgerEntry:
    """Takes points, those that expire soonest first. Raises NotEnoughPoints, KeyReused."""
    balance = lock_balance_of(client, now=now)
    fact = fact_of(client, source=source, key=key, now=now, reason=reason, user=user)
    if earlier := earlier_entry(balance.account_id, fact, kind, -points):
        return earlier
    return spend_from(balance, points, kind, fact, rules or loyalty_settings())


def grant_to(
    balance: PointsBalance,
    points: int,
    kind: str,
    fact: Fact,
    rules: LoyaltySettings,
    *,
    expires_on: date | None = None,
) -> LedgerEntry:
    """Gives points to a locked account; what is owed goes off at once."""
    entry = write_entry(balance, points, kind, fact)
    lay_in(balance, entry, fact, rules, expires_on=expires_on)
    return entry


def lay_in(
    balance: PointsBalance, entry: LedgerEntry, fact: Fact, rules: LoyaltySettings, *, expires_on: date | None = None
) -> None:
    """The lot of what is given, valid for the owner's days or until `expires_on`; what is owed goes off it."""
    open_lot(entry, expires_on or fact.on + timedelta(days=rules.validity_days))
    if balance.owed and entry.kind in (*LedgerEntry.GRANTS, Kind.ADJUSTED):
        settle_owed(balance, entry, fact)


def spend_from(balance: PointsBalance, points: int, kind: str, fact: Fact, rules: LoyaltySettings) -> LedgerEntry:
    """Takes points from a locked account, what is over first expired. Raises NotEnoughPoints."""
    lots = list(open_lots(balance.account_id))
    make_room(balance, points, fact, rules, lots)
    return take(balance, points, kind, fact, lots)


def make_room(balance: PointsBalance, points: int, fact: Fact, rules: LoyaltySettings, lots: list[PointsLot]) -> None:
    """What is over expires before points are taken. Raises NotEnoughPoints if fewer are left."""
    expire_lots(balance, fact.on, fact.at, rules, lots)
    if points > balance.balance:
        raise NotEnoughPoints(points, balance.balance)


def earlier_entry(account_id: int, fact: Fact, kind: str, points: int) -> LedgerEntry | None:
    """The entry that this key has written before; KeyReused if it says something else."""
    entry = LedgerEntry.objects.filter(key=fact.key).first()
    if entry is None:
        return None
    if (entry.account_id, entry.kind, entry.points, entry.source) != (account_id, kind, points, fact.source):
        raise KeyReused(f"{fact.key!r} stands for {entry.points:+d} {entry.kind} of {entry.source}")
    return entry


def add_lot(balance: PointsBalance, points: int, kind: str, fact: Fact, expires_on: date | None) -> LedgerEntry:
    """Writes a positive entry with its lot."""
    entry = write_entry(balance, points, kind, fact)
    open_lot(entry, expires_on)
    return entry


def open_lot(entry: LedgerEntry, expires_on: date | None) -> None:
    """The lot of a positive entry."""
    PointsLot.objects.create(
        entry=entry, account_id=entry.account_id, points=entry.points, remaining=entry.points, expires_on=expires_on
    )


def take(balance: PointsBalance, points: int, kind: str, fact: Fact, lots: Iterable[PointsLot]) -> LedgerEntry:
    """Writes a negative entry and from which lots it took, in their order. They hold enough."""
    entry = write_entry(balance, -points, kind, fact)
    share_out(entry, lots)
    return entry


def share_out(entry: LedgerEntry, lots: Iterable[PointsLot]) -> None:
    """From which lots a negative entry took, in their order. Raises NotEnoughPoints where they hold less."""
    points = -entry.points
    left, shares = points, []
    for lot in lots:
        part = min(left, lot.remaining)
        if part > 0:
            lot.remaining -= part
            shares.append(LotAllocation(entry=entry, lot=lot, points=part))
            left -= part
        if not left:
            break
    if left:
        raise NotEnoughPoints(points, points - left)
    # one query however many lots: the account's lock is held
    PointsLot.objects.bulk_update([share.lot for share in shares], ["remaining"])
    LotAllocation.objects.bulk_create(shares)


def write_entry(balance: PointsBalance, points: int, kind: str, fact: Fact) -> LedgerEntry:
    """One entry and the balance beside it; the caller holds the lock. Raises PeriodClosed."""
    (entry,) = write_entries(balance, [(points, kind, fact)])
    return entry


def write_entries(balance: PointsBalance, written: Sequence[tuple[int, str, Fact]]) -> list[LedgerEntry]:
    """Entries (points, kind, fact) in this order and the balance beside them, in two queries. Raises PeriodClosed."""
    entries = []
    for points, kind, fact in written:
        refuse_closed(balance, fact.on)
        entries.append(
            LedgerEntry(
                account_id=balance.account_id,
                points=points,
                kind=kind,
                reason=fact.reason,
                source=fact.source,
                key=fact.key,
                at=fact.at,
                on=fact.on,
                user=fact.user,
            )
        )
    if connection.features.can_return_rows_from_bulk_insert:
        LedgerEntry.objects.bulk_create(entries)
    else:
        # SQLite before 3.35 tells no keys
        for entry in entries:
            entry.save()
    change = sum(entry.points for entry in entries)
    PointsBalance.objects.filter(pk=balance.pk).update(balance=F("balance") + change)
    balance.balance += change
    return entries


def refuse_closed(balance: PointsBalance, on: date) -> None:
    """Nothing is dated in a closed period; the day was read with the lock, and the database holds it too."""
    closed: date | None = getattr(balance, "closed_through", None)
    if closed is not None and on <= closed:
        raise PeriodClosed(closed)


def owe(balance: PointsBalance, points: int, fact: Fact) -> None:
    """Notes points owed (plus) or paid off (minus). Raises PeriodClosed."""
    refuse_closed(balance, fact.on)
    OwedEntry.objects.create(
        account_id=balance.account_id, points=points, source=fact.source, key=fact.key, at=fact.at, on=fact.on
    )
    PointsBalance.objects.filter(pk=balance.pk).update(owed=F("owed") + points)
    balance.owed += points


def settle_owed(balance: PointsBalance, grant: LedgerEntry, fact: Fact) -> None:
    """Deducts what is owed from a new grant."""
    part = min(balance.owed, grant.points)
    deduction = Fact(source=fact.source, key=f"{fact.key} owed", at=fact.at, on=fact.on)
    take(balance, part, Kind.OWED, deduction, PointsLot.objects.filter(pk=grant.pk))
    owe(balance, -part, deduction)


def take_or_owe(balance: PointsBalance, points: int, kind: str, fact: Fact, lot: PointsLot | None) -> None:
    """Takes back what was given: from its own lot first, then from others; what is spent is owed."""
    taken = min(points, balance.balance)
    if taken:
        others = open_lots(balance.account_id)
        take(balance, taken, kind, fact, chain([lot], others.exclude(pk=lot.pk)) if lot else others)
    if points > taken:
        owe(balance, points - taken, fact)


def open_lots(account_id: int) -> QuerySet[PointsLot]:
    """Lots with something left, soonest-expiring first, those that never expire last."""
    return PointsLot.objects.filter(account=account_id, remaining__gt=0).order_by(
        F("expires_on").asc(nulls_last=True), "pk"
    )


def expire_lots(
    balance: PointsBalance, today: date, now: datetime, rules: LoyaltySettings, lots: Iterable[PointsLot] | None = None
) -> int:
    """Expires those of the account's open lots whose day has come; gives the points that went.

    A lot that needed a notice and got none stays (rules.md, Points, Validity).
    """
    if lots is None:
        lots = open_lots(balance.account_id).filter(expires_on__lte=today)
    over = [lot for lot in lots if lot.expires_on is not None and lot.expires_on <= today]
    by_day: dict[date | None, int] = {}
    for lot in over:
        by_day[lot.expires_on] = by_day.get(lot.expires_on, 0) + lot.remaining
    gone = 0
    for lot in over:
        if lot.noticed_at is None and by_day[lot.expires_on] >= rules.notice_min_points:
            continue
        points = lot.remaining
        take(balance, points, Kind.EXPIRED, Fact(f"lot {lot.pk}", f"expiry {lot.pk}", now, today), [lot])
        gone += points
    return gone
