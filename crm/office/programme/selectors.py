"""Reads for the set-up of the programme: the typical ticket, and what holds at present."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Max, Sum

from crm.office.programme.sums import Sums, percent_of_rate
from crm.sales.models import Sale
from crm.team.fields import round_money
from loyalty.cards.models import CardLevel
from loyalty.cards.services import USUAL_LEVELS
from loyalty.points.models import LedgerEntry, LoyaltySettings
from reminders.consent.models import MessageSettings

# what the named clients of so many days paid, once there are so many of them, says what is usual
DAYS, ENOUGH = timedelta(days=365), 30


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a named client usually pays on a day, and of how many client-days it is the median."""

    amount: Decimal
    client_days: int


def typical_ticket(currency: str) -> Ticket | None:
    """The median of what one named client paid on one day, over the last 365 days with sales; None where they are few.

    Imported days count alike. Of an even number the mean of the middle two, half up. Two queries.
    """
    last = Sale.objects.filter(client__isnull=False).aggregate(on=Max("on"))["on"]
    if last is None:
        return None
    of_days = (
        Sale.objects.filter(client__isnull=False, on__gt=last - DAYS)
        .values("client", "on")
        .annotate(money=Sum("paid"))
        .order_by()
    )
    paid = sorted(row["money"] for row in of_days if row["money"] > 0)
    if len(paid) < ENOUGH:
        return None
    middle = paid[(len(paid) - 1) // 2 : len(paid) // 2 + 1]
    return Ticket(round_money(sum(middle, Decimal(0)) / len(middle), currency), len(paid))


def current_sums(rules: LoyaltySettings) -> Sums:
    """What holds at present, in money."""
    thresholds = {code: Decimal(paid) for code, _percent, paid in USUAL_LEVELS}
    thresholds |= dict(CardLevel.objects.values_list("code", "from_paid"))
    value = rules.point_value
    messages = MessageSettings.objects.filter(pk=1).first() or MessageSettings(pk=1)
    return Sums(
        point_value=value,
        cashback=percent_of_rate(rules.points_per_100, value),
        rebooking=rules.rebooking_points * value,
        referrer=rules.referrer_points * value,
        friend=rules.friend_points * value,
        gesture=rules.gesture_daily_points * value,
        large=messages.large_purchase_factor,
        gold=thresholds["gold"],
        vip=thresholds["vip"],
    )


def anybody_has_points() -> bool:
    """Whether points were ever given: then what one is worth stays as it is."""
    return LedgerEntry.objects.exists()
