"""Reads of partners: what a shown code gives here, which codes a client may take, both directions counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from crm.people.models import Client
from crm.sales.models import Sale
from crm.team.models import Branch
from crm.team.selectors import branch_day
from loyalty.partners.models import Partner, PartnerCode, PartnerEvent, PartnerStatement
from loyalty.vouchers.codes import read_code

Side = PartnerCode.Side
Kind = PartnerEvent.Kind
ZERO = Decimal(0)
# confirmed so soon after it was taken, nobody has walked over
AT_ONCE = timedelta(minutes=3)
# fewer codes say nothing about a rate
ENOUGH = 10
HIGH_RATE = 90


@dataclass(frozen=True, slots=True)
class PartnerDiscount:
    """What a partner's client gets here: a percentage off services; of these (their keys), or of all where empty."""

    percent: int
    services: frozenset[int]
    partner: Partner
    code: PartnerCode
    expires_on: date

    @property
    def name(self) -> str:
        return self.partner.name


def partners_of(branch: Branch, today: date) -> QuerySet[Partner]:
    """Those a branch works with today, by name."""
    return (
        Partner.objects.filter(branch=branch, is_active=True, from_on__lte=today)
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=today))
        .select_related("branch")
        .order_by("name", "pk")
    )


def partner_at(slug: str, now: datetime) -> Partner | None:
    """The partner of an address, while it is one."""
    partner = Partner.objects.filter(slug=slug).select_related("branch").first()
    return partner if partner is not None and is_open(partner, branch_day(partner.branch, now)) else None


def confirmed_on(partner: Partner, on: date) -> int:
    """How many codes it has confirmed on a day."""
    return PartnerEvent.objects.filter(partner=partner, kind=Kind.CONFIRMED, on=on).count()


def is_open(partner: Partner, today: date) -> bool:
    return partner.is_active and partner.from_on <= today and (partner.until_on is None or today <= partner.until_on)


def pin_fits(partner: Partner | None, pin: str) -> bool:
    """Whether this is its PIN, blanks aside; as slow for a partner that is not there."""
    typed = "".join(pin.split())
    if partner is None or not partner.pin:
        # takes as long as comparing would
        make_password(typed)
        return False
    return check_password(typed, partner.pin)


def partner_discount_for(typed: str, branch: Branch, today: date) -> PartnerDiscount | None:
    """What a code that a partner handed out gives in this branch today; None for anything else that was typed.

    No query for what cannot be a code, one for what is none, two for one that counts.
    """
    read = read_code(typed)
    if read is None:
        return None
    code = PartnerCode.objects.filter(code=read, side=Side.HERE).select_related("partner__branch").first()
    if code is None or why_not_here(code, branch, today):
        return None
    return PartnerDiscount(
        percent=code.partner.percent_here,
        services=frozenset(service.pk for service in code.partner.services.all()),
        partner=code.partner,
        code=code,
        expires_on=code.valid_until,
    )


def why_not_here(code: PartnerCode, branch: Branch, today: date) -> str:
    """Why a partner's code gives nothing here (a PartnerCode.Refusal); empty where it does."""
    partner, refusal = code.partner, PartnerCode.Refusal
    if code.used_at is not None:
        return refusal.USED
    if today > code.valid_until:
        return refusal.OVER
    if partner.branch_id != branch.pk:
        return refusal.ELSEWHERE
    return "" if is_open(partner, today) and partner.percent_here else refusal.OFF


def here_code(typed: str) -> PartnerCode | None:
    """The code of a partner's client, used up or not; for saying why it was refused."""
    read = read_code(typed)
    if read is None:
        return None
    return PartnerCode.objects.filter(code=read, side=Side.HERE).select_related("partner").first()


def offers_there(client: Client, today: date) -> QuerySet[Partner]:
    """Where this client gets something, by her home branch."""
    return partners_of(client.branch, today).exclude(gives_there="")


def open_codes(client: Client, today: date) -> list[PartnerCode]:
    """The codes that she has taken and not shown yet, the one that ends first in front."""
    return list(
        PartnerCode.objects.filter(client=client, side=Side.THERE, used_at__isnull=True, valid_until__gte=today)
        .select_related("partner")
        .order_by("valid_until", "pk")
    )


