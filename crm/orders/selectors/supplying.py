"""What has to be ordered from suppliers, and what is under way."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from crm.catalogue.models import Product
from crm.catalogue.selectors import low_filter
from crm.orders.models import Order, SupplierOrder, SupplierOrderLine
from crm.team.models import Branch


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product to order: what clients wait for, what is under way, and how many are proposed."""

    product: Product
    for_clients: int
    under_way: int

    @property
    def proposed(self) -> int:
        """Up to twice the minimum, and what clients wait for, less what is there and under way; never fewer than 0."""
        there = max(self.product.stock or 0, 0) + self.under_way
        return max(0, 2 * (self.product.minimum or 0) + self.for_clients - there)


def to_order(branch: Branch) -> list[Wanted]:
    """What is fewer than its minimum or waited for by clients, by supplier. Three queries."""
    waited = dict(
        Order.objects.filter(branch=branch, stage=Order.Stage.ACCEPTED)
        .order_by()
        .values_list("product_id")
        .annotate(number=Sum("quantity"))
    )
    under_way = on_the_way(branch)
    products = Product.objects.filter(Q(is_active=True) & low_filter() | Q(pk__in=waited), branch=branch)
    return [
        Wanted(product, waited.get(product.pk, 0), under_way.get(product.pk, 0))
        for product in products.order_by("supplier", "name")
    ]


def on_the_way(branch: Branch) -> dict[int, int]:
    """How many of each product (by key) are ordered and not delivered."""
    lines = SupplierOrderLine.objects.filter(order__branch=branch, order__arrived_at__isnull=True)
    return dict(lines.order_by().values_list("product_id").annotate(number=Sum("quantity")))


def open_supplies(branch: Branch) -> QuerySet[SupplierOrder]:
    """What suppliers have not brought yet, the oldest first."""
    orders = SupplierOrder.objects.filter(branch=branch, arrived_at__isnull=True)
    return orders.annotate(number=Count("lines")).order_by("ordered_at", "pk")
