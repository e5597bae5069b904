"""Many tills at once: one voucher, one form, one visit, one counter of receipts (trust.md, L3)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.sales.models import ReceiptCounter, Sale
from crm.sales.services import SaleAlreadyCompleted, completion
from loyalty.checkout.offers import CheckoutLine
from loyalty.checkout.services import complete_checkout
from loyalty.vouchers.models import Voucher, VoucherEvent
from loyalty.vouchers.services import issue_voucher, redeem_voucher, using
from tests.factories import NOW, TODAY, make_appointment, make_branch, make_cast, make_client
from tests.loyalty.crowd import all_at_once
from tests.loyalty.till import bare_sale, held, rules

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MANY = 16


def voucher_for(client) -> Voucher:
    return issue_voucher(
        client=client,
        branch=client.branch,
        kind="offer",
        percent=50,
        key=f"v {client.pk}",
        now=NOW,
        valid_from=TODAY,
        valid_until=TODAY + timedelta(days=9),
    )


def redeem_at_once(client) -> list[BaseException | None]:
    voucher, sales = voucher_for(client), [bare_sale(client, 10) for _number in range(MANY)]
    return all_at_once(
        lambda number: redeem_voucher(voucher=voucher, client=client, sale=sales[number], now=NOW), many=MANY
    )


def test_one_voucher_is_redeemed_once():
    for _round in range(5):
        outcomes = redeem_at_once(make_client(branch=make_branch()))

        refused = [each for each in outcomes if each is not None]
        assert [getattr(each, "reason", repr(each)) for each in refused] == ["used"] * (MANY - 1)
    assert VoucherEvent.objects.filter(kind="redeemed").count() == 5


@pytest.mark.postgres
def test_control_without_lock_and_condition_it_is_redeemed_more_than_once(monkeypatch):
    monkeypatch.setattr(using, "lock_voucher", lambda voucher: Voucher.objects.get(pk=voucher.pk))
    monkeypatch.setattr(using, "STILL_OPEN", {})
    for _round in range(20):
        if redeem_at_once(make_client(branch=make_branch())).count(None) > 1:
            return
    pytest.fail("with the guards off nothing went wrong: the race above proves nothing")


def test_one_form_sent_by_many_is_one_sale():
    rules()
    cast = make_cast()
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW, services=[cast.lashes])
    line = CheckoutLine(price=Decimal(100), service=cast.lashes)
    seen: list[int] = []

    def send(_number: int) -> None:
        visit_now = type(visit).objects.select_related("branch", "client", "master").get(pk=visit.pk)
        sale = complete_checkout(
            branch=cast.branch,
            client=cast.vera,
            lines=[line],
            key="one form",
            now=NOW,
            user=None,
            appointment=visit_now,
        )
        seen.append(sale.pk)

    outcomes = all_at_once(send, many=8)

    assert [each for each in outcomes if each] == []
    assert (len(seen), len(set(seen)), Sale.objects.count()) == (8, 1, 1)
    assert held(cast.vera) == (5, 0)


def test_two_tills_take_one_visit_once():
    rules()
    cast = make_cast()
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW, services=[cast.lashes])

    def send(number: int) -> None:
        visit_now = type(visit).objects.select_related("branch", "client", "master").get(pk=visit.pk)
        complete_checkout(
            branch=cast.branch,
            client=cast.vera,
            lines=[CheckoutLine(price=Decimal(100), service=cast.lashes)],
            key=f"till {number}",
            now=NOW,
            user=None,
            appointment=visit_now,
        )

    outcomes = all_at_once(send, many=8)

    assert outcomes.count(None) == 1
    assert {type(each) for each in outcomes if each} == {SaleAlreadyCompleted}


def ring_up_at_once(branch, clients) -> list[BaseException | None]:
    return all_at_once(lambda number: bare_sale(clients[number], 10) and None, many=len(clients))


def test_receipt_numbers_are_without_gap_or_double():
    branch = make_branch()
    clients = [make_client(branch=branch) for _number in range(MANY)]

    outcomes = ring_up_at_once(branch, clients)

    assert [each for each in outcomes if each] == []
    assert sorted(Sale.objects.values_list("code", flat=True)) == [f"R{number:06d}" for number in range(1, MANY + 1)]


@pytest.mark.postgres
def test_control_counting_by_reading_first_gives_doubles(monkeypatch):
    def read_then_write(branch) -> str:
        counter, _created = ReceiptCounter.objects.get_or_create(branch=branch)
        last = counter.last + 1
        ReceiptCounter.objects.filter(branch=branch).update(last=last)
        return f"R{last:06d}"

    monkeypatch.setattr(completion, "next_receipt", read_then_write)
    for _round in range(10):
        branch = make_branch()
        ring_up_at_once(branch, [make_client(branch=branch) for _number in range(MANY)])
        codes = list(Sale.objects.filter(branch=branch).values_list("code", flat=True))
        if len(set(codes)) < MANY:
            return
    pytest.fail("counting by reading first went well: the race above proves nothing")
