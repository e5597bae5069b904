"""Issuing cards, raising and lowering their levels, noting their use (rules.md, Cards)."""

import secrets
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.sales.models import Sale
from crm.team.models import User
from crm.team.selectors import branch_day
from loyalty.cards.models import Card, CardEvent, CardLevel, CardUse
from loyalty.cards.selectors import (
    NUMBER_LENGTH,
    bearer_card_of,
    card_of,
    falls_on,
    level_above,
    level_for,
    levels,
    paid_in_period,
    up_for_review,
    year_later,
)
from loyalty.points.models import LoyaltySettings

# at set-up, until the owner writes her own (rules.md, Cards)
USUAL_LEVELS = (("simple", 5, 0), ("gold", 10, 1000), ("vip", 20, 3000))
Kind = CardEvent.Kind
ZERO = Decimal(0)
# her eleven o'clock of the yearly day may be the branch's next day
NOTICE_STILL_GOES = timedelta(days=1)


class HasCard(Exception):
    """She has a card of this sort in use already."""

    words = _("She has such a card already.")

    def __str__(self) -> str:
        return str(self.words)


class CardClosed(Exception):
    """The card is out of use."""

    words = _("This card is closed already.")

    def __str__(self) -> str:
        return str(self.words)


def ensure_levels() -> None:
    """The three usual levels where the owner has none yet."""
    if not CardLevel.objects.exists():
        CardLevel.objects.bulk_create(
            (
                CardLevel(code=code, percent=percent, from_paid=Decimal(from_paid))
                for code, percent, from_paid in USUAL_LEVELS
            ),
            ignore_conflicts=True,
        )


@transaction.atomic
def issue_card(
    *, client: Client, now: datetime, rules: LoyaltySettings, user: User | None = None, is_bearer: bool = False
) -> Card:
    """Issues a personal card at the level her spending earns, or a bearer card at the simple one.

    One of each sort is in use at a time. Raises HasCard.
    """
    ensure_levels()
    Client.objects.select_for_update().get(pk=client.pk)
    today = branch_day(client.branch, now)
    if bearer_card_of(client) if is_bearer else card_of(client):
        raise HasCard
    lowest = levels().earliest("from_paid")
    level = lowest if is_bearer else level_for(paid_in_period(client, today, rules)) or lowest
    return _new_card(
        client=client, level=level, is_bearer=is_bearer, now=now, user=user, today=today, review_on=year_later(today)
    )


def _new_card(
    *, client: Client, level: CardLevel, is_bearer: bool, now: datetime, user: User | None, today: date, review_on: date
) -> Card:
    card = Card.objects.create(
        number=f"{secrets.randbelow(10**NUMBER_LENGTH):0{NUMBER_LENGTH}d}",
        client=client,
        level=level,
        is_bearer=is_bearer,
        issued_at=now,
        issued_on=today,
        issued_by=user,
        review_on=review_on,
    )
    CardEvent.objects.create(card=card, kind=Kind.ISSUED, level=level, at=now, user=user)
    # before its level is lost she is told
    note_change([client.pk])
    return card


@transaction.atomic
def raise_level(*, card: Card, client: Client, today: date, now: datetime, rules: LoyaltySettings) -> CardLevel | None:
    """Up at once when the money paid earns a higher level; gives the new one, or None."""
    if card.is_bearer:
        return None
    earned = level_above(card.level, client, today, rules)
    if earned is None:
        return None
    raised = Card.objects.filter(pk=card.pk, level=card.level_id).update(level=earned, review_noticed_at=None)
    if not raised:
        return None
    CardEvent.objects.create(card=card, kind=Kind.RAISED, level=earned, at=now)
    card.level = earned
    return earned


def raise_levels(*, now: datetime, rules: LoyaltySettings) -> int:
    """After the owner has changed the levels: every card goes up at once that has earned it; gives how many did."""
    ladder, raised = list(levels()), 0
    if not ladder:
        return 0
    below = Card.objects.filter(is_bearer=False, closed_at__isnull=True, level__from_paid__lt=ladder[-1].from_paid)
    below = below.select_related("level", "client__branch").order_by("pk")
    for card in below.iterator(chunk_size=500):
        today = branch_day(card.client.branch, now)
        with transaction.atomic():
            raised += raise_level(card=card, client=card.client, today=today, now=now, rules=rules) is not None
    return raised


