"""Rules of the programme that are not sent: what they cost, before and after they began (rules.md, Effect of a campaign).

Nobody is left out of a card, of points or of a gift, so there is nobody to compare with: these are labelled so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Min, Sum
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Visit
from crm.reports.selectors.standing import On
from crm.sales.models import Payment, Sale, SaleLine
from loyalty.cards.models import Card
from loyalty.gifts.models import GiftGiven
from loyalty.points.models import LedgerEntry

ZERO = Decimal(0)
# days compared either side, as far as there are as many
MOST = 90
NAMES = {"cards": _("discount cards"), "points": _("points"), "gifts": _("gifts")}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days before a rule began, or after; visits and money paid in them, of named clients."""

    visits: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class Unsent:
    """One rule: since when, what it cost in the days asked for, and so many days before and after it began."""

    rule: str
    since: date
    cost: Decimal
    days: int
    before: Stretch
    after: Stretch


def unsent(on: On, since: date, until: date) -> Iterator[Unsent]:
    """Cards, points and gifts, as far as any was given by that day; costs of `[since, until)`."""
    begun: dict[str, date | None] = {
        "cards": Card.objects.aggregate(first=Min("issued_on"))["first"],
        "points": LedgerEntry.objects.aggregate(first=Min("on"))["first"],
        "gifts": GiftGiven.objects.aggregate(first=Min("on"))["first"],
    }
    sales = {"sale__on__gte": since, "sale__on__lt": until, "sale__on__lte": on.today}
    cost = {
        "cards": SaleLine.objects.filter(discount_kind="card", **sales).aggregate(sum=Sum("discount_amount"))["sum"],
        "points": Payment.objects.filter(method=Payment.Method.POINTS, **sales).aggregate(sum=Sum("amount"))["sum"],
        "gifts": GiftGiven.objects.filter(
            on__gte=since, on__lt=until, on__lte=on.today, taken_back_at__isnull=True
        ).aggregate(sum=Sum("cost"))["sum"],
    }
    for rule, first in begun.items():
        if first is None or first > on.today:
            continue
        days = min(MOST, (on.today - first).days + 1)
        yield Unsent(
            rule=rule,
            since=first,
            cost=cost[rule] or ZERO,
            days=days,
            before=_stretch(first - timedelta(days=days), first),
            after=_stretch(first, first + timedelta(days=days)),
        )


def _stretch(first: date, until: date) -> Stretch:
    days = {"on__gte": first, "on__lt": until}
    paid = Sale.objects.filter(client__isnull=False, **days).aggregate(sum=Sum("paid"))["sum"]
    return Stretch(Visit.objects.filter(**days).count(), paid or ZERO)
