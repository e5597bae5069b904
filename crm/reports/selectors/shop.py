"""Report of the shop: orders open and late, who was helped, what products bring (practices.md, P34 to P36)."""

from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from crm.catalogue.models import StockMove
from crm.orders.models import Order, OrderEvent, OtherPlace, StockHelp
from crm.reports.selectors.figures import ratio
from crm.reports.selectors.standing import On
from crm.sales.models import SaleLine
from crm.team.fields import MoneyField


def shop_report(on: On, since: date, until: date) -> dict[str, Any]:
    """`report shop`: of the days `[since, until)`, up to the end of `on`.

    Orders by the day on which they were accepted: `late` had their day moved or missed it, `in_time` were handed over
    by the day first promised; `share` is of those in time in all handed over. `open_now` and `overdue` are of today.
    Products by what was sold and returned on these days, without tax, the most money first; `lost` is how many were
    written off.
    """
    orders = Order.objects.filter(accepted_on__gte=since, accepted_on__lt=until, accepted_on__lte=on.today)
    slips = OrderEvent.objects.filter(order=OuterRef("pk"), kind=OrderEvent.Kind.LATE, undone_at__isnull=True)
    handed = Q(stage=Order.Stage.HANDED_OVER, ended_on__lte=on.today)
    counted = orders.annotate(slipped=Exists(slips)).aggregate(
        orders=Count("pk"),
        handed_over=Count("pk", filter=handed),
        in_time=Count("pk", filter=handed & Q(ended_on__lte=F("first_promised_on"))),
        called_off=Count("pk", filter=Q(stage=Order.Stage.CALLED_OFF, ended_on__lte=on.today)),
        late=Count(
            "pk",
            filter=Q(slipped=True)
            | handed & Q(ended_on__gt=F("first_promised_on"))
            | Q(stage__in=Order.COMING, promised_on__lt=on.today),
        ),
    )
    coming = Order.objects.filter(stage__in=Order.OPEN, accepted_on__lte=on.today)
    helps = StockHelp.objects.filter(on__gte=since, on__lt=until, on__lte=on.today)
    told = OtherPlace.objects.filter(help=OuterRef("pk"))
    helped = helps.annotate(is_sent=Exists(told)).aggregate(
        helped=Count("pk"), sent=Count("pk", filter=Q(is_sent=True)), wishes=Count("pk", filter=Q(wants_word=True))
    )
    return {
        **counted,
        "share": ratio(counted["in_time"], counted["handed_over"]),
        "open_now": coming.count(),
        "overdue": coming.filter(stage__in=Order.COMING, promised_on__lt=on.today).count(),
        **helped,
        "products": _products(on, since, until),
    }


def _products(on: On, since: date, until: date) -> list[dict[str, Any]]:
    lost = dict(
        StockMove.objects.filter(kind=StockMove.Kind.WRITTEN_OFF, at__lte=on.now)
        .filter(at__date__gte=since, at__date__lt=until)
        .order_by()
        .values_list("product")
        .annotate(number=Sum("quantity"))
    )
    rows = (
        SaleLine.objects.filter(product__isnull=False, sale__on__gte=since, sale__on__lt=until, sale__on__lte=on.today)
        .order_by()
        .values("product", "product__code", "product__name", "product__cost")
        .annotate(sold=Sum("quantity"), brought=Sum("amount", output_field=MoneyField()))
        .order_by("-brought", "product__code")
    )
    return [
        {
            "product": row["product__code"],
            "name": row["product__name"],
            "sold": int(row["sold"]),
            "brought": row["brought"],
            "margin": None
            if row["product__cost"] is None
            else row["brought"] - row["product__cost"] * int(row["sold"]),
            "lost": -lost.get(row["product"], 0),
        }
        for row in rows
    ]
