"""Reads of vouchers: by key and code, what a client has open, and whether one may be used."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F, Max, Q, QuerySet, Sum, prefetch_related_objects

from crm.booking.models import Appointment, Visit
from crm.people.models import Client
from crm.reports.selectors.chairs import chairs_of
from crm.sales.models import Sale, SaleLine
from crm.team.models import Branch
from crm.team.selectors import zone
from loyalty.points.models import LedgerEntry
from loyalty.vouchers.codes import read_code
from loyalty.vouchers.models import Campaign, GiftCertificate, Reward, Voucher, WrongCode

# how a line says that a voucher paid for its discount
DISCOUNT_KIND = "voucher"


def with_terms(vouchers: QuerySet[Voucher]) -> QuerySet[Voucher]:
    """With what is asked before they are used: services, and the conditions of their campaign."""
    return vouchers.select_related("campaign__branch").prefetch_related("services", "campaign__except_services")


def voucher_by_key(key: str) -> Voucher | None:
    """The voucher that this fact gave."""
    return Voucher.objects.filter(key=key).first()


def own_key(campaign_id: int, client_id: int) -> str:
    """The fact that a client has one of a campaign in her own name."""
    return f"campaign {campaign_id} of {client_id}"


def voucher_from_campaign(campaign_id: int | None, client_id: int) -> Voucher | None:
    """The one of this campaign that is hers."""
    return voucher_by_key(own_key(campaign_id, client_id)) if campaign_id is not None else None


def voucher_by_code(code: str, *, lock: bool = False) -> Voucher | None:
    """The voucher of a typed code; None without asking the database where it cannot be one."""
    read = read_code(code)
    if read is None:
        return None
    found = with_terms(Voucher.objects.filter(code=read))
    return (found.select_for_update(of=("self",)) if lock else found).first()


def certificate_by_code(code: str) -> GiftCertificate | None:
    """The gift certificate of a typed code; None without asking the database where it cannot be one."""
    read = read_code(code)
    return GiftCertificate.objects.filter(code=read).select_related("branch").first() if read else None


def certificates_by_code(codes: Iterable[str]) -> list[GiftCertificate]:
    """Those of these typed codes that are certificates, in no order; one query, none where there is no code."""
    read = {code for typed in codes if (code := read_code(typed)) is not None}
    return list(GiftCertificate.objects.filter(code__in=read).select_related("branch")) if read else []


def why_not_certificate(certificate: GiftCertificate, *, branch: Branch, today: date) -> str:
    """The reason (GiftCertificate.Refusal) why it pays nothing in this branch today, or an empty string."""
    refusal = GiftCertificate.Refusal
    if certificate.branch.currency != branch.currency:
        return refusal.OTHER_CURRENCY
    if certificate.expires_on is not None and today > certificate.expires_on:
        return refusal.OVER
    return "" if certificate.balance > 0 else refusal.EMPTY


def owed_on_certificates() -> list[tuple[str, Decimal]]:
    """What the salon owes on gift certificates, by currency: paid for and neither spent nor over."""
    return list(
        GiftCertificate.objects.filter(balance__gt=0)
        .values_list("branch__currency")
        .annotate(owed=Sum("balance"))
        .order_by("branch__currency")
    )


def open_vouchers(client: Client, today: date) -> QuerySet[Voucher]:
    """Her personal vouchers not used yet whose window is not over, the one that ends first in front."""
    unused = Voucher.objects.filter(
        client=client, redeemed_at__isnull=True, voided_at__isnull=True, valid_until__gte=today
    )
    return with_terms(unused).order_by("valid_until", "pk")


def vouchers_at_till(client: Client, today: date, *, lock: bool = False) -> list[Voucher]:
    """The same as the till judges them: each with the keys of the services that it is limited to (`limited_to`).

    One query, one more where a campaign stands behind them. With `lock` held until the transaction ends.
    """
    rows = open_vouchers(client, today).prefetch_related(None).annotate(service_key=F("services"))
    vouchers: dict[int, Voucher] = {}
    for row in rows.select_for_update(of=("self",)) if lock else rows:
        voucher = vouchers.setdefault(row.pk, row)
        voucher.limited_to = getattr(voucher, "limited_to", frozenset()) | ({row.service_key} - {None})
    prefetch_related_objects([each for each in vouchers.values() if each.campaign], "campaign__except_services")
    return list(vouchers.values())


def vouchers_of(client: Client) -> QuerySet[Voucher]:
    """All her vouchers, the newest first."""
    return with_terms(Voucher.objects.filter(client=client)).order_by("-issued_at", "-pk")


def reserved_for(appointment: Appointment) -> QuerySet[Voucher]:
    """Vouchers that hang on this booking."""
    return Voucher.objects.filter(reserved_for=appointment, redeemed_at__isnull=True, voided_at__isnull=True)


def had_voucher_since(client_ids: Iterable[int], kind: str, since: date) -> set[int]:
    """Which of these clients got a voucher of this kind on or after a day (win-back: at most one in 365 days)."""
    return set(
        Voucher.objects.filter(client__in=client_ids, kind=kind, issued_on__gte=since).values_list(
            "client_id", flat=True
        )
    )


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where, when and for how much a voucher is to be used.

    `at` is by the branch's clock: the hour of the visit, which is now for who walked in. `total` is the whole
    receipt before anything is taken off; None where it is not known yet.
    """

    branch_id: int
    at: datetime
    total: Decimal | None = None