def review_cards(*, now: datetime, rules: LoyaltySettings) -> int:
    """On the yearly day: down where the sum no longer earns the level and she was told in time; gives how many fell.

    She was told late: it falls once the notice is old enough. It could not be told at all: it stays until the
    next yearly day.
    """
    fell = 0
    for card in list(up_for_review(branch_less_today(now))):
        today = branch_day(card.client.branch, now)
        if card.review_on > today:
            continue
        with transaction.atomic():
            fell += _review(card, today, now, rules)
    return fell


def branch_less_today(now: datetime) -> date:
    """The latest date anywhere: who is not there yet is left out by her own branch's day."""
    return (now + timedelta(hours=14)).date()


def _review(card: Card, today: date, now: datetime, rules: LoyaltySettings) -> bool:
    card = Card.objects.select_for_update(of=("self",)).select_related("level", "client__branch").get(pk=card.pk)
    earned = level_for(paid_in_period(card.client, today, rules))
    falls = False
    if earned is not None and earned.from_paid < card.level.from_paid:
        told = card.review_noticed_at
        if told is None and today <= card.review_on + NOTICE_STILL_GOES:
            return False
        if told is not None:
            told_on = branch_day(card.client.branch, told)
            if today < falls_on(card.review_on, told_on=told_on, rules=rules):
                return False
            falls = True
            card.level = earned
            CardEvent.objects.create(card=card, kind=Kind.LOWERED, level=earned, at=now)
    card.review_on, card.review_noticed_at = year_later(card.review_on), None
    card.save(update_fields=["level", "review_on", "review_noticed_at"])
    note_change([card.client_id])
    return falls


def record_review_notice(*, client: Client, review_on: date, now: datetime) -> bool:
    """She was told that her level is lost on that yearly day; False if her card says nothing of it any more."""
    cards = Card.objects.filter(client=client, is_bearer=False, closed_at__isnull=True, review_on=review_on)
    return bool(cards.update(review_noticed_at=now))


@transaction.atomic
def close_card(*, card: Card, now: datetime, user: User | None = None) -> bool:
    """Takes a card out of use; False if it was."""
    closed = Card.objects.filter(pk=card.pk, closed_at__isnull=True).update(closed_at=now)
    if closed:
        CardEvent.objects.create(card=card, kind=Kind.CLOSED, level=card.level, at=now, user=user)
    return bool(closed)


@transaction.atomic
def replace_card(*, card: Card, now: datetime, user: User | None = None) -> Card:
    """A lost card is closed and issued anew: its number is dead at once, its level and its yearly day go on.

    Asked for twice, it is replaced once: who was quicker has issued the one in use. Raises CardClosed where there is
    none in use any more.
    """
    client = Client.objects.select_for_update().select_related("branch").get(pk=card.client_id)
    card = Card.objects.select_for_update(of=("self",)).select_related("level").get(pk=card.pk)
    if not close_card(card=card, now=now, user=user):
        in_use = bearer_card_of(client) if card.is_bearer else card_of(client)
        if in_use is None:
            raise CardClosed
        return in_use
    new = _new_card(
        client=client,
        level=card.level,
        is_bearer=card.is_bearer,
        now=now,
        user=user,
        today=branch_day(client.branch, now),
        review_on=card.review_on,
    )
    if card.review_noticed_at is not None:
        # she was told when her level falls; a new number takes that back no more than it tells her anew
        new.review_noticed_at = card.review_noticed_at
        new.save(update_fields=["review_noticed_at"])
    return new


@transaction.atomic
def join_cards(*, kept: Client, aside: Client, now: datetime, user: User | None = None) -> None:
    """Two cards of one client become one: of two personal discount cards the higher level stays, the other is closed.

    Of two at one level that whose yearly day is later. Cards to lend are in others' hands: both go on. The caller
    holds both clients.
    """
    personal = list(
        Card.objects.select_for_update(of=("self",))
        .select_related("level")
        .filter(client__in=[kept.pk, aside.pk], is_bearer=False, closed_at__isnull=True)
        .order_by("-level__from_paid", "-review_on", "pk")
    )
    for lower in personal[1:]:
        close_card(card=lower, now=now, user=user)
    Card.objects.filter(client=aside).update(client=kept)


def note_use(*, card: Card, sale: Sale, saved: Decimal) -> None:
    """The card was used for this sale; of a bearer card this counts the circle it brings."""
    CardUse.objects.create(card=card, sale=sale, client=sale.client, saved=saved, on=sale.on)
