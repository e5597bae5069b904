"""Reads of orders."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from crm.orders.models import Order, OrderEvent
from crm.people.models import Client
from crm.team.models import Branch


def open_orders(branch: Branch) -> QuerySet[Order]:
    """What is not handed over yet, the day promised first."""
    return _shown(Order.objects.filter(branch=branch, stage__in=Order.OPEN)).order_by("promised_on", "pk")


def over_orders(branch: Branch) -> QuerySet[Order]:
    """Handed over or called off, the latest first."""
    return _shown(Order.objects.filter(branch=branch).exclude(stage__in=Order.OPEN)).order_by("-ended_at", "-pk")


def late_orders(branch: Branch, today: date) -> QuerySet[Order]:
    """What should have come by now and nobody has told her."""
    return open_orders(branch).filter(stage__in=Order.COMING, promised_on__lt=today)


def orders_of(client: Client) -> QuerySet[Order]:
    """Hers, the newest first."""
    return _shown(Order.objects.filter(client=client)).order_by("-accepted_at", "-pk")


def ready_for(client: Client, branch: Branch) -> list[Order]:
    """What lies here for her."""
    return list(_shown(Order.objects.filter(client=client, branch=branch, stage=Order.Stage.ARRIVED)).order_by("pk"))


def coming_for(branch: Branch, products: Iterable[int]) -> list[Order]:
    """Who waits for one of these products (their keys), the oldest order first."""
    waiting = Order.objects.filter(branch=branch, product__in=list(products), stage__in=Order.COMING)
    return list(_shown(waiting).order_by("accepted_at", "pk"))


def paid_ahead_for(codes: Iterable[str]) -> dict[str, str]:
    """What of these gift certificates is money paid ahead for an order: the product's name by code. No query for none."""
    asked = list(codes)
    found = Order.objects.filter(prepaid_code__in=asked) if asked else Order.objects.none()
    return dict(found.values_list("prepaid_code", "product__name"))


def last_step(order: Order) -> OrderEvent | None:
    """Its last step that stands."""
    steps = order.events.filter(undone_at__isnull=True).exclude(kind=OrderEvent.Kind.UNDONE)
    return steps.order_by("-at", "-pk").first()


def _shown(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.select_related("client", "product", "branch")
