"""Reads of cards: levels, a client's card, which level her spending earns."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from crm.people.models import Client
from crm.sales.models import Sale
from crm.sales.selectors import paid_between, paid_of
from crm.team.fields import MoneyField
from loyalty.cards.models import Card, CardLevel, CardUse
from loyalty.points.models import LoyaltySettings

NUMBER_LENGTH = 10
# more people than that show one family's card on a day hardly ever
MOST_A_DAY = 4
ZERO = Decimal(0)
NOTHING = Value(Decimal(0), output_field=MoneyField())


def levels() -> QuerySet[CardLevel]:
    """The owner's levels, the lowest first."""
    return CardLevel.objects.order_by("from_paid")


def card_of(client: Client) -> Card | None:
    """Her personal card in use."""
    return Card.objects.filter(client=client, is_bearer=False, closed_at__isnull=True).select_related("level").first()


def bearer_card_of(client: Client) -> Card | None:
    """The card in use that she lends."""
    return Card.objects.filter(client=client, is_bearer=True, closed_at__isnull=True).select_related("level").first()


def cards_of(client: Client) -> list[Card]:
    """Her cards in use, her own before the one that she lends; one query."""
    found = Card.objects.filter(client=client, closed_at__isnull=True).select_related("level")
    return list(found.order_by("is_bearer", "pk"))


def cards_in_use() -> dict[str, Subquery]:
    """For clients to be annotated with: keys and percents of the card in use of each sort, None where there is none."""
    used = Card.objects.filter(client=OuterRef("pk"), closed_at__isnull=True).order_by("pk")
    own, lent = used.filter(is_bearer=False), used.filter(is_bearer=True)
    return {
        "own_card": Subquery(own.values("pk")[:1]),
        "own_percent": Subquery(own.values("level__percent")[:1]),
        "lent_card": Subquery(lent.values("pk")[:1]),
        "lent_percent": Subquery(lent.values("level__percent")[:1]),
    }


def card_shown(typed: str) -> Card | None:
    """The card of a number that was typed or scanned, a closed one too; in whatever digits, with or without blanks."""
    number = "".join(str(unicodedata.digit(sign)) for sign in typed if sign.isdigit())
    if len(number) != NUMBER_LENGTH or any(not (sign.isdigit() or sign in " -") for sign in typed.strip()):
        return None
    return Card.objects.filter(number=number).select_related("level", "client").first()


def why_not_card(card: Card, client_id: int | None) -> str:
    """The reason (Card.Refusal) why a card that is shown gives this client nothing, or an empty string.

    Who is served by a bearer card is written down by name, else its circle could not be counted.
    """
    if card.closed_at is not None:
        return Card.Refusal.CLOSED
    if not card.is_bearer and card.client_id != client_id:
        return Card.Refusal.LENT
    return Card.Refusal.NAMELESS if client_id is None else ""


def paid_in_period(client: Client, today: date, rules: LoyaltySettings) -> Decimal:
    """Money paid, less refunds, in the days up to and including today that a level is counted by."""
    return paid_between(client, *_period(today, rules))


def _period(today: date, rules: LoyaltySettings) -> tuple[date, date]:
    return today - timedelta(days=rules.card_period_days - 1), today + timedelta(days=1)


def level_for(paid: Decimal) -> CardLevel | None:
    """The highest level that this sum earns; a card is never below the lowest."""
    return _earned(list(levels()), paid)


def level_above(level: CardLevel, client: Client, today: date, rules: LoyaltySettings) -> CardLevel | None:
    """The highest level that she has earned by today, if it is above this one; one query."""
    paid = paid_of(client, *_period(today, rules))
    above = levels().filter(from_paid__gt=level.from_paid, from_paid__lte=Coalesce(Subquery(paid), NOTHING))
    return above.last()


def card_with_reach(client: Client, today: date, rules: LoyaltySettings) -> Card | None:
    """Her personal card in use with what `may_rise` asks: what she has paid and from where the next level is. One query."""
    above = CardLevel.objects.filter(from_paid__gt=OuterRef("level__from_paid")).order_by("from_paid")
    return (
        Card.objects.filter(client=client, is_bearer=False, closed_at__isnull=True)
        .select_related("level")
        .annotate(
            has_paid=Coalesce(Subquery(paid_of(client, *_period(today, rules))), NOTHING),
            next_from=Subquery(above.values("from_paid")[:1]),
        )
        .first()
    )


def may_rise(card: Card, paid: Decimal) -> bool:
    """Whether so much more than what was paid when it was read earns a higher level; also where that is not known."""
    next_from: Decimal | None = getattr(card, "next_from", ZERO)
    has_paid: Decimal = getattr(card, "has_paid", ZERO)
    return next_from is not None and has_paid + paid >= next_from


def _earned(ladder: list[CardLevel], paid: Decimal) -> CardLevel | None:
    reached = [level for level in ladder if level.from_paid <= paid]
    return next(reversed(reached or ladder[:1]), None)


