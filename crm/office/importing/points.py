"""Writing points of an import as entries of the ledger."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import time, timedelta

from django.db.models import Case, F, IntegerField, Value, When
from django.utils.translation import gettext as _

from crm.booking.local_time import computed_instant
from crm.office.importing.reading import RowRefused
from crm.office.importing.records import PointsRecord
from crm.office.importing.run import Run
from crm.people.models import Client
from loyalty.points.models import LedgerEntry, LoyaltySettings, PointsBalance, PointsLot
from loyalty.points.selectors import loyalty_settings
from loyalty.points.services.ledger import Fact, account_of, add_lot, lock_balance, take

Kind = LedgerEntry.Kind
TAKEN = (Kind.PAID, Kind.REWARD, Kind.EXPIRED, Kind.TAKEN_BACK, Kind.OWED)
GIVEN = (*LedgerEntry.GRANTS, Kind.GIVEN_BACK)


def write_points(run: Run, file: str, records: Iterable[PointsRecord]) -> None:
    """New entries, oldest first so that what was spent finds what was given.

    The same row may stand in a file twice and mean two grants; the file knows no codes, so a
    second run tells rows by what they say and by how many of them there were before.
    """
    count = run.outcome.file(file)
    rules = loyalty_settings()
    told: Counter[str] = Counter()
    keyed = []
    for record in records:
        says = _digest(record)
        told[says] += 1
        keyed.append((f"import {run.branch.pk} {says} {told[says]}", record))
    keyed.sort(key=lambda pair: (pair[1].on, pair[1].points < 0, pair[1].line))
    for start in range(0, len(keyed), 1_000):
        chunk = keyed[start : start + 1_000]
        there = set(LedgerEntry.objects.filter(key__in=[key for key, _record in chunk]).values_list("key", flat=True))
        clients = {
            client.code: client for client in Client.objects.filter(code__in={record.client for _key, record in chunk})
        }
        for key, record in chunk:
            if key in there:
                count.unchanged += 1
                continue
            try:
                _write(run, clients.get(record.client), record, key, rules)
            except RowRefused as reason:
                run.outcome.reject(file, record.line, str(reason))
            else:
                count.imported += 1


def _digest(record: PointsRecord) -> str:
    says = (record.client, record.points, record.kind, record.on, record.reason, record.expires)
    return hashlib.blake2b(repr(says).encode(), digest_size=12).hexdigest()


def _write(run: Run, client: Client | None, record: PointsRecord, key: str, rules: LoyaltySettings) -> None:
    if client is None:
        raise RowRefused(_("There is no client “%(code)s”.") % {"code": record.client})
    balance = lock_balance(account_of(client, now=run.now))
    known = record.kind in (GIVEN if record.points > 0 else TAKEN)
    fact = Fact(
        source="import",
        key=key,
        at=computed_instant(record.on, time(), run.zone),
        on=record.on,
        # a word of the former system that is no kind of ours stays readable
        reason=record.reason if known else (record.reason or record.kind)[:120],
    )
    run.touched.add(client.pk)
    if record.points > 0:
        expires = record.expires or record.on + timedelta(days=rules.validity_days)
        add_lot(balance, record.points, record.kind if known else Kind.IMPORTED, fact, expires)
    else:
        _take(balance, record, fact, record.kind if known else Kind.PAID)


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
