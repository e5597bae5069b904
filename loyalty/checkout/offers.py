"""The one best discount of a receipt, and why the others lost (rules.md, Money at the checkout).

Nothing here asks the database: lines, vouchers and the card are given.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from crm.catalogue.models import Product, Service
from crm.team.fields import round_money
from crm.team.models import Master
from loyalty.cards.models import Card
from loyalty.clubs.selectors import ClubDiscount
from loyalty.partners.selectors import PartnerDiscount
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.selectors import excepted

ZERO = Decimal(0)
HUNDRED = Decimal(100)
# the desk's choice of none
NO_DISCOUNT = "none"
CARD, VOUCHER, CLUB, PARTNER = "card", "voucher", "club", "partner"


@dataclass(frozen=True, slots=True)
class CheckoutLine:
    """What is sold: one service or product, the price of one, how many.

    `usual` is what one costs else, where less is asked by hand, and `why` says for what.
    """

    price: Decimal
    service: Service | None = None
    product: Product | None = None
    master: Master | None = None
    quantity: int = 1
    usual: Decimal | None = None
    why: str = ""

    @property
    def full_amount(self) -> Decimal:
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Offer:
    """A discount that could be taken: what it takes off each line, and what became of it.

    `won` is the one applied; `lost_by` is how much less this one saves than that.
    """

    kind: str
    percent: int | None
    by_line: tuple[Decimal, ...]
    expires_on: date | None
    voucher: Voucher | None = None
    card: Card | None = None
    club: ClubDiscount | None = None
    partner: PartnerDiscount | None = None
    won: bool = False
    lost_by: Decimal = ZERO
    refusal: str = ""
    # a voucher on top of this card, where the owner lets them add up
    on_top: "Offer | None" = field(default=None)

    @property
    def saves(self) -> Decimal:
        return sum(self.by_line, ZERO)

    @property
    def key(self) -> str:
        """What the desk sends back when it chooses this one."""
        if self.partner is not None:
            return self.partner.code.code
        return self.voucher.code if self.voucher else self.kind


def best_discount(
    *,
    lines: Sequence[CheckoutLine],
    vouchers: Sequence[Voucher],
    card: Card | None,
    currency: str,
    club: ClubDiscount | None = None,
    partner: PartnerDiscount | None = None,
    choice: str = "",
    add_up: bool = False,
) -> list[Offer]:
    """Every discount there is, the one to be applied first.

    The one that saves most wins; of equals the one that would expire first; `choice` (a voucher's or partner's code,
    "card", "club" or "none") is the desk's own will. What covers nothing carries its refusal. They never add up; with
    `add_up` a voucher, and nothing else, may be used on top of the card.
    """
    offers = [voucher_offer(voucher, lines, currency) for voucher in vouchers]
    if club is not None:
        by_line = _off_services(club.percent, club.services, lines, currency)
        offers.append(Offer(CLUB, club.percent, by_line, club.expires_on, club=club))
    if partner is not None:
        by_line = _off_services(partner.percent, partner.services, lines, currency)
        offers.append(Offer(PARTNER, partner.percent, by_line, partner.expires_on, partner=partner))
    if card is not None:
        own = card_offer(card, lines, currency)
        offers.append(own)
        if add_up:
            offers = [added(offer, own, lines, currency) if offer.voucher else offer for offer in offers]
    useful = [offer for offer in offers if offer.saves > ZERO]
    useless = [replace(offer, refusal=Voucher.Refusal.COVERS_NOTHING) for offer in offers if offer.saves <= ZERO]
    useful.sort(key=lambda offer: (-offer.saves, offer.expires_on or date.max, offer.key))
    if choice == NO_DISCOUNT:
        return [*useful, *useless]
    chosen = next((offer for offer in useful if offer.key == choice), None)
    if chosen is not None:
        useful.sort(key=lambda offer: offer is not chosen)
    if not useful:
        return useless
    best = useful[0]
    return [
        replace(best, won=True),
        *(replace(offer, lost_by=best.saves - offer.saves) for offer in useful[1:]),
        *useless,
    ]


def card_offer(card: Card, lines: Sequence[CheckoutLine], currency: str) -> Offer:
    """A card takes its percentage off every line."""
    percent = card.level.percent
    by_line = tuple(percent_of(line.full_amount, percent, currency) for line in lines)
    return Offer(kind=CARD, percent=percent, by_line=by_line, expires_on=None, card=card)


def voucher_offer(voucher: Voucher, lines: Sequence[CheckoutLine], currency: str) -> Offer:
    """What a voucher takes off each line that it covers."""
    amounts = [line.full_amount if covers(voucher, line) else ZERO for line in lines]
    match voucher.benefit:
        case Voucher.Benefit.PERCENT:
            by_line = [percent_of(amount, voucher.percent or 0, currency) for amount in amounts]
        case Voucher.Benefit.AMOUNT:
            by_line = _spread(voucher.amount or ZERO, amounts, currency)
        case _:
            # one service, the dearest that it covers
            prices = [line.price if amount else ZERO for line, amount in zip(lines, amounts, strict=True)]
            dearest = max(range(len(prices)), key=lambda place: prices[place], default=0)
            by_line = [round_money(price, currency) if place == dearest else ZERO for place, price in enumerate(prices)]
    return Offer(
        kind=VOUCHER,
        percent=voucher.percent,
        by_line=tuple(by_line),
        expires_on=voucher.valid_until,
        voucher=voucher,
    )


def _off_services(
    percent: int, services: frozenset[int], lines: Sequence[CheckoutLine], currency: str
) -> tuple[Decimal, ...]:
    """A percentage off these services, or off all of them where none are named; never off products."""
    return tuple(
        percent_of(line.full_amount, percent, currency)
        if line.service is not None and (not services or line.service.pk in services)
        else ZERO
        for line in lines
    )


def added(offer: Offer, card: Offer, lines: Sequence[CheckoutLine], currency: str) -> Offer:
    """A voucher on top of a card: the card first, the voucher on what is left of each line."""
    left = [
        replace(line, price=line.full_amount - off, quantity=1) for line, off in zip(lines, card.by_line, strict=True)
    ]
    on_top = voucher_offer(offer.voucher, left, currency) if offer.voucher else offer
    if not on_top.saves:
        return offer
    by_line = tuple(first + second for first, second in zip(card.by_line, on_top.by_line, strict=True))
    return replace(offer, by_line=by_line, card=card.card, on_top=card)


def covers(voucher: Voucher, line: CheckoutLine) -> bool:
    """Whether the voucher may make this line cheaper."""
    if line.service is None:
        return not voucher.services_only and not voucher_services(voucher)
    wanted = voucher_services(voucher)
    return (not wanted or line.service.pk in wanted) and line.service.pk not in excepted(voucher)


def voucher_services(voucher: Voucher) -> Set[int]:
    """The services it is limited to; read with the voucher (`vouchers_at_till`, or prefetched)."""
    limited_to: frozenset[int] | None = getattr(voucher, "limited_to", None)
    return {service.pk for service in voucher.services.all()} if limited_to is None else limited_to


def percent_of(amount: Decimal, percent: int, currency: str) -> Decimal:
    """A percentage, half up to the smallest unit."""
    return round_money(amount * percent / HUNDRED, currency)


def _spread(amount: Decimal, amounts: Sequence[Decimal], currency: str) -> list[Decimal]:
    """An amount over the lines in order, never more than a line costs."""
    left, by_line = round_money(amount, currency), []
    for full in amounts:
        part = min(left, round_money(full, currency))
        by_line.append(part)
        left -= part
    return by_line
