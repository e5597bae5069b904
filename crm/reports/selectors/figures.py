"""How figures are written in reports (rules.md, Reports): money as strings, ratios to four decimals."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import connection
from django.db.models.functions import Collate

from crm.team.fields import round_money, smallest_unit
from crm.team.models import Branch

FOUR = Decimal("0.0001")


def ratio(part: Decimal | int, whole: Decimal | int) -> float | None:
    """Part of a whole, half up to four decimals; none where the whole is nothing."""
    if not whole:
        return None
    return float((Decimal(part) / Decimal(whole)).quantize(FOUR, rounding=ROUND_HALF_UP))


def salon_currency() -> str:
    """The currency of the first branch, in which sums over all branches are written."""
    return Branch.objects.order_by("pk").values_list("currency", flat=True).first() or "EUR"


def money(amount: Decimal | None, currency: str) -> str:
    """An amount as a decimal string, to the currency's smallest unit."""
    return str(round_money(amount or Decimal(0), currency).quantize(smallest_unit(currency)))


def by_code(column: str = "code") -> Collate:
    """An order by code that is the same on every database: that of the characters' numbers."""
    return Collate(column, "C" if connection.vendor == "postgresql" else "BINARY")
