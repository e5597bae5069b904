"""Issuing, prolonging and withdrawing vouchers (rules.md, Vouchers)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F

from crm.catalogue.models import Service
from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.team.models import Branch, User
from crm.team.selectors import branch_day
from loyalty.points.services import KeyReused
from loyalty.vouchers.codes import new_code
from loyalty.vouchers.models import Voucher, VoucherEvent
from loyalty.vouchers.selectors import voucher_by_key

# two of 2^45 codes alike: once more is plenty
TRIES = 3


def issue_voucher(
    *,
    client: Client | None,
    branch: Branch,
    kind: str,
    key: str,
    now: datetime,
    valid_from: date,
    valid_until: date,
    percent: int | None = None,
    amount: Decimal | None = None,
    free_service: Service | None = None,
    services: Sequence[Service] = (),
    services_only: bool = False,
    quiet_only: bool = False,
    book_until: date | None = None,
    user: User | None = None,
) -> Voucher:
    """Gives a voucher: a percentage, an amount, or one service free; without a client, whoever shows it has it.

    `free_service` is the free one; where it may be one of several, give them as `services` and neither percent
    nor amount. With a percentage or an amount, `services` are what it covers (none: everything). `quiet_only`: for
    visits that begin at an hour that stays empty. Both window days are branch days, included. The same key gives the voucher of the first time; KeyReused if that one
    is of another client or kind.
    """
    if earlier := voucher_by_key(key):
        return _same(earlier, client, kind)
    if free_service is not None:
        services = [free_service]
    if percent is not None:
        benefit = Voucher.Benefit.PERCENT
    elif amount is not None:
        benefit = Voucher.Benefit.AMOUNT
    else:
        benefit, services_only = Voucher.Benefit.FREE_SERVICE, True
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                voucher = Voucher.objects.create(
                    code=new_code(),
                    key=key,
                    branch=branch,
                    kind=kind,
                    benefit=benefit,
                    percent=percent,
                    amount=amount,
                    services_only=services_only,
                    quiet_only=quiet_only,
                    client=client,
                    book_until=book_until,
                    valid_from=valid_from,
                    valid_until=valid_until,
                    issued_at=now,
                    issued_on=branch_day(branch, now),
                    issued_by=user,
                )
                if services:
                    voucher.services.set(services)
                VoucherEvent.objects.create(voucher=voucher, kind=VoucherEvent.Kind.ISSUED, at=now, user=user)
                return voucher
        except IntegrityError:
            # the same fact at the same moment, or the same code by chance
            if earlier := voucher_by_key(key):
                return _same(earlier, client, kind)
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _same(voucher: Voucher, client: Client | None, kind: str) -> Voucher:
    if (voucher.client_id, voucher.kind) != (client.pk if client else None, kind):
        raise KeyReused(f"{voucher.key!r} stands for another voucher")
    return voucher


@transaction.atomic
def prolong_voucher(*, voucher: Voucher, days: int, now: datetime, user: User | None = None) -> Voucher:
    """Moves the last day for booking and the last day of the visit on; one that is used or withdrawn stays."""
    prolonged = Voucher.objects.filter(pk=voucher.pk, redeemed_at__isnull=True, voided_at__isnull=True).update(
        prolonged_days=F("prolonged_days") + days
    )
    voucher = Voucher.objects.select_for_update().get(pk=voucher.pk)
    if prolonged:
        # whole days are added here: adding them in SQL differs by database
        voucher.valid_until += timedelta(days=days)
        if voucher.book_until is not None:
            voucher.book_until += timedelta(days=days)
        voucher.save(update_fields=["valid_until", "book_until"])
        VoucherEvent.objects.create(voucher=voucher, kind=VoucherEvent.Kind.PROLONGED, at=now, user=user, days=days)
        if voucher.client_id is not None:
            note_change([voucher.client_id])
    return voucher


@transaction.atomic
def void_voucher(*, voucher: Voucher, now: datetime, user: User | None = None) -> bool:
    """Withdraws a voucher that is not used yet; False if it was used or withdrawn before."""
    voided = Voucher.objects.filter(pk=voucher.pk, redeemed_at__isnull=True, voided_at__isnull=True).update(
        voided_at=now, reserved_for=None
    )
    if voided:
        VoucherEvent.objects.create(voucher=voucher, kind=VoucherEvent.Kind.VOIDED, at=now, user=user)
    return bool(voided)