@dataclass(frozen=True, slots=True)
class Month:
    """One month with one partner, both directions. `rate` is the share confirmed of what our clients took, percent."""

    month: date
    taken: int
    confirmed: int
    used: int
    saved: Decimal
    settled: PartnerStatement | None = None

    @property
    def rate(self) -> int | None:
        return round(self.confirmed * 100 / self.taken) if self.taken else None


COUNTS: dict[str, Any] = {
    "taken": Count("pk", filter=Q(kind=Kind.TAKEN)),
    "confirmed": Count("pk", filter=Q(kind=Kind.CONFIRMED)),
    "used": Count("pk", filter=Q(kind=Kind.USED)),
    "saved": Sum("saved"),
}


def months_of(partner: Partner) -> list[Month]:
    """Every month in which something happened, the newest first; what is settled as it was settled. Two queries."""
    settled = {row.month: row for row in PartnerStatement.objects.filter(partner=partner).select_related("settled_by")}
    counted: Any = (
        PartnerEvent.objects.filter(partner=partner)
        .annotate(month=TruncMonth("on"))
        .values("month")
        .order_by("-month")
        .annotate(**COUNTS)
    )
    return [Month(**{**row, "saved": row["saved"] or ZERO, "settled": settled.get(row["month"])}) for row in counted]


def month_of(partner: Partner, month: date) -> Month:
    """What one month comes to; nothing happened: all zero."""
    first, after = month.replace(day=1), (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    row: Any = PartnerEvent.objects.filter(partner=partner, on__gte=first, on__lt=after).aggregate(**COUNTS)
    return Month(month=first, **{**row, "saved": row["saved"] or ZERO})


def event_of_sale(sale: Sale) -> PartnerEvent | None:
    """The partner's code that made this sale cheaper."""
    return PartnerEvent.objects.filter(sale=sale, kind=Kind.USED).select_related("partner", "code").first()


@dataclass(frozen=True, slots=True)
class PartnerSuspicion:
    """Something with a partner that the owner may want to look at; `count` of what, and since when."""

    kind: str
    partner: Partner
    count: int
    on: date


def partner_suspicions(since: date) -> list[PartnerSuspicion]:
    """What looks wrong since a day. at_once: confirmed within minutes of being taken; rate: nearly every code
    confirmed; known: its codes used here by clients who had been here before.
    """
    confirmed = list(
        PartnerEvent.objects.filter(kind=Kind.CONFIRMED, on__gte=since).select_related("partner", "code").order_by("pk")
    )
    quick = [event for event in confirmed if event.at - event.code.made_at < AT_ONCE]
    known = [
        event
        for event in PartnerEvent.objects.filter(kind=Kind.USED, on__gte=since)
        .select_related("partner", "sale__client__pulse")
        .order_by("pk")
        if event.sale and event.sale.client and _been_here(event.sale.client, event.on)
    ]
    rates: Any = (
        PartnerEvent.objects.filter(on__gte=since)
        .values("partner")
        .order_by("partner")
        .annotate(**COUNTS, last=Max("on"))
    )
    high = {
        row["partner"]: row
        for row in rates
        if row["taken"] >= ENOUGH and row["confirmed"] * 100 >= HIGH_RATE * row["taken"]
    }
    found = [
        PartnerSuspicion("rate", partner, high[partner.pk]["confirmed"], high[partner.pk]["last"])
        for partner in Partner.objects.filter(pk__in=high).order_by("pk")
    ]
    return [*found, *_by_partner("at_once", quick), *_by_partner("known", known)]


def _been_here(client: Client, on: date) -> bool:
    pulse = getattr(client, "pulse", None)
    return pulse is not None and pulse.first_visit_on is not None and pulse.first_visit_on < on


def _by_partner(kind: str, events: Sequence[PartnerEvent]) -> list[PartnerSuspicion]:
    found: dict[int, list[PartnerEvent]] = {}
    for event in events:
        found.setdefault(event.partner_id, []).append(event)
    return [PartnerSuspicion(kind, rows[0].partner, len(rows), rows[-1].on) for rows in found.values()]
