"""What is ordered from suppliers, and booking in what they bring (practices.md, P34)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Product, StockMove
from crm.catalogue.services import Moved, begin_counting, move_stock
from crm.orders.models import Order, StockHelp, SupplierOrder, SupplierOrderLine
from crm.orders.services.orders import StageTaken, advance
from crm.people.services.changes import note_change
from crm.team.models import Branch, User


class SupplyRefused(Exception):
    """This cannot be ordered or booked in. `words` say why, for the desk."""

    words: str | Promise = _("Write how many of at least one product.")

    def __str__(self) -> str:
        return str(self.words)


class BookedInAlready(SupplyRefused):
    words = _("This delivery is booked in already.")


@transaction.atomic
def order_from_supplier(
    *,
    branch: Branch,
    supplier: str,
    quantities: Mapping[int, int],
    now: datetime,
    user: User | None,
    key: str | None = None,
) -> SupplierOrder:
    """Writes down what is ordered: how many of each product, by its key. Raises SupplyRefused where it is nothing."""
    wanted = {product: number for product, number in quantities.items() if number > 0}
    if not wanted:
        raise SupplyRefused
    if key and (done := SupplierOrder.objects.filter(key=key).first()):
        return done
    order = SupplierOrder.objects.create(branch=branch, supplier=supplier, ordered_at=now, ordered_by=user, key=key)
    SupplierOrderLine.objects.bulk_create(
        SupplierOrderLine(order=order, product=product, quantity=wanted[product.pk])
        for product in Product.objects.filter(branch=branch, pk__in=wanted).order_by("name")
    )
    return order


@transaction.atomic
def book_in(
    *,
    branch: Branch,
    quantities: Mapping[int, int],
    now: datetime,
    user: User | None,
    order: SupplierOrder | None = None,
    arrived_orders: Collection[Order] = (),
    key: str | None = None,
) -> list[StockMove]:
    """A delivery comes onto the shelf: how many of each product, by its key.

    Clients' orders that came with it have arrived; who asked to hear when something is back, hears. With a supplier
    order it is booked in once, and the order is over. A product not counted so far is counted from now on.
    Raises SupplyRefused where nothing came, BookedInAlready.
    """
    came = {product: number for product, number in quantities.items() if number > 0}
    if not came:
        raise SupplyRefused
    if order is not None:
        closed = SupplierOrder.objects.filter(pk=order.pk, arrived_at__isnull=True)
        if not closed.update(arrived_at=now, booked_in_by=user):
            raise BookedInAlready
        for line in order.lines.all():
            SupplierOrderLine.objects.filter(pk=line.pk).update(arrived=came.get(line.product_id, 0))
    source = f"delivery {order.pk}" if order is not None else f"delivery {key}"[:40] if key else "delivery"
    if order is None and key and StockMove.objects.filter(source=source).exists():
        return []
    # clients before products: everybody locks in this order
    for each in sorted(arrived_orders, key=lambda one: (one.client_id, one.pk)):
        if each.branch_id == branch.pk and each.product_id in came:
            _arrive(each, now=now, user=user)
    products = list(Product.objects.filter(branch=branch, pk__in=came).order_by("pk"))
    for product in products:
        if product.stock is None:
            begin_counting(product=product, counted=0, now=now, user=user)
    moves = [Moved(product, came[product.pk], StockMove.Kind.DELIVERY) for product in products]
    written = move_stock(moves=moves, now=now, user=user, source=source)
    wishes = StockHelp.objects.filter(product__in=products, wants_word=True, given_up_at__isnull=True)
    note_change(wishes.order_by("client_id").values_list("client_id", flat=True))
    return written


def _arrive(order: Order, *, now: datetime, user: User | None) -> None:
    """It came with the delivery; one that stands further already stays where it is."""
    try:
        advance(order=order, stage=Order.Stage.ARRIVED, now=now, user=user, is_booked_in=True)
    except StageTaken:
        return
