"""Codes in both directions, each used once, and the month that is closed (practices.md, P28)."""

import secrets
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.booking.services.step import lock_client
from crm.people.models import Client
from crm.sales.models import Sale, SaleLine
from crm.team.models import User
from crm.team.selectors import branch_day
from loyalty.partners.models import Partner, PartnerBatch, PartnerCode, PartnerEvent, PartnerStatement
from loyalty.partners.selectors import event_of_sale, is_open, month_of
from loyalty.points.models import RefusedBenefit
from loyalty.points.services import note_refused
from loyalty.vouchers.codes import new_code, read_code

Side = PartnerCode.Side
Kind = PartnerEvent.Kind
Refusal = PartnerCode.Refusal
PIN_DIGITS = 8
# how a line says that a partner's code made it cheaper
DISCOUNT_KIND = "partner"


class PartnerRefused(Exception):
    """The code does not count; `reason` is a PartnerCode.Refusal, `words` say it to a person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.words = Refusal(reason).label

    def __str__(self) -> str:
        return str(self.words)


class MonthRefused(Exception):
    """The month cannot be closed; says why."""


def new_pin(*, partner: Partner) -> str:
    """A new PIN of eight digits, said once: only its hash is kept. Devices that were let in are let in no more."""
    pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"
    partner.pin = make_password(pin)
    partner.save(update_fields=["pin"])
    return pin


def take_code(*, client: Client, partner: Partner, now: datetime, user: User | None = None) -> PartnerCode:
    """A code for her to show at the partner's, good for the owner's days; the one she has is given again.

    At most one a day. Raises PartnerRefused (noted for the owner, once a day).
    """
    try:
        return _take(client, partner, now, user)
    except PartnerRefused as refusal:
        note_refused(
            kind=RefusedBenefit.Kind.PARTNER,
            place=RefusedBenefit.Place.DESK if user else RefusedBenefit.Place.CLIENT_PAGE,
            reason=refusal.reason,
            words=f"{refusal} ({partner.name})",
            client=client,
            user=user,
            now=now,
            key=f"partner {partner.pk} {client.pk} {refusal.reason} {branch_day(partner.branch, now)}",
        )
        raise


@transaction.atomic
def _take(client: Client, partner: Partner, now: datetime, user: User | None) -> PartnerCode:
    lock_client(client.pk)
    today = branch_day(partner.branch, now)
    if not is_open(partner, today) or not partner.gives_there:
        raise PartnerRefused(Refusal.OFF)
    own = PartnerCode.objects.filter(partner=partner, client=client, side=Side.THERE)
    if known := own.filter(used_at__isnull=True, valid_until__gte=today).order_by("pk").first():
        return known
    if own.filter(made_on=today).exists():
        raise PartnerRefused(Refusal.ONE_A_DAY)
    code = PartnerCode.objects.create(
        partner=partner,
        side=Side.THERE,
        code=new_code(),
        client=client,
        made_at=now,
        made_on=today,
        valid_until=today + timedelta(days=partner.code_days - 1),
    )
    PartnerEvent.objects.create(partner=partner, code=code, kind=Kind.TAKEN, at=now, on=today, user=user)
    return code


@transaction.atomic
def confirm_code(*, partner: Partner, typed: str, now: datetime) -> PartnerCode:
    """The partner has seen this code of ours; once. Raises PartnerRefused.

    Only a code that a client of ours has taken for this very partner counts.
    """
    read, today = read_code(typed), branch_day(partner.branch, now)
    code = lock_code(partner, read) if read else None
    if code is None:
        raise PartnerRefused(Refusal.UNKNOWN)
    if code.used_at is not None:
        raise PartnerRefused(Refusal.USED)
    if today > code.valid_until:
        raise PartnerRefused(Refusal.OVER)
    if not _use_up(code, now):
        raise PartnerRefused(Refusal.USED)
    PartnerEvent.objects.create(partner=partner, code=code, kind=Kind.CONFIRMED, at=now, on=today)
    return code


def lock_code(partner: Partner, code: str) -> PartnerCode | None:
    """The code as it is now, if a client of ours took it for this partner; held until the transaction ends."""
    return PartnerCode.objects.select_for_update().filter(partner=partner, side=Side.THERE, code=code).first()


@transaction.atomic
def make_batch(
    *, partner: Partner, count: int, valid_until: date, now: datetime, user: User | None = None
) -> PartnerBatch:
    """So many codes for the partner to hand out, each good once here up to and including a day."""
    batch = PartnerBatch.objects.create(
        partner=partner, count=count, valid_until=valid_until, made_at=now, made_by=user
    )
    today = branch_day(partner.branch, now)
    codes: set[str] = set()
    while len(codes) < count:
        codes.add(new_code())
    PartnerCode.objects.bulk_create(
        PartnerCode(
            partner=partner,
            side=Side.HERE,
            code=code,
            batch=batch,
            made_at=now,
            made_on=today,
            valid_until=valid_until,
        )
        for code in sorted(codes)
    )
    return batch


@transaction.atomic
def note_partner_use(*, code: PartnerCode, sale: Sale, saved: Decimal, now: datetime) -> None:
    """The code made this sale cheaper and is used up. Two queries. Raises PartnerRefused for one used meanwhile."""
    if not _use_up(code, now):
        raise PartnerRefused(Refusal.USED)
    PartnerEvent.objects.create(
        partner_id=code.partner_id,
        code=code,
        kind=Kind.USED,
        at=now,
        on=sale.on,
        sale=sale,
        saved=saved,
        user=sale.completed_by,
    )


@transaction.atomic
def undo_partner_use(refund: Sale, *, now: datetime) -> PartnerEvent | None:
    """What the code saved on the lines that come back is counted off again; the code stays used. One query for others."""
    used = event_of_sale(refund.refund_of) if refund.refund_of is not None else None
    if used is None:
        return None
    lines = SaleLine.objects.filter(sale=refund, discount_kind=DISCOUNT_KIND)
    back = sum((line.discount_amount for line in lines), Decimal(0))
    if not back:
        return None
    return PartnerEvent.objects.create(
        partner=used.partner, code=used.code, kind=Kind.RETURNED, at=now, on=refund.on, sale=refund, saved=back
    )


@transaction.atomic
def settle_month(*, partner: Partner, month: date, user: User, now: datetime) -> PartnerStatement:
    """Closes a month that is over: what it says then never changes. Raises MonthRefused."""
    partner = Partner.objects.select_for_update(of=("self",)).select_related("branch").get(pk=partner.pk)
    today, counted = branch_day(partner.branch, now), month_of(partner, month)
    if counted.month >= today.replace(day=1):
        raise MonthRefused(_("This month is not over yet."))
    try:
        with transaction.atomic():
            return PartnerStatement.objects.create(
                partner=partner,
                month=counted.month,
                taken=counted.taken,
                confirmed=counted.confirmed,
                used=counted.used,
                saved=counted.saved,
                settled_on=today,
                settled_at=now,
                settled_by=user,
            )
    except IntegrityError:
        raise MonthRefused(_("This month is settled."))


def _use_up(code: PartnerCode, now: datetime) -> bool:
    """Whoever comes first: of two at once one updates the row."""
    return bool(PartnerCode.objects.filter(pk=code.pk, used_at__isnull=True).update(used_at=now))
