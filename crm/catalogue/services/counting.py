"""A stock take: begun, counted in any order and by anybody, looked at, and saved (practices.md, P34)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.catalogue.models import Product, StockMove, StockTake, StockTakeLine
from crm.catalogue.selectors import open_take
from crm.catalogue.services.stock import Moved, StockRefused, begin_counting, move_stock
from crm.team.models import Branch, User


class TakeIsOver(StockRefused):
    words = _("This count is over already. Begin a new one.")


@transaction.atomic
def start_take(*, branch: Branch, now: datetime, user: User | None, category: str = "") -> StockTake:
    """The count that is going on in this branch, else a new one of this shelf."""
    Branch.objects.select_for_update().get(pk=branch.pk)
    return open_take(branch) or StockTake.objects.create(
        branch=branch, category=category, started_at=now, started_by=user
    )


@transaction.atomic
def count_product(
    *, take: StockTake, product: Product, counted: int, now: datetime, user: User | None
) -> StockTakeLine:
    """So many stand on the shelf, beside what the book says at this moment. Raises TakeIsOver."""
    _locked_take(take)
    book = Product.objects.select_for_update().values_list("stock", flat=True).get(pk=product.pk)
    line, _created = StockTakeLine.objects.update_or_create(
        take=take, product=product, defaults={"counted": counted, "book": book, "counted_at": now, "user": user}
    )
    return line


@transaction.atomic
def uncount_product(*, take: StockTake, product: Product) -> None:
    """It was not counted after all. Raises TakeIsOver."""
    _locked_take(take)
    StockTakeLine.objects.filter(take=take, product=product).delete()


@transaction.atomic
def save_take(*, take: StockTake, now: datetime, user: User | None) -> list[StockMove]:
    """Moves each product by what was found to differ; what was sold since it was counted stays sold.

    Raises TakeIsOver. Gives the moves written.
    """
    take = _locked_take(take)
    lines = list(take.lines.select_related("product").order_by("product_id"))
    for line in lines:
        if line.book is None:
            begin_counting(product=line.product, counted=line.counted, now=now, user=user)
    moves = [Moved(line.product, line.difference, StockMove.Kind.STOCK_TAKE) for line in lines if line.book is not None]
    written = move_stock(moves=moves, now=now, user=user, source=f"count {take.pk}")
    StockTake.objects.filter(pk=take.pk).update(is_saved=True, ended_at=now, ended_by=user)
    return written


@transaction.atomic
def call_off_take(*, take: StockTake, now: datetime, user: User | None) -> None:
    """Nothing of it counts; what was typed stays with it. Raises TakeIsOver."""
    _locked_take(take)
    StockTake.objects.filter(pk=take.pk).update(ended_at=now, ended_by=user)


def _locked_take(take: StockTake) -> StockTake:
    current = StockTake.objects.select_for_update().get(pk=take.pk)
    if current.ended_at is not None:
        raise TakeIsOver
    return current
