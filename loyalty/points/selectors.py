"""Reads of points: the programme's rules, a client's balance, what expires, the report."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from crm.people.models import Client
from crm.sales.models import Sale
from crm.team.models import Branch, User
from crm.team.once import read_once
from loyalty.points.earning import EarningLine, EarningRules, earned_for, parts_of
from loyalty.points.models import (
    AMENDS,
    ASKED,
    UNDONE,
    EarningRule,
    GestureRequest,
    LedgerEntry,
    LoyaltySettings,
    OwedEntry,
    PendingGrant,
    PeriodClose,
    PointsAccount,
    PointsBalance,
    PointsLot,
    SpendingCount,
)

# of two phone numbers so many digits from the right tell whether they are one, with or without the country
NUMBER = 8
# from one login to one client, within what is looked at
OFTEN = 4


@read_once
def loyalty_settings() -> LoyaltySettings:
    """The owner's one row of rules; the defaults where nobody has saved any."""
    return LoyaltySettings.objects.filter(pk=1).first() or LoyaltySettings(pk=1)


@dataclass(frozen=True, slots=True)
class PointsSummary:
    """What a client has, for her card at the desk and for her own page."""

    balance: int = 0
    worth: Decimal = Decimal(0)
    owed: int = 0
    pending: int = 0
    next_expiry_on: date | None = None
    next_expiry_points: int = 0


def points_summary(client: Client, rules: LoyaltySettings) -> PointsSummary:
    """Balance, its worth in money, what is pending and what expires next."""
    row = PointsBalance.objects.filter(account__client=client, account__is_current=True).first()
    if row is None:
        return PointsSummary()
    soonest = (
        PointsLot.objects.filter(account=row.account_id, remaining__gt=0, expires_on__isnull=False)
        .values("expires_on")
        .annotate(points=Sum("remaining"))
        .order_by("expires_on")
        .first()
    )
    pending = PendingGrant.objects.filter(account=row.account_id, state=PendingGrant.State.PENDING)
    return PointsSummary(
        balance=row.balance,
        worth=row.balance * rules.point_value,
        owed=row.owed,
        pending=pending.aggregate(points=Sum("points"))["points"] or 0,
        next_expiry_on=soonest["expires_on"] if soonest else None,
        next_expiry_points=soonest["points"] if soonest else 0,
    )


def balance_of(client: Client) -> int:
    """Points she can spend now."""
    return (
        PointsBalance.objects.filter(account__client=client, account__is_current=True)
        .values_list("balance", flat=True)
        .first()
        or 0
    )


def ledger_of(client: Client) -> QuerySet[LedgerEntry]:
    """A client's entries, the newest first."""
    return LedgerEntry.objects.filter(account__client=client).select_related("lot", "user").order_by("-at", "-pk")


def her_ledger(client: Client) -> QuerySet[LedgerEntry]:
    """The same for her own page: what went from one of her cards to the other is nothing to her."""
    return ledger_of(client).exclude(kind=LedgerEntry.Kind.MERGED)


def given_by_hand() -> QuerySet[LedgerEntry]:
    """Gestures and the owner's adjustments, and what took points back again."""
    by_hand = [LedgerEntry.Kind.GESTURE, LedgerEntry.Kind.ADJUSTED]
    return LedgerEntry.objects.filter(Q(kind__in=by_hand) | Q(source__startswith=UNDONE))


def open_requests() -> QuerySet[GestureRequest]:
    """Points by hand that wait for an owner's word, the oldest first."""
    return (
        GestureRequest.objects.filter(state=GestureRequest.State.OPEN)
        .select_related("account__client", "asked_by")
        .order_by("asked_at", "pk")
    )


def given_by_hand_on(user: User, on: date) -> int:
    """What this login gave by hand on a day; apart: what another one granted, what made up for a complaint."""
    given = LedgerEntry.objects.filter(user=user, kind=LedgerEntry.Kind.GESTURE, on=on)
    return (
        given.exclude(source__startswith=ASKED)
        .exclude(source__startswith=AMENDS)
        .aggregate(points=Sum("points"))["points"]
        or 0
    )


