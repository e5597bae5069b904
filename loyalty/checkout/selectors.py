"""What a receipt would come to: discounts, points, what is left to pay and what it earns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from crm.booking.models import Appointment
from crm.people.models import Client
from crm.team.fields import round_money
from crm.team.models import Branch
from loyalty.cards.models import Card
from loyalty.cards.selectors import card_of, card_shown, why_not_card
from loyalty.checkout.offers import CheckoutLine, Offer, best_discount
from loyalty.points.earning import EarningLine, EarningRules
from loyalty.points.models import LoyaltySettings
from loyalty.points.selectors import (
    PointsSummary,
    balance_of,
    earning_rules,
    most_points_for,
    points_summary,
    will_earn,
)
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.selectors import Occasion, occasion_of, open_vouchers, voucher_by_code, why_not

ZERO = Decimal(0)
REFUSALS = {**dict(Voucher.Refusal.choices), **dict(Card.Refusal.choices)}


@dataclass(frozen=True, slots=True)
class Refused:
    """A benefit that was asked for and cannot be had, with why."""

    code: str
    reason: str

    @property
    def words(self) -> str:
        return str(REFUSALS[self.reason])


@dataclass(frozen=True, slots=True)
class Quote:
    """The sums of a receipt before it is completed. `due` is what is to be paid in money."""

    lines: Sequence[CheckoutLine]
    full: Decimal
    offers: list[Offer]
    refused: list[Refused]
    total: Decimal
    # points she has, and what one is worth
    balance: int
    point_value: Decimal
    points_most: int
    points_used: int
    points_worth: Decimal
    due: Decimal
    earns: int
    # the owner's rules of earning that hold for her here today
    earning: EarningRules
    discounts: tuple[Decimal, ...]
    # her own card, whose level this sale may raise
    card: Card | None

    @property
    def won(self) -> Offer | None:
        return self.offers[0] if self.offers and self.offers[0].won else None

    @property
    def lost(self) -> list[Offer]:
        return [offer for offer in self.offers if not offer.won]


def quote(
    *,
    branch: Branch,
    client: Client | None,
    lines: Sequence[CheckoutLine],
    rules: LoyaltySettings,
    today: date,
    now: datetime,
    appointment: Appointment | None = None,
    choice: str = "",
    typed: str = "",
    points_to_pay: int = 0,
    for_show: bool = True,
    balance: int | None = None,
) -> Quote:
    """Works out a receipt: lines, one best discount, points, payment (rules.md, Money at the checkout).

    `choice` is the discount that the desk wants instead of the best; `typed` a voucher's code or a bearer
    card's number that was shown. More points than may be used are cut down to that. What it will earn is worked
    out for showing only. `balance` are her points, where they are known and locked. The hour that a voucher may be
    bound to is the visit's own; `now` is that of who walked in.
    """
    fulls = [round_money(line.full_amount, branch.currency) for line in lines]
    vouchers, card, refused = benefits_of(
        client,
        today=today,
        appointment=appointment,
        typed=typed,
        booked_on=booked_on(appointment, today),
        occasion=occasion_of(branch=branch, now=now, appointment=appointment, total=sum(fulls, ZERO)),
    )
    offers = best_discount(
        lines=lines,
        vouchers=vouchers,
        card=card,
        currency=branch.currency,
        choice=choice,
        add_up=rules.voucher_on_top_of_card,
    )
    won = offers[0] if offers and offers[0].won else None
    discounts = won.by_line if won else tuple(ZERO for _line in lines)
    total = sum(fulls, ZERO) - sum(discounts, ZERO)
    if balance is None:
        balance = balance_of(client) if client else 0
    most = most_points_for(total, balance, rules)
    used = max(0, min(points_to_pay, most))
    worth = used * rules.point_value
    earning = earning_rules(branch, today) if client else EarningRules()
    paid_lines = [
        EarningLine(place, full - off, line.service.pk if line.service else None)
        for place, (line, full, off) in enumerate(zip(lines, fulls, discounts, strict=True))
    ]
    return Quote(
        lines=lines,
        full=sum(fulls, ZERO),
        offers=offers,
        refused=refused,
        total=total,
        balance=balance,
        point_value=rules.point_value,
        points_most=most,
        points_used=used,
        points_worth=worth,
        due=total - worth,
        earns=will_earn(client, paid_lines, total - worth, rules, earning) if client and for_show else 0,
        earning=earning,
        discounts=discounts,
        card=card if card and not card.is_bearer else None,
    )


def booked_on(appointment: Appointment | None, today: date) -> date:
    """The day on which this visit was booked: today for who walked in."""
    return (appointment and appointment.booked_on) or today


def benefits_of(
    client: Client | None,
    *,
    today: date,
    appointment: Appointment | None,
    typed: str,
    booked_on: date,
    occasion: Occasion | None = None,
) -> tuple[list[Voucher], Card | None, list[Refused]]:
    """The vouchers and the card that count for this client today, and what was typed in vain."""
    vouchers = list(open_vouchers(client, today)) if client else []
    card = card_of(client) if client else None
    refused = []
    if typed.strip():
        shown = voucher_by_code(typed)
        if shown is not None:
            if shown.pk not in {voucher.pk for voucher in vouchers}:
                vouchers.append(shown)
        elif lent := card_shown(typed):
            if reason := why_not_card(lent, client.pk if client else None):
                refused.append(Refused(typed, reason))
            else:
                # one card a receipt: the better one
                card = max((card, lent), key=lambda each: each.level.percent) if card else lent
        else:
            refused.append(Refused(typed, Voucher.Refusal.UNKNOWN))
    usable = []
    for voucher in vouchers:
        reason = why_not(
            voucher,
            client_id=client.pk if client else None,
            today=today,
            booked_on=booked_on,
            appointment_id=appointment.pk if appointment else None,
            occasion=occasion,
        )
        if reason:
            refused.append(Refused(voucher.code, reason))
        else:
            usable.append(voucher)
    return usable, card, refused


@dataclass(frozen=True, slots=True)
class LoyaltyCard:
    """What the client's card at the desk shows of the programme."""

    points: PointsSummary
    card: Card | None
    vouchers: list[Voucher]


def loyalty_of(client: Client, *, today: date, rules: LoyaltySettings) -> LoyaltyCard:
    """Balance and its worth, next expiry, card with its level, vouchers still open."""
    return LoyaltyCard(
        points=points_summary(client, rules),
        card=card_of(client),
        vouchers=list(open_vouchers(client, today)),
    )
