"""Reads of sales, receipts and refunds."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet, Sum

from crm.booking.models import Appointment
from crm.people.models import Client
from crm.sales.models import Payment, Sale, SaleLine
from crm.team.fields import MoneyField
from crm.team.models import Branch, User

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Returnable:
    """What of a line can still be returned."""

    line: SaleLine
    quantity: Decimal
    amount: Decimal
    full_amount: Decimal


def receipt(sale_id: int, branches: QuerySet[Branch]) -> Sale | None:
    """A sale of these branches with its lines and payments, for showing."""
    lines = SaleLine.objects.select_related("service", "product").order_by("position")
    return (
        Sale.objects.filter(pk=sale_id, branch__in=branches)
        .select_related("branch", "client__branch", "appointment", "refund_of", "completed_by")
        .prefetch_related(Prefetch("lines", queryset=lines), "payments")
        .first()
    )


def sales_of(client: Client) -> QuerySet[Sale]:
    """A client's sales and refunds, the newest first."""
    return Sale.objects.filter(client=client).order_by("-on", "-pk")


def sale_of_appointment(appointment: Appointment, *, key: str = "") -> Sale | None:
    """The sale that this appointment was checked out with; one that was returned as a whole does not count.

    The sale of this `key`, if there is one, goes before.
    """
    wanted = Q(appointment=appointment, refund_of__isnull=True)
    if key:
        wanted |= Q(key=key)
    sales = list(Sale.objects.filter(wanted).annotate(returns=Count("refunds")).order_by("-pk"))
    for sale in sales:
        if key and sale.key == key:
            return sale
    for sale in sales:
        if not sale.returns or any(part.quantity for part in returnable(sale)):
            return sale
    return None


def returnable(sale: Sale) -> list[Returnable]:
    """Each line of a sale with what has not been returned yet, in order."""
    lines = list(SaleLine.objects.filter(sale=sale).select_related("service", "product", "master").order_by("position"))
    gone: dict[int | None, Mapping[str, Any]] = {
        row["returns_line"]: row
        for row in SaleLine.objects.filter(returns_line__in=lines)
        .values("returns_line")
        .annotate(quantities=Sum("quantity"), amounts=Sum("amount"), fulls=Sum("full_amount"))
        .order_by()
    }
    nothing = {"quantities": ZERO, "amounts": ZERO, "fulls": ZERO}
    return [
        Returnable(
            line=line,
            # returns are negative lines
            quantity=line.quantity + Decimal(gone.get(line.pk, nothing)["quantities"]),
            amount=line.amount + gone.get(line.pk, nothing)["amounts"],
            full_amount=line.full_amount + gone.get(line.pk, nothing)["fulls"],
        )
        for line in lines
    ]


def paid_between(client: Client, since: date, until: date) -> Decimal:
    """Money paid less refunds on the days `[since, until)`; points and vouchers are no money."""
    return _sales_of(client, since, until).aggregate(paid=Sum("paid"))["paid"] or ZERO


def paid_of(client: Client, since: date, until: date) -> QuerySet[Any, Any]:
    """The same as a query of one row, to be a part of another."""
    sales = _sales_of(client, since, until).order_by()
    return sales.values("client").annotate(all_paid=Sum("paid")).values("all_paid")


def _sales_of(client: Client, since: date, until: date) -> QuerySet[Sale]:
    return Sale.objects.filter(client=client, on__gte=since, on__lt=until)


def revenue_by_client(client_ids: Collection[int], since: date, until: date) -> dict[int, Decimal]:
    """What each of these clients paid, less refunds, on the days `[since, until)`; who paid nothing is not in it."""
    paid = Sale.objects.filter(client__in=client_ids, on__gte=since, on__lt=until)
    return {
        key: total
        for key, total in paid.values_list("client").annotate(total=Sum("paid")).order_by()
        if key is not None and total
    }


def payments_with_refunds(sale: Sale) -> dict[str, tuple[Decimal, int]]:
    """By method: the amount, and the points, that a sale and its refunds left paid."""
    left: dict[str, tuple[Decimal, int]] = defaultdict(lambda: (ZERO, 0))
    for payment in Payment.objects.filter(sale=sale) | Payment.objects.filter(sale__refund_of=sale):
        amount, points = left[payment.method]
        sign = -1 if payment.amount < 0 else 1
        left[payment.method] = (amount + payment.amount, points + sign * (payment.points or 0))
    return dict(left)


@dataclass(frozen=True, slots=True)
class Lowered:
    """For what one login asked less than usual: on how many receipts of how many of hers, and how much less in all."""

    user: User
    receipts: int
    of_receipts: int
    less: Decimal
    last_on: date


def lowered_by_user(since: date, until: date) -> list[Lowered]:
    """Who asked less than usual on days of `[since, until)`, the most money first; what came back counts too.

    Three queries, one where nobody did.
    """
    rows = list(
        SaleLine.objects.filter(usual_amount__gt=F("full_amount"), sale__on__gte=since, sale__on__lt=until)
        .filter(sale__completed_by__isnull=False)
        .values("sale__completed_by")
        .annotate(
            receipts=Count("sale", distinct=True),
            less=Sum(F("usual_amount") - F("full_amount"), output_field=MoneyField()),
            last=Max("sale__on"),
        )
        .order_by("-less", "sale__completed_by")
    )
    if not rows:
        return []
    users = User.objects.in_bulk([row["sale__completed_by"] for row in rows])
    written = dict(
        Sale.objects.filter(on__gte=since, on__lt=until, refund_of__isnull=True, completed_by__in=users)
        .values_list("completed_by")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return [
        Lowered(users[key], row["receipts"], written.get(key, 0), row["less"], row["last"])
        for row in rows
        for key in [row["sale__completed_by"]]
    ]