def left_by_hand(user: User, on: date, rules: LoyaltySettings) -> int:
    """How many points this login may still give by hand on a day."""
    return max(0, rules.gesture_daily_points - given_by_hand_on(user, on))


def is_own_card(user: User, client: Client) -> bool:
    """Whether this login and this client are one person: the same e-mail, or the same phone."""
    same_mail = bool(user.email) and user.email.casefold() == client.email.casefold()
    own, hers = (re.sub(r"\D", "", phone)[-NUMBER:] for phone in (user.phone, client.phone))
    return same_mail or (len(own) == NUMBER and own == hers)


def bears_her_name(user: User, client: Client) -> bool:
    """Whether they are called the same: perhaps one person, perhaps not."""
    names = {user.get_full_name().casefold(), getattr(getattr(user, "master", None), "name", "").casefold()}
    return bool(client.name) and client.name.casefold() in names


@dataclass(frozen=True, slots=True)
class HandSuspicion:
    """Points by hand that the owner should look at: `team_card` to a colleague's own card, `often` from one to one."""

    reason: str
    client: Client
    user: User | None
    points: int
    last_on: date


def hand_suspicions(since: date) -> list[HandSuspicion]:
    """What is odd about the points given by hand on or after this day, the latest first."""
    given = (
        LedgerEntry.objects.filter(kind=LedgerEntry.Kind.GESTURE, on__gte=since)
        .select_related("account__client", "user")
        .order_by("on", "pk")
    )
    pairs: dict[tuple[int | None, int], list[LedgerEntry]] = {}
    for entry in given:
        pairs.setdefault((entry.user_id, entry.account.client_id), []).append(entry)
    team = list(User.objects.filter(is_active=True)) if pairs else []
    found = []
    for entries in pairs.values():
        last, points = entries[-1], sum(entry.points for entry in entries)
        client = last.account.client
        reasons = ["team_card"] if any(is_own_card(each, client) for each in team) else []
        reasons += ["often"] if len(entries) >= OFTEN else []
        found += [HandSuspicion(reason, client, last.user, points, last.on) for reason in reasons]
    return sorted(found, key=lambda each: each.last_on, reverse=True)


@dataclass(frozen=True, slots=True)
class HandRow:
    """What one login gave by hand in a period: how often, how much, to how many."""

    user: User
    times: int
    points: int
    clients: int


def given_by_user(since: date, until: date) -> list[HandRow]:
    """Points by hand on days of `[since, until)` by who gave them, the most first (rules.md, Points; P44)."""
    rows = (
        LedgerEntry.objects.filter(kind=LedgerEntry.Kind.GESTURE, on__gte=since, on__lt=until, user__isnull=False)
        .values("user")
        .annotate(times=Count("pk"), points=Sum("points"), clients=Count("account", distinct=True))
        .order_by("-points", "user")
    )
    users = User.objects.in_bulk([row["user"] for row in rows])
    return [HandRow(users[row["user"]], row["times"], row["points"], row["clients"]) for row in rows]


def closed_through() -> date | None:
    """The last day of the closed books."""
    return PeriodClose.objects.aggregate(day=Max("last_on"))["day"]


def entries_of_sale(sale: Sale) -> list[LedgerEntry]:
    """What this sale or refund did to her points, in order."""
    return list(LedgerEntry.objects.filter(source=f"sale {sale.pk}").order_by("pk"))


def most_points_for(due: Decimal, balance: int, rules: LoyaltySettings) -> int:
    """How many of her points may pay this amount: whole points, at most the owner's share of it."""
    payable = due * rules.max_share_percent / 100
    return max(0, min(balance, int((payable / rules.point_value).to_integral_value(ROUND_FLOOR))))


