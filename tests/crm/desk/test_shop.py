"""The shelves at the desk: by hand, counted, ordered from a supplier, delivered (practices.md, P34)."""

import pytest

from crm.catalogue.models import Product, Recommendation, StockTake
from crm.orders.models import Order, SupplierOrder
from crm.orders.services import accept_order
from tests.factories import NOW, TODAY, make_appointment, make_product


@pytest.fixture
def serum(cast):
    return make_product(
        branch=cast.branch, name="Serum", code="SER", price=20, stock=2, minimum=4, supplier="Petal", category="Lashes"
    )


@pytest.fixture
def front(cast, desk):
    return desk(cast.receptionist)


def read(page) -> str:
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def stock(product) -> int | None:
    return Product.objects.values_list("stock", flat=True).get(pk=product.pk)


def test_written_off_by_hand_with_a_reason(front, serum):
    url = f"/shelves/{serum.pk}/"
    assert front.post(url, {"how": "written_off", "count": "1", "reason": ""}).status_code == 422

    front.post(url, {"how": "written_off", "count": "1", "reason": "broken"})

    assert stock(serum) == 1
    assert "broken" in read(front.get(url))


def test_count_is_left_resumed_looked_at_and_saved(front, cast, serum):
    brush = make_product(branch=cast.branch, name="Brush", stock=7)
    front.post("/shelves/count/", {"category": ""})
    take = StockTake.objects.get()
    url = f"/shelves/count/{take.pk}/"
    front.post(url, {f"count-{serum.pk}": "5", "step": "keep"})
    assert "Go on counting" in read(front.get("/shelves/"))
    assert "1 of 2 counted" in read(front.get("/shelves/count/", follow=True))

    page = front.post(url, {f"count-{brush.pk}": "many"})
    assert (page.status_code, 'value="many"' in page.content.decode()) == (422, True)
    assert "A whole number, without a comma or a minus." in page.content.decode()
    # as it is typed only its row comes back, and once more when it is right
    sent, row = {f"count-{brush.pk}": "-7"}, {"HX-Request": "true"}
    page = front.post(url, sent, headers=row)
    assert (page["HX-Retarget"], "A whole number" in read(page)) == (f"#row-{brush.pk}", True)
    page = front.post(url, {f"count-{brush.pk}": "7", "was_wrong": "1"}, headers=row)
    assert ("A whole number" in read(page), "2 of 2 counted" in read(page)) == (False, True)
    front.post(url, {f"count-{brush.pk}": "7", "step": "look"})
    look = read(front.get(f"{url}look/"))
    assert "5 seen, 2 in the book" in look
    assert "1 agrees with the book" in look
    assert stock(serum) == 2
    front.post(f"{url}end/", {"how": "save"})

    assert (stock(serum), stock(brush)) == (5, 7)


def test_what_is_too_few_goes_to_the_supplier_as_a_file_and_comes_in(front, cast, serum):
    order = accept_order(
        client=cast.vera, product=serum, branch=cast.branch, quantity=1, price=serum.price, promised_on=TODAY,
        now=NOW, user=None,
    )  # fmt: skip
    page = read(front.get("/supply/"))
    # twice the minimum of 4 and one for her, less the 2 that are there
    assert f'name="number-{serum.pk}" value="7"' in page
    answer = front.post("/supply/", {"supplier": "Petal", f"number-{serum.pk}": "7", "key": "s"})
    made = SupplierOrder.objects.get()
    assert answer["Location"] == f"/supply/{made.pk}/"

    table = front.get(f"/supply/{made.pk}/order.csv").content.decode()
    assert table.splitlines()[1] == "SER,Serum,,7"
    assert front.get(f"/supply/{made.pk}/order.pdf").content.startswith(b"%PDF")
    assert front.post(f"/supply/{made.pk}/", {f"number-{serum.pk}": "0"}).status_code == 422
    front.post(f"/supply/{made.pk}/", {f"number-{serum.pk}": "6", "arrived": str(order.pk)})

    # hers is among the six
    assert (stock(serum), Order.objects.get().stage) == (8, "arrived")
    assert front.post(f"/supply/{made.pk}/", {f"number-{serum.pk}": "6"}).status_code == 422
    assert stock(serum) == 8


def test_delivery_without_a_list_is_booked_in_once(front, serum):
    sent = {f"number-{serum.pk}": "3", "key": "d"}

    front.post("/supply/delivery/", sent)
    front.post("/supply/delivery/", sent)

    assert stock(serum) == 5


def test_recommended_product_is_one_tap_at_the_checkout(front, cast, serum):
    Recommendation.objects.create(service=cast.lashes, product=serum)
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW, services=[cast.lashes])
    url = f"/visits/{visit.pk}/checkout/"
    assert f'name="recommend" value="product:{serum.pk}"' in read(front.get(url))

    page = read(
        front.post(
            url,
            {"item": f"service:{cast.lashes.pk}", "price": "60", "quantity": "1", "recommend": f"product:{serum.pk}"},
        )
    )

    assert f'name="item" value="product:{serum.pk}"' in page
    assert 'name="expected" value="80.00"' in page