def occasion_of(
    *, branch: Branch, now: datetime, appointment: Appointment | None = None, total: Decimal | None = None
) -> Occasion:
    """The occasion of a visit: by its own hour where it was booked, so that a late receipt loses nobody her hour."""
    starts_at = appointment.starts_at if appointment is not None else None
    return Occasion(branch.pk, (starts_at or now).astimezone(zone(branch)), total)


def why_not(
    voucher: Voucher,
    *,
    client_id: int | None,
    today: date,
    booked_on: date,
    appointment_id: int | None = None,
    occasion: Occasion | None = None,
) -> str:
    """The reason (Voucher.Refusal) why it cannot be used today, or an empty string.

    `booked_on` is the day on which this visit was booked: today for who walked in. Its campaign's conditions are
    asked of the `occasion`, where one is given: one query where it is for a first visit, else none.
    """
    refusal = Voucher.Refusal
    if voucher.redeemed_at is not None:
        return refusal.USED
    if voucher.voided_at is not None:
        return refusal.VOIDED
    if voucher.client_id is not None and voucher.client_id != client_id:
        return refusal.OTHER_CLIENT
    if today < voucher.valid_from:
        return refusal.TOO_EARLY
    if today > voucher.valid_until:
        return refusal.OVER
    if voucher.reserved_for_id is not None:
        if voucher.reserved_for_id != appointment_id:
            return refusal.RESERVED
    # the booking it hangs on was made in time
    elif voucher.book_until is not None and booked_on > voucher.book_until:
        return refusal.BOOKED_LATE
    if occasion is None:
        return ""
    if (hours := hours_of(voucher, occasion.branch_id, booked_on=booked_on)) and not hours(occasion.at):
        return refusal.FULL_HOUR
    return unmet(voucher.campaign, occasion, client_id) if voucher.campaign is not None else ""


def hours_of(voucher: Voucher, branch_id: int, *, booked_on: date) -> Callable[[datetime], bool] | None:
    """At which hours of that branch's clock it holds; none where at any. Up to six queries for one that asks.

    By how full the weeks before the day of booking were: what held when the visit was booked holds at the till.
    """
    if not voucher.quiet_only:
        return None
    chairs = chairs_of(Branch.objects.get(pk=branch_id), today=booked_on)
    return lambda at: not chairs.is_full(at)


def unmet(campaign: Campaign, occasion: Occasion, client_id: int | None) -> str:
    """The first of a campaign's conditions that this occasion does not meet, or an empty string."""
    refusal = Voucher.Refusal
    if campaign.here_only and occasion.branch_id != campaign.branch_id:
        return refusal.OTHER_BRANCH
    if campaign.weekdays and occasion.at.weekday() not in campaign.weekdays:
        return refusal.WEEKDAY
    if campaign.from_time and campaign.to_time and not campaign.from_time <= occasion.at.time() < campaign.to_time:
        return refusal.HOUR
    if campaign.minimum is not None and occasion.total is not None and occasion.total < campaign.minimum:
        return refusal.TOO_LITTLE
    if campaign.first_visit_only and not is_first_visit(client_id, occasion.at.date()):
        return refusal.NOT_FIRST
    return ""


def is_first_visit(client_id: int | None, today: date) -> bool:
    """Whether somebody known by name has not been here before today."""
    return client_id is not None and not Visit.objects.filter(client=client_id, on__lt=today).exists()


def excepted(voucher: Voucher) -> set[int]:
    """The services that keep their price; read with the voucher (`with_terms`)."""
    return {service.pk for service in voucher.campaign.except_services.all()} if voucher.campaign is not None else set()


def state_of(voucher: Voucher, today: date) -> str:
    """used, revoked, kept, expired or open: one word, the same in every language, for files."""
    if voucher.redeemed_at is not None:
        return "used"
    if voucher.voided_at is not None:
        return "revoked"
    if voucher.reserved_for_id is not None:
        return "kept"
    return "expired" if voucher.valid_until < today else "open"


@dataclass(frozen=True, slots=True)
class CampaignFigures:
    """What became of a campaign's codes; `expired` of those never used; what the receipts with them brought.

    `paid` is money less refunds, `saved` what was taken off.
    """

    issued: int = 0
    redeemed: int = 0
    kept: int = 0
    expired: int = 0
    revoked: int = 0
    paid: Decimal = Decimal(0)
    saved: Decimal = Decimal(0)

    @property
    def open(self) -> int:
        return self.issued - self.redeemed - self.kept - self.expired - self.revoked


