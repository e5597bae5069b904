"""Stock: the sum of its moves, never below what the book has unless somebody says so, and counted anew."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.catalogue.models import Product, StockMove
from crm.catalogue.services import (
    ReasonMissing,
    TakeIsOver,
    call_off_take,
    correct_stock,
    count_product,
    rebuild_stock,
    save_take,
    start_take,
)
from crm.sales.services import LineFact, NotOnTheShelf, PaymentFact, ReturnFact, complete_sale, refund_sale
from tests.factories import NOW, make_product

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def serum(cast):
    return make_product(branch=cast.branch, name="Serum", price=20, stock=5)


def sell(cast, product, number=1, **options):
    amount = Decimal(20) * number
    line = LineFact(full_amount=amount, product=product, quantity=Decimal(number))
    paid = [PaymentFact("cash", amount)]
    return complete_sale(branch=cast.branch, client=cast.vera, lines=[line], payments=paid, now=NOW, **options)


def moves(product):
    return list(StockMove.objects.filter(product=product).order_by("pk").values_list("kind", "quantity", "source"))


def stock(product) -> int | None:
    return Product.objects.values_list("stock", flat=True).get(pk=product.pk)


def test_sale_return_and_what_came_back_spoiled_are_moves(cast, serum):
    sale = sell(cast, serum, 3)
    refund = refund_sale(sale=sale, returns=[ReturnFact(sale.lines.get(), Decimal(1))], now=NOW)
    spoiled = refund_sale(sale=sale, returns=[ReturnFact(sale.lines.get(), Decimal(1), to_shelf=False)], now=NOW)

    assert moves(serum) == [
        ("opening", 5, ""),
        ("sale", -3, f"sale {sale.pk}"),
        ("return", 1, f"sale {refund.pk}"),
        ("return", 1, f"sale {spoiled.pk}"),
        ("written_off", -1, f"sale {spoiled.pk}"),
    ]
    # 5 - 3 + 1 + 1 - 1
    assert stock(serum) == 3


def test_more_than_the_book_has_is_sold_only_if_somebody_says_so(cast, serum):
    with pytest.raises(NotOnTheShelf) as refused:
        sell(cast, serum, 6)

    assert [(short.product, short.left, short.wanted) for short in refused.value.shortages] == [(serum, 5, 6)]
    assert (stock(serum), len(moves(serum))) == (5, 1)
    sell(cast, serum, 6, short_agreed=True)
    assert stock(serum) == -1


def test_what_is_not_counted_is_sold_without_a_question(cast):
    uncounted = make_product(branch=cast.branch, price=20, stock=None)

    sell(cast, uncounted, 9)

    assert (stock(uncounted), moves(uncounted)) == (None, [])


def test_by_hand_it_moves_with_a_reason_only(cast, serum):
    with pytest.raises(ReasonMissing):
        correct_stock(product=serum, quantity=1, kind="written_off", reason=" ", now=NOW, user=cast.anna.user)

    correct_stock(product=serum, quantity=2, kind="written_off", reason="broken", now=NOW, user=cast.anna.user)

    assert (stock(serum), moves(serum)[-1]) == (3, ("written_off", -2, ""))


def test_rebuild_says_what_the_moves_say(cast, serum):
    sell(cast, serum, 2)
    assert rebuild_stock() == []
    Product.objects.filter(pk=serum.pk).update(stock=40)

    assert [(one.product, one.was, one.became) for one in rebuild_stock()] == [(serum, 40, 3)]
    assert stock(serum) == 3


def test_count_keeps_what_is_sold_between_counting_and_saving(cast, serum):
    user = cast.receptionist
    brush = make_product(branch=cast.branch, name="Brush", stock=None)
    take = start_take(branch=cast.branch, now=NOW, user=user)
    count_product(take=take, product=serum, counted=4, now=NOW, user=user)
    count_product(take=take, product=brush, counted=7, now=NOW, user=user)
    sell(cast, serum, 1)
    # left and resumed, by somebody else
    assert start_take(branch=cast.branch, now=NOW + MINUTE, user=cast.owner) == take

    save_take(take=take, now=NOW + 2 * MINUTE, user=cast.owner)

    # one was missing when 5 stood in the book; the one sold since is gone as well
    assert (stock(serum), stock(brush)) == (3, 7)
    assert moves(serum)[-1] == ("stock_take", -1, f"count {take.pk}")
    with pytest.raises(TakeIsOver):
        save_take(take=take, now=NOW + 3 * MINUTE, user=user)
    assert rebuild_stock() == []


def test_count_that_is_called_off_moves_nothing(cast, serum):
    take = start_take(branch=cast.branch, now=NOW, user=cast.receptionist)
    count_product(take=take, product=serum, counted=0, now=NOW, user=cast.receptionist)

    call_off_take(take=take, now=NOW, user=cast.receptionist)

    assert stock(serum) == 5
    with pytest.raises(TakeIsOver):
        count_product(take=take, product=serum, counted=1, now=NOW, user=cast.receptionist)
