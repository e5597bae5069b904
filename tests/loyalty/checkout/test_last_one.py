"""The last one on the shelf, wanted at two tills at once (practices.md, P34)."""

from decimal import Decimal
from itertools import count

import pytest

from crm.catalogue.models import Product, StockMove
from crm.catalogue.services import rebuild_stock, stock
from crm.sales.services import NotOnTheShelf, completion
from loyalty.checkout.offers import CheckoutLine
from tests.factories import make_branch, make_client, make_product
from tests.loyalty.crowd import all_at_once
from tests.loyalty.till import pay, rules

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def both_want_it() -> tuple[list[BaseException | None], Product]:
    branch = make_branch()
    product = make_product(branch=branch, stock=1)
    clients = [make_client(branch=branch) for _each in range(2)]
    outcomes = all_at_once(
        lambda number: pay(clients[number], lines=[CheckoutLine(price=Decimal(20), product=product)]), many=2
    )
    product.refresh_from_db()
    return outcomes, product


def test_the_last_one_is_sold_once():
    rules()
    for _round in range(5):
        outcomes, product = both_want_it()

        assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", NotOnTheShelf.__name__]
        assert product.stock == 0
    assert StockMove.objects.filter(kind="sale").count() == 5
    assert rebuild_stock() == []


@pytest.mark.postgres
def test_control_without_the_lock_it_is_sold_twice(monkeypatch):
    rules()
    monkeypatch.setattr(stock, "locked", lambda keys: Product.objects.in_bulk(keys))
    # a till keeps the counter of receipts to its end, so that two of one branch hardly ever meet before the shelf
    numbers = count(1)
    monkeypatch.setattr(completion, "next_receipt", lambda _branch: f"R{next(numbers)}")
    for _round in range(20):
        if both_want_it()[1].stock < 0:
            return
    pytest.fail("with the guard off nothing went wrong: the race above proves nothing")
