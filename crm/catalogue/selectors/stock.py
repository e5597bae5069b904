"""Reads of the shelves: what is there, what is too few, what was counted."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from crm.catalogue.models import Product, Recommendation, StockMove, StockTake, StockTakeLine
from crm.team.models import Branch


def low_filter() -> Q:
    """Fewer than the minimum."""
    return Q(stock__lt=F("minimum"))


def below_minimum(branch: Branch) -> QuerySet[Product]:
    """What is sold and too few, by supplier."""
    return Product.objects.filter(low_filter(), branch=branch, is_active=True).order_by("supplier", "name")


def shelf(branch: Branch, *, category: str = "") -> QuerySet[Product]:
    """What is sold here, in the order of the shelves; with a `category` only of that one."""
    products = Product.objects.filter(branch=branch, is_active=True)
    if category:
        products = products.filter(category=category)
    return products.order_by("category", "name", "pk")


def categories_of(branch: Branch) -> list[str]:
    """The shelves that have a name."""
    names = Product.objects.filter(branch=branch, is_active=True).exclude(category="")
    return list(names.order_by("category").values_list("category", flat=True).distinct())


def moves_of(product: Product) -> QuerySet[StockMove]:
    """Every move of a product, the newest first."""
    return StockMove.objects.filter(product=product).select_related("user").order_by("-at", "-pk")


def recommended_for(services: Iterable[int]) -> list[Product]:
    """What the owner recommends with these services, by their keys; each once, what is out of stock left out."""
    rows = (
        Recommendation.objects.filter(service__in=list(services), product__is_active=True)
        .exclude(product__stock__lte=0)
        .select_related("product")
        .order_by("position", "product__name")
    )
    return list({row.product_id: row.product for row in rows}.values())


def open_take(branch: Branch) -> StockTake | None:
    """The count that is going on."""
    return StockTake.objects.filter(branch=branch, ended_at__isnull=True).select_related("started_by").first()


@dataclass(frozen=True, slots=True)
class Counted:
    """A product of a count, and what was seen of it; no line: not counted yet."""

    product: Product
    line: StockTakeLine | None


def counted_of(take: StockTake) -> list[Counted]:
    """All of the count's shelf, and what else was counted."""
    lines = {line.product_id: line for line in take.lines.select_related("product", "user")}
    products = list(shelf(take.branch, category=take.category))
    there = {product.pk for product in products}
    products += [line.product for line in lines.values() if line.product_id not in there]
    return [Counted(product, lines.get(product.pk)) for product in products]
