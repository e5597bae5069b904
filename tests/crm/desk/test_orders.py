"""Orders at the desk, page by page (practices.md, P35 and P36)."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import override

from crm.desk.orders.forms import READY_REASONS
from crm.orders.models import Order, OrderEvent, Place, StockHelp
from crm.orders.services import accept_order, advance
from crm.sales.models import Sale
from loyalty.vouchers.models import GiftCertificate
from tests.factories import NOW, TODAY, make_product

IN_A_WEEK = TODAY + timedelta(days=7)


@pytest.fixture
def serum(cast):
    return make_product(branch=cast.branch, name="Serum", price=20, stock=0)


@pytest.fixture
def order(cast, serum):
    return accept_order(
        client=cast.vera, product=serum, branch=cast.branch, quantity=2, price=Decimal(18), promised_on=IN_A_WEEK,
        now=NOW, user=cast.receptionist,
    )  # fmt: skip


def read(page) -> str:
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def hidden(html: str) -> dict[str, str]:
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", html.partition('id="checkout"')[2]):
        has = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in has and (has.get("type") not in ("radio", "checkbox") or " checked" in tag):
            found[has["name"]] = has.get("value", "")
    return found


def test_order_is_taken_for_a_client_and_stands_in_the_list(cast, desk, serum):
    front = desk(cast.receptionist)
    assert "Nothing is ordered" in read(front.get("/orders/"))

    answer = front.post(
        "/orders/new/",
        {
            "client": cast.vera.pk,
            "product": serum.pk,
            "quantity": "2",
            "promised_on": IN_A_WEEK.isoformat(),
            "key": "k",
        },
    )

    taken = Order.objects.get()
    assert answer["Location"] == f"/orders/{taken.pk}/"
    assert (taken.client, taken.product, taken.quantity, taken.price) == (cast.vera, serum, 2, Decimal(20))
    assert "Serum" in read(front.get("/orders/"))


def test_a_delay_to_the_same_day_is_called_so_and_a_ready_sentence_goes_out_in_her_language(cast, desk, order):
    cast.vera.language = "ru"
    cast.vera.save(update_fields=["language"])
    front, late = desk(cast.receptionist), f"/orders/{order.pk}/late/"
    assert "Her letters are in another language: Russian." in read(front.get(f"/orders/{order.pk}/"))

    same = front.post(late, {"promised_on": IN_A_WEEK.isoformat(), "reason": "Wrong shade"})
    assert "She has been promised this day already." in same.content.decode()
    later = (IN_A_WEEK + timedelta(days=3)).isoformat()
    with override("ru"):
        hers = str(READY_REASONS["none"])
    front.post(late, {"promised_on": later, "ready": "none", "reason": ""})

    assert OrderEvent.objects.get(kind="late").reason == hers


def test_what_is_ordered_is_kept_while_she_is_looked_for(cast, desk, serum):
    asked = read(desk(cast.receptionist).get(f"/orders/new/?product={serum.pk}&q=Vera"))

    assert f"/orders/new/?client={cast.vera.pk}&amp;product={serum.pk}" in asked
    assert f'<input type="hidden" name="product" value="{serum.pk}">' in asked


def test_something_new_becomes_a_product_that_is_not_counted(cast, desk, serum):
    desk(cast.receptionist).post(
        "/orders/new/",
        {
            "client": cast.vera.pk,
            "name": "Silk cap",
            "quantity": "1",
            "price": "30",
            "promised_on": IN_A_WEEK.isoformat(),
        },
    )

    product = Order.objects.get().product
    assert (product.name, product.price, product.stock) == ("Silk cap", Decimal(30), None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"promised_on": (TODAY - timedelta(days=1)).isoformat()}, "Promise her a day that is still to come."),
        ({"product": ""}, "Choose a product, or write what it is called."),
        ({"price": "a lot"}, "This is no sum of money."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(cast, desk, serum, wrong, said):
    typed = {"client": cast.vera.pk, "product": serum.pk, "quantity": "1", "note": "blue", "promised_on": "2026-06-20"}

    page = desk(cast.receptionist).post("/orders/new/", typed | wrong)

    html = page.content.decode()
    assert (page.status_code, said in html, 'value="blue"' in html) == (422, True, True)
    assert not Order.objects.exists()


def test_slip_is_told_with_the_new_day_and_the_reason_and_can_be_taken_back(cast, desk, order):
    front, new_day = desk(cast.receptionist), IN_A_WEEK + timedelta(days=5)
    page = front.post(f"/orders/{order.pk}/late/", {"promised_on": new_day.isoformat(), "reason": ""})
    assert page.status_code == 422

    front.post(f"/orders/{order.pk}/late/", {"promised_on": new_day.isoformat(), "reason": "Wrong shade sent"})

    order.refresh_from_db()
    assert (order.promised_on, order.first_promised_on) == (new_day, IN_A_WEEK)
    slip = OrderEvent.objects.get(kind="late")
    assert "Tell her now" in read(front.get(f"/orders/{order.pk}/"))
    front.post(f"/orders/steps/{slip.pk}/undo/")
    order.refresh_from_db()
    assert order.promised_on == IN_A_WEEK


def test_from_prepayment_to_the_hand_over_at_the_till(cast, desk, order, serum):
    front = desk(cast.receptionist)
    front.post(f"/orders/{order.pk}/prepay/", {"amount": "10", "method": "cash", "key": "p"})
    front.post(f"/orders/{order.pk}/stage/", {"stage": "arrived"})
    serum.refresh_from_db()
    assert serum.stock == 2
    till = f"/checkout/new/?client={cast.vera.pk}&order={order.pk}"
    assert "Hand it over at the till" in read(front.get(f"/orders/{order.pk}/"))
    shown = read(front.get(till)).replace("\xa0", " ")
    assert "Paid ahead: BAM 10.00" in shown
    # the product is nobody to whom it would be made out
    assert ("For \u2068Serum\u2069; BAM 0.00 stays on it." in shown, "Made out to" in shown) == (True, False)
    sent = hidden(shown)
    # 2 x 18, less the 10 paid ahead
    assert sent["expected"] == "26.00"

    page = front.post(till, sent | {"step": "complete"})
    assert page.status_code == 302, re.findall(r'class="notice.*?</div>', page.content.decode(), re.S)

    order.refresh_from_db()
    serum.refresh_from_db()
    sale = Sale.objects.get()
    assert (order.stage, order.sale, serum.stock) == ("handed_over", sale, 0)
    assert dict(sale.payments.values_list("method", "amount")) == {"cash": Decimal(26), "certificate": Decimal(10)}
    assert GiftCertificate.objects.get().balance == 0
    receipt = read(front.get(f"/receipts/{sale.pk}/")).replace("\xa0", " ")
    assert "× 2" in receipt
    assert "BAM 10.00 was paid ahead for \u2068Serum\u2069" in receipt
    certificate = read(front.get(reverse("desk:certificate", args=[GiftCertificate.objects.get().pk])))
    assert ("Paid ahead" in certificate, "Gift certificate" in certificate) == (True, False)
    assert list(serum.moves.order_by("pk").values_list("kind", "quantity")) == [
        ("opening", 0), ("delivery", 2), ("handed_over", -2),
    ]  # fmt: skip


def test_checkout_says_that_something_lies_here_for_her(cast, desk, order):
    advance(order=order, stage="arrived", now=NOW, user=None)

    assert "was ordered for her and lies here" in read(
        desk(cast.receptionist).get(f"/checkout/new/?client={cast.vera.pk}")
    )


def test_more_than_the_book_has_is_asked_about_at_the_till(cast, desk, serum):
    front, till = desk(cast.receptionist), f"/checkout/new/?client={cast.vera.pk}"
    sent = hidden(read(front.get(till)))
    page = read(front.post(till, sent | {"new": f"product:{serum.pk}", "step": "add"}))
    assert "0 left by the book." in page
    sent = hidden(page)

    page = read(front.post(till, sent | {"step": "complete"}))
    assert "Fewer are left than you sell." in page
    assert not Sale.objects.exists()
    front.post(till, sent | {"short_agreed": "1", "step": "complete"})

    serum.refresh_from_db()
    assert (Sale.objects.count(), serum.stock) == (1, -1)


def test_three_places_are_sent_and_two_are_too_few(cast, desk, serum):
    Place.objects.create(branch=cast.branch, name="Petal", address="Example Street 2")
    front = desk(cast.receptionist)
    typed = {"client": cast.vera.pk, "product": serum.pk, "address": ["", "", ""], "price": ["", "19", ""]}

    page = front.post("/orders/elsewhere/", typed | {"place": ["Petal", "Old shop", ""]})
    assert (page.status_code, "at least three places" in page.content.decode()) == (422, True)
    front.post("/orders/elsewhere/", typed | {"place": ["Petal", "Old shop", "Corner"], "wants_word": "on"})

    given = StockHelp.objects.get()
    assert given.wants_word
    assert list(given.places.order_by("position").values_list("name", "address", "price")) == [
        ("Petal", "Example Street 2", None), ("Old shop", "", Decimal(19)), ("Corner", "", None),
    ]  # fmt: skip
    assert "Want to hear when it is back" in read(front.get("/orders/"))
    front.post(reverse("desk:wish_end", args=[given.pk]))
    assert "Want to hear when it is back" not in read(front.get("/orders/"))


@pytest.mark.parametrize("count", [1, 30])
def test_list_of_orders_costs_the_same_for_one_and_for_thirty(cast, desk, serum, count, django_assert_num_queries):
    for _each in range(count):
        accept_order(
            client=cast.vera, product=serum, branch=cast.branch, quantity=1, price=Decimal(9), promised_on=TODAY,
            now=NOW, user=None,
        )  # fmt: skip
    front = desk(cast.receptionist)
    front.get("/orders/")

    with django_assert_num_queries(6):
        assert "Serum" in read(front.get("/orders/"))
