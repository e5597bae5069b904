"""Receipts, refunds and the close of a day (rules.md, Money at the checkout and Booking)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.booking.models import Visit
from crm.sales.models import DayClose, Payment, Sale
from crm.sales.selectors import paid_between, returnable
from crm.sales.services import (
    DiscountTooLarge,
    LineFact,
    NothingReturned,
    NothingSold,
    PaymentFact,
    PaymentsDoNotAddUp,
    RefundOfRefund,
    ReturnFact,
    SaleAlreadyCompleted,
    TooMuchReturned,
    close_day,
    close_days,
    complete_sale,
    refund_sale,
)
from tests.factories import NOW, TODAY, Cast, local, make_appointment, make_product, make_visit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CASH = Payment.Method.CASH


def sell(cast: Cast, *lines: LineFact, paid: str | None = None, **options) -> Sale:
    total = sum((line.full_amount - line.discount_amount for line in lines), Decimal(0))
    payments = [PaymentFact(CASH, Decimal(paid) if paid is not None else total)]
    options.setdefault("client", cast.vera)
    options.setdefault("now", NOW)
    return complete_sale(branch=cast.branch, lines=lines, payments=payments, **options)


def line(cast: Cast, amount: str = "60", **fields) -> LineFact:
    if "product" not in fields:
        fields.setdefault("service", cast.lashes)
    return LineFact(full_amount=Decimal(amount), **fields)


def test_receipt_adds_up_and_makes_the_day_a_visit(cast):
    sale = sell(cast, line(cast), line(cast, "120", service=cast.colour, discount_amount=Decimal(12)))

    assert (sale.total, sale.paid, sale.on) == (Decimal(168), Decimal(168), TODAY)
    visit = Visit.objects.get(client=cast.vera)
    assert (visit.on, visit.is_paid, visit.counts) == (TODAY, True, True)
    cast.vera.refresh_from_db()
    assert cast.vera.pulse.last_visit_on == TODAY


def test_lines_are_rounded_half_up_each_by_itself(cast):
    sale = complete_sale(
        branch=cast.branch,
        client=cast.vera,
        lines=[line(cast, "0.10", discount_amount=Decimal("0.005")), line(cast, "10.005")],
        payments=[PaymentFact(CASH, Decimal("10.10"))],
        now=NOW,
    )

    # 0.10 - 0.01 = 0.09; 10.005 -> 10.01
    assert sale.total == Decimal("10.10")


def test_receipts_are_numbered_by_branch(cast):
    codes = [sell(cast, line(cast)).code for _sale in range(3)]
    elsewhere = complete_sale(
        branch=cast.elsewhere,
        client=None,
        lines=[line(cast)],
        payments=[PaymentFact(CASH, Decimal(60))],
        now=NOW,
    )

    assert codes == ["R000001", "R000002", "R000003"]
    assert elsewhere.code == "R000001"


def test_anonymous_sale_has_no_history(cast):
    sale = sell(cast, line(cast), client=None)

    assert sale.client is None
    assert not Visit.objects.exists()


def test_refused_sales_write_nothing(cast):
    with pytest.raises(NothingSold):
        sell(cast)
    with pytest.raises(PaymentsDoNotAddUp, match=r"59\.00"):
        sell(cast, line(cast), paid="59.00")
    with pytest.raises(DiscountTooLarge):
        sell(cast, line(cast, discount_amount=Decimal(61)))
    with pytest.raises(PaymentsDoNotAddUp):
        complete_sale(
            branch=cast.branch,
            client=cast.vera,
            lines=[line(cast)],
            payments=[PaymentFact(CASH, Decimal(70)), PaymentFact("card", Decimal(-10))],
            now=NOW,
        )

    assert not Sale.objects.exists()


def test_same_key_is_one_sale(cast):
    first = sell(cast, line(cast), key="a form")

    assert sell(cast, line(cast), key="a form") == first
    assert Sale.objects.count() == 1


def test_appointment_is_paid_once_and_again_after_a_full_refund(cast):
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW, services=[cast.lashes])
    sale = sell(cast, line(cast), appointment=visit)
    with pytest.raises(SaleAlreadyCompleted) as refused:
        sell(cast, line(cast), appointment=visit)
    assert refused.value.sale == sale

    refund_sale(sale=sale, returns=[ReturnFact(sale.lines.get(), Decimal(1))], now=NOW)

    assert sell(cast, line(cast), appointment=visit) != sale


def test_products_leave_the_stock_and_come_back(cast):
    serum = make_product(branch=cast.branch, price=20, stock=5)
    uncounted = make_product(branch=cast.branch, price=20, stock=None)
    sale = sell(
        cast,
        line(cast, "40", product=serum, quantity=Decimal(2)),
        line(cast, "20", product=uncounted),
    )
    serum.refresh_from_db()
    assert serum.stock == 3

    refund_sale(sale=sale, returns=[ReturnFact(sale.lines.get(product=serum), Decimal(1))], now=NOW)

    serum.refresh_from_db()
    uncounted.refresh_from_db()
    assert (serum.stock, uncounted.stock) == (4, None)


def test_refund_is_a_sale_that_names_the_old_one(cast):
    sale = sell(cast, line(cast), line(cast, "120", service=cast.colour))
    colour = sale.lines.get(service=cast.colour)

    refund = refund_sale(sale=sale, returns=[ReturnFact(colour, Decimal(1))], now=NOW + DAY, user=cast.owner)

    assert (refund.refund_of, refund.total, refund.paid, refund.on) == (sale, Decimal(-120), Decimal(-120), TODAY + DAY)
    assert refund.lines.get().returns_line == colour
    assert refund.payments.get().amount == Decimal(-120)
    sale.refresh_from_db()
    assert sale.total == Decimal(180)
    # a day with returns only is no visit day
    assert not Visit.objects.filter(on=TODAY + DAY).exists()


def test_pieces_of_a_line_add_up_to_it(cast):
    serum = make_product(branch=cast.branch)
    sale = sell(cast, line(cast, "10.00", product=serum, quantity=Decimal(3)))
    whole = sale.lines.get()

    amounts = [refund_sale(sale=sale, returns=[ReturnFact(whole, Decimal(1))], now=NOW).total for _piece in range(3)]

    # a third of 10.00, half of 6.67, and the rest
    assert amounts == [Decimal("-3.33"), Decimal("-3.34"), Decimal("-3.33")]
    assert [part.quantity for part in returnable(sale)] == [0]


def test_no_more_comes_back_than_was_sold(cast):
    sale = sell(cast, line(cast))
    item = sale.lines.get()
    with pytest.raises(NothingReturned):
        refund_sale(sale=sale, returns=[], now=NOW)
    with pytest.raises(TooMuchReturned):
        refund_sale(sale=sale, returns=[ReturnFact(item, Decimal(2))], now=NOW)
    refund = refund_sale(sale=sale, returns=[ReturnFact(item, Decimal(1))], now=NOW)
    with pytest.raises(TooMuchReturned):
        refund_sale(sale=sale, returns=[ReturnFact(item, Decimal(1))], now=NOW)
    with pytest.raises(RefundOfRefund):
        refund_sale(sale=refund, returns=[ReturnFact(refund.lines.get(), Decimal(1))], now=NOW)


def test_line_of_another_receipt_is_refused(cast):
    sale, other = sell(cast, line(cast)), sell(cast, line(cast))

    with pytest.raises(TooMuchReturned):
        refund_sale(sale=sale, returns=[ReturnFact(other.lines.get(), Decimal(1))], now=NOW)


def test_paid_between_counts_refunds_and_half_open_days(cast):
    sale = sell(cast, line(cast))
    sell(cast, line(cast, "40"), now=NOW + DAY)
    refund_sale(sale=sale, returns=[ReturnFact(sale.lines.get(), Decimal(1))], now=NOW + DAY)

    assert paid_between(cast.vera, TODAY, TODAY + DAY) == Decimal(60)
    assert paid_between(cast.vera, TODAY, TODAY + 2 * DAY) == Decimal(40)


# Closing a day --------------------------------------------------------------


def rebooked(cast: Cast, client, **fields):
    fields.setdefault("booked_at", NOW)
    # an hour of her own: two cannot hold one
    hour = {cast.vera: 10, cast.dina: 12, cast.leila: 14}[client]
    return make_appointment(client=client, master=cast.anna, starts_at=local(TODAY + 28 * DAY, hour), **fields)


def test_day_is_frozen_with_who_came_and_who_rebooked(cast):
    for client in (cast.vera, cast.dina, cast.leila):
        make_visit(client, TODAY, services=[cast.lashes])
    sell(cast, line(cast))
    rebooked(cast, cast.vera)
    end = local(TODAY + DAY, 0)
    # booked after midnight, and cancelled before it: neither counts
    rebooked(cast, cast.dina, booked_at=end)
    rebooked(cast, cast.leila, status="cancelled", cancelled_at=end - timedelta(seconds=1))

    closed = close_day(branch=cast.branch, on=TODAY, now=end)

    assert (closed.client_days, closed.rebooked, closed.revenue) == (3, 1, Decimal(60))


def test_cancelled_after_the_day_was_still_rebooked_then(cast):
    make_visit(cast.vera, TODAY, services=[cast.lashes])
    end = local(TODAY + DAY, 0)
    rebooked(cast, cast.vera, status="cancelled", cancelled_at=end)

    assert close_day(branch=cast.branch, on=TODAY, now=end + DAY).rebooked == 1


def test_closed_day_does_not_change(cast):
    close_day(branch=cast.branch, on=TODAY, now=NOW + DAY)
    make_visit(cast.vera, TODAY, services=[cast.lashes])

    assert close_day(branch=cast.branch, on=TODAY, now=NOW + 2 * DAY).client_days == 0


def test_days_that_are_over_are_closed_by_each_branchs_clock(cast):
    # 23:30 in Sarajevo
    before, after = local(TODAY, 23, 30), local(TODAY + DAY, 0, 30)
    close_days(now=before)
    assert set(DayClose.objects.values_list("on", flat=True)) == {TODAY - DAY}

    close_days(now=after)
    close_days(now=after)

    assert sorted(DayClose.objects.filter(branch=cast.branch).values_list("on", flat=True)) == [TODAY - DAY, TODAY]


def test_days_missed_by_the_clock_are_caught_up(cast):
    close_days(now=NOW)

    close_days(now=NOW + 4 * DAY)

    assert DayClose.objects.filter(branch=cast.branch).count() == 5
