"""Reports of money: Pareto, value and sources (rules.md, Reports).

Revenue is money paid, less refunds; a return counts on its own day; anonymous sales belong to nobody.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from crm.booking.models import Visit
from crm.people.models import Client
from crm.reports.selectors.figures import by_code, money, ratio, salon_currency
from crm.reports.selectors.standing import On, stages_on
from crm.sales.models import Sale

ZERO = Decimal(0)


def sales_in(since: date, until: date, on: On) -> QuerySet[Sale]:
    """Sales and returns on days of `[since, until)`, those after today left out."""
    return Sale.objects.filter(on__gte=since, on__lt=until, on__lte=on.today)


def visits_in(since: date, until: date, on: On) -> QuerySet[Visit]:
    """Visit days of `[since, until)`, those after today left out."""
    return Visit.objects.filter(on__gte=since, on__lt=until, on__lte=on.today)


def anonymous_revenue(since: date, until: date, on: On) -> Decimal:
    return sales_in(since, until, on).filter(client__isnull=True).aggregate(paid=Sum("paid"))["paid"] or ZERO


def pareto_report(on: On, since: date, until: date) -> dict[str, Any]:
    """`report pareto`: what share of revenue the first fifth of the paying clients bring, and who they are.

    The clients are those with revenue above zero, the revenue is theirs. Each of the top is shown with her
    stage and state: who of them is not yet a regular, who is drifting away.
    """
    currency = salon_currency()
    paying = list(
        sales_in(since, until, on)
        .filter(client__isnull=False)
        .values("client")
        .annotate(revenue=Sum("paid"))
        .filter(revenue__gt=0)
        .order_by("-revenue", by_code("client__code"))
        .values_list("client", "client__code", "revenue")
    )
    total = sum((revenue for _key, _code, revenue in paying), ZERO)
    top = paying[: -(-len(paying) // 5)]
    top_total = sum((revenue for _key, _code, revenue in top), ZERO)
    wanted = {key for key, _code, _revenue in top}
    standing = {entry.client.pk: (stage, entry.state) for entry, stage in stages_on(on, only=wanted)}
    return {
        "clients": len(paying),
        "revenue": money(total, currency),
        "anonymous_revenue": money(anonymous_revenue(since, until, on), currency),
        "top_clients": len(top),
        "top_revenue": money(top_total, currency),
        "top_share": ratio(top_total, total),
        "top_not_regular": [code for key, code, _revenue in top if standing[key][0] not in ("regular", "advocate")],
        "top": [
            {
                "client": code,
                "revenue": money(revenue, currency),
                "stage": standing[key][0],
                "state": standing[key][1],
            }
            for key, code, revenue in top
        ],
    }


def value_report(on: On, since: date, until: date) -> dict[str, Any]:
    """`report value`: revenue of named clients, their average ticket, frequency and repeat share."""
    currency = salon_currency()
    named = Q(client__isnull=False)
    # her first visit day ever is kept up to date, and later ones do not change it
    money_in = sales_in(since, until, on).aggregate(
        revenue=Sum("paid", filter=named),
        repeat=Sum("paid", filter=named & Q(on__gt=F("client__pulse__first_visit_on"))),
        anonymous=Sum("paid", filter=~named),
    )
    revenue, repeat = money_in["revenue"] or ZERO, money_in["repeat"] or ZERO
    visits = visits_in(since, until, on).aggregate(days=Count("pk"), clients=Count("client", distinct=True))
    days, clients = visits["days"], visits["clients"]
    return {
        "revenue": money(revenue, currency),
        "anonymous_revenue": money(money_in["anonymous"], currency),
        "visits": days,
        "clients": clients,
        "average_ticket": money(revenue / days, currency) if days else None,
        "frequency": ratio(days, clients),
        "repeat_share": ratio(repeat, revenue),
    }


def sources_report(on: On, since: date, until: date) -> dict[str, Any]:
    """`report sources`: how clients heard of the salon, and what those brought on days of the period.

    `new_clients` first came in the period. A client whom another brought counts under her source as well.
    """
    currency = salon_currency()
    rows: dict[str, dict[str, Any]] = {}

    def row(source: str) -> dict[str, Any]:
        return rows.setdefault(
            source, {"source": source or None, "clients": 0, "new_clients": 0, "visits": 0, "revenue": ZERO}
        )

    in_period = Q(
        pulse__first_visit_on__gte=since, pulse__first_visit_on__lt=until, pulse__first_visit_on__lte=on.today
    )
    for entry in (
        Client.objects.values("source").annotate(clients=Count("pk"), fresh=Count("pk", filter=in_period)).order_by()
    ):
        row(entry["source"]).update(clients=entry["clients"], new_clients=entry["fresh"])
    visits = visits_in(since, until, on).values_list("client__source").annotate(visits=Count("pk")).order_by()
    for source, days in visits:
        row(source)["visits"] = days
    named = sales_in(since, until, on).filter(client__isnull=False)
    for source, revenue in named.values_list("client__source").annotate(revenue=Sum("paid")).order_by():
        row(source)["revenue"] = revenue
    ordered = sorted(rows.values(), key=lambda entry: (-entry["revenue"], entry["source"] or ""))
    return {"sources": [{**entry, "revenue": money(entry["revenue"], currency)} for entry in ordered]}
