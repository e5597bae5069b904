"""What the programme gives, in money, worked out from what a client usually pays on a day. Asks no database."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from crm.team.fields import round_money

# of the typical ticket T (rules.md, Money at the checkout)
REBOOKING, REFERRER, FRIEND, GESTURE = Decimal("0.02"), Decimal("0.10"), Decimal("0.05"), Decimal("0.05")
LARGE, GOLD, VIP = 3, 12, 36
CASHBACK_PERCENT = Decimal(5)
HUNDRED = Decimal(100)
# the smallest sum should be worth so many points, or rounding to whole ones would bend it
ENOUGH_POINTS = 10
# a rate is at most 100 points per 100 paid, so that 5 % of cashback asks for points of at least 0.05
SMALLEST_POINT = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Sums:
    """All in money of the salon's currency, but `cashback` in percent and `large`, which is times the typical ticket."""

    point_value: Decimal
    cashback: Decimal
    rebooking: Decimal
    referrer: Decimal
    friend: Decimal
    gesture: Decimal
    large: int
    gold: Decimal
    vip: Decimal


def propose(ticket: Decimal, currency: str, *, point_value: Decimal | None = None) -> Sums:
    """What is proposed for a typical ticket, half up to the currency's smallest unit.

    `point_value` is what a point is worth already, where clients hold some: it stays.
    """

    def of(share: Decimal | int) -> Decimal:
        return round_money(ticket * share, currency)

    return Sums(
        point_value=point_value or worth_of_point(ticket),
        cashback=CASHBACK_PERCENT,
        rebooking=of(REBOOKING),
        referrer=of(REFERRER),
        friend=of(FRIEND),
        gesture=of(GESTURE),
        large=LARGE,
        gold=of(GOLD),
        vip=of(VIP),
    )


def worth_of_point(ticket: Decimal) -> Decimal:
    """The largest of 0.1, 1, 10 ... at which the points for a rebooking are still ten or more."""
    smallest = ticket * REBOOKING / ENOUGH_POINTS
    if smallest <= SMALLEST_POINT:
        return SMALLEST_POINT
    return Decimal(1).scaleb(smallest.adjusted())


def points_for(money: Decimal, point_value: Decimal) -> int:
    """Whole points worth about this sum, half up; at least one."""
    return max(1, int((money / point_value).to_integral_value(ROUND_HALF_UP)))


def rate_for(percent: Decimal, point_value: Decimal) -> Decimal:
    """Points per 100 paid that come to this percentage in money."""
    return (percent / point_value).quantize(Decimal("0.01"), ROUND_HALF_UP)


def percent_of_rate(rate: Decimal, point_value: Decimal) -> Decimal:
    """The percentage in money that a rate of points comes to."""
    return (rate * point_value).quantize(Decimal("0.01"), ROUND_HALF_UP)
