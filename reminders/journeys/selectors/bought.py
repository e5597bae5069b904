"""What these clients are told of the shop: one query each for steps of orders, help, wishes, and what they bought."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import F, Min, Q

from crm.orders.models import Order, OrderEvent, StockHelp
from crm.sales.models import SaleLine
from reminders.journeys.facts import Facts, ShopFact
from reminders.messages.models import Kind
from reminders.messages.shopped import Bought, last_kept

# of older ones nothing is said any more
BACK = timedelta(days=16)
# a break may be long: what became due on its days is planned at its end
USED_BACK = timedelta(days=400)
Did = OrderEvent.Kind
STAGES = [kind for kind in Did.values if kind in Order.Stage.values]


def add_orders(facts: Mapping[int, Facts], *, as_of: datetime) -> None:
    """Each stage while the order stands there; a slip while it is the last word on the day."""
    events = list(
        OrderEvent.objects.filter(
            order__client_id__in=facts,
            kind__in=[*STAGES, Did.LATE],
            undone_at__isnull=True,
            at__lte=as_of,
            at__gt=as_of - BACK,
        )
        .order_by("at", "pk")
        .values_list("order__client_id", "order_id", "pk", "kind", "at", "held_until")
    )
    # the last step says it all: a slip named the stage that it was in, and where it has arrived nobody asks for the day
    newest = {order: pk for _client, order, pk, *_rest in events}
    for client, order, pk, kind, at, held_until in events:
        facts[client].shop.append(
            ShopFact(
                kind=Kind.ORDER_LATE if kind == Did.LATE else Kind.ORDER_STAGE,
                key=f"{order}/{pk}",
                at=max(at, held_until or at),
                stands=newest[order] == pk,
            )
        )


def add_help(facts: Mapping[int, Facts], *, as_of: datetime) -> None:
    """Where else she gets it; and that it is back, while it is there, by a delivery after she had asked."""
    given = (
        StockHelp.objects.filter(client_id__in=facts, at__lte=as_of)
        .filter(Q(at__gt=as_of - BACK) | Q(wants_word=True, given_up_at__isnull=True))
        .annotate(
            places_told=Min("places__position"),
            back_at=Min(
                "product__moves__at",
                filter=Q(
                    product__moves__kind="delivery", product__moves__at__gt=F("at"), product__moves__at__lte=as_of
                ),
            ),
        )
        .order_by("pk")
        .values_list("client_id", "pk", "at", "wants_word", "given_up_at", "places_told", "back_at", "product__stock")
    )
    for client, pk, at, wants_word, given_up_at, places_told, back_at, stock in given:
        if places_told is not None and at > as_of - BACK:
            facts[client].shop.append(ShopFact(Kind.OTHER_PLACES, str(pk), at))
        if wants_word and given_up_at is None and back_at is not None and stock is not None and stock > 0:
            facts[client].shop.append(ShopFact(Kind.BACK_IN_STOCK, str(pk), back_at))


def add_used_up(facts: Mapping[int, Facts], *, as_of: datetime, forecasting: bool) -> None:
    """The days on which something may be used up: of each product her last purchase counts, what came back does not."""
    lines = SaleLine.objects.filter(
        sale__client_id__in=facts,
        sale__on__gt=as_of.date() - USED_BACK - timedelta(days=730),
        product__lasts_days__gt=0,
        product__is_active=True,
    )
    if forecasting:
        lines = lines.filter(sale__on__lte=as_of.date() + timedelta(days=1)).exclude(sale__sold_at__gt=as_of)
    today = {client: as_of.astimezone(one.branch_zone).date() for client, one in facts.items()}
    bought: dict[tuple[int, int, int | None], list[Bought]] = defaultdict(list)
    for pk, client, product, on, quantity, returns, days in lines.order_by("sale__on", "pk").values_list(
        "pk", "sale__client_id", "product_id", "sale__on", "quantity", "returns_line_id", "product__lasts_days"
    ):
        # without an hour it is of the whole day
        if not forecasting or on <= today[client]:
            bought[client, product, days].append((pk, on, quantity, returns))
    for (client, product, days), hers in bought.items():
        last = last_kept(hers)
        if last is not None and (due_on := last + timedelta(days=days or 0)) > as_of.date() - USED_BACK:
            facts[client].used_up.setdefault(due_on, []).append(product)
