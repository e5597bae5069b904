"""A made-up till: receipts rung up and returned in one line, for tests of points, cards and vouchers."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import count

from crm.people.models import Client
from crm.sales.models import Payment, Sale
from crm.sales.services import LineFact, PaymentFact, ReturnFact, complete_sale
from loyalty.checkout.offers import CheckoutLine
from loyalty.checkout.services import complete_checkout, refund_checkout
from loyalty.points.models import LoyaltySettings, PointsBalance, PointsLot
from loyalty.points.selectors import balance_of
from tests.factories import NOW, make_service

NEXT = count(1)


def rules(**changes) -> LoyaltySettings:
    """The owner's rules, saved with these changes."""
    row, _created = LoyaltySettings.objects.get_or_create(pk=1)
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    row.refresh_from_db()
    return row


def pay(client: Client, *prices: Decimal | int | str, points: int = 0, now: datetime = NOW, **options) -> Sale:
    """One checkout of services at these prices, the rest in cash."""
    service = options.pop("service", None) or make_service(branch=client.branch)
    lines = options.pop("lines", None) or [CheckoutLine(price=Decimal(price), service=service) for price in prices]
    options.setdefault("key", f"till {next(NEXT)}")
    options.setdefault("user", None)
    return complete_checkout(branch=client.branch, client=client, lines=lines, now=now, points_to_pay=points, **options)


def give_back(sale: Sale, *, now: datetime = NOW, lines: Sequence[int] | None = None, key: str = "") -> Sale:
    """Returns the whole receipt, or the lines at these positions."""
    chosen = [line for line in sale.lines.order_by("position") if lines is None or line.position in lines]
    return refund_checkout(
        sale=sale,
        returns=[ReturnFact(line, line.quantity) for line in chosen],
        key=key or f"till {next(NEXT)}",
        now=now,
        user=None,
    )


def bare_sale(client: Client, amount: Decimal | int | str, *, now: datetime = NOW) -> Sale:
    """A sale without anything of the programme."""
    return complete_sale(
        branch=client.branch,
        client=client,
        lines=[LineFact(full_amount=Decimal(amount), service=make_service(branch=client.branch))],
        payments=[PaymentFact(Payment.Method.CASH, Decimal(amount))],
        now=now,
    )


def held(client: Client) -> tuple[int, int]:
    """What she has and what she owes."""
    row = PointsBalance.objects.filter(account__client=client).first()
    return (row.balance, row.owed) if row else (0, 0)


def lots(client: Client) -> list[tuple[int, date | None]]:
    """What is left, soonest-expiring first."""
    return list(
        PointsLot.objects.filter(account__client=client, remaining__gt=0)
        .order_by("expires_on", "pk")
        .values_list("remaining", "expires_on")
    )


__all__ = ["balance_of", "bare_sale", "give_back", "held", "lots", "pay", "rules"]
