"""Stock: written by one function, move by move, so that it is the sum of them (practices.md, P34)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Product, StockMove
from crm.team.models import User
from crm.team.wording import isolated

Kind = StockMove.Kind


class StockRefused(Exception):
    """The shelves cannot be moved like this. `words` say why, for the desk."""

    words: str | Promise = _("This cannot be moved like this.")

    def __str__(self) -> str:
        return str(self.words)


class ReasonMissing(StockRefused):
    words = _("Say in a word why: it stands in the book with your name.")


@dataclass(frozen=True, slots=True)
class Shortage:
    """Fewer of a product stand in the book than are to go."""

    product: Product
    left: int
    wanted: int


class OutOfStock(StockRefused):
    """More is to be sold than stands in the book; whoever sees it on the shelf may sell it all the same."""

    def __init__(self, found: Sequence[Shortage]) -> None:
        super().__init__([short.product.pk for short in found])
        self.shortages = tuple(found)
        self.words = " ".join(left_words(short) for short in found)


def left_words(short: Shortage) -> str:
    """“Serum: 0 left by the book.”"""
    return gettext("%(name)s: %(left)s left by the book.") % {
        "name": isolated(short.product.name),
        "left": max(short.left, 0),
    }


@dataclass(frozen=True, slots=True)
class Moved:
    """So many more (or, negative, fewer) of a product."""

    product: Product
    quantity: int
    kind: str


@transaction.atomic
def move_stock(
    *,
    moves: Sequence[Moved],
    now: datetime,
    user: User | None = None,
    source: str = "",
    reason: str = "",
    short_agreed: bool = True,
) -> list[StockMove]:
    """Moves what is counted; what is not stays uncounted. Gives the moves written.

    Products are locked, the smallest key first, so that two tills wait for each other. Raises OutOfStock where more
    is to go than stands in the book and nobody has agreed (`short_agreed`).
    """
    counted = locked([move.product.pk for move in moves if move.quantity])
    going = [move for move in moves if move.quantity and move.product.pk in counted]
    if not short_agreed and (found := _short(going, counted)):
        raise OutOfStock(found)
    written = [
        StockMove(
            product=counted[move.product.pk],
            kind=move.kind,
            quantity=move.quantity,
            at=now,
            reason=reason,
            source=source,
            user=user,
        )
        for move in going
    ]
    StockMove.objects.bulk_create(written)
    for row in written:
        Product.objects.filter(pk=row.product_id).update(stock=F("stock") + row.quantity)
    return written


def locked(products: Iterable[int]) -> dict[int, Product]:
    """Those of them that are counted, by key; nobody else moves them until this transaction ends."""
    keys = sorted(set(products))
    if not keys:
        return {}
    rows = Product.objects.select_for_update().filter(pk__in=keys, stock__isnull=False).order_by("pk")
    return {product.pk: product for product in rows}


def shortages(wanted: Sequence[tuple[Product, int]]) -> list[Shortage]:
    """Of which of these more is wanted than stands in the book, as it was read with them."""
    going = [Moved(product, -quantity, Kind.SALE) for product, quantity in wanted if product.stock is not None]
    return _short(going, {product.pk: product for product, _quantity in wanted})


def _short(going: Sequence[Moved], counted: dict[int, Product]) -> list[Shortage]:
    left: dict[int, int] = {}
    for move in going:
        left[move.product.pk] = left.get(move.product.pk, 0) - move.quantity
    return [
        Shortage(counted[pk], counted[pk].stock or 0, wanted)
        for pk, wanted in left.items()
        if wanted > 0 and wanted > (counted[pk].stock or 0)
    ]


@transaction.atomic
def correct_stock(
    *, product: Product, quantity: int, kind: str, reason: str, now: datetime, user: User | None
) -> StockMove | None:
    """Written off (fewer) or corrected (either way) by hand, with a reason; None where nothing moves.

    Raises ReasonMissing.
    """
    if kind in StockMove.WITH_REASON and not reason.strip():
        raise ReasonMissing
    if kind == Kind.WRITTEN_OFF:
        quantity = -abs(quantity)
    moved = move_stock(moves=[Moved(product, quantity, kind)], now=now, user=user, reason=reason.strip()[:200])
    return moved[0] if moved else None


@transaction.atomic
def open_stock(*, products: Sequence[Product], now: datetime, user: User | None = None) -> None:
    """Writes down what these new products begin with; those without a stock are not counted."""
    StockMove.objects.bulk_create(
        StockMove(product=product, kind=Kind.OPENING, quantity=product.stock, at=now, user=user)
        for product in products
        if product.stock is not None
    )


@transaction.atomic
def begin_counting(*, product: Product, counted: int, now: datetime, user: User | None = None) -> None:
    """From now on it is counted, beginning with so many."""
    if not Product.objects.filter(pk=product.pk, stock__isnull=True).update(stock=counted):
        return
    # what was moved in an earlier time of counting is made up for
    earlier = StockMove.objects.filter(product=product).aggregate(sum=Sum("quantity"))["sum"] or 0
    StockMove.objects.create(product=product, kind=Kind.OPENING, quantity=counted - earlier, at=now, user=user)


def stop_counting(*, product: Product) -> None:
    """It is counted no more; its moves stay."""
    Product.objects.filter(pk=product.pk).update(stock=None)


@dataclass(frozen=True, slots=True)
class StockCorrection:
    """A stock that its moves say differently."""

    product: Product
    was: int
    became: int


def rebuild_stock() -> list[StockCorrection]:
    """Makes each stock what its moves say; tells which were wrong."""
    wrong = []
    for product in _with_moves(Product.objects.filter(stock__isnull=False)):
        summed = product.moved or 0
        if product.stock != summed:
            wrong.append(StockCorrection(product, product.stock or 0, summed))
            Product.objects.filter(pk=product.pk).update(stock=summed)
    return wrong


def _with_moves(products: QuerySet[Product]) -> QuerySet:
    return products.annotate(moved=Sum("moves__quantity")).order_by("pk")
