"""Writing points of an import as entries of the ledger."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import Case, F, IntegerField, Value, When
from django.utils.translation import gettext as _

from crm.booking.local_time import computed_instant
from crm.office.importing.bulk import highest_id
from crm.office.importing.reading import RowRefused
from crm.office.importing.records import PointsRecord
from crm.office.importing.run import Run, Seen
from crm.people.models import Client
from crm.people.selectors import people_by_code
from crm.sales.models import Sale
from loyalty.points.models import LedgerEntry, LoyaltySettings, OwedEntry, PointsBalance, PointsLot
from loyalty.points.selectors import loyalty_settings
from loyalty.points.services.ledger import (
    Fact,
    PeriodClosed,
    account_of,
    add_lot,
    lock_balance,
    owe,
    refuse_closed,
    take,
)

Kind = LedgerEntry.Kind
TAKEN = (Kind.PAID, Kind.REWARD, Kind.EXPIRED, Kind.TAKEN_BACK, Kind.OWED, Kind.ADJUSTED)
GIVEN = (*LedgerEntry.GRANTS, Kind.GIVEN_BACK, Kind.ADJUSTED)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as the entry that it becomes."""

    kind: str
    reason: str

    @classmethod
    def of(cls, record: PointsRecord) -> "Entry":
        if record.kind in (GIVEN if record.points > 0 else TAKEN):
            return cls(record.kind, record.reason)
        # a word of the former system that is no kind of ours stays readable
        return cls(Kind.IMPORTED if record.points > 0 else Kind.PAID, (record.reason or record.kind)[:120])


def write_points(run: Run, file: str, records: Iterable[PointsRecord]) -> None:
    """New entries, oldest first so that what was spent finds what was given.

    The same row may stand in a file twice and mean two grants, and the file knows no codes: a row
    is there already if an entry says the same, once for each entry.
    """
    count = run.outcome.file(file)
    rules = loyalty_settings()
    seen = Seen(highest_id(LedgerEntry))
    told: Counter[str] = Counter()
    ordered = sorted(records, key=lambda record: (record.on, record.points < 0, record.line))
    for start in range(0, len(ordered), 1_000):
        chunk = ordered[start : start + 1_000]
        clients = people_by_code({record.client for record in chunk})
        there = _entries_of([client.pk for client in clients.values()], seen)
        receipts = _receipts(run, chunk)
        for record in chunk:
            client = clients.get(record.client)
            says = _digest(record)
            told[says] += 1
            try:
                if client is None:
                    raise RowRefused(_("There is no client “%(code)s”.") % {"code": record.client})
                if _is_there(there, seen, client, record):
                    count.unchanged += 1
                    continue
                sale = receipts.get((record.receipt, client.pk))
                _write(run, client, record, f"import {run.branch.pk} {says} {told[says]}", rules, sale)
            except RowRefused as reason:
                run.outcome.reject(file, record.line, str(reason))
            else:
                count.imported += 1


def write_owed(run: Run, file: str, records: Iterable[PointsRecord]) -> None:
    """What clients owe; of who owes already, or has paid it, nothing is added."""
    count = run.outcome.file(file)
    for record in records:
        client = people_by_code([record.client]).get(record.client)
        if client is None:
            run.outcome.reject(file, record.line, _("There is no client “%(code)s”.") % {"code": record.client})
            continue
        balance = lock_balance(account_of(client, now=run.now))
        if OwedEntry.objects.filter(account=balance.account_id).exists():
            count.unchanged += 1
            continue
        at = computed_instant(record.on, time(), run.zone)
        owe(balance, record.points, Fact(source="import", key=f"import owed {client.pk}", at=at, on=record.on))
        count.imported += 1


def _entries_of(clients: list[int], seen: Seen) -> dict[tuple, list[tuple[int, date | None]]]:
    """What stood in the ledger before this run: key and expiry, by what the entries say."""
    found: dict[tuple, list[tuple[int, date | None]]] = defaultdict(list)
    for pk, client, points, kind, on, reason, expires in (
        LedgerEntry.objects.filter(account__client__in=clients, pk__lte=seen.highest)
        .order_by("pk")
        .values_list("pk", "account__client", "points", "kind", "on", "reason", "lot__expires_on")
    ):
        found[client, points, kind, on, reason].append((pk, expires))
    return found


def _is_there(
    there: dict[tuple, list[tuple[int, date | None]]], seen: Seen, client: Client, record: PointsRecord
) -> bool:
    entry = Entry.of(record)
    return any(
        (record.expires is None or record.expires == expires) and seen.meet(pk)
        for pk, expires in there.get((client.pk, record.points, entry.kind, record.on, entry.reason), ())
    )


def _receipts(run: Run, chunk: list[PointsRecord]) -> dict[tuple[str, int], int]:
    """The sales that the rows name, by receipt and client."""
    codes = {record.receipt for record in chunk} - {""}
    found = Sale.objects.filter(branch=run.branch, code__in=codes, client__isnull=False).order_by("pk")
    return {(code, client): pk for code, client, pk in found.values_list("code", "client_id", "pk")}


def _digest(record: PointsRecord) -> str:
    says = (record.client, record.points, record.kind, record.on, record.reason, record.expires)
    return hashlib.blake2b(repr(says).encode(), digest_size=12).hexdigest()


def _write(run: Run, client: Client, record: PointsRecord, key: str, rules: LoyaltySettings, sale: int | None) -> None:
    balance = lock_balance(account_of(client, now=run.now))
    entry = Entry.of(record)
    fact = Fact(
        source=f"sale {sale}" if sale else "import",
        # a return finds what its sale earned and what paid it by these
        key=f"{entry.kind} sale {sale}" if sale and entry.kind in (Kind.PAID, Kind.SPENDING) else key,
        at=computed_instant(record.on, time(), run.zone),
        on=record.on,
        reason=entry.reason,
    )
    try:
        refuse_closed(balance, fact.on)
    except PeriodClosed as closed:
        raise RowRefused(str(closed)) from closed
    run.touched.add(client.pk)
    if record.points > 0:
        expires = record.expires or record.on + timedelta(days=rules.validity_days)
        add_lot(balance, record.points, entry.kind, fact, expires)
    else:
        _take(balance, record, fact, entry.kind)


def _take(balance: PointsBalance, record: PointsRecord, fact: Fact, kind: str) -> None:
    wanted = -record.points
    if wanted > balance.balance:
        raise RowRefused(
            _("%(wanted)d points are taken and only %(balance)d were there.")
            % {"wanted": wanted, "balance": balance.balance}
        )
    # as the former system must have done: lots that were still good that day, soonest-expiring first
    lots = (
        PointsLot.objects.filter(account=balance.account_id, remaining__gt=0)
        .annotate(
            is_over=Case(When(expires_on__lte=record.on, then=Value(1)), default=Value(0), output_field=IntegerField())
        )
        .order_by("-is_over" if kind == Kind.EXPIRED else "is_over", F("expires_on").asc(nulls_last=True), "pk")
    )
    take(balance, wanted, kind, fact, lots)