def year_later(day: date) -> date:
    """The same date a year on; 29 February is kept on the 28th in other years."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def falls_on(review_on: date, *, told_on: date, rules: LoyaltySettings) -> date:
    """The first day on which a level may be lost: the yearly one, and never before the notice is 30 days old."""
    return max(review_on, told_on + timedelta(days=rules.card_notice_days))


def levels_to_lose(
    *, today: Mapping[int, date], as_of: datetime, ahead: int, rules: LoyaltySettings
) -> dict[int, list[date]]:
    """By client: the yearly days on which her card comes down if she pays nothing more, `ahead` days at most.

    `today` names the clients, each with her branch's date at `as_of`; what is dated later is not known yet.
    """
    cards = list(
        Card.objects.filter(
            client__in=today,
            is_bearer=False,
            closed_at__isnull=True,
            issued_at__lte=as_of,
            review_on__lte=as_of.date() + timedelta(days=ahead),
        ).select_related("level")
    )
    if not cards:
        return {}
    ladder = list(levels())
    paid: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for client_id, on, amount in (
        Sale.objects.filter(
            client__in=[card.client_id for card in cards],
            on__gt=min(card.review_on for card in cards) - timedelta(days=rules.card_period_days),
        )
        .exclude(sold_at__gt=as_of)
        .values_list("client_id", "on", "paid")
    ):
        if client_id is not None and on <= today[client_id]:
            paid[client_id].append((on, amount))
    lost: dict[int, list[date]] = {}
    for card in cards:
        level, day, days = card.level, card.review_on, []
        while day <= as_of.date() + timedelta(days=ahead):
            first = day - timedelta(days=rules.card_period_days - 1)
            total = sum((amount for on, amount in paid[card.client_id] if first <= on <= day), Decimal(0))
            earned = _earned(ladder, total)
            if earned is not None and earned.from_paid < level.from_paid:
                days.append(day)
                level = earned
            day = year_later(day)
        if days:
            lost[card.client_id] = days
    return lost


def next_level(level: CardLevel) -> CardLevel | None:
    """The level above, if there is one."""
    return levels().filter(from_paid__gt=level.from_paid).first()


@dataclass(frozen=True, slots=True)
class Progress:
    """What she has paid in the year that counts, the level above hers, and what is missing to it (none above: nothing)."""

    paid: Decimal
    level: CardLevel | None
    missing: Decimal


def progress_of(card: Card, *, today: date, rules: LoyaltySettings) -> Progress:
    """How far a personal card is from its next level; two queries."""
    paid = paid_in_period(card.client, today, rules)
    above = next_level(card.level)
    return Progress(paid, above, max(above.from_paid - paid, Decimal(0)) if above else Decimal(0))


def up_for_review(today: date) -> QuerySet[Card]:
    """Personal cards whose yearly day has come."""
    return (
        Card.objects.filter(is_bearer=False, closed_at__isnull=True, review_on__lte=today)
        .select_related("level", "client__branch")
        .order_by("review_on", "pk")
    )


@dataclass(frozen=True, slots=True)
class Circle:
    """Whom a bearer card has brought beside the one who lends it, and what they paid with it, less refunds."""

    people: int
    paid: Decimal


def circle_of(card: Card) -> Circle:
    """Two queries."""
    return circles([card]).get(card.pk, Circle(0, Decimal(0)))


def circles(cards: Iterable[Card]) -> dict[int, Circle]:
    """By card, of those that have brought somebody; two queries, however many there are."""
    others = CardUse.objects.filter(card__in=cards, client__isnull=False).exclude(client=F("card__client"))
    uses = list(others.values_list("card", "client", "sale"))
    if not uses:
        return {}
    card_of_sale = {sale: card for card, _client, sale in uses}
    people: dict[int, set[int]] = defaultdict(set)
    paid: dict[int, Decimal] = defaultdict(Decimal)
    for card, client, _sale in uses:
        people[card].add(client)
    sales = Sale.objects.filter(Q(pk__in=card_of_sale) | Q(refund_of__in=card_of_sale))
    for sale, refund_of, amount in sales.values_list("pk", "refund_of", "paid"):
        paid[card_of_sale[refund_of or sale]] += amount
    return {card: Circle(len(people[card]), paid[card]) for card in people}


@dataclass(frozen=True, slots=True)
class BusyCard:
    """A bearer card that served more people on one day than come by in a family."""

    card: Card
    on: date
    times: int


def card_suspicions(since: date) -> list[BusyCard]:
    """Bearer cards taken by somebody at the desk for whoever comes: used on one day for more than a few, newest first."""
    days = (
        CardUse.objects.filter(on__gte=since, card__is_bearer=True)
        .values("card", "on")
        .annotate(times=Count("pk"))
        .filter(times__gt=MOST_A_DAY)
        .order_by("-on", "card")
    )
    cards = Card.objects.select_related("client", "level").in_bulk([day["card"] for day in days])
    return [BusyCard(cards[day["card"]], day["on"], day["times"]) for day in days]
