"""Reads of cards: levels, a client's card, which level her spending earns."""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from crm.people.models import Client
from crm.sales.selectors import paid_between
from loyalty.cards.models import Card, CardLevel
from loyalty.points.models import LoyaltySettings


def levels() -> QuerySet[CardLevel]:
    """The owner's levels, the lowest first."""
    return CardLevel.objects.order_by("from_paid")


def card_of(client: Client) -> Card | None:
    """Her personal card in use."""
    return Card.objects.filter(client=client, is_bearer=False, closed_at__isnull=True).select_related("level").first()


def bearer_card(number: str) -> Card | None:
    """A card that serves whoever shows it, by its number."""
    return (
        Card.objects.filter(number=number.strip(), is_bearer=True, closed_at__isnull=True)
        .select_related("level", "client")
        .first()
    )


def paid_in_period(client: Client, today: date, rules: LoyaltySettings) -> Decimal:
    """Money paid, less refunds, in the days up to and including today that a level is counted by."""
    return paid_between(client, today - timedelta(days=rules.card_period_days - 1), today + timedelta(days=1))


def level_for(paid: Decimal) -> CardLevel | None:
    """The highest level that this sum earns."""
    return levels().filter(from_paid__lte=paid).last()


def next_level(level: CardLevel) -> CardLevel | None:
    """The level above, if there is one."""
    return levels().filter(from_paid__gt=level.from_paid).first()


def up_for_review(today: date, rules: LoyaltySettings) -> QuerySet[Card]:
    """Personal cards whose yearly day is near enough that a loss has to be told, or has come."""
    return (
        Card.objects.filter(
            is_bearer=False, closed_at__isnull=True, review_on__lte=today + timedelta(days=rules.card_notice_days)
        )
        .select_related("level", "client__branch")
        .order_by("review_on", "pk")
    )


def circle_of(card: Card) -> int:
    """How many clients a bearer card has brought, beside the one who lends it."""
    return card.uses.exclude(client=card.client).exclude(client__isnull=True).values("client").distinct().count()
