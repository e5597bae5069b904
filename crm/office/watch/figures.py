"""Numbers of the watch. Set-based: as many questions for a salon of ten years as for one of ten days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat, TruncMonth

from crm.sales.selectors import lowered_by_user
from loyalty.cards.models import Card, CardUse
from loyalty.partners.models import Partner, PartnerEvent
from loyalty.points.models import GestureRequest, LedgerEntry, LoyaltySettings, PointsLot, RefusedBenefit
from loyalty.points.selectors import given_by_user, points_report
from loyalty.vouchers.models import Campaign, GiftCertificate, Reward, Voucher

Kind = LedgerEntry.Kind
MONTHS = 12
# who has had a card or code for so long and never showed it will hardly do so
SETTLED = timedelta(days=30)
# how the source of an entry begins that a reward took
REWARD = "reward "


@dataclass(frozen=True, slots=True)
class Totals:
    """Points granted, spent, expired and taken back on days of the period; the rest as of today.

    `owed_to_us` are points that returns should have taken back; `liability` is what all balances pay at the checkout,
    `certificates` what is left on gift certificates, both in money.
    """

    granted: int
    spent: int
    expired: int
    reversed: int
    outstanding: int
    pending: int
    owed_to_us: int
    expiring_30: int
    expiring_90: int
    liability: Decimal
    certificates: Decimal


def totals(since: date, until: date, today: date, rules: LoyaltySettings) -> Totals:
    """Six queries."""
    report = points_report(since=since, until=until, today=today)
    ahead = PointsLot.objects.filter(remaining__gt=0, expires_on__gt=today).aggregate(
        soon=Sum("remaining", filter=Q(expires_on__lte=today + timedelta(days=30))),
        later=Sum("remaining", filter=Q(expires_on__lte=today + timedelta(days=90))),
    )
    left = GiftCertificate.objects.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today)).aggregate(
        money=Sum("balance")
    )
    return Totals(
        granted=report["granted"],
        spent=report["spent"],
        expired=report["expired"],
        reversed=report["reversed"],
        outstanding=report["outstanding"],
        pending=report["pending"],
        owed_to_us=report["owed"],
        expiring_30=ahead["soon"] or 0,
        expiring_90=ahead["later"] or 0,
        liability=report["outstanding"] * rules.point_value,
        certificates=left["money"] or Decimal(0),
    )


@dataclass(frozen=True, slots=True)
class Month:
    """What one month granted, by rule, and what went; points."""

    first: date
    granted: dict[str, int]
    spent: int
    expired: int
    reversed: int

    @property
    def all_granted(self) -> int:
        return sum(self.granted.values())


def by_month(today: date) -> list[Month]:
    """The last twelve months, this one included, the oldest first. One query."""
    firsts = [months_back(today.replace(day=1), back) for back in range(MONTHS - 1, -1, -1)]
    rows = (
        LedgerEntry.objects.filter(on__gte=firsts[0], on__lte=today)
        .annotate(month=TruncMonth("on"))
        .values("month", "kind")
        .annotate(points=Sum("points"))
        .order_by()
    )
    found = {(row["month"], row["kind"]): row["points"] for row in rows}

    def of(first: date, *kinds: str) -> int:
        return -sum(found.get((first, kind), 0) for kind in kinds)

    return [
        Month(
            first=first,
            granted={kind: found[first, kind] for kind in LedgerEntry.GRANTS if found.get((first, kind))},
            spent=of(first, Kind.PAID, Kind.REWARD, Kind.GIVEN_BACK),
            expired=of(first, Kind.EXPIRED),
            reversed=of(first, Kind.TAKEN_BACK, Kind.OWED),
        )
        for first in firsts
    ]


def months_back(first: date, months: int) -> date:
    """The first day of the month so many months before."""
    year, month = divmod(first.year * 12 + first.month - 1 - months, 12)
    return date(year, month + 1, 1)


def granted_by_rule(since: date, until: date) -> dict[str, tuple[int, int]]:
    """By kind of a grant: how often, and how many points. One query."""
    rows = (
        LedgerEntry.objects.filter(kind__in=LedgerEntry.GRANTS, on__gte=since, on__lt=until)
        .values("kind")
        .annotate(times=Count("pk"), points=Sum("points"))
        .order_by("-points")
    )
    return {row["kind"]: (row["times"], row["points"]) for row in rows}


@dataclass(frozen=True, slots=True)
class Unused:
    """A benefit that no client ever used; `count` of how many there are."""

    what: str
    name: str
    count: int
    key: int | None = None


def never_used(today: date, rules: LoyaltySettings) -> list[Unused]:
    """Rules switched on that never gave a point, rewards, campaigns, kinds of vouchers, cards and partners. Six queries."""
    given = set(LedgerEntry.objects.filter(kind__in=LedgerEntry.GRANTS).values_list("kind", flat=True).distinct())
    switches = {
        Kind.SPENDING: rules.spending_on,
        Kind.REBOOKING: rules.rebooking_on,
        Kind.REFERRAL: rules.referral_on,
        Kind.FEEDBACK: rules.feedback_on,
        Kind.BIRTHDAY: rules.birthday_points_on,
        Kind.GESTURE: rules.gesture_on,
    }
    found = [Unused("rule", kind, 0) for kind, is_on in switches.items() if is_on and kind not in given]
    source = Concat(Value(REWARD), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    rewards = Reward.objects.filter(is_on=True).exclude(Exists(LedgerEntry.objects.filter(source=source)))
    found += [Unused("reward", name, 0, key) for key, name in rewards.order_by("name").values_list("pk", "name")]
    redeemed = Voucher.objects.filter(redeemed_at__isnull=False)
    campaigns = (
        Campaign.objects.filter(valid_from__lte=today)
        .exclude(Exists(redeemed.filter(campaign=OuterRef("pk"))))
        .annotate(codes=Count("vouchers"))
        .order_by("name")
    )
    found += [Unused("campaign", name, codes, key) for key, name, codes in campaigns.values_list("pk", "name", "codes")]
    kinds = (
        Voucher.objects.values("kind")
        .annotate(issued=Count("pk"), used=Count("pk", filter=Q(redeemed_at__isnull=False)))
        .filter(used=0)
        .order_by("kind")
    )
    found += [Unused("voucher", row["kind"], row["issued"]) for row in kinds]
    cards = cards_never_shown(today).values("level__code").annotate(cards=Count("pk")).order_by("level__code")
    found += [Unused("card", row["level__code"], row["cards"]) for row in cards]
    partners = Partner.objects.filter(is_active=True).exclude(
        Exists(PartnerEvent.objects.filter(partner=OuterRef("pk")))
    )
    found += [Unused("partner", name, 0, key) for key, name in partners.order_by("name").values_list("pk", "name")]
    return found


def cards_never_shown(today: date) -> QuerySet[Card]:
    """Cards in use for a month that never took anything off."""
    return Card.objects.filter(closed_at__isnull=True, issued_on__lte=today - SETTLED).exclude(
        Exists(CardUse.objects.filter(card=OuterRef("pk")))
    )


@dataclass(slots=True)
class ByHand:
    """What one login gave by hand: points and to how many, vouchers, what it asked for above its limit, lower prices."""

    name: str
    times: int = 0
    points: int = 0
    clients: int = 0
    vouchers: int = 0
    asked: int = 0
    declined: int = 0
    # receipts on which it asked less than usual, and how much less, in money
    lowered: int = 0
    less: Decimal = Decimal(0)


def by_hand(since: date, until: date) -> list[ByHand]:
    """By login, the most points first (practices.md, P44). At most seven queries."""
    found: dict[int, ByHand] = {}
    for row in given_by_user(since, until):
        found[row.user.pk] = ByHand(str(row.user), row.times, row.points, row.clients)
    vouchers = (
        Voucher.objects.filter(issued_on__gte=since, issued_on__lt=until, issued_by__isnull=False, campaign=None)
        .exclude(kind=Voucher.Kind.REWARD)
        .values("issued_by", "issued_by__first_name", "issued_by__last_name", "issued_by__username")
        .annotate(count=Count("pk"))
        .order_by("issued_by")
    )
    for row in vouchers:
        _of(found, row, "issued_by").vouchers = row["count"]
    requests = (
        GestureRequest.objects.filter(asked_at__date__gte=since, asked_at__date__lt=until)
        .values("asked_by", "asked_by__first_name", "asked_by__last_name", "asked_by__username")
        .annotate(count=Count("pk"), declined=Count("pk", filter=Q(state=GestureRequest.State.DECLINED)))
        .order_by("asked_by")
    )
    for row in requests:
        mine = _of(found, row, "asked_by")
        mine.asked, mine.declined = row["count"], row["declined"]
    for each in lowered_by_user(since, until):
        mine = found.setdefault(each.user.pk, ByHand(str(each.user)))
        mine.lowered, mine.less = each.receipts, each.less
    return sorted(found.values(), key=lambda each: (-each.points, -each.vouchers, -each.less, each.name))


def _of(found: dict[int, ByHand], row: dict[str, Any], who: str) -> ByHand:
    name = f"{row[f'{who}__first_name']} {row[f'{who}__last_name']}".strip() or row[f"{who}__username"]
    return found.setdefault(row[who], ByHand(name))


def refused_by_reason(since: date, until: date) -> Sequence[dict[str, Any]]:
    """What was asked for and not given: what, where, why, how often; the most frequent first. One query."""
    return (
        RefusedBenefit.objects.filter(at__date__gte=since, at__date__lt=until)
        .values("kind", "place", "reason")
        .annotate(times=Count("pk"), clients=Count("client", distinct=True))
        .order_by("-times", "kind", "reason")
    )


def refused_lately(since: date, until: date, *, most: int) -> Sequence[RefusedBenefit]:
    """The newest of them, with whom and by whom. One query."""
    return (
        RefusedBenefit.objects.filter(at__date__gte=since, at__date__lt=until)
        .select_related("client", "user", "branch")
        .order_by(F("at").desc(), "-pk")[:most]
    )