def campaign_figures(campaigns: Iterable[Campaign], today: date) -> dict[int, CampaignFigures]:
    """By campaign; four queries, however many there are."""
    ids = [campaign.pk for campaign in campaigns]
    unused = Q(redeemed_at__isnull=True, voided_at__isnull=True)
    counts = (
        Voucher.objects.filter(campaign__in=ids)
        .values("campaign")
        .annotate(
            issued=Count("pk"),
            redeemed=Count("pk", filter=Q(redeemed_at__isnull=False)),
            kept=Count("pk", filter=unused & Q(reserved_for__isnull=False)),
            expired=Count("pk", filter=unused & Q(reserved_for__isnull=True, valid_until__lt=today)),
            revoked=Count("pk", filter=Q(voided_at__isnull=False)),
        )
    )
    of_sale = dict(
        Voucher.objects.filter(campaign__in=ids, redeemed_sale__isnull=False).values_list("redeemed_sale", "campaign")
    )
    paid: dict[int, Decimal] = {}
    saved: dict[int, Decimal] = {}
    used = Voucher.objects.filter(campaign__in=ids, redeemed_sale__isnull=False).values("redeemed_sale")
    for sale_id, refund_of, amount in Sale.objects.filter(Q(pk__in=used) | Q(refund_of__in=used)).values_list(
        "pk", "refund_of", "paid"
    ):
        key = of_sale[refund_of or sale_id]
        paid[key] = paid.get(key, Decimal(0)) + amount
    lines = SaleLine.objects.filter(discount_kind=DISCOUNT_KIND, sale__in=used).values("sale")
    for line in lines.annotate(off=Sum("discount_amount")):
        key = of_sale[line["sale"]]
        saved[key] = saved.get(key, Decimal(0)) + line["off"]
    return {
        row["campaign"]: CampaignFigures(
            **{name: row[name] for name in ("issued", "redeemed", "kept", "expired", "revoked")},
            paid=paid.get(row["campaign"], Decimal(0)),
            saved=saved.get(row["campaign"], Decimal(0)),
        )
        for row in counts
    }


@dataclass(frozen=True, slots=True)
class Guessing:
    """Somebody who typed wrong codes: at the desk a login, else a client or only a connection."""

    door: str
    user_id: int | None
    client_id: int | None
    connection: str
    times: int
    last_at: datetime


def guess_suspicions(since: datetime, *, at_least: int = 5) -> list[Guessing]:
    """Who typed that many wrong codes since then, the most first; a slip or two are nobody's guess."""
    rows = (
        WrongCode.objects.filter(at__gte=since)
        .values("door", "user", "client", "connection")
        .annotate(times=Count("pk"), last_at=Max("at"))
        .filter(times__gte=at_least)
        .order_by("-times", "-last_at")
    )
    return [
        Guessing(row["door"], row["user"], row["client"], row["connection"], row["times"], row["last_at"])
        for row in rows
    ]


def hanging_on_over() -> QuerySet[Voucher]:
    """Vouchers whose booking was cancelled or missed."""
    over = [Appointment.Status.CANCELLED, Appointment.Status.NO_SHOW]
    return Voucher.objects.filter(
        Q(reserved_for__status__in=over), redeemed_at__isnull=True, voided_at__isnull=True
    ).select_related("reserved_for__branch")


@dataclass(frozen=True, slots=True)
class OfferedReward:
    """A reward of the catalogue, and how many points she lacks for it (0: she may have it now)."""

    reward: Reward
    missing: int


def rewards_on_offer(branch: Branch, *, balance: int) -> list[OfferedReward]:
    """What points buy in this branch, the least first; one of services is offered where one of them is. 3 queries."""
    rewards = Reward.objects.filter(is_on=True).prefetch_related("services", "words").order_by("price", "pk")
    return [
        OfferedReward(reward, max(0, reward.price - balance))
        for reward in rewards
        if not (services := reward.services.all()) or any(service.branch_id == branch.pk for service in services)
    ]


def reward_name(reward: Reward, language: str) -> str:
    """What it is called in this language; the owner's own words where she wrote no others."""
    return next((words.name for words in reward.words.all() if words.language == language), reward.name)


@dataclass(frozen=True, slots=True)
class TakenReward:
    """A reward that she took and has not used: its voucher, what it was called, the points it becomes again."""

    voucher: Voucher
    name: str
    points: int


def unused_rewards(client: Client) -> list[TakenReward]:
    """Her rewards that can be given back, the one that ends first in front. At most 2 queries."""
    vouchers = list(
        Voucher.objects.filter(
            client=client, kind=Voucher.Kind.REWARD, redeemed_at__isnull=True, voided_at__isnull=True
        ).order_by("valid_until", "pk")
    )
    if not vouchers:
        return []
    paid = LedgerEntry.objects.filter(key__in=[voucher.key for voucher in vouchers], kind=LedgerEntry.Kind.REWARD)
    by_key = {entry.key: entry for entry in paid}
    return [
        TakenReward(voucher, by_key[voucher.key].reason, by_key[voucher.key].less)
        for voucher in vouchers
        if voucher.key in by_key
    ]