def earning_rules(branch: Branch, today: date, *, club_rules: Collection[int] = ()) -> EarningRules:
    """The owner's rules of earning in force here today. One query.

    `club_rules` are the ids that the client's clubs name (`Club.rules`); rules for clubs hold for nobody else.
    """
    found = (
        EarningRule.objects.filter(is_on=True)
        .filter(Q(branch=None) | Q(branch=branch))
        .filter(Q(first_on=None) | Q(first_on__lte=today))
        .filter(Q(last_on=None) | Q(last_on__gte=today))
        .filter(Q(for_clubs=False) | Q(pk__in=club_rules))
        # a row for each service that it is limited to, one without where it is limited to none
        .annotate(service_key=F("services"))
        .order_by("pk")
    )
    rules: dict[int, tuple[EarningRule, frozenset[int]]] = {}
    for row in found:
        rule, services = rules.get(row.pk, (row, frozenset()))
        rules[row.pk] = rule, services | ({row.service_key} - {None})
    return EarningRules(tuple(rules.values()))


def will_earn(
    client: Client, lines: Sequence[EarningLine], due: Decimal, rules: LoyaltySettings, earning: EarningRules
) -> int:
    """The cashback of this sum, with the remainders kept from earlier sales. One query."""
    if not rules.spending_on or due <= 0:
        return 0
    counts = {
        count.rate: count
        for count in SpendingCount.objects.filter(
            account__client=client, account__is_current=True, is_current=True, base_rate=rules.points_per_100
        )
    }
    points = 0
    for part in parts_of(lines, due, rules.points_per_100, earning):
        count = counts.get(part.rate)
        points += earned_for((count.paid if count else 0) + part.paid, part.rate) - (count.points if count else 0)
    return points


@dataclass(frozen=True, slots=True)
class Expiring:
    """Points of one client that expire on one day."""

    client_id: int
    expires_on: date
    points: int


def needing_notice(*, client_ids: list[int] | None, since: date, until: date, rules: LoyaltySettings) -> list[Expiring]:
    """Who has enough points expiring on a day of `[since, until)` to be told, and was not told yet."""
    lots = PointsLot.objects.filter(remaining__gt=0, expires_on__gte=since, expires_on__lt=until)
    if client_ids is not None:
        lots = lots.filter(account__client__in=client_ids)
    rows = (
        lots.values("expires_on", client_id=F("account__client"))
        .annotate(points=Sum("remaining"), untold=Sum("remaining", filter=Q(noticed_at__isnull=True)))
        .filter(points__gte=rules.notice_min_points, untold__gt=0)
        .order_by("expires_on", "client_id")
    )
    return [Expiring(row["client_id"], row["expires_on"], row["points"]) for row in rows if row["expires_on"]]


def points_report(*, since: date, until: date, today: date) -> dict[str, int]:
    """`report points`: granted, spent, expired and reversed on days of `[since, until)`; the rest as of today.

    What a refund or an unused reward gave back lessens what was spent. Reversed is what refunds, undone grants
    and the owner's adjustments took back, owed points deducted later included. Over all time: outstanding = granted - spent - expired - reversed.
    """
    kind = LedgerEntry.Kind
    period = LedgerEntry.objects.filter(on__gte=since, on__lt=until, on__lte=today).aggregate(
        granted=Sum("points", filter=Q(kind__in=LedgerEntry.GRANTS) | Q(kind=kind.ADJUSTED, points__gt=0)),
        spent=Sum("points", filter=Q(kind__in=[kind.PAID, kind.REWARD, kind.GIVEN_BACK])),
        expired=Sum("points", filter=Q(kind=kind.EXPIRED)),
        reversed=Sum("points", filter=Q(kind__in=[kind.TAKEN_BACK, kind.OWED]) | Q(kind=kind.ADJUSTED, points__lt=0)),
    )
    entries = LedgerEntry.objects.filter(on__lte=today).aggregate(points=Sum("points"))
    owed = OwedEntry.objects.filter(on__lte=today).aggregate(points=Sum("points"))
    pending = PendingGrant.objects.filter(state=PendingGrant.State.PENDING).aggregate(points=Sum("points"))
    return {
        "granted": period["granted"] or 0,
        "spent": -(period["spent"] or 0),
        "expired": -(period["expired"] or 0),
        "reversed": -(period["reversed"] or 0),
        "outstanding": entries["points"] or 0,
        "pending": pending["points"] or 0,
        "owed": owed["points"] or 0,
    }


def current_account(client: Client) -> PointsAccount | None:
    """The account she earns into, if she has one."""
    return PointsAccount.objects.filter(client=client, is_current=True).first()
